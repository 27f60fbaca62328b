"""Read and check what somebody wrote into the form of an edition.

The result is a checked value, or all faults at once by field.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.core.errors import IntakeError
from intake.reference_data.edition_forms import reading
from intake.reference_data.edition_forms.typed import Typed, first
from intake.reference_data.edition_rules import code_problem, language_problem, rule_faults
from storage.editions import EditionKind

MIN_NOTE_CHARS = 10
MAX_NOTE_CHARS = 500
MAX_CONTENT_CHARS = 48_000
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
# The inputs of the form that are not of the content; no kind has a field of such a name.
OWN_INPUTS = frozenset(
    {"code", "language", "valid_from", "valid_to", "note", "newest", "open", "do"}
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


class EditionInvalid(IntakeError):
    """An edition cannot be proposed; `faults` says why, by field, each a whole sentence."""

    reason = "edition_invalid"
    public = "This cannot be proposed yet. Nothing was stored."
    status = 400

    def __init__(self, faults: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(self.public)
        self.faults = dict(faults)


@dataclass(frozen=True)
class EditionDraft:
    """A checked proposal.

    `valid_to` is the last day, None for no end; `content` has the shape of its kind.
    """

    kind: EditionKind
    code: str
    language: str
    valid_from: date
    valid_to: date | None
    content: dict[str, Any]  # Any: JSON that the kind's rules have looked at
    note: str


def read_draft(kind: EditionKind, typed: Typed) -> EditionDraft:
    """Read the inputs code, language, valid_from, valid_to and note, and those of the content.

    Raises EditionInvalid with everything that is wrong.
    """
    faults: dict[str, tuple[str, ...]] = {}
    texts = {name: first(typed, name).strip() for name in OWN_INPUTS}
    code, language = texts["code"], texts["language"]
    for field, problem in (
        ("code", code_problem(kind, code)),
        ("language", language_problem(kind, language)),
    ):
        if problem is not None:
            faults[field] = (problem,)
    valid_from = _day(texts["valid_from"], "valid_from", faults)
    valid_to = _day(texts["valid_to"], "valid_to", faults) if texts["valid_to"] else None
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        faults["valid_to"] = ("The last day is before the first day.",)
    content = _content(kind, typed, faults)
    note = " ".join(CONTROLS.sub(" ", texts["note"]).split())
    if not MIN_NOTE_CHARS <= len(note) <= MAX_NOTE_CHARS:
        faults["note"] = (
            f"Say in {MIN_NOTE_CHARS} to {MAX_NOTE_CHARS} characters what changes and why.",
        )
    if faults or valid_from is None:
        raise EditionInvalid(faults)
    return EditionDraft(kind, code, language, valid_from, valid_to, content, note)


def _day(text: str, field: str, faults: dict[str, tuple[str, ...]]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        faults[field] = ("Write the day as year, month and day: 2027-01-31.",)
        return None
    if not EARLIEST <= day <= LATEST:
        faults[field] = (f"The day must lie between {EARLIEST} and {LATEST}.",)
        return None
    return day


def _content(
    kind: EditionKind, typed: Typed, faults: dict[str, tuple[str, ...]]
) -> dict[str, Any]:  # Any: see EditionDraft
    content, found = reading.from_typed(kind, typed)
    if not found:
        found = [
            type(fault)(reading.place_of(kind, typed, fault.path), fault.sentence)
            for fault in rule_faults(kind, content)
        ]
    for fault in found:
        faults[fault.path] = (*faults.get(fault.path, ()), fault.sentence)
    if len(json.dumps(content, ensure_ascii=False)) > MAX_CONTENT_CHARS:
        faults[""] = (f"All in all, more than {MAX_CONTENT_CHARS:,} characters were written.",)
    return content
