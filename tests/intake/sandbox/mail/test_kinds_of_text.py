"""Hold that every text of a letter is read, whatever its type is, and no file in its place."""

import pytest

from intake.sandbox.mail.body import text_of_enriched, text_of_flowed
from intake.sandbox.mail.message import open_mail
from tests.intake.sandbox.mail.test_body import HTML, PLAIN, entity, leaf, text_of
from tests.support.growth.measure import is_linear

ROOT = b"From: a@example.org\r\n"
WORDS = "Akut: systern är försvunnen."
RTF = r"{\rtf1\ansi Akut: {\b systern} \'e4r f\'f6rsvunnen.}"
PAGE = f"<html><body><p>{WORDS}</p></body></html>"
ENRICHED_WORDS = "Akut: <bold>systern</bold> är försvunnen."
# A type, and the words as it writes them.
WRITTEN = [
    ("text/enriched", ENRICHED_WORDS),
    ("text/richtext", ENRICHED_WORDS),
    ("text/richtext", RTF),
    ("text/rtf", RTF),
    ("application/rtf", RTF),
    ("text/markdown", WORDS),
    ("text/x-unheard-of", WORDS),
    ("text/x-amp-html", PAGE),
    ("text/watch-html", PAGE),
    ("application/xhtml+xml", PAGE),
]
OTHER_FORM = "[Text inside another form of this mail:]"


def roles(raw: bytes) -> list[str]:
    """Return what each part is to its message."""
    return [part.role for part in open_mail(ROOT + raw).leaves]


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_a_letter_of_any_type_is_the_letter(kind: str, text: str) -> None:
    alone = leaf((kind, ""), text)

    assert (open_mail(ROOT + alone).body_text, roles(alone)) == (WORDS, ["body"])


@pytest.mark.parametrize("container", ["related", "mixed", "signed"])
def test_a_page_of_xhtml_is_the_letter_in_any_container(container: str) -> None:
    page = leaf(("application/xhtml+xml; charset=utf-8", ""), PAGE)
    mail = entity(container, page)

    assert (open_mail(ROOT + mail).body_text, roles(mail)) == (WORDS, ["body"])


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_a_form_of_any_type_is_read_where_no_other_has_words(kind: str, text: str) -> None:
    mail = entity("alternative", leaf(PLAIN, ""), leaf((kind, ""), text))

    assert (open_mail(ROOT + mail).body_text, roles(mail)) == (WORDS, ["body", "alternative"])


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_what_only_a_form_of_any_type_says_is_shown(kind: str, text: str) -> None:
    shown = text_of("alternative", (PLAIN, "Hej."), ((kind, ""), text), (HTML, "<p>Hej.</p>"))

    assert shown == f"Hej.\n\n{OTHER_FORM}\n{WORDS}"


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_the_same_words_in_a_form_of_any_type_are_shown_once(kind: str, text: str) -> None:
    parts = ((PLAIN, WORDS), ((kind, ""), text), (HTML, f"<p>{WORDS}</p>"))

    assert text_of("alternative", *parts) == WORDS


def test_what_two_other_forms_say_is_shown_once_and_under_a_true_heading() -> None:
    parts = ((PLAIN, WORDS), (("text/enriched", ""), WORDS), (HTML, "<p>Hej.</p>"))

    assert text_of("alternative", *parts) == f"Hej.\n\n{OTHER_FORM}\n{WORDS}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/calendar", "BEGIN:VCALENDAR"),
        ("text/x-unheard-of", "BEGIN:VCARD"),
        ("text/csv", "a,b"),
        ("text/x-unheard-of", "%PDF-1.4"),
        ("text/x-unheard-of", "PK\x03\x04"),
        ("text/x-python", "print(1)"),
        ("application/rtf", "\x00\x01"),
        ("application/octet-stream", WORDS),
    ],
)
def test_a_paper_is_no_form_of_the_letter(kind: str, text: str) -> None:
    mail = entity("alternative", leaf(PLAIN, "Hej."), leaf((kind, ""), text))

    assert (open_mail(ROOT + mail).body_text, roles(mail)) == ("Hej.", ["body", "attachment"])


def test_rtf_with_pictures_is_read_and_stays_a_document() -> None:
    rich = RTF.removesuffix("}") + r"{\pict\pngblip 89504e47}}"
    opened = open_mail(
        ROOT + entity("alternative", leaf(PLAIN, "Hej."), leaf(("application/rtf", ""), rich))
    )

    assert opened.body_text == f"{WORDS}\n\n[Only in the plain text of this mail:]\nHej."
    assert opened.leaves[1].role == "attachment"
    assert "in_body" in opened.leaves[1].defects


