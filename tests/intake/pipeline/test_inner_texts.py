"""Check that a letter inside a wrapping or a mail is shown and searched as all else."""

import base64
import zipfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO

import pysequoia
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tests.samples.mail.mails import referral, tiny_pdf, tiny_png
from tests.support.desk import Desk

pytestmark = pytest.mark.components
URGENT = "AKUT: hon är i fara i kväll."


def inner_mail(text: str, html: str | None = None) -> bytes:
    """Return a mail of its own, as somebody forwards it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "b@b.example", "a@a.example", "Remiss"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def signed(content: bytes) -> bytes:
    """Return an opaque signature around some content, as S/MIME mail carries it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Eva")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def wrapped(content: bytes, media_type: str, name: str) -> bytes:
    """Return a mail of a registered sender that is one wrapped part and nothing else."""
    whole = referral(attachments=[(name, media_type, content)])
    head, _, _ = whole.partition(b"\r\nContent-Type:")
    part = whole[whole.index(f"Content-Type: {media_type}".encode()) :]
    return head + b"\r\n" + part.partition(b"\r\n--")[0] + b"\r\n"


def routed(desk: Desk, raw: bytes) -> tuple[str, str]:
    """Take a mail its whole way; return its queue and its letter."""
    desk.register()
    submission_id = desk.handle(raw)
    queues = [item.queue for item in desk.items(submission_id) if item.kind == "submission"]
    return queues[0], desk.column(submission_id, "body_text")


def test_the_letter_in_a_signed_message_is_the_letter_and_is_urgent(desk: Desk) -> None:
    raw = wrapped(signed(inner_mail(URGENT)), "application/pkcs7-mime", "smime.p7m")

    assert routed(desk, raw) == ("Q1", URGENT)


def test_the_letter_in_a_signed_text_is_the_letter(desk: Desk) -> None:
    signer = pysequoia.Tsk.generate(user_id="Eva <eva@a.example>").signer()
    text = pysequoia.sign(signer, URGENT.encode(), mode=pysequoia.SignatureMode.INLINE)

    head = referral().partition(b"\r\nContent-Type:")[0]

    queue, body = routed(desk, head + b"\r\n\r\n" + text)

    assert queue == "Q1"
    assert f"[Text inside a part of the mail:]\n{URGENT}" in body


WORDS = "{urgent} Jag vill söka asyl i Sverige. Er referens: {code}"
HISTORY = "\r\n".join(
    ["Tack, vi hörs.", "", *(f"> rad {number} i ett äldre brev" for number in range(20))]
)


def sent(way: str, words: str) -> bytes:
    """Return a mail that says the words in one of the ways in which people send them."""
    inner = inner_mail(words)
    if way == "signed":
        return wrapped(signed(inner), "application/pkcs7-mime", "smime.p7m")
    if way == "forwarded as a file":
        return referral(attachments=[("forward.eml", "application/octet-stream", inner)])
    if way == "in one form alone":
        html = "<p>Hej!</p>"
        parts = f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        parts += f"--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--"
        field = 'multipart/alternative; boundary="b"'
    else:
        parts, field = f"{HISTORY}\r\n> {words}\r\n", "text/plain; charset=utf-8"
    head = referral().partition(b"\r\nContent-Type:")[0].decode()
    return f"{head}\r\nContent-Type: {field}\r\n\r\n{parts}\r\n".encode()


@pytest.mark.parametrize("way", ["signed", "forwarded as a file", "in one form alone"])
def test_all_that_is_searched_for_is_found_in_what_is_shown(sqlite_desk: Desk, way: str) -> None:
    sqlite_desk.register()
    code = sqlite_desk.submission(sqlite_desk.handle(referral())).reference

    submission_id = sqlite_desk.handle(sent(way, WORDS.format(urgent=URGENT, code=code)))

    found = sqlite_desk.submission(submission_id)
    assert found.priority == "emergency"
    assert "wrong_door:asylum" in found.flags
    assert found.filing_reason == "registered_sender_and_reference"


