"""Check the form of an edition: rows without script, faults at their fields, nothing is lost."""

import json
import re

import pytest
from werkzeug.test import TestResponse

from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.editions import InForce
from storage import editions as rows_of
from storage.editions import EditionKind
from tests.portal.administration.typed_form import (
    FORM,
    LIST,
    NOTE,
    Fields,
    fill,
    propose,
    send,
    typed_in,
)
from tests.portal.building import HOST, START
from tests.portal.conftest import TOKEN, Browser, SignIn

TODAY = START.date()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("countries", ["IRQ", "IRK"], "There is no country «IRK»."),
        ("countries", ["IRQ", "IRQ"], "Iraq stands there twice."),
        ("source", "", "This is missing."),
        ("valid_to", "2026-10-31", "The last day is before the first day."),
        ("valid_from", "soon", "Write the day as year, month and day"),
        ("note", "", "Say in 10 to 500 characters"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_stored(
    services: Services, signed_in: SignIn, field: str, value: str, sentence: str
) -> None:
    officer = signed_in("CASH")

    answer = send(officer, FORM, FORM, fill(**{field: value}))

    assert answer.status_code == 400
    beside = answer.text.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert sentence in beside
    assert f'aria-describedby="{field}-error' in answer.text
    assert "Nothing was stored." in answer.text
    assert "waits for a second person" not in officer.get(LIST).text


def test_what_was_written_is_kept_and_shown_as_text(signed_in: SignIn) -> None:
    officer = signed_in("CASH")
    hostile = '"><script>alert(1)</script>'

    page = send(officer, FORM, FORM, fill("IRQ", hostile, source=hostile, note="")).text

    assert page.count("&#34;&gt;&lt;script&gt;alert(1)") >= 2
    assert "<script>alert(1)" not in page
    assert 'value="IRQ" checked' in page


def test_the_form_begins_with_what_is_in_force(signed_in: SignIn) -> None:
    page = signed_in("CASH").get(f"{FORM}?code=agency_eligible").text

    assert 'value="AFG" checked> <bdi>Afghanistan' in page
    assert 'name="code" value="agency_eligible"' in page


CHECKLIST = "/admin/editions/checklist"
ROWS = f"{CHECKLIST}/rows"
ROW: Fields = {
    "items": ["3", "1"],
    "items.3": "type=PHOTO&requirement=mandatory&wording.sv=Foto&wording.en=Photo",
    "open": "items.1",
    "items.1.type": "ID-CARD",
    "items.1.wording.sv": "<b>Å</b>",
    "valid_from": "typed",
    "note": "typed too",
}


def order_of(page: str) -> list[str]:
    """Return the rows of a form by their numbers, as they stand."""
    return re.findall(r'name="items" value="(\d+)"', page)


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        ("up:items.1", ["1", "3"]),
        ("down:items.3", ["1", "3"]),
        ("remove:items.3", ["1"]),
        ("add:items", ["3", "1", "4"]),
        ("fold:items.1", ["3", "1"]),
        ("nothing", ["3", "1"]),
    ],
)
def test_rows_change_without_script_and_everything_typed_stays(
    services: Services, signed_in: SignIn, act: str, rows: list[str]
) -> None:
    officer = signed_in("INTAKE")
    form = f"{CHECKLIST}/propose?code=referrals"

    answer = send(officer, ROWS, form, {**ROW, "code": "referrals", "do": act})

    assert answer.status_code == 200
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert order_of(answer.text) == rows
    assert "&lt;b&gt;Å&lt;/b&gt;" in answer.text or "%3Cb%3E%C3%85%3C%2Fb%3E" in answer.text
    assert 'value="typed"' in answer.text
    assert 'value="typed too"' in answer.text
    with services.database.reading() as session:
        assert rows_of.waiting(session) == []


def test_a_checklist_is_changed_by_its_rows_and_read_in_words(
    services: Services, signed_in: SignIn
) -> None:
    officer, manager = signed_in("INTAKE"), signed_in("MGR")
    form = f"{CHECKLIST}/propose?code=referrals"
    page = officer.get(form).text
    fields = typed_in(page) | {"note": NOTE}
    fields["items"] = fields["items"][1:]

    answer = send(officer, f"{CHECKLIST}/propose", form, fields)
    shown = manager.get(str(answer.location)).text

    assert answer.status_code == 303, answer.text
    assert "Removed" in shown
    assert "<bdi>Referral form</bdi>" in shown
    assert "REF-FORM" not in shown
    assert len(order_of(page)) == len(fields["items"]) + 1


