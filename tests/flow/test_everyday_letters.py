"""Take letters the whole way as people's programs write them: what an officer sees, and who hears.

Each stands for a kind of letter from which words, papers or an answer were once lost.
"""

from dataclasses import dataclass

import pytest

from tests.samples.mail.bounces import reports
from tests.samples.mail.mails import REGISTERED_SENDER, tiny_jpeg, tiny_pdf
from tests.samples.mail.signatures import PGP_SIGNATURE, cms_signature
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.desk import Desk

ARABIC = "السلام عليكم، أرفق وثائق السيدة ولها موعد يوم 14"
PERSIAN = "می\u200cخواهم برگردم"
PDF, PHOTO = tiny_pdf("a paper"), tiny_jpeg("an identity card")
ENCODED = b"Content-Transfer-Encoding: base64"
PLAIN, HTML = b"Content-Type: text/plain; charset=utf-8", b"Content-Type: text/html; charset=utf-8"
SHOWN, FORM = ("CLEAN", ""), ("IGNORED", "other_form_of_the_message")
AS_TEXT = ("ACTIVE", "shown_as_text")
STUB = "Your mail program cannot show HTML messages."


def letter(name: str, kind: str, *parts: bytes) -> bytes:
    """Return a letter of these parts in a multipart of a kind."""
    field = f"Content-Type: multipart/{kind}; boundary=b".encode()
    return mail(name, headers=[field], body=multipart(b"b", parts))


def file(content_type: str, content: bytes, *fields: bytes) -> bytes:
    """Return a part with a file."""
    return part([f"Content-Type: {content_type}".encode(), ENCODED, *fields], base64_lines(content))


def signed(kind: str, signature: bytes) -> bytes:
    """Return a letter with a detached signature."""
    field = f"multipart/signed; protocol={kind}"
    words = part([PLAIN], b"Remiss bifogas.")
    return letter("signed", field, words, file(f"{kind}; name=signature", signature))


@dataclass(frozen=True)
class Seen:
    """What an officer sees: words of the letter in their order, and how each part stands."""

    words: list[str]
    states: list[tuple[str, str]]


LETTERS = {
    "papers in an alternative": (
        letter(
            "alternative",
            "alternative",
            part([PLAIN], b"See the card"),
            part([HTML], b"<p>See the card</p>"),
            file("image/jpeg; name=card.jpg", PHOTO),
            file("application/pdf; name=a.pdf", PDF),
            file("text/plain; name=list.txt", b"Anna\r\nOmar\r\n"),
        ),
        Seen(["See the card"], [SHOWN, FORM, SHOWN, SHOWN, SHOWN]),
    ),
    "a small photo inline": (
        letter(
            "inline",
            "mixed",
            part([PLAIN], b"The card:"),
            file("image/jpeg; name=IMG_1.jpg", PHOTO, b"Content-Disposition: inline"),
            part([PLAIN], b"Sent from my telephone"),
        ),
        Seen(["The card:", "Sent from my telephone"], [SHOWN, SHOWN, SHOWN]),
    ),
    "one bad byte in UTF-8": (
        mail("bad-byte", headers=[PLAIN], body=ARABIC.encode() + b"\xff"),
        Seen([ARABIC + "\ufffd"], [SHOWN]),
    ),
    "a charset in the markup": (
        mail(
            "meta",
            headers=[b"Content-Type: text/html"],
            body=f'<html><meta charset="windows-1256"><p>{ARABIC}</p>'.encode("cp1256"),
        ),
        Seen([ARABIC], [AS_TEXT]),
    ),
    "UTF-8 without a header": (
        mail("bare", headers=[b"MIME-Version: 1.0"], body=ARABIC.encode()),
        Seen([ARABIC], [SHOWN]),
    ),
    "a stub instead of the plain text": (
        letter(
            "stub",
            "alternative",
            part([PLAIN], STUB.encode()),
            part([HTML], "<p>Hon är i fara i kväll.</p>".encode()),
        ),
        Seen(["Hon är i fara i kväll.", STUB], [SHOWN, FORM]),
    ),
    "a text and then a page": (
        letter(
            "both", "mixed", part([PLAIN], b"First part."), part([HTML], b"<p>Second part.</p>")
        ),
        Seen(["First part.", "Second part."], [SHOWN, AS_TEXT]),
    ),
    "a fragment of a page": (
        mail("fragment", headers=[HTML], body=b"<div>Hej, <b>remiss</b> bifogas.</div>"),
        Seen(["Hej, remiss bifogas."], [AS_TEXT]),
    ),
    "a bare angle bracket before Arabic": (
        mail("angle", headers=[HTML], body=f"<p>العمر <{ARABIC} > 3</p>".encode()),
        Seen([ARABIC], [AS_TEXT]),
    ),
    "Japanese with shifts": (
        mail(
            "jis",
            headers=[b"Content-Type: text/plain; charset=iso-2022-jp"],
            body="書類を送ります".encode("iso2022-jp"),
        ),
        Seen(["書類を送ります"], [SHOWN]),
    ),
    "a signature with a certificate": (
        signed("application/pkcs7-signature", cms_signature(b"other words")),
        Seen(["Remiss bifogas."], [SHOWN, ("IGNORED", "detached_signature")]),
    ),
    "a signature of PGP": (
        signed("application/pgp-signature", PGP_SIGNATURE),
        Seen(["Remiss bifogas."], [SHOWN, ("IGNORED", "detached_signature")]),
    ),
}

