"""Hold the figures of the inspection: honest files pass, hostile ones do not, in a real jail."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.inspection.yara_rules import BuiltInRules
from intake.sandbox import Duty, Inspection, Jail, JailError
from intake.sandbox.formats.severity import ACTIVE, HOLDING
from tests.samples.files.benign import benign

BESIDE = Path(__file__).resolve().parents[5] / "shared" / "corpus"
CORPUS = Path(os.environ.get("AVRR_CORPUS", BESIDE))
FLAGS = ACTIVE | set(HOLDING)

# Files of oletools' tests without anything active in them, and how that is known.
HARMLESS = {
    "empty": "no byte",
    "text": "four letters",
    "harmless-clean.doc": "named so by oletools, which tests that msodde finds nothing",
    "harmless-clean.docx": "as above",
    "harmless-clean.docm": "as above; flagged all the same, as every file of a macro format is",
    "harmless-clean.xml": "as above",
    "harmless-clean-2003.xml": "as above",
    "RTF-Spec-1.7.rtf": "the specification itself; oletools tests that msodde finds nothing",
    "presentation.xps": "pages only, looked into by hand: fonts, pictures, FixedPage parts",
    "issue_251.rtf": "a broken \\bin without data, for a crash of rtfobj; flagged all the same",
}
# Locked with a password: what is inside cannot be seen, and the state says so.
LOCKED_FOLDER = "encrypted"


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    shared = Jail(allow_reduced=False, duties=(Duty.DOCUMENTS,))
    yield shared
    shared.close()


def files(folder: str) -> list[Path]:
    found = sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file())
    if not found:
        pytest.skip(f"no public test files at {CORPUS}")
    return found


def is_flagged(found: Inspection) -> bool:
    return found.state == "locked" or bool(FLAGS.intersection(found.findings))


def test_honest_files_are_not_flagged(jail: Jail) -> None:
    honest = list(benign())
    rules = BuiltInRules.load()

    flagged = [
        name
        for name, claimed_type, content in honest
        if is_flagged(jail.inspect(content, claimed_type, name))
        or rules.scan(content).detail
        or rules.suspicions(content)
    ]

    assert len(honest) >= 60
    assert flagged == []


def test_honest_files_are_clean_or_opened_elsewhere(jail: Jail) -> None:
    for name, claimed_type, content in benign():
        found = jail.inspect(content, claimed_type, name)

        assert (found.state, found.reason) in {("clean", ""), ("held", "mail_not_opened")}, name


@pytest.mark.corpus
def test_active_office_files_are_flagged(jail: Jail) -> None:
    active = [path for path in files("office") if path.name not in HARMLESS]

    missed = [
        path.name
        for path in active
        if not is_flagged(jail.inspect(path.read_bytes(), "", path.name))
    ]

    assert len(active) >= 80
    assert missed == []


@pytest.mark.corpus
def test_no_active_office_file_is_called_clean_by_any_part(jail: Jail) -> None:
    """Count without the locked ones, which are flagged by being locked."""
    open_ones = [
        path
        for path in files("office")
        if path.name not in HARMLESS and path.parent.name not in (LOCKED_FOLDER, "basic")
    ]

    found = [jail.inspect(path.read_bytes(), "", path.name) for path in open_ones]

    assert all(ACTIVE.intersection(each.findings) for each in found)


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["office", "polyglot", "pdf"])
def test_every_public_file_ends_in_a_state_with_a_reason(jail: Jail, folder: str) -> None:
    paths, failures = files(folder), []
    started = time.monotonic()
    for path in paths:
        try:
            found = jail.inspect(path.read_bytes(), "", path.name)
            if not found.reason and found.state != "clean":
                failures.append(path.name)
        except JailError as error:  # the caller holds the document with this reason
            failures.append(f"{path.name}: {error.reason}")

    assert failures == []
    assert (time.monotonic() - started) / len(paths) < 1.0


@pytest.mark.corpus
def test_clean_polyglots_are_of_one_shown_kind(jail: Jail) -> None:
    """Hold that the set, whose files are the plain halves of polyglots, is told apart."""
    shown = {".bmp", ".gif", ".jpg", ".pdf", ".png", ".rtf", ".tga", ".tif", ".webp"}

    for path in files("polyglot"):
        found = jail.inspect(path.read_bytes(), "", path.name)

        assert (found.state != "clean") or path.suffix in shown, path.name
