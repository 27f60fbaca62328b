"""Hold what a person reads of a message's body."""

import time

import pytest

from intake.sandbox.mail.body import text_of_html
from intake.sandbox.mail.message import open_mail

ROOT = b"From: a@example.org\r\n"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\nb"),
        ("a<script>evil()</script>b", "ab"),
        ("a<SCRIPT src=x>evil()</SCRIPT >b", "ab"),
        ("a<style>p{}</style>b<title>t</title>", "ab"),
        ("a<!-- b -->c", "ac"),
        ("a &lt;b&gt; &amp; &aring;", "a <b> & å"),
        ("1 < 2", "1 < 2"),
        ("a<!-- unclosed", "a"),
        ("a<b", "a"),
        ("a<script>unclosed", "a"),
        ("&#" + "9" * 10_000 + ";", "\ufffd"),
        ("<td>a</td><td>b</td>", "a b"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<a", "<script>", "</", "&", "<script></", "<p>\n"])
def test_reading_html_takes_no_quadratic_time(piece: str) -> None:
    started_at = time.process_time()

    text_of_html(piece * (1_000_000 // len(piece)))

    assert time.process_time() - started_at < 5


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
