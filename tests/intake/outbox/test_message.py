"""Check receipts: neutral words, one recipient, and nothing of the stranger's mail in them."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from intake.outbox.mail_texts import MailTexts
from intake.outbox.message import Answered, Envelope, compose, message_id_for
from intake.reference_data.promises import ConfirmBy
from storage.submissions.due_warnings import WarningStep
from tests.samples.mail.header_injection import INJECTED_ADDRESS
from tests.support.building import MAIL_TEXTS

TEXTS = MailTexts(MAIL_TEXTS)
RECEIVED_AT = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)
DUE_AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
LINK = "https://portal.example/sign-in"
ENVELOPE = Envelope(
    "noreply@example.org", "anna@partner.example", "<r1.abc@example.org>", RECEIVED_AT
)
NOTHING = Answered(None, ())
# Requirement 116: what may not stand in ordinary mail, in both languages.
FORBIDDEN = re.compile(
    r"traffick|prostitut|victim|\boffer|\breturn|återvänd|avrr|åmp\b|asylum|\basyl|reintegrat|"
    r"återintegr|återetabl|\bcash\b|kontant|bidrag|människohandel|\biom\b|passport|\bpass\b|polis"
    r"(?!ärenden)|\bpolice\b(?! matters)|migration|refer(?!en[cs])|remiss|ärende\b|\bcase\b",
    re.IGNORECASE,
)


def receipt(count: int | None = 6) -> str:
    """Render the receipt of requirement 117."""
    return TEXTS.receipt(
        reference="K7M-4QX-9T",
        item_count=count,
        received_at=RECEIVED_AT,
        confirm_by=ConfirmBy(DUE_AT),
        link=LINK,
    )


def composed(
    text: str = "Text", answered: Answered = NOTHING, envelope: Envelope = ENVELOPE
) -> bytes:
    """Compose a receipt."""
    return compose(envelope, "Receipt K7M-4QX-9T", text, answered)


def parsed(raw: bytes) -> EmailMessage:
    """Parse as today's mail programs do."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parsed_leniently(raw: bytes) -> Message:
    """Parse as old mail programs do."""
    return email.message_from_bytes(raw, policy=email.policy.compat32)


@pytest.mark.parametrize(
    ("count", "swedish", "english"),
    [
        (6, "Vi har tagit emot 6 handlingar den", "We have received 6 items on"),
        (1, "Vi har tagit emot 1 handling den", "We have received 1 item on"),
        (500, "Vi har tagit emot 500 handlingar den", "We have received 500 items on"),
        (None, "Vi har tagit emot ditt meddelande den", "We have received your message on"),
    ],
)
def test_the_receipt_says_how_many(count: int | None, swedish: str, english: str) -> None:
    text = receipt(count)

    assert swedish in text
    assert english in text


def test_the_receipt_is_the_offices_text() -> None:
    text = receipt()

    assert "den 24 november 2026 kl. 10.42 (finsk tid)" in text
    assert "on 24 November 2026 at 10:42 (Finnish time)" in text
    assert "senast den 25 november 2026 kl. 16.00" in text
    assert "by 25 November 2026, 16:00" in text
    assert text.count("K7M-4QX-9T") == 2
    assert text.count(LINK) == 2


def test_months_are_named_in_both_languages() -> None:
    months = set()
    for month in range(1, 13):
        at = datetime(2026, month, 15, 12, 0, tzinfo=UTC)
        text = TEXTS.receipt(
            reference="x", item_count=1, received_at=at, confirm_by=ConfirmBy(at), link=LINK
        )
        months |= set(re.findall(r"15 ([A-Za-z]+) 2026", text))

    # November and three others are spelt alike but for the capital letter.
    assert len(months) == 24


ABOUT_A_PERSON = {
    "receipt": receipt(),
    "receipt_without_count": receipt(None),
    "acknowledgement": TEXTS.acknowledgement(),
    "too_large": TEXTS.too_large(link=LINK),
    "ask": TEXTS.ask(reference="K7M-4QX-9T", link=LINK),
    "reminder": TEXTS.reminder(reference="K7M-4QX-9T", link=LINK),
}
UNTIL = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
WARNINGS = {
    f"warning_{step}": TEXTS.warning(
        reference="K7M-4QX-9T", queue="Q2", step=step, since=RECEIVED_AT, due=DUE_AT, link=LINK
    )
    for step in WarningStep
}
INVITATION = TEXTS.invitation(link=LINK, until=UNTIL)
ALL_TEXTS = {**ABOUT_A_PERSON, **WARNINGS, "invitation": INVITATION}


