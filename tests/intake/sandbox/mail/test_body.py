"""Hold what a person reads of a message's body."""

import base64

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
        (b"\r\n[cid:image001.png@01D9.AB]\r\nMvh", "[a picture stands here]\nMvh", ()),
        (b"\r\n" + b"x" * 300_000, "x" * 200_000, ("body_truncated",)),
        (b"Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc", "a=bc", ()),
        (b"Content-Type: application/pdf\r\n\r\n%PDF-", "", ()),
    ],
)
def test_body_is_readable_text(raw: bytes, text: str, flags: tuple[str, ...]) -> None:
    opened = open_mail(ROOT + raw)

    assert (opened.body_text, opened.flags) == (text, flags)


def test_footer_in_plain_below_encoded_text_leaves_the_letter_readable() -> None:
    encoded = base64.encodebytes("Märta väntar, så är det.\r\n".encode())
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    opened = open_mail(ROOT + head + encoded + b"\r\n-- \r\nGateway of the municipality\r\n")

    assert opened.body_text.startswith("Märta väntar, så är det.")
    assert opened.body_text.endswith("-- \nGateway of the municipality")


@pytest.mark.parametrize(
    "page",
    [
        "<p>Märta väntar.</p>",
        "<html><body><p>Märta väntar.</p></body></html>",
        "<p>Märta väntar.</p><!-- ",
        "<p>Märta väntar.</p><div style='display:none'>",
        "<p>Märta väntar.</p><style>",
    ],
)
def test_words_below_an_encoded_page_are_shown_whatever_the_page_does(page: str) -> None:
    head = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    encoded = base64.encodebytes(page.encode())
    opened = open_mail(ROOT + head + encoded + b"\r\n____\r\n<https://lists.example/a> & more\r\n")

    assert opened.body_text == "Märta väntar.\n\n____\n<https://lists.example/a> & more"
    assert opened.flags == ("words_below_code",)
    assert not any(defect.startswith("ambiguous:") for defect in opened.leaves[0].defects)


PLAIN, HTML = ("text/plain", ""), ("text/html", "")
FILE = ("text/plain", 'Content-Disposition: inline; filename="a.txt"\r\n')


def text_of(kind: str, *parts: "tuple[tuple[str, str], str]") -> str:
    """Return the letter of a multipart message of the given parts, each its type and its text."""
    return open_mail(ROOT + entity(kind, *parts)).body_text


def entity(kind: str, *parts: "tuple[tuple[str, str], str] | bytes") -> bytes:
    """Return a multipart entity; a part in bytes is an entity itself."""
    boundary = f"{kind}-{len(parts)}"
    written = [part if isinstance(part, bytes) else leaf(*part) for part in parts]
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in written)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + body + f"--{boundary}--\r\n".encode()


def leaf(kind: tuple[str, str], text: str) -> bytes:
    """Return one part in UTF-8."""
    head = f"Content-Type: {kind[0]}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return f"{head}{kind[1]}\r\n{text}".encode()


def message(subject: str, content: bytes) -> bytes:
    """Return a mail in a mail."""
    head = (
        f"Content-Type: message/rfc822\r\n\r\nFrom: Eva <eva@a.example>\r\nSubject: {subject}\r\n"
    )
    return head.encode() + content


@pytest.mark.parametrize(
    ("kind", "parts", "text"),
    [
        pytest.param(
            "mixed",
            [(HTML, "<p>Remiss. Ring inte hem.</p>"), (PLAIN, "--\r\nScanned.")],
            "Remiss. Ring inte hem.\n\n--\nScanned.",
            id="a text footer below HTML",
        ),
        pytest.param(
            "mixed",
            [(PLAIN, "Ring inte hem."), (HTML, "<p>Scanned.</p>")],
            "Ring inte hem.\n\nScanned.",
            id="an HTML footer below text",
        ),
        pytest.param(
            "mixed",
            [(PLAIN, "Ring inte hem."), (HTML, "<p>Ring inte hem.</p>")],
            "Ring inte hem.",
            id="the same twice",
        ),
        pytest.param(
            "mixed",
            [(HTML, "<p>Ring inte hem.</p>"), (FILE, "a note in a file")],
            "Ring inte hem.",
            id="a text file",
        ),
        pytest.param("mixed", [(FILE, "All is in it.")], "All is in it.", id="a text file alone"),
        pytest.param(
            "alternative",
            [(PLAIN, "No HTML?"), (HTML, "<p>Ring inte hem, akut.</p>")],
            "Ring inte hem, akut.\n\n[Only in the plain text of this mail:]\nNo HTML?",
            id="a stub",
        ),
        pytest.param(
            "alternative",
            [(PLAIN, "Ring inte\r\nhem, *akut*."), (HTML, "<p>Ring <b>inte</b> hem, akut.</p>")],
            "Ring inte hem, akut.",
            id="two forms of the same",
        ),
        pytest.param(
            "alternative",
            [
                (PLAIN, "Ring [Bild: Logotyp] HTTPS://WWW.Exempel.se/a, mailto:A@a.example"),
                (HTML, '<p>Ring https://www.exempel.se/a<img alt="Logotyp"></p>'),
            ],
            "Ring https://www.exempel.se/a[picture not shown: Logotyp]",
            id="an address and a picture in capitals",
        ),
        pytest.param(
            "alternative",
            [(PLAIN, "Ring inte hem."), (HTML, "<p>hem inte Ring.</p>")],
            "hem inte Ring.\n\n[Only in the plain text of this mail:]\nRing inte hem.",
            id="the same words in another order",
        ),
        pytest.param(
            "alternative",
            [(PLAIN, "Ring inte hem."), (HTML, '<img src="https://a.example/x"><p>&nbsp;</p>')],
            "Ring inte hem.",
            id="HTML without words",
        ),
        pytest.param(
            "alternative",
            [
                (PLAIN, "Filen: Remiss.pdf <https://a.example/x>"),
                (HTML, 'Filen: <a href="https://a.example/y">Remiss.pdf</a>'),
            ],
            "Filen: Remiss.pdf [link to a.example: https://a.example/y]",
            id="a link to the same host",
        ),
        pytest.param(
            "alternative",
            [
                (PLAIN, "Remiss.pdf <https://b.example/x>"),
                (HTML, '<a href="https://a.example/y">Remiss.pdf</a>'),
            ],
            "Remiss.pdf [link to a.example: https://a.example/y]\n\n"
            "[Only in the plain text of this mail:]\nRemiss.pdf <https://b.example/x>",
            id="a link to another host",
        ),
        pytest.param(
            "alternative",
            [(PLAIN, "ไม่\r\nโทร"), (HTML, "ไม่โทร")],
            "ไม่โทร",
            id="lines broken inside a text without spaces",
        ),
    ],
)
def test_the_letter_is_what_a_mail_program_shows(
    kind: str, parts: "list[tuple[tuple[str, str], str]]", text: str
) -> None:
    assert text_of(kind, *parts) == text


