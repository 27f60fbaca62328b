"""Check that a calendar file beside a letter is a person's, and an entry in its place is not."""

import pytest

from tests.intake.senders.test_automatic_mail import CALENDAR, FILED
from tests.samples.mail.mails import REGISTERED_SENDER, tiny_pdf, tiny_png
from tests.samples.mail.wire import STRANGER, mail, multipart, part
from tests.support.desk import Desk

pytestmark = pytest.mark.components

LETTER = [b"Content-Type: text/plain; charset=utf-8"]


def with_entry(
    kind: bytes = b"text/calendar",
    content: bytes = CALENDAR,
    *,
    sender: str = REGISTERED_SENDER,
    name: bytes = b"mote.ics",
) -> bytes:
    """Build a person's letter with a calendar entry, or what is called one, as a file."""
    file = [
        b"Content-Type: " + kind + b'; name="' + name + b'"',
        b'Content-Disposition: attachment; filename="' + name + b'"',
    ]
    letter = part(LETTER, b"A new referral. The time of our meeting is in the file.\r\n")
    return mail(
        "letter-with-entry",
        sender=sender.encode(),
        headers=[b"Content-Type: multipart/mixed; boundary=outer"],
        body=multipart(b"outer", [letter, part(file, content)]),
    )


@pytest.mark.parametrize(
    "raw",
    [
        with_entry(),
        with_entry(b"text/calendar; method=PUBLISH"),
        with_entry(b"application/ics"),
        with_entry(content=tiny_pdf("x"), name=b"remiss.pdf"),
        with_entry(content=tiny_png(), name=b"pass.png"),
    ],
    ids=["entry", "published", "ics", "pdf-as-calendar", "picture-as-calendar"],
)
def test_a_letter_with_an_entry_as_a_file_is_a_persons(sqlite_desk: Desk, raw: bytes) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(raw)

    assert sqlite_desk.submission(came).filing_reason == FILED
    assert sqlite_desk.receipt(came).state == "due"


@pytest.mark.parametrize(
    "raw",
    [
        with_entry(sender=STRANGER),
        with_entry(
            content=tiny_pdf("x"),
            sender=STRANGER,
        ),
    ],
    ids=["entry", "pdf-as-calendar"],
)
def test_a_strangers_letter_with_an_entry_has_its_receipt(sqlite_desk: Desk, raw: bytes) -> None:
    came = sqlite_desk.handle(raw)

    assert sqlite_desk.receipt(came).state == "due"


def entry(*, name: bytes, words: bytes = b"", is_form: bool = False) -> bytes:
    """Build what calendar programs send: an entry alone, or as another form of a few words."""
    file = part([b"Content-Type: text/calendar; method=REQUEST" + name], CALENDAR)
    kind = b"alternative" if is_form else b"mixed"
    return mail(
        "entry",
        sender=REGISTERED_SENDER.encode(),
        headers=[b"Content-Type: multipart/" + kind + b"; boundary=outer"],
        body=multipart(b"outer", [part(LETTER, words), file] if words else [file]),
    )


@pytest.mark.parametrize(
    "raw",
    [
        entry(name=b""),
        entry(name=b"; name=a.ics"),
        entry(name=b"", words=b"Meeting\r\n"),
        entry(name=b"; name=a.ics", words=b"Meeting\r\n", is_form=True),
    ],
    ids=["alone", "alone-named", "beside-words", "form-of-words"],
)
def test_an_entry_as_a_calendar_program_writes_it_has_no_receipt(
    sqlite_desk: Desk, raw: bytes
) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(raw)

    assert sqlite_desk.submission(came).filing_reason == "marked_as_calendar_mail"
    assert sqlite_desk.receipt(came).reason == "calendar_mail"
