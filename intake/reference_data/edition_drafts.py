"""Read and check what somebody wrote into the form of an edition.

The result is a checked value, or all faults at once by field.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.core.errors import IntakeError
from intake.reference_data.edition_rules import code_problem, content_problems, language_problem
from storage.editions import EditionKind

MIN_NOTE_CHARS = 10
MAX_NOTE_CHARS = 500
MAX_CONTENT_CHARS = 48_000
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


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


def read_draft(kind: EditionKind, claimed: Mapping[str, str]) -> EditionDraft:
    """Read the fields code, language, valid_from, valid_to, content and note.

    Raises EditionInvalid with everything that is wrong.
    """
    faults: dict[str, tuple[str, ...]] = {}
    texts = {name: claimed.get(name, "").strip() for name in claimed}
    code, language = texts.get("code", ""), texts.get("language", "")
    for field, problem in (
        ("code", code_problem(kind, code)),
        ("language", language_problem(kind, language)),
    ):
        if problem is not None:
            faults[field] = (problem,)
    valid_from = _day(texts.get("valid_from", ""), "valid_from", faults)
    valid_to = _day(texts["valid_to"], "valid_to", faults) if texts.get("valid_to") else None
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        faults["valid_to"] = ("The last day is before the first day.",)
    content = _content(kind, texts.get("content", ""), faults)
    note = " ".join(texts.get("note", "").split())
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
    kind: EditionKind, text: str, faults: dict[str, tuple[str, ...]]
) -> dict[str, Any]:  # Any: see Draft
    if len(text) > MAX_CONTENT_CHARS:
        faults["content"] = (f"The content is longer than {MAX_CONTENT_CHARS} characters.",)
        return {}
    try:
        content = json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        faults["content"] = (
            f"Line {error.lineno}, column {error.colno}: this is not JSON. {error.msg}.",
        )
        return {}
    except (ValueError, RecursionError) as error:
        faults["content"] = (f"This is not JSON that can be read: {error}.",)
        return {}
    if not isinstance(content, dict):
        faults["content"] = ("The content must be a JSON object, in { and }.",)
        return {}
    problems = content_problems(kind, content)
    if problems:
        faults["content"] = problems
    return content


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: see Draft
    """Refuse a key that an object holds twice: the JSON reader would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"«{key}» stands twice in one object")
        found[key] = value
    return found