FROM_FIELDS = [
    b"Anna (Region Stockholm) <{}>",
    b"[EXTERN] Anna <{}>",
    b"{}\r\nFrom: {}",
    b"<@relay.example:{}>",
    b"Anna <<{}>>",
    b"Anna <{}",
    b'"Anna <{}>',
    b"Anna (office <{}>",
    b"Anna <mailto:{}>",
    b"Anna Registered {}",
    b"{} (Anna)",
    b"Lind, Anna <{}>",
    b'"{}" <{}>',
    b"{} <{}>",
    b"\xc5sa <{}>",
    "\u200fرות\u200f <{}>".encode(),
    f"{PERSIAN} <{{}}>".encode(),
    b"Anna <{}.>",
]
OTHER_SCRIPTS = ["åsa.lind@partner.example", "олена@partner.example", "asa@mail_gw.partner.example"]
CHARSETS = {
    "win-1251": "cp1251",
    "cp-1251": "cp1251",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8-ru": "koi8-u",
    "iso8859-5": "iso8859-5",
}
JAPANESE = {"windows-31j": "cp932", "x-sjis": "cp932", "x-euc-jp": "euc-jp"}
CHINESE = {"x-gbk": "gbk", "gb2312": "gbk", "x-big5": "big5"}
MACHINES = {
    "of a telephone": [b"X-Apple-Action: VACATION", b"Subject: Auto reply: Remiss"],
    "of a list": [b"Subject: Loop Alert: counsellors"],
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_seen_as_it_was_written(sqlite_desk: Desk, name: str) -> None:
    raw, seen = LETTERS[name]
    sqlite_desk.register()

    submission_id = sqlite_desk.handle(raw)

    body = sqlite_desk.column(submission_id, "body_text")
    places = [body.find(words) for words in seen.words]
    assert -1 not in places
    assert places == sorted(places)
    assert sqlite_desk.states(submission_id) == seen.states
    assert sqlite_desk.receipt(submission_id).state == "due"
    assert {kind for _, kind in sqlite_desk.open_items(submission_id)} == {"submission"}


@pytest.mark.parametrize(
    ("text", "charsets"),
    [
        ("Добрый день! Посылаю документы Олены, дело номер 12.", CHARSETS),
        ("書類を送ります。番号は十二です。", JAPANESE),
        ("我把文件寄给你们，编号十二。", CHINESE),
    ],
)
def test_a_charset_is_known_by_every_name(
    sqlite_desk: Desk, text: str, charsets: dict[str, str]
) -> None:
    bodies = {}
    for label, codec in charsets.items():
        written = text.encode(codec, "ignore")
        field = f"Content-Type: text/plain; charset={label}".encode()
        submission_id = sqlite_desk.handle(mail(label, headers=[field], body=written))
        bodies[label] = (sqlite_desk.column(submission_id, "body_text"), written.decode(codec))

    assert {label: body for label, (body, _) in bodies.items()} == {
        label: expected for label, (_, expected) in bodies.items()
    }


@pytest.mark.parametrize("field", FROM_FIELDS)
def test_one_clear_mailbox_is_registered_and_gets_a_receipt(
    sqlite_desk: Desk, field: bytes
) -> None:
    sqlite_desk.register()

    submission_id = sqlite_desk.handle(
        mail("from", sender=field.replace(b"{}", REGISTERED_SENDER.encode()))
    )

    assert sqlite_desk.submission(submission_id).sender_verdict == "registered"
    assert sqlite_desk.receipt(submission_id).state == "due"
    assert sqlite_desk.letter(submission_id)["To"] == REGISTERED_SENDER


@pytest.mark.parametrize("field", [b"Registered, {}", b"Anna <{}> [x", b"{}, <{}>"])
def test_a_sender_who_is_not_clear_is_no_look_alike_of_themselves(
    sqlite_desk: Desk, field: bytes
) -> None:
    sqlite_desk.register()

    submission_id = sqlite_desk.handle(
        mail("from", sender=field.replace(b"{}", REGISTERED_SENDER.encode()))
    )

    submission = sqlite_desk.submission(submission_id)
    assert submission.sender_verdict == "unknown"
    assert submission.sender_reasons[-1] == "unclear_from_of_registered_address"
    assert submission.filing_reason == "sender_unknown"
    assert sorted(sqlite_desk.open_items(submission_id)) == [
        ("Q3", "submission"),
        ("Q4", "no_usable_sender"),
    ]


@pytest.mark.parametrize("address", OTHER_SCRIPTS)
def test_an_address_of_any_script_is_registered_and_gets_a_receipt(
    sqlite_desk: Desk, address: str
) -> None:
    sqlite_desk.register(address.upper())

    submission_id = sqlite_desk.handle(mail("from", sender=f"Anna <{address}>".encode()))

    assert sqlite_desk.submission(submission_id).sender_verdict == "registered"
    assert f"To: {address}\r\n".encode() in sqlite_desk.letter_bytes(submission_id)


def test_a_letter_of_another_alphabet_in_an_address_is_a_look_alike(sqlite_desk: Desk) -> None:
    sqlite_desk.register("anna.lind@partner.example")

    submission_id = sqlite_desk.handle(mail("x", sender="аnna.lind@partner.example".encode()))

    submission = sqlite_desk.submission(submission_id)
    assert submission.sender_verdict == "unknown"
    assert "looks_like_registered_address" in submission.sender_reasons


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_gets_no_receipt(sqlite_desk: Desk, name: str) -> None:
    sqlite_desk.register()

    submission_id = sqlite_desk.handle(mail("machine", headers=MACHINES[name]))

    receipt = sqlite_desk.receipt(submission_id)
    assert (receipt.state, receipt.reason) == ("suppressed", "answering_program")


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_bounce_opens_no_task(sqlite_desk: Desk, *, is_cut: bool) -> None:
    for whole in reports("<some@of.ours>", REGISTERED_SENDER).values():
        raw = whole[: len(whole) * 2 // 3] if is_cut else whole
        submission_id = sqlite_desk.handle(raw)

        assert sqlite_desk.receipt(submission_id).state == "suppressed"
        assert "no_usable_sender" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}


def test_a_subject_and_a_name_keep_their_joiners(sqlite_desk: Desk) -> None:
    name = f"{PERSIAN}.pdf"
    raw = letter(
        "joiners",
        "mixed",
        part([PLAIN], b"words"),
        file(f'application/pdf; name="{name}"', PDF),
    )
    raw = raw.replace(b"Subject: joiners", f"Subject: {PERSIAN}".encode())

    submission_id = sqlite_desk.handle(raw)

    assert name in sqlite_desk.names(submission_id)
    assert PERSIAN in sqlite_desk.column(submission_id, "subject")
