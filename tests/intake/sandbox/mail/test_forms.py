"""Hold what counts as said in one form of a letter alone, and what only a program wrote there."""

import pytest

from intake.sandbox.mail.forms import ShownWords
from tests.intake.sandbox.mail.test_body import HTML, PLAIN, text_of
from tests.support.growth.measure import is_linear

PAGE = "Remiss för Åsa. Ring inte hem. [link to a.example: https://a.example/x]"


SAFE = "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fakt.example%2F7&data=1"
REWRITTEN = [
    SAFE,
    "https://urldefense.com/v3/__https://akt.example/7__;!!AbC!d$",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__akt.example_7&d=D",
    "https://eu.mimecast.com/s/AbC1?domain=akt.example",
    "https://urldefense.com/v3/__" + SAFE.replace("data", "d") + "__;!!A$",
    "https://akt.example/7",
]


@pytest.mark.parametrize("in_plain", REWRITTEN)
@pytest.mark.parametrize("in_page", REWRITTEN)
def test_links_that_a_gateway_rewrote_are_the_same_in_both_forms(
    in_plain: str, in_page: str
) -> None:
    plain = f"Journalen ligger där<{in_plain}>.\n\nHälsningar\nMaj"
    address = in_page.replace("&", "&amp;")
    page = f"<p>Journalen ligger <a href='{address}'>där</a>.</p><p>Hälsningar<br>Maj</p>"

    shown = text_of("alternative", (PLAIN, plain), (HTML, page))

    assert "Only in" not in shown
    other = text_of("alternative", (PLAIN, plain.replace("akt.ex", "b.ex")), (HTML, page))
    assert "[Only in the plain text of this mail:]" in other


@pytest.mark.parametrize(
    "plain",
    [
        "* Ring inte hem",
        "1. Ring inte hem",
        "iv) Ring inte hem",
        "o\tRing inte hem",
        "§  Ring inte hem",
        "Ring inte hem [1]",
        "Links:\n------\n[1] https://a.example/x",
        "Länkar:",
        "Ring <tel:+46701234567> inte hem",
        "Ring <https://a.example/x> hem",
        "Remiss <https://a.example/x?a=1\n&b=2\n&c=3> för Åsa",
        "Remiss (R) för Åsa (tm)",
        "Re\u00admiss f\u00f6r \u200b\u00c5sa",
        "Remiss [cid:image001.png@01DC] för Åsa [image: logo.png]",
        "[Inline-bild 1]",
        "-- \nRing inte hem",
        "> Ring inte hem",
        "Remiss <mailto:eva.lind@a.example> för Åsa",
        "Remiss <sip:eva.lind@a.example> för Åsa",
        "[image: Skärmbild 2026-11-02.png]",
        "[bild: Ring inte hem]",
        "[link to a.example: https://a.example/y] [e-mail to eva@a.example]",
        "Ring [telephone +46701234567]",
        "On Tue, Nov 3, 2026 at 9:51 AM Eva Lind <eva@a.example> wrote:\n> Ring inte hem",
        "Från: Eva Lind <eva@a.example>\nSkickat: 3 nov 09:51\nTill: b@a.example\nÄmne: Ring",
        "-----Ursprungligt meddelande-----\nFrån: Eva <eva@a.example>\nSkickat: 2026-11-03 09:51",
    ],
)
def test_what_a_program_writes_by_itself_is_not_counted(plain: str) -> None:
    assert ShownWords(PAGE).missing_lines(plain) == []


@pytest.mark.parametrize(
    "plain",
    [
        "Ring hem",
        "Se <https://b.example/x>",
        "[Ring inte någon annan]",
        "* Akut",
        "1. Akut",
        "Akut [1]",
        "Akut <tel:112>",
        "Links: akut",
        "[link to systern är försvunnen]",
        "[link to nu: akut]",
        "[telephone systern är försvunnen 112]",
        "[link of the kind akut fall]",
        "<akut: systern är försvunnen>",
        "<akut:systern-försvunnen>",
        "<https: systern är försvunnen>",
        "Ring <https://a.example/x systern är försvunnen>",
        "<tel: systern är försvunnen>",
        "<sip:hon-har-inte-hörts-av-sedan-i-går>",
        "[bild: systern är försvunnen]",
        "[image: akut]",
        "[cid: systern är försvunnen]",
        "mailto:akut",
        "mailto:hon-har-inte-hörts-av-sedan-i-går@a.example",
        "mailto:a@a.example?body=systern-som-inte-har-hörts-av",
        "Ring [112]",
        "https://b.example/x",
    ],
)
def test_words_and_hosts_of_one_form_alone_are_counted(plain: str) -> None:
    assert ShownWords(PAGE).missing_lines(plain) == [plain]


@pytest.mark.parametrize(
    ("plain", "missing"),
    [
        (
            "From: systern är borta\nSent: i natt, ring polisen\nTo: nu\n\nRing inte hem",
            ["From: systern är borta", "Sent: i natt, ring polisen", "To: nu"],
        ),
        (
            "Akut: systern är borta, ring a@a.example:\n> Ring inte hem",
            ["Akut: systern är borta, ring a@a.example:"],
        ),
        (
            "Den 3 nov skrev Eva att systern är borta sedan i går, att vi skall ringa:\n> Ring",
            ["Den 3 nov skrev Eva att systern är borta sedan i går, att vi skall ringa:"],
        ),
    ],
)
def test_a_head_of_a_quotation_that_says_more_is_counted(plain: str, missing: list[str]) -> None:
    assert ShownWords(PAGE).missing_lines(plain) == missing


