"""Load the document types of the programme's dated list.

The list is data (`data/document_types.json`) because the programme replaces it: codes, names,
words that hint at a type, sensitivity, and whether a case waits for it. The present one is the
reconstruction of requirement 110.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DOCUMENT_TYPES = Path(__file__).parent / "data" / "document_types.json"
UNKNOWN = "UNK"


@dataclass(frozen=True)
class DocumentType:
    """One type of document; `titles` and `keywords` are phrases of all languages together.

    `avrr` and `cash` say how each programme asks for it, such as "required" or
    "if_applicable"; `is_gating` says that a case cannot go on without it.
    """

    code: str
    english: str
    swedish: str
    sensitivity: str
    avrr: str
    cash: str
    is_gating: bool
    titles: tuple[str, ...]
    keywords: tuple[str, ...]
    form_numbers: tuple[str, ...]
    field_names: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """The types in force from one date to another, in the order of the list."""

    valid_from: date
    valid_to: date | None
    types: tuple[DocumentType, ...]

    def codes(self) -> tuple[str, ...]:
        """Return the codes of all types that can be recognised, so without "UNK"."""
        return tuple(each.code for each in self.types if each.code != UNKNOWN)

    def by_code(self, code: str) -> DocumentType | None:
        """Return a type, or None when the list in force does not hold the code."""
        return next((each for each in self.types if each.code == code), None)


def load_taxonomies(path: Path = DOCUMENT_TYPES) -> tuple[Taxonomy, ...]:
    """Read the dated lists, oldest first. Raises ValueError for one that is incomplete."""
    return tuple(_taxonomy(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def in_force(taxonomies: tuple[Taxonomy, ...], day: date) -> Taxonomy:
    """Return the list of a day; in a gap between dates, the newest one."""
    for taxonomy in reversed(taxonomies):
        is_over = taxonomy.valid_to is not None and taxonomy.valid_to < day
        if taxonomy.valid_from <= day and not is_over:
            return taxonomy
    # A gap in the dates must not stop a referral: the newest list is nearest to the truth.
    return taxonomies[-1]


def _taxonomy(entry: dict[str, Any]) -> Taxonomy:  # Any: JSON, checked by use
    try:
        types = tuple(_document_type(each) for each in entry["kinds"])
        until = date.fromisoformat(entry["valid_to"]) if entry["valid_to"] else None
        taxonomy = Taxonomy(date.fromisoformat(entry["valid_from"]), until, types)
    except (KeyError, TypeError) as error:
        raise ValueError(f"a list of document types is incomplete: {error}") from error
    if len({each.code for each in types}) != len(types) or taxonomy.by_code(UNKNOWN) is None:
        raise ValueError("a list of document types names a code twice, or lacks UNK")
    return taxonomy


def _document_type(entry: dict[str, Any]) -> DocumentType:  # Any: JSON, checked by use
    return DocumentType(
        code=entry["code"],
        english=entry["english"],
        swedish=entry["swedish"],
        sensitivity=entry["sensitivity"],
        avrr=entry["avrr"],
        cash=entry["cash"],
        is_gating=entry["is_gating"],
        titles=tuple(title for titles in entry["titles"].values() for title in titles),
        keywords=(*entry["keywords"]["sv"], *entry["keywords"]["en"]),
        form_numbers=tuple(entry["form_numbers"]),
        field_names=tuple(entry["field_names"]),
    )
