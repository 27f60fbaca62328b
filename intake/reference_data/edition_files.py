"""Write an edition as a file, and read such a file again: JSON, for import and export alone.

An export is what an import takes. The file is read with suspicion: it may be too large, nested
too deeply, or hold anything else than an edition; what does not fit a field is told beside it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.core.errors import IntakeError
from intake.reference_data.edition_forms import reading
from intake.reference_data.edition_forms.typed import Typed
from intake.reference_data.edition_rules import code_problem, language_problem
from storage.editions import EditionKind

MAX_FILE_BYTES = 128 * 1024
KEYS = ("kind", "code", "language", "valid_from", "valid_to", "content")


class FileRefused(IntakeError):
    """A file is no edition of this kind; `public` says what is wrong with it."""

    reason = "edition_file_refused"
    status = 400

    def __init__(self, sentence: str) -> None:
        self.public = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class ReadFile:
    """What a file holds: its content as it stands in the form, and what of it does not fit.

    `content` is the file's own, as it was read; `faults` are {name of an input: sentences}.
    """

    code: str
    language: str
    valid_from: str
    valid_to: str
    content: object
    typed: Typed
    faults: dict[str, tuple[str, ...]]


def write_file(
    kind: str,
    code: str,
    language: str,
    days: tuple[date, date | None],
    content: dict[str, Any],  # Any: an edition's JSON
) -> bytes:
    """Return an edition as JSON, UTF-8, to be read by people as well; keys in the form's order."""
    first, last = days
    typed, faults = reading.to_typed(EditionKind(kind), content)
    if not faults:
        content, _ = reading.from_typed(EditionKind(kind), typed)
    values = (kind, code, language, first.isoformat(), last and last.isoformat(), content)
    text = json.dumps(dict(zip(KEYS, values, strict=True)), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def read_file(kind: EditionKind, claimed: bytes) -> ReadFile:
    """Read a file of an edition. Raises FileRefused when it is none of this kind."""
    found = _json(claimed)
    if not isinstance(found, dict) or not {"code", "content"} <= set(found):
        raise FileRefused("This is no file of office data: take one that was exported here.")
    if found.get("kind", kind) != kind:
        raise FileRefused("This file holds another kind of office data.")
    texts = {key: _text(found.get(key)) for key in KEYS[1:5]}
    problem = code_problem(kind, texts["code"]) or language_problem(kind, texts["language"])
    if problem:
        raise FileRefused(problem)
    typed, faults = reading.to_typed(kind, found["content"])
    told: dict[str, tuple[str, ...]] = {}
    for fault in faults:
        told[fault.path] = (*told.get(fault.path, ()), fault.sentence)
    return ReadFile(**texts, content=found["content"], typed=typed, faults=told)


def _json(claimed: bytes) -> object:
    if not claimed.strip():
        raise FileRefused("Choose a file. This one is empty.")
    if len(claimed) > MAX_FILE_BYTES:
        raise FileRefused(f"The file is larger than {MAX_FILE_BYTES // 1024} KB.")
    try:
        found = json.loads(claimed.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
        # A half of a pair of characters is no text, and could not be shown.
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise FileRefused("The file is no text in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise FileRefused(
            f"Line {error.lineno}, column {error.colno}: this is not JSON. {error.msg}."
        ) from error
    except RecursionError as error:
        raise FileRefused("The file is nested too deeply.") from error
    except ValueError as error:
        raise FileRefused(f"This is not JSON that can be read: {str(error)[:120]}.") from error
    if max(_depths(found)) > MAX_DEPTH:
        raise FileRefused("The file is nested too deeply.")
    return found


MAX_DEPTH = 12


def _depths(value: object, depth: int = 0) -> Iterator[int]:
    """Yield how deep each value lies, no deeper than what is too deep."""
    yield depth
    if depth <= MAX_DEPTH and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _depths(inner, depth + 1)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: see read_file
    """Refuse a key that an object holds twice: the JSON reader would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"«{key}» stands twice in one object")
        found[key] = value
    return found