def test_rtf_that_cannot_be_read_is_told() -> None:
    deep = r"{\rtf1 " + "{" * 600 + WORDS
    shown = text_of("alternative", (PLAIN, "Hej."), (("text/rtf", ""), deep))

    assert shown.startswith("Hej.\n")
    assert "a form (RTF) that could not be read" in shown


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<bold>Ring</bold>\ninte\n\nhem", "Ring inte\nhem"),
        ("<color><param>red</param>Akut</color>", "Akut"),
        ("<<akut> <akut: ring>", "<akut> <akut: ring>"),
        ("Ring<nl>inte <lt>hem>", "Ring\ninte <hem>"),
        ("<param>" + "Akut " * 40 + "</param>", "<param>" + "Akut " * 40 + "</param>"),
    ],
)
def test_marks_of_enriched_text_are_no_words(written: str, text: str) -> None:
    assert text_of_enriched(written) == text


FILE = ("text/html", 'Content-Disposition: inline; filename="intyg.html"\r\n')


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        pytest.param(
            [(PLAIN, "Hon bor här."), (HTML, "<p>Hon bor här.</p>"), (FILE, "<p>Intyg.</p>")],
            "Hon bor här.",
            id="a file beside both forms",
        ),
        pytest.param(
            [(PLAIN, "Hon bor här."), (FILE, "<p>Intyg.</p>")],
            "Hon bor här.\n\n[Text inside intyg.html:]\nIntyg.",
            id="a file that says something else",
        ),
        pytest.param(
            [(PLAIN, "Hon bor här."), (FILE, "<p>Hon bor här.</p><p>Akut.</p>")],
            "Hon bor här.\n\nAkut.",
            id="a form with a name",
        ),
    ],
)
def test_a_named_page_among_the_forms_does_not_stand_before_the_letter(
    parts: "list[tuple[tuple[str, str], str]]", text: str
) -> None:
    assert text_of("alternative", *parts) == text


def test_many_short_texts_below_a_long_one_cost_no_more_than_their_length() -> None:
    def read(marks: str) -> str:
        long = "".join(f"<p>ord{number} och</p>" for number in range(35 * len(marks)))
        return text_of("mixed", (HTML, long), *[(PLAIN, "ord1")] * len(marks))

    assert is_linear(read, lambda size: "x" * size, 400)


FLOWED = ("text/plain; format=flowed", "")
SPACELESS = ("text/plain; Format=Flowed; DelSp=Yes", "")


@pytest.mark.parametrize(
    ("kind", "written", "text"),
    [
        (FLOWED, "Hon är \ni fara.\nRing \n\ninte.", "Hon är i fara.\nRing \ninte."),
        (FLOWED, "> Kommer \n> hon?\n>\n> När?", "> Kommer hon?\n>\n> När?"),
        (FLOWED, ">> Vad \n> Kommer \n> hon? \nJa.", ">> Vad \n> Kommer hon? \nJa."),
        (FLOWED, "> > Vad \n> > då?\nJa.", ">> Vad då?\nJa."),
        (FLOWED, " From Lagos \n till \n  Luleå", "From Lagos till  Luleå"),
        (FLOWED, " > 18 år\n  >> dyrt", "    > 18 år\n     >> dyrt"),
        (FLOWED, "Ja, \n-- \nEva \n Lind", "Ja, \n-- \nEva Lind"),
        (FLOWED, "> Ja, \n> -- \n> Eva \n> Lind", "> Ja, \n> -- \n> Eva Lind"),
        (FLOWED, "a\n \n \nb", "a\n\n\nb"),
        (SPACELESS, "Dröj \nsmål  \nhär \n", "Dröjsmål här"),
        (SPACELESS, "> https://a.example/ \n> b", "> https://a.example/b"),
        # No program said that they go on.
        (PLAIN, "Hon är \ni fara. \n> Ja \n> så\n -- ", "Hon är \ni fara. \n> Ja \n> så\n -- "),
        (("text/plain; delsp=yes", ""), "Hon är \ni fara.", "Hon är \ni fara."),
        (("text/plain; format=fixed", ""), "Hon är \ni fara.", "Hon är \ni fara."),
        (("text/x-unheard-of; format=flowed", ""), "Hon är \ni fara.", "Hon är \ni fara."),
    ],
)
def test_lines_go_on_where_their_program_said_so(
    kind: tuple[str, str], written: str, text: str
) -> None:
    raw = leaf(kind, written.replace("\n", "\r\n"))

    assert open_mail(ROOT + raw).body_text == text


def test_a_page_beside_flowed_text_says_nothing_more() -> None:
    page = "<p>Hon är i fara.</p><blockquote type=cite>Kommer hon?</blockquote>"
    plain = "Hon är \r\ni fara.\r\n\r\n> Kommer \r\n> hon?"

    assert (
        text_of("alternative", (FLOWED, plain), (HTML, page)) == "Hon är i fara.\n\n> Kommer hon?"
    )


@pytest.mark.parametrize("unit", ["> ", ">", " ", "a \n", "> a \n", ">\n", "-- \n"])
def test_flowed_text_takes_no_longer_than_it_is_long(unit: str) -> None:
    def work(text: str) -> str:
        return text_of_flowed(text, is_spaceless=True)

    assert is_linear(work, lambda size: unit * (size // len(unit)), 400_000)