def test_all_texts_of_the_richest_form_are_shown() -> None:
    picture = b"Content-Type: image/png\r\nContent-Disposition: inline\r\n\r\nPNG"
    rich = entity("mixed", leaf(HTML, "<p>First.</p>"), picture, leaf(HTML, "<p>Second.</p>"))

    opened = open_mail(ROOT + entity("alternative", leaf(PLAIN, "First. Second."), rich))

    assert opened.body_text == "First.\n\nSecond."


def test_alternatives_in_a_form_are_one_text() -> None:
    inner = entity(
        "alternative", leaf(PLAIN, "Ring inte hem."), leaf(HTML, "<p>Ring inte hem.</p>")
    )
    mail = entity("mixed", leaf(HTML, "<p>Banner.</p>"), inner, leaf(PLAIN, "Footer."))

    opened = open_mail(ROOT + mail)

    assert opened.body_text == "Banner.\n\nRing inte hem.\n\nFooter."


def test_the_letter_of_a_forwarded_mail_stands_below_it_named() -> None:
    inner = message(
        "Remiss", entity("alternative", leaf(PLAIN, "stub"), leaf(HTML, "<p>Akut.</p>"))
    )

    opened = open_mail(ROOT + entity("mixed", leaf(PLAIN, "Se nedan."), inner))

    assert opened.body_text == (
        "Se nedan.\n\n[Forwarded mail Remiss, from Eva <eva@a.example>:]\n"
        "Akut.\n\n[Only in the plain text of this mail:]\nstub"
    )


def test_a_report_does_not_speak_the_words_that_it_gives_back() -> None:
    inner = message("Remiss", leaf(PLAIN, "K7M-4QX-9T"))

    opened = open_mail(ROOT + entity("report", leaf(PLAIN, "Not delivered."), inner))

    assert opened.body_text == "Not delivered."


@pytest.mark.parametrize("kind", ["mixed", "alternative"])
def test_a_letter_of_many_long_texts_ends(kind: str) -> None:
    text = "ord " * 2000
    parts = [(HTML if number % 2 else PLAIN, f"{text}{number}") for number in range(400)]

    shown = text_of(kind, *parts)

    assert 0 < len(shown) <= 200_000


PICTURE = "<p>Se fotot: <img src='cid:a%40b' alt='Passet'></p>"
NOT_THERE = "Se fotot: [picture not shown: Passet]"


def picture(fields: str) -> bytes:
    """Return a small picture."""
    head = f"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n{fields}\r\n"
    return f"{head}iVBORw0KGgo=".encode()


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([leaf(HTML, PICTURE)], NOT_THERE),
        ([leaf(HTML, PICTURE), picture("Content-ID: <a@b>\r\n")], "Se fotot:"),
        ([leaf(HTML, PICTURE), picture("Content-ID: <c@b>\r\n")], NOT_THERE),
        (
            [leaf(HTML, PICTURE), picture('Content-Disposition: inline; filename="a"\r\n')],
            "Se fotot:",
        ),
        ([leaf(HTML, "<img src='cid:a@b' width=600 height=80>AKUT")], "[picture not shown]AKUT"),
        ([leaf(HTML, "<img src='cid:a@b' width=1 height=1>AKUT")], "AKUT"),
        # One of a mail in the mail is no picture of this letter.
        (
            [
                leaf(HTML, PICTURE),
                message("Bild", entity("mixed", leaf(PLAIN, ""), picture("Content-ID: <a@b>\r\n"))),
            ],
            NOT_THERE,
        ),
    ],
)
def test_a_picture_that_did_not_come_with_the_mail_leaves_a_mark(
    parts: list[bytes], text: str
) -> None:
    assert open_mail(ROOT + entity("related", *parts)).body_text == text


def test_a_picture_with_a_long_id_is_known() -> None:
    long = "a" * 200
    parts = [leaf(HTML, f"Foto: <img src=cid:{long} alt=x>"), picture(f"Content-ID: <{long}>\r\n")]

    assert open_mail(ROOT + entity("related", *parts)).body_text == "Foto:"


def test_a_picture_that_is_missing_in_both_forms_is_said_once() -> None:
    plain = leaf(PLAIN, "Se fotot: [Passet]")

    assert (
        open_mail(ROOT + entity("alternative", plain, leaf(HTML, PICTURE))).body_text == NOT_THERE
    )
