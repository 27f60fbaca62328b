"""Hold that the rehearsal's own files are sound, and that it hides no failure."""

import io
from collections.abc import Sequence

import pikepdf
import pytest

from intake.sandbox import Duty, Jail
from intake.sandbox.worker.operations import Answer
from intake.sandbox.worker.warm_up import rehearse, write_pdf


def test_its_pdf_is_sound() -> None:
    with pikepdf.open(io.BytesIO(write_pdf())) as pdf:
        assert len(pdf.pages) == 1
        assert list(pdf.check_pdf_syntax()) == []


def test_its_pdf_shows_its_word() -> None:
    jail = Jail(allow_reduced=False, duties=(Duty.PICTURES,))

    rendition = jail.render(write_pdf(), "application/pdf")
    jail.close()

    assert [page.text.strip() for page in rendition.pages] == ["Rehearsal"]


def test_an_operation_that_fails_is_not_passed_over() -> None:
    def inspect(_arguments: dict[str, object], _blobs: Sequence[bytes]) -> Answer:
        raise LookupError

    with pytest.raises(LookupError):
        rehearse({"inspect": inspect})


def test_operations_without_a_scene_are_left_alone() -> None:
    def other(_arguments: dict[str, object], _blobs: Sequence[bytes]) -> Answer:
        raise LookupError

    rehearse({"other": other})
