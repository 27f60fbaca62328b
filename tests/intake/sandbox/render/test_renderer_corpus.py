"""Hold rendering against public PDFs, its pictures against bare pdfium's (threats S4, S5)."""

import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.sandbox import Duty, Jail, JailError, Rendition
from tests.intake.sandbox.render.likeness import ssim

pytestmark = pytest.mark.corpus

BESIDE = Path(__file__).resolve().parents[5] / "shared" / "corpus"
CORPUS = Path(os.environ.get("AVRR_CORPUS", BESIDE))
DPI = 150


@dataclass(frozen=True)
class Outcome:
    """Hold what became of one file, here and in bare pdfium."""

    name: str
    opens_in_pdfium: bool
    rendition: Rendition | None
    error: str


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    shared = Jail(allow_reduced=False, duties=(Duty.PICTURES,))
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def outcomes(jail: Jail) -> list[Outcome]:
    folder = CORPUS / "pdf"
    if not folder.is_dir():
        pytest.skip(f"no public test files at {folder}")
    found = []
    for path in sorted(folder.rglob("*.pdf")):
        content = path.read_bytes()
        try:
            rendition, error = jail.render(content, "application/pdf", dpi=DPI), ""
        except JailError as caught:
            rendition, error = None, caught.reason
        found.append(Outcome(path.name, opens(content), rendition, error))
    return found


def opens(content: bytes) -> bool:
    """Say whether bare pdfium opens the file and draws its first page."""
    try:
        with pdfium.PdfDocument(content) as document:
            document[0].render(scale=0.1)
            return True
    except (pdfium.PdfiumError, IndexError):
        return False


def test_every_file_ends_and_nearly_all_that_pdfium_opens_are_shown(
    outcomes: list[Outcome], jail: Jail
) -> None:
    openable = [outcome for outcome in outcomes if outcome.opens_in_pdfium]
    shown = [each for each in openable if each.rendition is not None and each.rendition.pages]

    print(
        f"\n{len(outcomes)} files, pdfium opens {len(openable)}, shown {len(shown)}, "
        f"errors {[(each.name, each.error) for each in outcomes if each.error]}"
    )
    assert len(outcomes) >= 600
    assert len(shown) >= 0.97 * len(openable)
    assert all(each.error or each.rendition is not None for each in outcomes)
    assert jail._starts == 1


def test_reason_is_given_whenever_something_is_missing(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.rendition is not None:
            assert outcome.rendition.is_complete == (outcome.rendition.reason == "")
            assert outcome.rendition.pages or outcome.rendition.reason


def test_pages_look_as_pdfium_draws_them(outcomes: list[Outcome]) -> None:
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)
    likeness = {}
    paths = {path.name: path for path in (CORPUS / "pdf").rglob("*.pdf")}
    for outcome in outcomes:
        if (
            outcome.opens_in_pdfium
            and outcome.rendition is not None
            and outcome.rendition.is_complete
        ):
            bare = draw(paths[outcome.name].read_bytes())
            ours = Image.open(io.BytesIO(outcome.rendition.pages[0].image))
            if bare.size == ours.size:
                likeness[outcome.name] = ssim(bare, ours)

    worst = sorted(likeness.items(), key=lambda each: each[1])
    print(f"\n{len(likeness)} compared, worst {worst[:8]}")
    assert len(likeness) >= 50
    assert worst[0][1] >= 0.95


def draw(content: bytes) -> Image.Image:
    """Draw the first page with bare pdfium; forms as a viewer shows them."""
    with pdfium.PdfDocument(content) as document:
        document.init_forms()
        # A hair less, or a page of 1650 pixels is rounded up to 1651.
        picture = document[0].render(scale=DPI / 72 * (1 - 1e-9)).to_pil()
        assert isinstance(picture, Image.Image)
        return picture
