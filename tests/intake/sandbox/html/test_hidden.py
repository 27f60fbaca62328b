"""Hold that words which a page hides by its style are told apart, and never lost."""

import pytest

from intake.filing.urgency import first_words
from intake.sandbox.html.html_text import text_of_html
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.body_text import HIDDEN_IN_PAGE
from intake.senders.emergencies.urgent_words import says_urgent
from tests.intake.filing.test_quoting_programs import mail_of
from tests.support.growth.measure import is_linear

SHEET = "<style>{}</style>"
WORDS = "<p>Hej</p>{}<p>Mvh</p>"


def hidden_in(markup: str) -> str:
    """Return the words that a page is said to hide."""
    return text_of_html(markup).partition(f"{HIDDEN_IN_PAGE}\n")[2]


@pytest.mark.parametrize(
    ("rules", "element"),
    [
        ("", "<p style='display:none'>dolt</p>"),
        ("", "<p hidden>dolt</p>"),
        ("", "<p hidden=''>dolt</p>"),
        ("", "<div style='opacity:0'>dolt</div>"),
        ("", "<div style='color:red; OPACITY : 0.0 !important'>dolt</div>"),
        ("", "<span style='visibility:hidden'>dolt</span>"),
        ("", "<div style='position:absolute;left:-9999px'>dolt</div>"),
        ("", "<div style='top: -1000em; position: fixed'>dolt</div>"),
        ("", "<p style='text-indent:-9999px'>dolt</p>"),
        ("", "<div style='max-height:0;overflow:hidden'><p>dolt</p></div>"),
        (".x{visibility:hidden}", "<p class=x>dolt</p>"),
        (".x{color:red;opacity:0}", "<p class=x>dolt</p>"),
        (".x{position:absolute;left:-5000px}", "<p class=x>dolt</p>"),
        ("", "<div style='color:red; DISPLAY : none !important'><b>dolt</b></div>"),
        (".x{display:none}", "<p class=x>dolt</p>"),
        (".a, .x { color:red; display: none !important; }", "<span class='y x'>dolt</span>"),
        ("p.x{display:none}", "<p class='x'>dolt</p>"),
        ("#q{display:none}", "<div id=q><div>dolt</div></div>"),
        ("span{display:none}", "<span>dolt</span>"),
        ("<!-- /* {} */ .x{display:none} -->", "<p class=x>dolt</p>"),
        ("@import 'a'; .x{display:none}", "<p class=x><ul><li>dolt<li></ul></p>"),
        ("a.y{display:block} .x{display:none}", "<TD CLASS=x>dolt</TD>"),
    ],
)
def test_hidden_words_stand_below_the_letter(rules: str, element: str) -> None:
    text = text_of_html(SHEET.format(rules) + WORDS.format(element))

    assert text.split() == f"Hej Mvh {HIDDEN_IN_PAGE} dolt".split()


@pytest.mark.parametrize(
    ("rules", "element"),
    [
        (".x{color:red}", "<p class=x>visat</p>"),
        ("", "<p style='opacity:0.5'>visat</p>"),
        ("", "<p style='opacity:0.05;visibility:visible'>visat</p>"),
        ("", "<p style='position:absolute;left:-9px'>visat</p>"),
        ("", "<p style='margin-left:-500px'>visat</p>"),
        ("", "<div style='max-height:0'>visat</div>"),
        ("", "<div style='overflow:hidden;height:0.5em'>visat</div>"),
        ("", "<p hidden style='display:block'>visat</p>"),
        ("", "<p title='hidden'>visat</p>"),
        ("", "<p class=hidden>visat</p>"),
        (".x{opacity:0} .x{opacity:1}", "<p class=x>visat</p>"),
        ("@media print{.x{visibility:hidden}}", "<p class=x>visat</p>"),
        (".x{display:block}", "<p class=x>visat</p>"),
        (".x{display:none} .x{display:block}", "<p class=x>visat</p>"),
        (".x{display:none} @media (max-width:600px){.x{display:block}}", "<p class=x>visat</p>"),
        ("@media (max-width:600px){.x{display:none}}", "<p class=x>visat</p>"),
        ("td .x, .x > p, .x:hover, [class=x], .x::after{display:none}", "<p class=x>visat</p>"),
        (".x.y{display:none}", "<p class='x y'>visat</p>"),
        (".x{display:none}", "<p class=x style='display:block'>visat</p>"),
        (".x{display:none}", "<p class=xx id=x>visat</p>"),
        (".x{display:none", "<p class=x>visat</p>"),
        ("body{display:none}", "<p>visat</p>"),
        (".x{display:none}", "<div class=x>visat"),
        (".x{display:none}", "<p class=x>visat<p>"),
        (".x{display:none}", "<div><span class=x>visat</div>"),
    ],
)
def test_what_may_be_shown_is_a_word_of_the_letter(rules: str, element: str) -> None:
    assert hidden_in(SHEET.format(rules) + WORDS.format(element)) == ""
    assert "visat" in text_of_html(SHEET.format(rules) + WORDS.format(element))


