"""Hold what stands in a letter for a picture that is not shown."""

import pytest

from intake.sandbox.html.html_text import pictures_of_html, text_of_html
from intake.sandbox.mail.forms import has_words


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "a<img src='https://a.example/x.png' alt='AKUT: hon\nhotas'>",
            "a[picture not shown: AKUT: hon hotas]",
        ),
        ("<img src='file:///c:/x.png' alt=Pass>", "[picture not shown: Pass]"),
        ("<img src=x.png alt='a]b'>", "[picture not shown: a)b]"),
        ("<img alt=AKUT>", "[picture not shown: AKUT]"),
        ("<image src=x alt=AKUT>", "[picture not shown: AKUT]"),
        ("<input type=image alt=AKUT>", "[picture not shown: AKUT]"),
        ("<img src='data:image/svg+xml,x' alt=AKUT>", "[picture not shown: AKUT]"),
        ("<img src=https://a.example/x.png width=600 height=80>", "[picture not shown]"),
        ("<img title=' alt=b' src='https://a.example/x.png'>", "[picture not shown]"),
        # What came with the mail is shown as a document.
        ("<img src='cid:a@b' alt=Pass>", ""),
        ("<img src='data:image/png;base64,iVBORw0K' alt=Pass>", "[a picture stands here]"),
        # Marks that count readers, and what keeps a distance.
        ("<img src=https://a.example/t width=1 height=1>", ""),
        ("<img src=https://a.example/t height=1 width=600>", ""),
        ("<img src=https://a.example/t style='width:1px;height:1px'>", ""),
        ("<img src=https://a.example/t width=1 height=1 alt=AKUT>", "[picture not shown: AKUT]"),
        ("<img>", ""),
        ("<input alt=b value=c>", "c"),
    ],
)
def test_a_picture_that_is_not_shown_leaves_its_words(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_a_picture_that_did_not_come_with_the_mail_leaves_its_words() -> None:
    markup = "<img src='cid:a%40b' alt=Pass><img src='CID:c@d' alt=AKUT>"

    assert text_of_html(markup, {"a@b"}) == "[picture not shown: AKUT]"


def test_a_picture_is_known_by_its_name_too() -> None:
    markup = "<img src='cid:x.png@01DC.1' alt=Pass><img src='cid:y.png@01DC.1' alt=AKUT>"

    assert text_of_html(markup, {"x.png"}) == "[picture not shown: AKUT]"


def test_a_picture_without_words_makes_no_letter() -> None:
    assert not has_words(text_of_html("<img src=https://a.example/x.png>"))
    assert has_words(text_of_html("<img src=https://a.example/x.png alt=AKUT>"))


def test_words_of_pictures_are_read_from_their_own_values() -> None:
    markup = "<img title=\" alt='b'\" alt=\"A  Logo > x\"><imgx alt=c><img alt=''>"

    assert pictures_of_html(markup) == {"a logo > x"}
