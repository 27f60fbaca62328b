"""Hold that no words of two boxes are read as one word."""

import pytest

from intake.sandbox.html.html_text import text_of_html
from intake.sandbox.html.symbol_fonts import with_signs
from tests.support.growth.measure import is_linear

# All that the style sheet of the standard (HTML 15.3) shows as a block, an item or a table's part.
BLOCKS = [
    "html", "body", "address", "blockquote", "center", "dialog", "div", "figure", "figcaption",
    "footer", "form", "header", "hr", "legend", "listing", "main", "p", "pre", "search", "xmp",
    "article", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "nav", "section", "dir", "dd",
    "dl", "dt", "menu", "ol", "ul", "li", "table", "caption", "colgroup", "col", "thead", "tbody",
    "tfoot", "tr", "td", "th", "fieldset", "details", "summary", "optgroup", "option", "frameset",
]  # fmt: skip
CONTROLS = [
    "input", "select", "button", "textarea", "meter", "progress", "marquee", "object", "iframe",
    "video", "audio",
]  # fmt: skip
STYLED = [
    "display:block",
    "color:red; DISPLAY : flex",
    "display:table",
    "display:inline-block!important",
    "display:list-item",
    "display:grid",
    "display:table-cell",
    "display:inline-flex",
]


@pytest.mark.parametrize("name", [*BLOCKS, *CONTROLS])
def test_words_before_in_and_behind_an_element_are_apart(name: str) -> None:
    assert text_of_html(f"Hej<{name}>AKUT</{name}>ring").split() == ["Hej", "AKUT", "ring"]
    assert text_of_html(f"Hej<{name.upper()}\n>AKUT ring").split() == ["Hej", "AKUT", "ring"]


@pytest.mark.parametrize("style", STYLED)
@pytest.mark.parametrize("name", ["span", "b", "font", "o:p", "label"])
def test_an_element_that_its_style_sets_apart_is_apart(name: str, style: str) -> None:
    inner = f"<{name} style='{style}'>AKUT<{name}>t</{name}>s</{name}>"

    shown = text_of_html(f"<{name}>Hej{inner}ri</{name}>ng<{name}>!</{name}>")

    assert shown.split() == ["Hej", "AKUTts", "ring!"]


@pytest.mark.parametrize(
    "markup",
    [
        "A<b>K</b>UT",
        "A<span style='color:red'>K</span>UT",
        "A<span style='display:inline'>K</span>UT",
        "A<span style='x-display:block'>K</span>UT",
        "A<i style='display:none'></i>KUT",
        "A<wbr>KUT",
        "A<span title='display:block'>K</span>UT",
    ],
)
def test_a_word_within_a_line_stays_one(markup: str) -> None:
    assert text_of_html(markup) == "AKUT"


@pytest.mark.parametrize("piece", ["<b style=display:block>", "</b>", "<b style='display:", "<b>"])
def test_styles_take_no_quadratic_time(piece: str) -> None:
    start = "<b style=display:block>"

    assert is_linear(text_of_html, lambda size: start + piece * (size // len(piece)), 100_000)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p style='text-decoration:line-through'>nej<div>ja</div><p>ja",
         "[struck out: nej]\nja\nja"),
        ("<p style='text-decoration:line-through'>nej<table><tr><td>ja</table>",
         "[struck out: nej]\nja"),
        ("<p style='text-decoration:line-through'>nej<h2>ja</h2></p>ja",
         "[struck out: nej]\nja\nja"),
        ("<p style='text-decoration:line-through'>nej <b>nej</b></p><div>ja</div>",
         "[struck out: nej nej]\nja"),
        ("<div style='text-decoration:line-through'>nej<p>nej</p></div>ja",
         "[struck out: nej]\n[struck out: nej]\nja"),
    ],
)  # fmt: skip
def test_a_struck_paragraph_ends_where_a_browser_ends_it(markup: str, text: str) -> None:
    lines = [line for line in text_of_html(markup).split("\n") if line]

    assert lines == text.split("\n")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<span style='font-family:Wingdings'>þ</span> Ja", "☒ Ja"),
        ('<span style="mso-char-type:symbol;font-family:Wingdings">o</span>Nej', "☐ Nej"),
        ("<font face=Wingdings>&#254;</font> Ja <font face=Wingdings>&uml;</font> Nej",
         "☒ Ja ☐ Nej"),
        ("<font face='Wingdings 2'>R</font>Ja <font face='Wingdings 2'>&pound;</font>Nej",
         "☒ Ja ☐ Nej"),
        ("<span style='font-family:WINGDINGS'>\uf0fe\uf0a8</span>x", "☒ ☐ x"),
        ("<span style='font-family:Wingdings'>q<span style='font:7pt Arial'> </span></span>x",
         "☐ x"),
        ("Skriv <span style='font-family:Wingdings'>Wingdings</span>", "Skriv Wingdings"),
        ("<span style='font-family:Wingdings 3'>o</span> <span>o þ</span>", "o o þ"),
        ("<p title=Wingdings>o Nej</p>", "o Nej"),
        ("Bra <span style='font-family:Wingdings'>J</span>", "Bra ☺"),
    ],
)  # fmt: skip
def test_signs_of_symbol_fonts_are_shown_as_signs(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize("unit", ["<span wingdings ", "<span ", "<font face=wingdings>o", "o<"])
def test_looking_for_symbol_fonts_takes_linear_time(unit: str) -> None:
    assert is_linear(with_signs, lambda size: unit * (size // len(unit)) + "wingdings", 400_000)
