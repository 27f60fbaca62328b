"""Turn an edition into what stands in its form, and what was typed into an edition again."""

from typing import Any

from intake.core.office_clock import with_hours_by_day
from intake.reference_data.edition_forms.fields import DrawnField, Fault, Words
from intake.reference_data.edition_forms.groups import RowsField, flatten_all, read_all
from intake.reference_data.edition_forms.kinds import FIELDS
from intake.reference_data.edition_forms.typed import Typed, change_rows, rows_of, unfold
from storage.editions import EditionKind

Content = dict[str, Any]  # Any: an edition's JSON
# How the content of older editions is read by today's fields.
OLDER = {EditionKind.CLOCKS: with_hours_by_day}


def to_typed(kind: EditionKind, content: object) -> tuple[Typed, list[Fault]]:
    """Return what the form shows for an edition's JSON, and what of it does not fit the form."""
    typed: Typed = {}
    if kind in OLDER and isinstance(content, dict):
        content = OLDER[kind](content)
    faults = list(flatten_all(FIELDS[kind], content, "", typed))
    return typed, faults


def from_typed(kind: EditionKind, typed: Typed) -> tuple[Content, list[Fault]]:
    """Return the JSON of what was typed, and what is wrong with it field by field."""
    faults: list[Fault] = []
    content = read_all(FIELDS[kind], unfolded(kind, typed), "", faults)
    return content, faults


def unfolded(kind: EditionKind, typed: Typed) -> Typed:
    """Return what was typed with every row's inputs."""
    return unfold(typed, lists_of(kind))


def lists_of(kind: EditionKind) -> list[str]:
    """Return the names of a kind's lists of rows."""
    return [each.key for each in FIELDS[kind] if isinstance(each, RowsField)]


def with_act(kind: EditionKind, typed: Typed, claimed_act: str) -> Typed:
    """Return what was typed after an act on rows of this kind, such as `up:items.3`."""
    target = claimed_act.partition(":")[2].partition(".")[0]
    found = unfolded(kind, typed)
    return change_rows(found, claimed_act) if target in lists_of(kind) else found


def draw(
    kind: EditionKind, typed: Typed, faults: dict[str, list[str]], words: Words
) -> list[DrawnField]:
    """Return the fields of a form as a page draws them, with what was typed and what is wrong."""
    found = unfolded(kind, typed)
    return [each.draw(found, each.key, faults, words) for each in FIELDS[kind]]


def place_of(kind: EditionKind, typed: Typed, path: str) -> str:
    """Return the path of an input for the path of a value: rows are numbered by their place there.

    >>> place_of(EditionKind.CHECKLIST, {"items": ["4", "2"]}, "items.1.type")
    'items.2.type'
    """
    start, _, rest = path.partition(".")
    number, _, inner = rest.partition(".")
    if start not in lists_of(kind) or not number.isdecimal():
        return path
    rows = rows_of(typed, start)
    if int(number) >= len(rows):
        return start
    return ".".join(filter(None, (start, rows[int(number)], inner)))
