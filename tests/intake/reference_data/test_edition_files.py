"""Check files of editions: what is exported is imported again, and anything else is told why."""

import json
from typing import Any

import pytest

from intake.reference_data import edition_files, editions
from intake.reference_data.edition_files import MAX_FILE_BYTES, FileRefused, read_file
from intake.reference_data.edition_forms import reading
from intake.reference_data.editions import InForce
from storage.editions import EditionKind

SHIPPED = [(kind, one) for kind in EditionKind for one in editions.shipped(kind)]


def exported(kind: EditionKind, one: InForce) -> bytes:
    days = (one.valid_from, one.valid_to)
    return edition_files.write_file(kind, one.code, one.language, days, one.content)


def file(**changes: Any) -> bytes:
    found = json.loads(exported(EditionKind.COUNTRIES, editions.shipped(EditionKind.COUNTRIES)[0]))
    return json.dumps(found | changes).encode()


@pytest.mark.parametrize(("kind", "one"), SHIPPED, ids=[one.id for _, one in SHIPPED])
def test_an_export_is_what_an_import_takes(kind: EditionKind, one: InForce) -> None:
    found = read_file(kind, exported(kind, one))
    content, faults = reading.from_typed(kind, found.typed)

    assert (found.code, found.language) == (one.code, one.language)
    assert found.content == one.content == content
    assert (found.faults, faults) == ({}, [])
    days = (one.valid_from, one.valid_to)
    again = edition_files.write_file(kind, found.code, found.language, days, content)
    assert again == exported(kind, one)


@pytest.mark.parametrize(
    ("claimed", "sentence"),
    [
        (b"", "This one is empty."),
        (b"  \n", "This one is empty."),
        (b"x" * 2_000_000, f"larger than {MAX_FILE_BYTES // 1024} KB"),
        (b"[" * 60_000, "nested too deeply"),
        (b'{"code": "x", "content": ' + b"[" * 40 + b"]" * 40 + b"}", "nested too deeply"),
        (b'{"a": [', "Line 1, column 8: this is not JSON."),
        (b"\xff\xfe{}", "no text in UTF-8"),
        (b"[]", "no file of office data"),
        (b"3", "no file of office data"),
        (b'{"items": []}', "no file of office data"),
        (b'{"a": 1, "a": 2}', "«a» stands twice in one object"),
        (b'{"code": ' + b"9" * 5000 + b"}", "This is not JSON that can be read"),
        (b'{"code": "\\ud800", "content": {}}', "no text in UTF-8"),
        (file(kind="checklist"), "another kind of office data"),
        (file(code="payable"), "There is no such thing among these data."),
        (file(code=3), "There is no such thing among these data."),
        (file(language="sv"), "Only answers have a language."),
    ],
)
def test_what_is_no_edition_is_told_why(claimed: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as raised:
        read_file(EditionKind.COUNTRIES, claimed)

    assert sentence in raised.value.public


def test_what_does_not_fit_is_told_at_its_field_and_the_rest_stays() -> None:
    content = {"source": ["a"], "countries": ["IRQ", 7], "colour": "red"}

    found = read_file(EditionKind.COUNTRIES, file(content=content))

    assert found.faults["source"] == ("There must be a text here.",)
    assert found.faults[""] == ("«colour» means nothing here, and is left out.",)
    assert found.typed["countries"] == ["IRQ", "7"]