def test_old_words_far_down_in_history_make_nothing_urgent_and_hide_no_sign(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.register()
    code = sqlite_desk.submission(sqlite_desk.handle(referral())).reference

    submission_id = sqlite_desk.handle(sent("history", WORDS.format(urgent=URGENT, code=code)))

    found = sqlite_desk.submission(submission_id)
    assert found.priority != "emergency"
    assert "wrong_door:asylum" in found.flags
    assert found.filing_reason == "registered_sender_and_reference"


@pytest.mark.parametrize("cover", ["Se nedan.", "FYI", "Vidarebefordrar hennes mejl."])
def test_words_far_down_in_what_a_cover_passes_on_are_heard(sqlite_desk: Desk, cover: str) -> None:
    sqlite_desk.register()
    raw = sent("history", URGENT).decode().replace("Tack, vi hörs.", cover)

    submission_id = sqlite_desk.handle(raw.encode())

    assert sqlite_desk.submission(submission_id).priority == "emergency"


def test_a_letter_in_a_file_of_a_mail_stands_by_it_named(desk: Desk) -> None:
    eml = inner_mail("No HTML?", html=f"<p>{URGENT}</p>")
    raw = referral(attachments=[("forward.eml", "application/octet-stream", eml)])

    queue, body = routed(desk, raw)

    assert queue == "Q1"
    assert f"\n\n[Text inside forward.eml:]\n{URGENT}\n\n[Only in the plain text" in body


@pytest.mark.parametrize("is_signed", [False, True])
def test_the_papers_of_a_mail_in_a_mail_in_a_file_are_documents(
    desk: Desk, *, is_signed: bool
) -> None:
    deepest, middle = EmailMessage(), EmailMessage()
    deepest["Subject"], middle["Subject"] = "deepest", "middle"
    deepest.set_content("Ring inte hem.")
    deepest.add_attachment(
        tiny_pdf("passport"), maintype="application", subtype="pdf", filename="passport.pdf"
    )
    middle.set_content("Se nedan.")
    middle.add_attachment(deepest)
    name, content = ("a.p7m", signed(middle.as_bytes())) if is_signed else ("a.eml", bytes(middle))
    raw = referral(attachments=[(name, "application/octet-stream", content)])
    desk.register()

    submission_id = desk.handle(raw)

    assert "passport.pdf" in desk.names(submission_id)
    (paper,) = [row for row in desk.documents(submission_id) if row.claimed_type.endswith("pdf")]
    assert paper.state == "CLEAN"
    body = desk.column(submission_id, "body_text")
    assert body.count("Se nedan.") == body.count("Ring inte hem.") == 1


def test_a_mail_packed_in_an_archive_is_a_document_only(desk: Desk) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("forward.eml", inner_mail(URGENT))
    raw = referral(attachments=[("mails.zip", "application/zip", packed.getvalue())])

    queue, body = routed(desk, raw)

    assert queue == "Q2"
    assert "AKUT" not in body


@pytest.mark.parametrize("name", ["mixed", "alternative"])
def test_urgent_words_in_html_are_seen_beside_other_text(desk: Desk, name: str) -> None:
    head = referral().partition(b"\r\nContent-Type:")[0].decode()
    html = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{URGENT}</p>\r\n"
    text = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSkannat av e-postskyddet.\r\n"
    parts = html + text if name == "mixed" else text + html
    mail = f'{head}\r\nContent-Type: multipart/{name}; boundary="b"\r\n\r\n{parts}--b--\r\n'

    queue, body = routed(desk, mail.encode())

    assert queue == "Q1"
    assert body.startswith(URGENT)
    assert "Skannat" in body


def test_own_words_below_a_quotation_are_urgent(desk: Desk) -> None:
    head = referral().partition(b"\r\nContent-Type:")[0]
    quoted = "> en rad ur ett tidigare brev\r\n" * 20
    text = f"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{quoted}\r\n{URGENT}\r\n"

    queue, body = routed(desk, head + text.encode())

    assert queue == "Q1"
    assert body.startswith("> en rad")


@pytest.mark.parametrize("has_text", [False, True])
def test_a_picture_pasted_into_html_is_a_document(desk: Desk, *, has_text: bool) -> None:
    picture = base64.b64encode(tiny_png("passport")).decode()
    html = (
        f'<html><body><p>Hennes pass:</p><img src="data:image/png;base64,{picture}"></body></html>'
    )
    raw = referral(html=html)
    if not has_text:
        head = raw.partition(b"\r\nContent-Type:")[0].decode()
        raw = f"{head}\r\nContent-Type: text/html\r\n\r\n{html}".encode()
    desk.register()

    submission_id = desk.handle(raw)

    rows = {row.detected_type: row for row in desk.documents(submission_id)}
    assert rows["image/png"].parent_id == rows["text/html"].id
    assert rows["image/png"].role == "inline"
    assert rows["text/html"].reason == (
        "other_form_of_the_message" if has_text else "shown_as_text"
    )
    assert "Hennes pass:\n[a picture stands here]" in desk.column(submission_id, "body_text")


def test_a_file_behind_a_link_of_a_letter_is_a_document(desk: Desk) -> None:
    paper, bad = tiny_pdf("passport"), b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
    links = "".join(
        f'<a href="data:{kind};base64,{base64.b64encode(content).decode()}">{kind}</a> '
        for kind, content in (("application/pdf", paper), ("image/svg+xml", bad))
    )
    desk.register()

    submission_id = desk.handle(referral(html=f"<html><body><p>Se {links}</p></body></html>"))

    rows = {row.detected_type: row for row in desk.documents(submission_id)}
    assert rows["application/pdf"].parent_id == rows["text/html"].id
    assert (rows["application/pdf"].state, rows["application/pdf"].role) == ("CLEAN", "attachment")
    assert rows["image/svg+xml"].state != "CLEAN"
