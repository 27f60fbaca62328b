"""Hold what a person reads of a message's body."""

import pytest

from intake.sandbox.mail.message import open_mail

ROOT = b"From: a@example.org\r\n"


@pytest.mark.parametrize(
    ("raw", "text", "flags"),
    [
        (b"\r\nhello\r\n", "hello", ()),
        (b"Content-Type: text/html\r\n\r\n<p>hello</p>", "hello", ()),
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\np\xe5", "på", ()),
        (b"Content-Type: text/plain; charset=nonsense\r\n\r\np\xc3\xa5", "på", ()),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\nf\xf6r \xc5sa", "för Åsa", ()),
        (b'Content-Type: text/plain\r\n\r\n\x1b$B$"\x1b(B', "あ", ()),
        (
            b"Content-Type: text/html\r\n\r\n<meta charset=windows-1251><p>"
            + "Добрий день".encode("cp1251"),
            "Добрий день",
            (),
        ),
        ("\r\nsvår remiss för Åsa\r\n".encode(), "svår remiss för Åsa", ()),
        (
            b"\r\n" + b"x" * 1_999_999 + "å".encode(),
            "x" * 200_000,
            ("body_truncated",),
        ),
        (b"\r\na\x00b\x1bc", "abc", ()),
        (b"\r\n" + b"x" * 300_000, "x" * 200_000, ("body_truncated",)),
        (b"Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc", "a=bc", ()),
        (b"Content-Type: application/pdf\r\n\r\n%PDF-", "", ()),
    ],
)
def test_body_is_readable_text(raw: bytes, text: str, flags: tuple[str, ...]) -> None:
    opened = open_mail(ROOT + raw)

    assert (opened.body_text, opened.flags) == (text, flags)