@pytest.mark.parametrize("media", ["print", "(max-width:600px)"])
def test_a_sheet_for_other_screens_hides_nothing(media: str) -> None:
    sheet = f"<style media='{media}'>.x{{display:none}}</style>"

    assert hidden_in(sheet + WORDS.format("<p class=x>visat</p>")) == ""


def test_a_sheet_in_a_comment_or_below_the_words_hides_nothing() -> None:
    sheet, words = SHEET.format(".x{display:none}"), WORDS.format("<p class=x>visat</p>")

    assert hidden_in(f"<!--[if mso]>{sheet}<![endif]-->{words}") == ""
    assert hidden_in(words + sheet) == ""


def test_a_page_that_hides_all_of_itself_is_shown() -> None:
    assert text_of_html(SHEET.format("p{display:none}") + "<p>Hej</p>") == "Hej"


def test_letters_hidden_within_a_word_part_it_for_nobody() -> None:
    text = text_of_html("<p>A<i style='display:none'>x</i>KUT</p>")

    assert text == f"AKUT\n\n{HIDDEN_IN_PAGE}\nx"


def test_where_a_hidden_link_leads_stands_with_its_words() -> None:
    link = "<p style='display:none'>se <a href='https://a.example/'>här</a></p>"

    assert hidden_in(WORDS.format(link)) == "se här [link to a.example: https://a.example/]"
    assert "a.example" not in text_of_html(WORDS.format(link)).partition(HIDDEN_IN_PAGE)[0]


def test_a_quotation_goes_on_behind_what_it_hides() -> None:
    inside = "<p>ett</p><p style='display:none'>dolt</p><p>två</p>"

    text = text_of_html(f"<blockquote type=cite>{inside}</blockquote>tre")

    assert text.split() == f"> ett > två tre {HIDDEN_IN_PAGE} dolt".split()


def test_what_is_hidden_once_and_shown_once_is_shown() -> None:
    assert hidden_in(WORDS.format("<p style='display:none'>Mvh</p>")) == ""


def test_hidden_words_are_nobodys_alarm() -> None:
    hidden = text_of_html(WORDS.format("<p style='display:none'>AKUT! Det är akut.</p>"))
    shown = text_of_html(WORDS.format("<p>AKUT</p>"))

    assert not says_urgent(first_words("Remiss", hidden))
    assert says_urgent(first_words("Remiss", shown))


def test_words_that_the_plain_text_shows_are_shown() -> None:
    body = mail_of("Hej\nRing inte hem.\nMvh", WORDS.format("<p style='display:none'>Ring inte hem."
                                                            "</p>"))  # fmt: skip

    assert body.endswith("[Only in the plain text of this mail:]\nRing inte hem.")


def test_a_text_below_a_page_that_hides_words_is_heard() -> None:
    page = WORDS.format("<p style='display:none'>dolt</p>")
    parts = [("html", page), ("plain", "Det är AKUT."), ("html", page.replace("dolt", "gömt"))]
    body = "".join(f"--b\r\nContent-Type: text/{kind}\r\n\r\n{text}\r\n" for kind, text in parts)

    opened = open_mail(f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{body}--b--\r\n".encode())

    shown, _, hidden = opened.body_text.partition(f"\n\n{HIDDEN_IN_PAGE}\n")
    assert shown.count("Mvh") == 2
    assert hidden == "dolt\ngömt"
    assert says_urgent(first_words("Remiss", opened.body_text))


@pytest.mark.parametrize(
    "unit",
    ["<p class=x>a", "<p class=x>a</p>", "<div class=x>", "<style>.x{display:none}</style>a",
     "<style>{</style>", "<i style='display:none'>a</i>"],
)  # fmt: skip
def test_hiding_takes_no_longer_than_the_page_is_long(unit: str) -> None:
    sheet = SHEET.format(".x{display:none}")

    assert is_linear(text_of_html, lambda size: sheet + unit * (size // len(unit)), 40_000)