@pytest.mark.parametrize("text", ALL_TEXTS.values(), ids=ALL_TEXTS)
def test_no_text_betrays_the_programme(text: str) -> None:
    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("text", ABOUT_A_PERSON.values(), ids=ABOUT_A_PERSON)
def test_every_text_about_a_person_names_the_emergency_numbers(text: str) -> None:
    for number in ("112", "114 14", "020-39 00 00"):
        assert text.count(number) == 2


def test_a_strangers_acknowledgement_has_neither_reference_nor_link() -> None:
    text = TEXTS.acknowledgement()

    assert not re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{2}", text)
    assert "http" not in text


def test_every_template_is_rendered_here() -> None:
    # The others are rendered where letters, confirmations, answers and links are tested.
    elsewhere = {"answer", "answer_notice", "confirmation", "link_receipt", "upload_link"}
    assert {path.stem for path in Path(MAIL_TEXTS).iterdir()} - elsewhere == {
        "receipt",
        "acknowledgement",
        "too_large",
        "ask",
        "reminder",
        "invitation",
        "warning",
    }


@pytest.mark.parametrize("text", ALL_TEXTS.values(), ids=ALL_TEXTS)
def test_a_text_comes_back_whole(text: str) -> None:
    message = parsed(composed(text))

    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().split() == text.split()
    assert message.get_content().splitlines() == text.splitlines()


def test_headers_are_those_of_an_automatic_answer() -> None:
    raw = composed(answered=Answered("<new@partner.example>", ("<old@partner.example>",)))

    for message in (parsed(raw), parsed_leniently(raw)):
        assert message["To"] == "anna@partner.example"
        assert message["Message-ID"] == "<r1.abc@example.org>"
        assert message["In-Reply-To"] == "<new@partner.example>"
        assert message["References"].split() == ["<old@partner.example>", "<new@partner.example>"]
        assert message["Auto-Submitted"] == "auto-replied"
        assert message["X-Auto-Response-Suppress"] == "All"
        assert message["Date"] == "Tue, 24 Nov 2026 08:42:00 +0000"
    (sender,) = parsed(raw)["From"].addresses
    assert sender.addr_spec == "noreply@example.org"
    assert sender.display_name == "IOM Helsinki – document service"


def test_a_receipt_says_where_its_answer_goes_only_when_there_is_such_an_address() -> None:
    tagged = replace(ENVELOPE, reply_to="box+tag@example.org")

    raw = composed(envelope=tagged)

    assert b"Reply-To: box+tag@example.org\r\n" in raw
    assert parsed(raw)["Reply-To"].addresses[0].addr_spec == "box+tag@example.org"
    assert b"Reply-To" not in composed()


