"""Hold mail in every wrapping: mail in mail, Outlook's own kinds, signed and encrypted."""

import base64
import datetime
import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import pysequoia
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from intake.sandbox import Duty, Keys, Limits, SmimeKey
from intake.sandbox.host.process import Answer
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.body_text import RTF_NOT_READ
from intake.sandbox.protocol.limits import TimeLeft
from tests.intake.sandbox.conftest import SMALL, MakeJail, ProbedJail
from tests.intake.sandbox.containers.unpacking import answer, contents, unpack
from tests.samples.files.archives import eml, uuencoded
from tests.samples.files.outlook import msg, msg_storage, packed, tnef

DUTIES = (Duty.DOCUMENTS,)
PART = b"Content-Type: text/plain\r\n\r\nthe secret\r\n"
MIXED = (
    b"From: a@example.org\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    b"Content-Disposition: attachment\r\n\r\n%PDF-\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: b@example.org\r\nSubject: inner\r\n\r\ninner text\r\n--b--\r\n"
)
PgpKey = pysequoia.Tsk


@pytest.fixture(scope="module")
def smime() -> tuple[SmimeKey, x509.Certificate, rsa.RSAPrivateKey]:
    """Return a new key with its certificate."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "intake")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(private.public_key()).not_valid_before(start)
    certificate = builder.not_valid_after(start + datetime.timedelta(9999)).sign(
        private, hashes.SHA256()
    )
    key_pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    certificate_pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return SmimeKey(key_pem, certificate_pem), certificate, private


@pytest.fixture(scope="module")
def pgp() -> PgpKey:
    """Return a new secret key."""
    return pysequoia.Tsk.generate(user_id="intake <intake@example.org>")


def test_mail_opens_one_level(jail: ProbedJail) -> None:
    opened = jail.unpack(MIXED, "message/rfc822", "a.eml")

    assert [(child.path, child.role) for child in opened.children] == [
        ("text 1", "body"), ("a.pdf", "attachment"), ("inner.eml", "message"),
    ]  # fmt: skip
    assert opened.body_text == ("hello\n\n[Forwarded mail inner, from b@example.org:]\ninner text")
    assert contents(unpack(jail, opened.children[2].content)) == {"text 1": b"inner text"}


def test_uuencoded_text_gives_up_its_file(jail: ProbedJail) -> None:
    text = b"see below\r\n" + uuencoded(b"hello")
    mail = eml("7bit", text).replace(b"application/octet-stream", b"text/plain")

    assert contents(unpack(jail, mail))["eicar.com (2)"] == b"hello"
    assert contents(unpack(jail, text)) == {"eicar.com": b"hello"}


def test_mail_over_a_limit_is_held(jail: ProbedJail) -> None:
    deep = b"From: a@example.org\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 30

    assert answer(jail.unpack(deep, "message/rfc822", "")) == ("held", "too_deep")


def test_winmail_opens(jail: ProbedJail) -> None:
    content = tnef(
        "hello på", {"a.pdf": b"%PDF-\0\0"}, messages={"inner": tnef("deep", {"b": b"x"})}
    )

    opened = unpack(jail, content)

    assert answer(opened) == ("opened", "")
    assert opened.body_text == "hello på"
    assert contents(opened)["a.pdf"] == b"%PDF-\0\0"
    inner = opened.children[-1]
    assert (inner.path, inner.role) == ("inner", "message")
    assert contents(unpack(jail, inner.content)) == {"text 1": b"deep", "b": b"x"}


RTF = b"{\\rtf1\\ansi\\ansicpg1252\\pard Ring INTE hem. H\\'e4lsningar\\par}"


def test_the_letter_of_outlook_in_rtf_alone_is_shown(jail: ProbedJail) -> None:
    opened = unpack(jail, tnef("", {"a.pdf": b"%PDF-"}, packed_rtf=packed(RTF)))
    message = unpack(jail, msg("Remiss", "", {}, rtf=RTF))

    assert opened.body_text == "Ring INTE hem. Hälsningar"
    assert opened.children[0].role == "body"
    assert contents(opened) == {"text 1": RTF, "a.pdf": b"%PDF-"}
    assert message.body_text.endswith("Subject: Remiss\n\nRing INTE hem. Hälsningar")


@pytest.mark.parametrize(
    ("code_page", "codec", "name"),
    [
        (None, "cp1252", "Ansökan.pdf"),
        (0, "cp1252", "Ansökan.pdf"),
        (99999, "cp1252", "Ansökan.pdf"),
        (1200, "cp1252", "Ansökan.pdf"),
        (936, "gbk", "护照.pdf"),
        (1251, "cp1251", "Паспорт.pdf"),
        (65001, "utf-8", "جواز.pdf"),
    ],
)
def test_no_code_page_costs_the_files_of_winmail(
    jail: ProbedJail, code_page: int | None, codec: str, name: str
) -> None:
    opened = unpack(jail, tnef("", {name: b"%PDF-"}, code_page=code_page, codec=codec))

    assert contents(opened)[name] == b"%PDF-"


def test_title_of_a_file_in_winmail_is_in_its_code_page(jail: ProbedJail) -> None:
    opened = unpack(jail, tnef("AKUT", {"Ansökan på språket.pdf": b"%PDF-"}))

    assert opened.body_text == "AKUT"
    assert contents(opened) == {
        "Ansökan på språket.pdf": b"%PDF-",
        **contents(unpack(jail, tnef("AKUT", {}))),
    }


def test_the_letter_of_outlook_in_text_and_rtf_is_compared(jail: ProbedJail) -> None:
    same = unpack(jail, tnef("Ring INTE hem.\r\nHälsningar", {}, packed_rtf=packed(RTF)))
    other = unpack(jail, tnef("No RTF?", {}, packed_rtf=packed(RTF)))

    assert same.body_text == "Ring INTE hem. Hälsningar"
    assert other.body_text == (
        "Ring INTE hem. Hälsningar\n\n[Only in the plain text of this mail:]\nNo RTF?"
    )


def test_a_letter_of_outlook_that_cannot_be_read_is_told_of(jail: ProbedJail) -> None:
    opened = unpack(jail, tnef("", {"a.pdf": b"%PDF-"}, packed_rtf=packed(b"what", b"LZMA")))

    assert opened.body_text == RTF_NOT_READ
    assert opened.flags == ("rtf_body_not_shown",)
    assert contents(opened) == {"a.pdf": b"%PDF-"}


def test_a_message_in_rtf_inside_another_is_read(jail: ProbedJail) -> None:
    inside = msg_storage("second", "", {}, rtf=RTF)

    opened = unpack(jail, msg("first", "hello", {}, messages={"second": inside}))

    second = unpack(jail, opened.children[1].content)
    assert second.body_text == "Ring INTE hem. Hälsningar"


def test_winmail_with_a_wrong_checksum_is_flagged(jail: ProbedJail) -> None:
    content = tnef("hello", {"a.pdf": b"%PDF-"})[:-1] + b"\xff"

    assert unpack(jail, content).flags == ("bad_checksum",)


def test_winmail_of_many_objects_is_held(jail: ProbedJail) -> None:
    content = tnef("x", {})[:6] + (bytes(5) + bytes(4) + bytes(2)) * 100_000

    assert answer(unpack(jail, content)) == ("held", "too_many_members")


def test_winmail_that_tells_of_four_billion_properties_ends_at_once(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(wall_seconds=3.0))
    lie = b"\xff" * 4 + bytes(20)
    content = tnef("hello", {}) + struct.pack("<BLL", 2, 0x00069005, len(lie)) + lie + b"\0\0"
    whole = tnef("hello", {"a": b"x"}) + content[6:]

    assert unpack(jail, whole).state in ("opened", "unreadable")


def test_outlook_message_opens(jail: ProbedJail) -> None:
    deepest = msg_storage("third", "deepest", {"c.txt": b"c" * 5000})
    inside = msg_storage("second\r\nX: y", "deeper", {"b.txt": b"b"}, messages={"third": deepest})
    content = msg("Första", "hello\r\nyou", {"a.pdf": b"%PDF-" * 2000}, messages={"second": inside})

    opened = unpack(jail, content)

    assert answer(opened) == ("opened", "")
    assert opened.body_text == "From: Anna <a@example.org>\nSubject: Första\n\nhello\nyou"
    assert [(child.path, child.role) for child in opened.children] == [
        ("text 1", "body"), ("a.pdf", "attachment"), ("second.eml", "message"),
    ]  # fmt: skip
    assert opened.children[1].content == b"%PDF-" * 2000
    second = unpack(jail, opened.children[2].content)
    assert [child.path for child in second.children] == ["text 1", "b.txt", "third.eml"]
    third = unpack(jail, second.children[2].content)
    assert contents(third)["c.txt"] == b"c" * 5000


def test_a_picture_that_a_message_of_outlook_lacks_leaves_a_mark(jail: ProbedJail) -> None:
    page = b"<p>Foto: <img src=cid:id-of-a.png alt=Passet><img src=cid:b alt=Barnet></p>"
    inside = msg_storage("second", "", {"a.png": b"a", "\n<": b"b"}, html=page)

    opened = unpack(jail, msg("first", "", {"a.png": b"a"}, html=page, messages={"in": inside}))

    assert opened.body_text.endswith("\n\nFoto: [picture not shown: Barnet]")
    assert open_mail(opened.children[-1].content).body_text == "Foto: [picture not shown: Barnet]"


def test_cut_outlook_files_never_raise(jail: ProbedJail) -> None:
    for whole in (tnef("x", {"a": b"b"}), msg("s", "b", {"a": b"b" * 5000})):
        for length in range(8, len(whole), max(1, len(whole) // 40)):
            assert unpack(jail, whole[:length]).state in ("opened", "unreadable", "not_a_container")


@pytest.mark.parametrize("layout", ["der", "pem", "base64"])
def test_opaque_signature_shows_what_was_signed(
    jail: ProbedJail, smime: tuple[SmimeKey, x509.Certificate, rsa.RSAPrivateKey], layout: str
) -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(PART)
    signed = builder.add_signer(smime[1], smime[2], hashes.SHA256()).sign(
        serialization.Encoding.PEM if layout == "pem" else serialization.Encoding.DER,
        [pkcs7.PKCS7Options.Binary],
    )
    content = base64.encodebytes(signed) if layout == "base64" else signed

    opened = unpack(jail, content, "smime.p7m")

    assert answer(opened) == ("opened", "")
    assert opened.flags == ("signature_fits",)
    assert opened.body_text == "the secret"


def test_signed_file_keeps_its_name(
    jail: ProbedJail, smime: tuple[SmimeKey, x509.Certificate, rsa.RSAPrivateKey]
) -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"%PDF-1.7 contract")
    signed = builder.add_signer(smime[1], smime[2], hashes.SHA256()).sign(
        serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]
    )

    assert contents(unpack(jail, signed, "contract.pdf.p7m")) == {
        "contract.pdf": b"%PDF-1.7 contract"
    }


def test_encrypted_smime_opens_under_its_key(
    jail: ProbedJail, smime: tuple[SmimeKey, x509.Certificate, rsa.RSAPrivateKey]
) -> None:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(PART).add_recipient(smime[1])
    content = builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])

    assert answer(unpack(jail, content)) == ("locked", "smime_encrypted")
    opened = jail.unpack(content, "", "smime.p7m", keys=Keys(smime=(smime[0],)))
    assert opened.body_text == "the secret"
    assert "PRIVATE KEY" not in repr(smime[0])


class Listening(ProbedJail):
    """A real jail that keeps what it was asked."""

    def __init__(self, **options: Any) -> None:  # Any: handed on as given
        super().__init__(**options)
        self.asked: list[tuple[str, bytes]] = []

    def _request(
        self,
        operation: str,
        arguments: dict[str, object],
        blobs: Sequence[bytes],
        left: TimeLeft | None = None,
    ) -> Answer:
        self.asked.append((json.dumps(arguments), blobs[0]))
        return super()._request(operation, arguments, blobs, left)


@pytest.fixture(scope="module")
def listening() -> Iterator[Listening]:
    """Give a jail that remembers."""
    jail = Listening(limits=SMALL, allow_reduced=False, duties=DUTIES)
    yield jail
    jail.close()


def test_a_private_key_enters_only_the_child_that_decrypts(
    listening: Listening,
    smime: tuple[SmimeKey, x509.Certificate, rsa.RSAPrivateKey],
    pgp: PgpKey,
) -> None:
    """Check threat S7: a parser that was taken over finds no key in its memory."""
    keys = Keys(smime=(smime[0],), pgp=(str(pgp),))
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(MIXED).add_recipient(smime[1])
    enveloped = builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    armoured = pysequoia.encrypt(MIXED, [pgp.extract_certificate()])
    for content in (MIXED, PART, b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200, b"plain"):
        listening.unpack(content, "", "a.bin", keys=keys)
    assert not any("PRIVATE KEY" in asked for asked, _ in listening.asked)

    for content, kind in ((enveloped, "smime"), (armoured, "pgp")):
        listening.asked.clear()
        opened = listening.unpack(content, "", "a.p7m", keys=keys)

        with_key = [
            (json.loads(asked)["keys"], of)
            for asked, of in listening.asked
            if "PRIVATE KEY" in asked
        ]
        ((given, of),) = with_key
        assert of == content
        assert [name for name, each in given.items() if each] == [kind]
        # What is inside comes out as from a mail that nobody encrypted.
        clear = listening.unpack(MIXED, "message/rfc822", "a.eml")
        assert (opened.children, opened.body_text) == (clear.children, clear.body_text)


def test_signature_in_open_lengths_is_read(jail: ProbedJail) -> None:
    """Outlook and openssl stream: lengths are left open, the text comes in pieces."""
    signed = bytes.fromhex("06092a864886f70d010702")
    text = b"\x24\x80\x04\x05hello\x04\x06 world\0\0"
    inner = b"\x30\x80" + bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80" + text + b"\0" * 4
    content = b"\x30\x80" + signed + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + inner + b"\0" * 6

    assert contents(unpack(jail, content, "a.txt.p7m")) == {"a.txt": b"hello world"}


@pytest.mark.parametrize("armour", [True, False])
def test_encrypted_pgp_opens_under_its_key(jail: ProbedJail, pgp: PgpKey, armour: bool) -> None:
    content = pysequoia.encrypt(PART, [pgp.extract_certificate()], armor=armour)
    other = pysequoia.Tsk.generate(user_id="other <o@example.org>")

    assert answer(unpack(jail, content, "a.pgp")) == ("locked", "pgp_encrypted")
    wrong = jail.unpack(content, "", "a.pgp", keys=Keys(pgp=(str(other),)))
    assert answer(wrong) == ("locked", "no_key_fits")
    right = jail.unpack(content, "", "a.pgp", keys=Keys(pgp=(str(other), str(pgp))))
    assert right.body_text == "the secret"


def test_pgp_by_password_opens(jail: ProbedJail) -> None:
    content = pysequoia.encrypt(b"%PDF-1.7", passwords=["pw"])

    assert answer(unpack(jail, content, "a.pdf.asc")) == ("locked", "pgp_encrypted")
    assert contents(unpack(jail, content, "a.pdf.asc", passwords=["x", "pw"])) == {
        "a.pdf": b"%PDF-1.7"
    }


def test_pgp_in_a_text_opens_and_keeps_the_text_around(jail: ProbedJail) -> None:
    armoured = pysequoia.encrypt(b"the secret", passwords=["pw"])

    found = contents(unpack(jail, b"Hello,\n" + armoured + b"\nBye\n", passwords=["pw"]))

    assert list(found.values()) == [b"Hello,\n\n\nBye\n", b"the secret"]


@pytest.mark.parametrize("mode", [pysequoia.SignatureMode.INLINE, pysequoia.SignatureMode.CLEAR])
def test_signed_pgp_is_shown(jail: ProbedJail, pgp: PgpKey, mode: pysequoia.SignatureMode) -> None:
    content = pysequoia.sign(pgp.signer(), b"hello\n- dashed", mode=mode)

    opened = unpack(jail, content, "a.txt.asc")

    assert contents(opened) == {"a.txt": b"hello\n- dashed"}
    assert opened.flags == ("signature_not_checked",)


def test_damaged_wrappings_are_unreadable(jail: ProbedJail, pgp: PgpKey) -> None:
    armoured = pysequoia.encrypt(PART, [pgp.extract_certificate()])

    assert answer(unpack(jail, armoured[:200])) == ("unreadable", "pgp_damaged")
    broken = armoured[:60] + b"AAAA" * 20 + armoured[300:]
    assert unpack(jail, broken).state in ("unreadable", "locked")
