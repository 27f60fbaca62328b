"""Check the table of fields: every kind has a form that gives each shipped edition back."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from intake.reference_data import editions
from intake.reference_data.edition_drafts import OWN_INPUTS
from intake.reference_data.edition_forms import fields, groups, reading
from intake.reference_data.edition_forms.difference import changes, lines
from intake.reference_data.edition_forms.fields import (
    ChoiceField,
    DrawnField,
    Field,
    OptionList,
    SeveralField,
)
from intake.reference_data.edition_forms.kinds import FIELDS
from intake.reference_data.edition_forms.typed import fold, rows_of
from intake.reference_data.edition_rules import content_faults
from intake.reference_data.editions import InForce
from portal.administration import office_words
from storage.editions import EditionKind

SHIPPED = [(kind, one) for kind in EditionKind for one in editions.shipped(kind)]
NAMES = [one.id for _, one in SHIPPED]


def as_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def inner(field: Field) -> Iterator[Field]:
    """Yield a field and all fields in it."""
    yield field
    held: list[Field] = []
    if isinstance(field, groups.GroupField | groups.RowsField):
        held += field.fields
    if isinstance(field, groups.TableField):
        held += [*field.by_code.values(), *([field.line] if field.line else [])]
    for each in held:
        yield from inner(each)


def drawn(found: list[DrawnField]) -> Iterator[DrawnField]:
    for each in found:
        yield each
        yield from drawn(each.parts)


def values_in(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the path of every value in an edition's JSON."""
    if path:
        yield path
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in pairs:
        yield from values_in(each, (*path, key))


def with_value(content: dict[str, Any], path: tuple[object, ...], value: object) -> dict[str, Any]:
    changed: Any = copy.deepcopy(content)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(changed)


def test_every_kind_has_a_form() -> None:
    assert set(FIELDS) == set(EditionKind)
    assert set(office_words.KINDS) == set(EditionKind)


@pytest.mark.parametrize("kind", list(EditionKind))
def test_something_ships_of_every_kind_but_who_is_on_duty(kind: EditionKind) -> None:
    assert bool(editions.shipped(kind)) == (kind is not EditionKind.DUTY)


@pytest.mark.parametrize("kind", list(EditionKind))
def test_no_field_takes_the_name_of_the_forms_own_inputs(kind: EditionKind) -> None:
    keys = [field.key for field in FIELDS[kind]]

    assert len(set(keys)) == len(keys)
    assert not OWN_INPUTS & set(keys)


@pytest.mark.parametrize(("kind", "edition"), SHIPPED, ids=NAMES)
def test_a_shipped_edition_comes_back_from_its_form_byte_for_byte(
    kind: EditionKind, edition: InForce
) -> None:
    typed, faults = reading.to_typed(kind, edition.content)
    content, wrong = reading.from_typed(kind, typed)

    assert (faults, wrong) == ([], [])
    assert as_text(content) == as_text(edition.content)
    assert content_faults(kind, edition.content) == ()


@pytest.mark.parametrize(("kind", "edition"), SHIPPED, ids=NAMES)
def test_it_comes_back_from_folded_rows_too(kind: EditionKind, edition: InForce) -> None:
    typed, _ = reading.to_typed(kind, edition.content)
    for path in reading.lists_of(kind):
        for number in rows_of(typed, path):
            row = f"{path}.{number}"
            folded = fold(typed, row)
            typed = {name: each for name, each in typed.items() if not name.startswith(f"{row}.")}
            typed[row] = [folded]

    content, wrong = reading.from_typed(kind, typed)

    assert wrong == []
    assert as_text(content) == as_text(edition.content)


@pytest.mark.parametrize(("kind", "edition"), SHIPPED, ids=NAMES)
def test_what_is_drawn_says_every_value_in_words(kind: EditionKind, edition: InForce) -> None:
    typed, _ = reading.to_typed(kind, edition.content)

    found = reading.draw(kind, typed, {}, office_words.CODES)
    told = lines(FIELDS[kind], edition.content, office_words.CODES)

    assert all(each.label for each in drawn(found))
    assert all(line.label and line.text for line in told.values())
    assert changes(FIELDS[kind], edition.content, edition.content, office_words.CODES) == ()


# No page shows a code: each list has words, its own or the page's.
LISTS: dict[str, OptionList] = {
    each.of.name: each.of
    for found in FIELDS.values()
    for field in found
    for each in inner(field)
    if isinstance(each, ChoiceField | SeveralField | groups.TableField)
}


@pytest.mark.parametrize("name", sorted(set(LISTS) - {"zone"}))
def test_every_code_has_words(name: str) -> None:
    shown = LISTS[name].shown(office_words.CODES)

    assert [code for code, words in shown if code == words and name != "document_type"] == []


@pytest.mark.parametrize(("kind", "edition"), SHIPPED, ids=NAMES)
@pytest.mark.parametrize(
    "wrong",
    [
        None,
        True,
        -1,
        10**30,
        1.5,
        "",
        " ",
        "x" * 5000,
        "a\nb\0",
        [],
        {},
        [[]],
        {"x": 1},
        ["\ud800"],
    ],
    ids=repr,
)
def test_a_wrong_value_anywhere_is_told_or_read_and_never_breaks(
    kind: EditionKind, edition: InForce, wrong: object
) -> None:
    for path in list(values_in(edition.content))[:24]:
        content = with_value(edition.content, path, wrong)

        found = content_faults(kind, content)
        typed, _ = reading.to_typed(kind, content)
        read, faults = reading.from_typed(kind, typed)

        reading.draw(kind, typed, {f.path: [f.sentence] for f in faults}, office_words.CODES)
        assert all(fault.sentence.endswith((".", "?")) for fault in found)
        if not found:
            assert content_faults(kind, read) == ()


@pytest.mark.parametrize("kind", list(EditionKind))
@pytest.mark.parametrize("content", [None, [], "x", 3, {}, {"items": 3}], ids=repr)
def test_what_is_no_edition_is_told_so(kind: EditionKind, content: object) -> None:
    assert content_faults(kind, content)


@pytest.mark.parametrize("kind", list(EditionKind))
def test_an_empty_form_tells_each_field_that_is_needed(kind: EditionKind) -> None:
    _, faults = reading.from_typed(kind, {})

    needed = {field.key for field in FIELDS[kind] if field.is_needed}
    told = {fault.path.partition(".")[0] for fault in faults}
    assert {key for key in needed if key not in told} <= {"fallbacks"}
    assert fields.MISSING in {fault.sentence for fault in faults}