INJECTIONS = [
    f"<a@b>\r\nBcc: {INJECTED_ADDRESS}",
    f"<a@b>\nBcc: {INJECTED_ADDRESS}",
    f"<a@b>\rBcc: {INJECTED_ADDRESS}",
    f"<a@b>\r\n\r\nBcc: {INJECTED_ADDRESS}",
    f"<a\r\nBcc:{INJECTED_ADDRESS}\r\nX: @b>",
    f"<a@b>\x00\r\nBcc: {INJECTED_ADDRESS}",
    f"<a@b>\u2028Bcc: {INJECTED_ADDRESS}",
    f"<a@b>\x85Bcc: {INJECTED_ADDRESS}",
    f"<a@b>\x0bBcc: {INJECTED_ADDRESS}",
    f"<a@b> {INJECTED_ADDRESS}",
    f"<a@b>, <{INJECTED_ADDRESS}>",
    f"<a b@{INJECTED_ADDRESS}>",
    f"=?utf-8?q?=0D=0ABcc:_{INJECTED_ADDRESS}?=",
    f"<=?utf-8?q?=0D=0ABcc:_{INJECTED_ADDRESS}?=@b>",
    "<=?utf-8?q?=0D=0ABcc:_bcc-victim=40evil.example?=@b>",
    "<=?utf-8?b?DQpCY2M6IGJjYy12aWN0aW1AZXZpbC5leGFtcGxl?=@b>",
    "<=?utf-8?q?=0D=0A=0D=0AHello?=@b>",
    "<=?utf-8?q?a?=>",
    f"<\ud800{INJECTED_ADDRESS}>",
    f"<å@{INJECTED_ADDRESS}>",
    f"{INJECTED_ADDRESS}",
    "<>",
    "",
    "<<a@b>>",
    "<" + "x" * 2000 + ">",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_malformed_id_is_left_out(value: str) -> None:
    raw = composed(answered=Answered(value, (value, "<good@partner.example>", value)))

    message = parsed(raw)
    assert INJECTED_ADDRESS.encode() not in raw
    assert message["In-Reply-To"] is None
    assert message["References"] == "<good@partner.example>"
    assert message["Bcc"] is None
    assert parsed_leniently(raw)["Bcc"] is None


@pytest.mark.parametrize(
    "value",
    [
        "<a@b>",
        "<(comment)@b>",
        '<"a;b"@b>',
        "<%0d%0aBcc:x@b>",
        "<a=b+c?d@b>",
        "<AM0PR0102MB3456789ABCDEF0123@AM0PR0102MB3456.eurprd01.prod.exchangelabs.example.com>",
        "<" + "x" * 900 + ">",
    ],
)
def test_a_well_formed_id_stays_as_it_is(value: str) -> None:
    raw = composed(answered=Answered(value, ("<old@partner.example>",)))

    assert f"In-Reply-To: {value}\r\n".encode() in raw
    for message in (parsed(raw), parsed_leniently(raw)):
        assert message["In-Reply-To"] == value
        assert message["References"].split() == ["<old@partner.example>", value]
        assert len(message.keys()) == len(set(message.keys()))


def test_only_the_newest_of_a_long_thread_are_named() -> None:
    thread = tuple(f"<{number}@partner.example>" for number in range(100))

    message = parsed(composed(answered=Answered("<new@partner.example>", thread)))

    named = message["References"].split()
    assert named == [*thread[-19:], "<new@partner.example>"]


def test_no_line_is_longer_than_smtp_allows() -> None:
    thread = tuple(f"<{str(number) * 300}@partner.example>" for number in range(100))
    raw = composed("å" * 5000 + "\n" + receipt(), Answered("<" + "n" * 900 + ">", thread))

    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


def test_a_receipt_has_one_identity_that_says_nothing() -> None:
    token = "0123456789abcdef" * 4

    message_id = message_id_for(token, "R1", "noreply@example.org")

    assert message_id == "<r1.0123456789abcdef0123456789abcdef@example.org>"
    assert message_id_for(token, "R2", "noreply@example.org") != message_id


def test_our_own_identity_is_written_whole_however_long_our_domain_is() -> None:
    own = message_id_for("0" * 32, "R1", "noreply@" + "a" * 60 + "." + "b" * 60 + ".example")
    envelope = Envelope("noreply@example.org", "anna@partner.example", own, RECEIVED_AT)

    assert f"Message-ID: {own}\r\n".encode() in composed(envelope=envelope)


@pytest.mark.parametrize(
    "recipient",
    [
        "anna@partner.example",
        "anna.b+c@partner.example",
        "o'neil@partner.example",
        "a@b",
        "{}|~`?#$@partner.example",
        "a" * 64 + "@" + "b" * 60 + "." + "c" * 60 + ".example",
    ],
)
def test_a_receipt_goes_to_exactly_one_address(recipient: str) -> None:
    envelope = Envelope("noreply@example.org", recipient, "<r1@example.org>", RECEIVED_AT)

    message = parsed(composed(envelope=envelope))

    assert f"To: {recipient}\r\n".encode() in composed(envelope=envelope)
    assert [address.addr_spec for address in message["To"].addresses] == [recipient]
    assert message["Cc"] is None
