"""Hold the openers against public files that were written to break parsers."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.sandbox import Duty, Jail, JailError

pytestmark = pytest.mark.corpus

BESIDE = Path(__file__).resolve().parents[5] / "shared" / "corpus"
CORPUS = Path(os.environ.get("AVRR_CORPUS", BESIDE))


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    shared = Jail(allow_reduced=False, duties=(Duty.DOCUMENTS,))
    yield shared
    shared.close()


@pytest.mark.parametrize(
    ("folder", "least_opened"), [("office", 60), ("polyglot", 5), ("pdf", 300), ("mail", 400)]
)
def test_every_file_ends_in_an_answer(jail: Jail, folder: str, least_opened: int) -> None:
    if not (CORPUS / folder).is_dir():
        pytest.skip(f"no public test files at {CORPUS / folder}")
    files = sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file())

    answers: Counter[str] = Counter()
    for path in files:
        try:
            answers[jail.unpack(path.read_bytes(), "", path.name).state] += 1
        except JailError as error:
            answers[error.reason] += 1

    assert sum(answers.values()) == len(files)
    assert answers["opened"] >= least_opened
    assert jail._starts == 1
