"""Hold the signs by which two programs would take one message apart differently (threat B1)."""

from base64 import b64encode
from binascii import a2b_qp

import pytest

from intake.sandbox.mail.ambiguity import is_words
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol import signs
from tests.support.growth.measure import is_linear

PDF = b"JVBERi0="
ROOT = b"From: a@example.org\r\nMIME-Version: 1.0\r\n"
MIXED = ROOT + b"Content-Type: multipart/mixed; boundary=b\r\n"
TEXT_PART = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
END = b"--b--\r\n"


def attached(header: bytes = b"", content: bytes = PDF, encoding: bytes = b"base64") -> bytes:
    """Return a mixed message with one attachment that has `header` as well."""
    fields = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: " + encoding
    return (
        MIXED
        + b"\r\n"
        + TEXT_PART
        + b"--b\r\n"
        + fields
        + b"\r\n"
        + header
        + b"\r\n"
        + (content + b"\r\n" + END)
    )


def parted(
    root: bytes = MIXED, before: bytes = b"", parts: bytes = TEXT_PART, end: bytes = END
) -> bytes:
    """Return a message of parts with something put before or behind them."""
    return root + b"\r\n" + before + parts + end


def forwarded(encoding: bytes, content: bytes) -> bytes:
    """Return a mail that is an attached mail, encoded."""
    fields = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding
    return ROOT + fields + b"\r\n\r\n" + content + b"\r\n"


# A mail with a file, in quoted-printable.
QUOTED = (
    b"Subject: x\r\nContent-Type: multipart/mixed; boundary=3D"
    b"q\r\n\r\n--q\r\n\r\nAkut.\r\n"
    b"--q\r\nContent-Type: application/pdf\r\n\r\n=25PDF-\r\n--q--\r\n"
)

AMBIGUOUS = [
    (parted(MIXED + b"Content-Type: text/plain\r\n"), "duplicate_content_type"),
    (attached(b"Content-Type: text/plain\r\n"), "duplicate_content_type"),
    (attached(b"Content-Transfer-Encoding: 7bit\r\n"), "duplicate_encoding"),
    (
        attached(b"Content-Disposition: inline\r\nContent-Disposition: attachment\r\n"),
        "duplicate_disposition",
    ),
    (parted(MIXED + b"MIME-Version: 2.0\r\n"), "duplicate_mime_version"),
    (parted(ROOT + b"Content-Type : multipart/mixed; boundary=b\r\n"), "space_before_colon"),
    (
        parted(ROOT + b"Content-Type: multipart/mixed; boundary=c; boundary=b\r\n"),
        "duplicate_boundary",
    ),
    (parted(ROOT + b"Content-Type: multipart/mixed; boundary*=utf-8''b\r\n"), "encoded_boundary"),
    (parted(ROOT + b"Content-Type: multipart/mixed\r\n"), "missing_boundary"),
    (parted(ROOT + b"Content-Type: multipart/mixed; boundary=other\r\n"), "boundary_not_seen"),
    (
        parted(parts=b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + TEXT_PART),
        "boundary_reused",
    ),
    (parted(parts=b"--b\r\n" + TEXT_PART), "boundary_repeated"),
    (parted(parts=TEXT_PART + b"--b junk\r\n"), "boundary_with_junk"),
    (parted(before=b"UEsDBBQA" * 6 + b"\r\n"), "preamble"),
    (parted(before=b"Content-Type: application/zip\r\n\r\nUEsDBBQA\r\n"), "preamble"),
    (parted(before=b"hello\rContent-Type: application/zip\r\rUEsDBBQA\r\n"), "preamble"),
    (parted(before=b"Content-Type: application/zip\r\nX-A: b\r\n \r\nUEsDBBQA\r\n"), "preamble"),
    (parted(before=b"Content-Type: text/plain;\r\n name=a.exe\r\n\r\nx\r\n"), "preamble"),
    (parted(before=b"Content-Type: text/plain; boundary=q\r\n"), "preamble"),
    (parted(before=b"Content-Transfer-Encoding: base64\r\n"), "preamble"),
    (parted(MIXED + MIXED.removeprefix(ROOT).replace(b"=b", b"=B")), "duplicate_content_type"),
    (
        attached(
            b"Content-Disposition: attachment; filename=a.pdf\r\n"
            b"Content-Disposition: attachment; filename=A.PDF\r\n"
        ),
        "duplicate_disposition",
    ),
    (
        attached(
            b'Content-Disposition: attachment; filename="a.pdf\\"; x=.exe"\r\n'
            b'Content-Disposition: attachment; filename="a.pdf\\"; x=.EXE"\r\n'
        ),
        "duplicate_disposition",
    ),
    (parted(before=b"PK\x03\x04\x14\0\r\n"), "preamble"),
    (parted(before=b"words " * 20_000 + b"\r\n"), "preamble"),
    (parted(before=b"begin 644 a.zip\n#86)C\n`\nend\n"), "preamble"),
    (parted(end=END + b"=ybegin line=128 size=3 name=a\r\nabc\r\n"), "epilogue"),
    (parted(end=END + b"-----BEGIN PGP MESSAGE-----\r\n"), "epilogue"),
    (parted(end=END + TEXT_PART + END), "epilogue"),
    (parted(end=END + b"--b--x\r\n"), "epilogue"),
    (parted(MIXED + b"Content-Transfer-Encoding: base64\r\n"), "encoded_container"),
    (parted(MIXED + b"Content-Transfer-Encoding: base-64\r\n"), "unknown_encoding"),
    (ROOT + b"no colon here\r\nX: y\r\n\r\nx", "line_without_colon"),
    (ROOT + b"X: a\0b\r\n\r\nx", "nul"),
    (ROOT + b"X: a\rContent-Type: text/html\r\n\r\nx", "bare_cr"),
    (ROOT + b"Content-Type: text/plain" + b"; a=b" * 300 + b"\r\n\r\nx", "too_many_parameters"),
]

