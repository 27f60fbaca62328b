"""Hold that words which only Outlook shows are read, and not twice."""

import pytest

from intake.sandbox.html.html_text import text_of_html
from tests.support.growth.measure import is_linear


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<!--[if mso]><p>AKUT</p><![endif]-->b", "a\n[only Outlook shows: AKUT]\nb"),
        ("a<!--[if gte mso 9]>b<br>c<![endif]-->", "a\n[only Outlook shows: b\nc]"),
        ("<!--[IF (mso)|(IE)]>AKUT<![ENDIF]-->", "[only Outlook shows: AKUT]"),
        ("<!--[if mso]>AKUT", "[only Outlook shows: AKUT]"),
        # What stands beside it for the others is not repeated.
        ("<!--[if mso]><b>Svara nu</b><![endif]--><a>Svara NU</a>", "Svara NU"),
        ("<a>Svara nu</a><!--[if mso]>Svara nu<br>AKUT<![endif]-->",
         "Svara nu\n[only Outlook shows: AKUT]"),
        ("<!--[if mso]>AKUT<![endif]--><!--[if mso]>AKUT<![endif]-->",
         "[only Outlook shows: AKUT]"),
        ("hon nu<!--[if mso]>nu hon<![endif]-->", "hon nu\n[only Outlook shows: nu hon]"),
        # Settings, tables for the layout, styles and the codes of fields are no words.
        ("a<!--[if gte mso 9]><xml><w:Zoom>96</w:Zoom></xml><![endif]-->b", "ab"),
        ("a<!--[if mso]><table><tr><td width=600><![endif]-->b", "ab"),
        ("a<!--[if mso]><style>p {}</style><![endif]-->b", "ab"),
        (
            (
                "Hej <!--[if supportFields]><b style='mso-element:field-begin'></b> MERGEFIELD A"
                "<b style='mso-element:field-separator'></b><![endif]-->Eva"
            ),
            "Hej Eva",
        ),
        ("<!--[if mso]><!--[if mso]>AKUT<![endif]-->", "[only Outlook shows: AKUT]"),
        ("<!--[if !mso]><!-->a<!--<![endif]-->b", "ab"),
        ("<!--[if !mso]><!-->a<!--<![endif]--><!--[if mso]>AKUT<![endif]-->b",
         "a\n[only Outlook shows: AKUT]\nb"),
        ("<p>AKUT</p><!--[if mso]><td>&nbsp;</td><![endif]--><!--[if mso]>Nu<![endif]-->",
         "AKUT\n\n[only Outlook shows: Nu]"),
        ("<![if !mso]>a<![endif]>b", "ab"),
    ],
)  # fmt: skip
def test_words_for_outlook_are_marked(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    "piece",
    [
        "<!--[if mso]>",
        "<!--[if mso]>a",
        "<!--[if mso]>a-->",
        "<!--[if mso]>mso-element:field-begin-->",
        "mso-element:field-begin",
        "<!--[if mso]><xml>-->",
    ],
)
def test_conditions_take_no_quadratic_time(piece: str) -> None:
    def page(size: int) -> str:
        return "<!--[if mso]>" + piece * (size // len(piece))

    assert is_linear(text_of_html, page, 500_000)