@pytest.mark.parametrize(
    ("kind", "one"),
    [(kind, one) for kind in EditionKind for one in editions.shipped(kind)[:4]],
    ids=lambda each: getattr(each, "id", str(each)),
)
def test_a_form_that_is_sent_as_it_came_changes_nothing(
    services: Services, signed_in: SignIn, kind: EditionKind, one: InForce
) -> None:
    officer = signed_in("INTAKE")
    form = f"/admin/editions/{kind}/propose?code={one.code}&language={one.language}"
    fields = typed_in(officer.get(form).text) | {"note": NOTE}

    answer = send(officer, f"/admin/editions/{kind}/propose", form, fields)

    assert answer.status_code == 303, answer.text
    with services.database.reading() as session:
        (row,) = rows_of.waiting(session)
        counts = editions.in_force(session, kind, one.code, TODAY, language=one.language)
    assert counts is not None
    assert row.content == counts.content
    assert "It says the same; only its days differ." in officer.get(str(answer.location)).text


def test_two_who_draft_at_once_see_both_versions_and_nothing_is_lost(
    services: Services, signed_in: SignIn
) -> None:
    first, second = signed_in("CASH"), signed_in("INTAKE")
    newest = typed_in(second.get(f"{FORM}?code=iom_payable").text)["newest"]
    theirs = propose(first, "IRQ")

    told = send(second, FORM, FORM, fill("SOM", newest=newest, note="Mine is another list."))
    again = typed_in(told.text)
    sent = send(second, FORM, FORM, again)

    assert told.status_code == 409
    assert "Nothing was stored yet." in told.text
    assert theirs in told.text
    assert "[goes: </span>Iraq" in told.text
    assert "[comes: </span>Somalia" in told.text
    assert "Mine is another list." in told.text
    assert sent.status_code == 303
    with services.database.reading() as session:
        found = {row.number: row.content["countries"] for row in rows_of.waiting(session)}
    assert found == {1: ["IRQ"], 2: ["SOM"]}
    assert "waits as well" in signed_in("MGR").get(theirs).text


def test_the_same_is_not_proposed_twice(signed_in: SignIn) -> None:
    officer = signed_in("CASH")
    propose(officer)

    answer = send(officer, FORM, FORM, fill(newest="1"))

    assert answer.status_code == 400
    assert "This says the same as edition 1, which waits already." in answer.text


def test_a_form_says_what_waits_and_can_begin_with_it(signed_in: SignIn) -> None:
    officer = signed_in("CASH")
    waiting = propose(officer, "SDN").rpartition("/")[2]

    page = officer.get(f"{FORM}?code=iom_payable").text
    begun = officer.get(f"{FORM}?code=iom_payable&from={waiting}").text

    assert "This waits for a second person already:" in page
    assert typed_in(begun)["countries"] == ["SDN"]
    assert officer.get(f"{FORM}?from=nothing").status_code == 404


def take(browser: Browser, content: bytes) -> TestResponse:
    """Send a file to the import of countries."""
    token = TOKEN.search(browser.get(f"{LIST}/import").text)
    assert token is not None
    head = b'--x\r\nContent-Disposition: form-data; name="'
    return browser.client.post(
        f"{LIST}/import",
        base_url=f"http://{HOST}",
        content_type="multipart/form-data; boundary=x",
        data=b"".join(
            (
                *(head, b'csrf_token"\r\n\r\n', token.group(1).encode(), b"\r\n"),
                *(head, b'file"; filename="x.json"\r\n\r\n', content, b"\r\n--x--\r\n"),
            )
        ),
    )


def test_an_export_is_imported_and_changes_nothing(signed_in: SignIn) -> None:
    officer, manager = signed_in("CASH"), signed_in("MGR")
    shown = propose(officer)
    manager.post(f"{shown}/approve", shown)
    file = officer.get(f"{shown}/file")

    page = take(officer, file.data)
    fields = typed_in(page.text) | {"note": NOTE}
    again = send(officer, FORM, FORM, fields)

    assert file.headers["Content-Disposition"].endswith('filename="countries-iom_payable-1.json"')
    assert "The file says what is in force: nothing changes." in page.text
    assert fields["countries"] == ["IRQ", "SOM"]
    assert again.status_code == 400
    assert "This says the same as edition 1, which is in force already." in again.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * 2_000_000, "The file is larger than 128 KB."),
        (b"[" * 100_000, "The file is nested too deeply."),
        (b"no", "this is not JSON"),
        (b"", "This one is empty."),
    ],
)
def test_a_file_that_is_none_is_told_why_at_its_field(
    signed_in: SignIn, content: bytes, sentence: str
) -> None:
    answer = take(signed_in("CASH"), content)

    assert answer.status_code == 400
    assert sentence in answer.text.partition('id="file-error"')[2].partition("</div>")[0]


def test_an_import_with_holes_fills_what_it_can_and_tells_the_rest(signed_in: SignIn) -> None:
    content = {"countries": ["IRQ", "XXX"], "colour": "red"}
    file = json.dumps({"code": "iom_payable", "content": content}).encode()

    page = take(signed_in("CASH"), file).text

    assert "«colour» means nothing here, and is left out." in page
    assert typed_in(page)["countries"] == ["IRQ", "XXX"]
