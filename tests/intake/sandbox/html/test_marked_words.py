"""Hold that what a page strikes out, ticks or sets higher is told apart in words."""

import pytest

from intake.sandbox.html.html_text import text_of_html
from tests.intake.sandbox.mail.test_body import HTML, PLAIN, text_of
from tests.support.growth.measure import is_linear

STYLES = (
    "text-decoration:line-through",
    "color:red; text-decoration-line : underline line-through",
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Möte <s>tisdag</s> onsdag", "Möte [struck out: tisdag] onsdag"),
        ("<strike>Ring</strike> <ins>Skriv</ins>", "[struck out: Ring] Skriv"),
        ("<del><p>ett</p><p>två</p></del>tre", "[struck out: ett]\n\n[struck out: två]\ntre"),
        *((f"<span style='{style}'>a</span> b", "[struck out: a] b") for style in STYLES),
        (f"<p style='{STYLES[0]}'>a<p>b", "[struck out: a]\nb"),
        ("<span style='text-decoration:underline'>a</span>", "a"),
        ("<s><s>a</s> b</s> c", "[struck out: a b] c"),
        ("<s>a <b>b</b></s>", "[struck out: a b]"),
        ("<s> </s>a<s></s>", "a"),
        ("a</s>b</del>", "ab"),
        ("<s>a", "[struck out: a]"),
        ("<s>x] inte [y</s>", "[struck out: x) inte (y]"),
        ("<blockquote type=cite><s>a</s> b</blockquote>", "> [struck out: a] b"),
        ("a\x15b\x16c&#21;d\x17" + "5", "abcd5"),
        ("<section>a</section><small>b</small>", "a\nb"),
        ("10<sup>5</sup> cm<sup>-2</sup> H<sub>2</sub>O", "10⁵ cm⁻² H₂O"),
        ("1<sup>st</sup> a<sup><b>12</b></sup>", "1st a¹²"),
        ("<input type=checkbox checked>Ja <INPUT TYPE=radio> Nej", "☒ Ja ☐ Nej"),
        ("<input type=checkbox value=AKUT CHECKED=''> Ja", "☒ Ja"),
    ],
)
def test_what_a_page_shows_by_its_looks_is_said(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("<td>Maj<td><td>Ja", "Maj | | Ja"),
        ("<td>Maj</td><td>&nbsp;</td><td>Ja</td>", "Maj | | Ja"),
        ("<th>Maj</th><td>1990</td><td></td>", "Maj | 1990 |"),
        ("<td></td><td>Maj</td><td>Ja</td>", "Maj Ja"),
        ("<td>Maj</td><td>1990</td><td>Ja</td>", "Maj 1990 Ja"),
        ("<td>Namn</td><td></td>", "Namn"),
        ("<td></td><td>Hej</td><td></td>", "Hej"),
        ("<td>a\x19b</td><td>c", "ab c"),
        ("<td><input type=checkbox></td><td>Ja</td><td>Nej</td>", "☐ Ja Nej"),
        ("<td>Ja</td><td>-</td><td>Nej</td>", "Ja - Nej"),
    ],
)
def test_empty_cell_of_a_row_is_seen(row: str, text: str) -> None:
    assert text_of_html(f"<table><tr>{row}</tr></table>") == text
    quoted = text_of_html(f"<blockquote type=cite><table><tr>{row}</table></blockquote>Hej")
    assert quoted.replace("\n\n", "\n") == f"> {text}\nHej"


@pytest.mark.parametrize("plain", ["Hon kommer den 4 maj.", "Hon kommer den 2 4 maj."])
def test_plain_text_without_or_with_the_struck_words_says_no_more(plain: str) -> None:
    page = "<p>Hon kommer den <s>2</s> 4 maj.</p>"

    shown = text_of("alternative", (PLAIN, plain), (HTML, page))

    assert shown == "Hon kommer den [struck out: 2] 4 maj."


@pytest.mark.parametrize(
    "piece",
    [
        "<s>",
        "<s>a</s>",
        "</s>",
        f"<p style='{STYLES[0]}'>",
        "<s>a\n",
        "<sup>1",
        "<td>",
        "<td>a<td>",
    ],
)
def test_marking_takes_linear_time(piece: str) -> None:
    assert is_linear(text_of_html, lambda size: piece * (size // len(piece)), 100_000)