# How one part is read concerns this part only.
OF_A_PART = [
    (attached(encoding=b"base-64"), "unknown_encoding"),
    (attached(encoding=b'"base64"'), "odd_encoding"),
    (attached(encoding=b"base64 (comment)"), "odd_encoding"),
    (attached(encoding=b"x-uuencode", content=b"begin 644 a\n#86)C\n`\nend"), "uuencoded"),
    (attached(content=b"JVBE!Ri0="), "base64_characters"),
    (attached(content=b"JVBERi0=\r\n-- \r\nScanned by a gateway"), "base64_characters"),
    (attached(content=b"JVA=REYt"), "base64_padding"),
    (attached(content=b"JVBERi0"), "base64_length"),
    (
        attached(b"Content-Disposition: attachment; filename=a.pdf; filename=a.exe\r\n"),
        "names_disagree",
    ),
    (attached(b"Content-Disposition: attachment; filename=a.exe\r\n"), "names_disagree"),
    (forwarded(b"quoted-printable", QUOTED.replace(b"=3D", b"=")), "encoded_container"),
    (
        forwarded(b"quoted-printable", b"Content-Type: application/pdf\r\n\r\n=25PDF-"),
        "encoded_container",
    ),
    (
        forwarded(
            b"quoted-printable", b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVq"
        ),
        "encoded_container",
    ),
    (forwarded(b"base64", b"RnJvbTogYQoK!\r\nYQ"), "encoded_container"),
    (ROOT + b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nx", "message_partial"),
    (ROOT + b"Content-Type: message/external-body; access-type=URL\r\n\r\nx", "external_body"),
    (ROOT + b"\r\nhi\nbegin 644 a.zip\n#86)C\n`\nend\n", "uuencoded"),
    (ROOT + b"\r\n=ybegin line=128 size=3 name=a\r\nabc\r\n=yend size=3\r\n", "yenc"),
]

# Odd, and read alike by everybody.
ADVICE = [
    ("From: \u2067Anna <a@example.org>\r\n\r\nx".encode(), "name_reversed"),
    (ROOT + b"Subject: =?iso-8859-1?q?=D1=F0=EE=F7=ED=EE?=\r\n\r\nx", "unknown_charset"),
    (ROOT + b"Subject: =?gb2312?q?Fr=C3=A5ga_p=C3=A5_svenska?=\r\n\r\nx", "wrong_charset"),
    (
        ROOT + b"Content-Transfer-Encoding: base64\r\n\r\nSGVqLg==\r\n-- \r\nof a list\r\n",
        "words_below_code",
    ),
    (parted(MIXED + b"MIME-Version: 1.0\r\n"), "repeated_header"),
    (parted(MIXED + b"MIME-Version: 1.0 (of a gateway)\r\n"), "repeated_header"),
    (parted(MIXED + MIXED.removeprefix(ROOT)), "repeated_header"),
    (attached(b"Content-Transfer-Encoding: base64\r\n"), "repeated_header"),
    (attached(b"Content-Transfer-Encoding: BASE64\r\n"), "repeated_header"),
    (parted(MIXED + b'content-type: Multipart/MIXED;boundary="b"\r\n'), "repeated_header"),
    (
        ROOT + b"Content-Type: text/plain; charset=utf-8\r\n"
        b'Content-Type: Text/Plain; Charset="UTF-8";\r\n\r\nx',
        "repeated_header",
    ),
    (
        attached(
            b"Content-Disposition: attachment; filename=a.pdf\r\n"
            b'Content-Disposition: ATTACHMENT; filename="a.pdf"\r\n'
        ),
        "repeated_header",
    ),
    (ROOT + b"Content-Transfer-Encoding: 8-bit\r\n\r\nf\xc3\xb6r", "misnamed_encoding"),
    (ROOT + b"Content-Transfer-Encoding: 7-Bit\r\n\r\nx", "misnamed_encoding"),
    (ROOT + b"Content-Transfer-Encoding: ISO-8859-1\r\n\r\nx", "misnamed_encoding"),
    (parted(MIXED + b"Content-Transfer-Encoding: utf-8\r\n"), "misnamed_encoding"),
    (parted(before=b"Content-Type: text/plain\r\nEtt brev i delar.\r\n"), "text_before_parts"),
    (parted(before=b"Hej\r\nContent-Type: text/html\r\n\r\nEtt brev\r\n"), "text_before_parts"),
    (parted(before=b"Content-Type: som ovan\r\n\r\nEtt brev\r\n"), "text_before_parts"),
    (parted(before=b"Content-Type: application/zip\r\nnamnet\r\n\r\n"), "text_before_parts"),
    (forwarded(b"quoted-printable", b"From: a\r\nSubject: =3D\r\n\r\nx"), "encoded_message"),
    (forwarded(b"quoted-printable", QUOTED), "encoded_message"),
    (forwarded(b"quoted-printable", b"\r\n" + QUOTED), "encoded_message"),
    (parted(end=b""), "boundary_not_closed"),
    (parted(before=b"Ett flerdelat meddelande i MIME-format.\r\n"), "text_before_parts"),
    (parted(before="هذه رسالة متعددة الأجزاء.\r\n".encode()), "text_before_parts"),
    (parted(before=b"Dies ist eine mehrteilige Nachricht.\r\n"), "text_before_parts"),
    (parted(end=END + b"_____\r\nlist footer\r\n"), "text_after_parts"),
    (parted(end=END + b"---------- Disclaimer ----------\r\nFor you.\r\n"), "text_after_parts"),
    (forwarded(b"base64", b"RnJvbTogYQoK"), "encoded_message"),
]

PLAIN = [
    ROOT + b"\r\nhello\r\n",
    parted(),
    attached(),
    parted(end=END + b"\r\n" + END),
    ROOT + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n \r\n",
    attached(b"Content-Disposition: attachment; filename=other.pdf\r\n"),
    attached(b"Content-Disposition: attachment; filename=a\r\n"),
    attached(b'Content-Disposition: attachment; filename="a 2026.11.20"\r\n'),
    attached(b"Content-Disposition: attachment; filename=a.pdf; filename=b.pdf\r\n"),
    parted(ROOT + b"Content-Type: multipart/mixed; boundary=b; boundary=b\r\n"),
    parted(before=b"This is a multi-part message in MIME format.\r\n"),
    parted(before=b"This is a multipart message in MIME format.\r\n\r\n"),
    parted(before=b"This is a MIME-encapsulated message.\r\n"),
    parted(before=b"This is a cryptographically signed message in MIME format.\r\n"),
    parted(before=b"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\r\n"),
    parted(before=b"\r\n \r\n", end=END + b"\r\n\r\n"),
    b"From someone Mon Jan  1 00:00:00 2024\r\n" + ROOT + b"\r\nhello\r\n",
    b"",
]


@pytest.mark.parametrize(("raw", "sign"), AMBIGUOUS, ids=[sign for _, sign in AMBIGUOUS])
def test_ambiguous_message_is_flagged(raw: bytes, sign: str) -> None:
    assert f"ambiguous:{sign}" in open_mail(raw).flags


@pytest.mark.parametrize(("raw", "sign"), OF_A_PART, ids=[sign for _, sign in OF_A_PART])
def test_ambiguous_part_is_flagged_alone(raw: bytes, sign: str) -> None:
    opened = open_mail(raw)

    flagged = [leaf for leaf in opened.leaves if f"ambiguous:{sign}" in leaf.defects]
    assert len(flagged) == 1
    assert [flag for flag in opened.flags if flag.startswith("ambiguous:")] == []


@pytest.mark.parametrize(("raw", "sign"), ADVICE, ids=[sign for _, sign in ADVICE])
def test_what_everybody_reads_alike_is_advice(raw: bytes, sign: str) -> None:
    opened = open_mail(raw)

    assert opened.flags == (sign,)
    assert not any(signs.is_ambiguous(leaf.defects) for leaf in opened.leaves)


def test_every_sign_is_listed_once() -> None:
    listed = [*signs.OF_THE_MESSAGE, *signs.OF_A_PART, *signs.ADVICE, *signs.LIMITS]
    assert len(listed) == len(set(listed))
    assert {sign for _, sign in AMBIGUOUS} - {"encoded_container", "unknown_encoding"} == {
        *signs.OF_THE_MESSAGE
    }
    assert {sign for _, sign in OF_A_PART} == signs.OF_A_PART
    assert {sign for _, sign in ADVICE} == signs.ADVICE - {"body_truncated"}


@pytest.mark.parametrize("raw", PLAIN)
def test_plain_message_is_not_flagged(raw: bytes) -> None:
    assert open_mail(raw).flags == ()


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("encoding", [b"quoted-printable", b"base64"])
def test_an_encoded_mail_is_opened_and_never_shown_as_its_source(
    before: bytes, encoding: bytes
) -> None:
    content = before + QUOTED
    if encoding == b"base64":
        content = b64encode(before + a2b_qp(QUOTED))

    opened = open_mail(forwarded(encoding, content))

    assert opened.body_text == "[Forwarded mail x:]\nAkut."
    assert [leaf.claimed_type for leaf in opened.leaves] == [
        "message/rfc822", "text/plain", "application/pdf",
    ]  # fmt: skip
    assert opened.leaves[0].claimed_name == "x.eml"


@pytest.mark.parametrize(
    "around",
    [b"\n" * 60_000, b"Content-Type: a/b\n" * 3_500, b"Content-Type:" + b"\n " * 30_000,
     b"\n\t" * 30_000],
)  # fmt: skip
def test_hostile_words_around_the_parts_are_read_in_time(around: bytes) -> None:
    def judge(text: str) -> bool:
        return is_words(text.encode(), b"b")

    assert is_linear(judge, lambda size: around[:size].decode(), len(around))


def test_flags_are_sorted_and_stand_once() -> None:
    part = b"--b\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx\r\n"

    flags = open_mail(parted(parts=part * 3, end=END + b"a footer")).flags

    assert flags == ("ambiguous:duplicate_content_type", "text_after_parts")