def test_words_in_an_address_are_not_said() -> None:
    shown = ShownWords("Se https://a.example/systern-borta")

    assert shown.missing_lines("systern borta") == ["systern borta"]


def test_many_words_in_the_place_of_a_picture_are_words() -> None:
    words = "systern har varit borta sedan i går"

    assert ShownWords(PAGE, frozenset({words})).missing_lines(f"[{words}]") == [f"[{words}]"]


def test_a_letter_that_looks_like_a_note_of_ours_is_a_letter() -> None:
    assert text_of("alternative", (PLAIN, "[link to akut fall]")) == "[link to akut fall]"


@pytest.mark.parametrize(
    "caption", ["Logga Region  Nord", "Facebook", "Bild 1", "Image", "E-mail 2"]
)
def test_words_that_stand_for_a_picture_are_known_in_brackets_alone(caption: str) -> None:
    shown = ShownWords(PAGE, frozenset({" ".join(caption.casefold().split())}))

    assert shown.missing_lines(f"[{caption}]\n[image: {caption}]\n{caption}") == [caption]


@pytest.mark.parametrize("caption", ["AKUT", "Ring inte hem i dag", "Hon är hotad", "Passfoto Joy"])
@pytest.mark.parametrize("written", ["[{}]", "[Bild: {}]", "Se [{}]"])
def test_what_a_person_says_in_the_words_for_a_picture_is_counted(
    caption: str, written: str
) -> None:
    plain = written.format(caption)

    assert ShownWords(PAGE, frozenset({caption.casefold()})).missing_lines(plain) == [plain]


def test_words_for_a_picture_that_is_shown_are_not_lost() -> None:
    page = '<p>Hej.<img alt="Ring inte mamma" src="data:image/png;base64,iVBORw0K"></p>'

    letter = text_of("alternative", (PLAIN, "Hej. [Ring inte mamma]"), (HTML, page))

    assert letter.endswith("[Only in the plain text of this mail:]\nHej. [Ring inte mamma]")


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        pytest.param(
            "[Logga för Region Nord]\r\nRing inte hem.",
            '<p><img src="cid:1" alt="Logga för Region Nord">Ring inte hem.</p>',
            "[picture not shown: Logga för Region Nord]Ring inte hem.",
            id="words for a picture",
        ),
        pytest.param(
            "<!-- made by a program -->\r\n<html><body><p>Ring inte hem.</p>",
            "<p>Ring inte hem.</p>",
            "Ring inte hem.",
            id="the source of the page as the plain text",
        ),
        pytest.param(
            "<!DOCTYPE html><html><p>Ring inte hem.</p><p>Akut.</p>",
            "<p>Ring inte hem.</p>",
            "Ring inte hem.\n\n[Only in the plain text of this mail:]\nAkut.",
            id="another page as the plain text",
        ),
    ],
)
def test_two_forms_are_compared_as_they_read(plain: str, html: str, text: str) -> None:
    assert text_of("alternative", (PLAIN, plain), (HTML, html)) == text


@pytest.mark.parametrize(
    "hostile",
    ["<img " * 100_000, "<https://a\n" * 60_000, "[" * 200_000, "On 1 Nov. Eva wrote:\n>\n" * 9_000,
     "<!--" * 100_000, "a:\n" * 60_000, "From: \n" * 30_000, "[link to " * 25_000,
     "[image:" * 30_000, "<sip:" * 40_000, "mailto:" * 30_000,
     "<tel:" + "1" * 200_000, "[link to " + "a" * 200_000],
)  # fmt: skip
def test_hostile_forms_are_compared_in_time(hostile: str) -> None:
    def compare(text: str) -> str:
        return text_of("alternative", (PLAIN, f"x{text}"), (HTML, f"<html>y{text}"))

    assert is_linear(compare, lambda size: hostile[:size], len(hostile))


QUESTIONS = "<p>Nej.</p><blockquote><p>Vill hon\n åka?</p></blockquote><p>Ja, den 4:e.</p>"


@pytest.mark.parametrize(
    ("plain", "page", "text"),
    [
        ("Nej.\n\n> Vill hon åka?\n\nJa, den 4:e.\n", QUESTIONS,
         "Nej.\n\n> Vill hon åka?\n\nJa, den 4:e."),
        ("Nej.\n> Vill hon\n> åka?\nJa, den 4:e.\n", QUESTIONS,
         "Nej.\n\n> Vill hon åka?\n\nJa, den 4:e."),
        # Without a mark in the plain text it is only set in.
        ("Nej.\n  Vill hon åka?\nJa, den 4:e.", QUESTIONS,
         "Nej.\n\nVill hon åka?\n\nJa, den 4:e."),
        # What is said by both is somebody's own.
        ("> Ja.\n\nJa.\n", "<blockquote>Ja.</blockquote><p>Ja.</p>", "Ja.\n\nJa."),
        ("> Hej\n\nJa.\n", "<blockquote type=cite>Hej</blockquote><p>Ja.</p>", "> Hej\n\nJa."),
        (">> Hej\n> Nej\n\nJa.\n", "<blockquote>Hej<br>Nej</blockquote><p>Ja.</p>",
         "> Hej\n> Nej\n\nJa."),
    ],
)  # fmt: skip
def test_a_page_is_quoted_as_its_plain_form_is(plain: str, page: str, text: str) -> None:
    shown = text_of("alternative", (PLAIN, plain), (HTML, page))

    assert "Only in" not in shown
    assert [line for line in shown.split("\n") if line] == [
        each for each in text.split("\n") if each
    ]
