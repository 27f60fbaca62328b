"""Hold which places of a letter are its footer: below its closing words, and in no other letter."""

import pytest

from intake.sandbox.html.footers import MAX_FOOTER_BYTES, is_in_footer, is_name_of_paper
from tests.support.growth.measure import is_linear

PICTURE = "<img src='cid:logo@x'>"
NAME = "Anna Lind<br>Region Stockholm<br>08-123 45 67<br>"


def stands_in_footer(html: str, charset: str = "utf-8") -> bool:
    """Say whether the picture of a letter is in its footer."""
    markup = html.encode(charset)
    return is_in_footer(markup, markup.index(b"cid:"))


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Remiss bifogas.</p><p>Med vänlig hälsning<br>{NAME}{PICTURE}</p>",
        f"<p>Remiss.</p><p>Med v&auml;nliga&nbsp;h&auml;lsningar</p>{NAME}<table>{PICTURE}</table>",
        f"<p>Remiss.</p>Mvh {NAME}{PICTURE}",
        f"<p>Please see.</p>Kind regards,{NAME}{PICTURE}",
        f"Ystävällisin terveisin {NAME}{PICTURE}",
        f"Med vennlig hilsen {NAME}{PICTURE}",
        f"Mit freundlichen Grüßen {NAME}{PICTURE}",
        f"<p>Kortet.</p>Skickat från min iPhone {PICTURE}",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_picture_below_the_closing_words_is_in_the_footer(html: str, charset: str) -> None:
    assert stands_in_footer(html, charset)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Hennes pass:</p>{PICTURE}<p>Med vänlig hälsning<br>{NAME}</p>",
        f"{PICTURE}",
        f"<p>Se bilden</p>{PICTURE}",
        f"Mvh {NAME}<blockquote><p>Passet:</p>{PICTURE}</blockquote>",
        f"Mvh {NAME}<p>Från: Eva<br>Skickat: i dag</p><p>Passet:</p>{PICTURE}",
        f"Mvh {NAME}<p>-----Original Message-----</p>{PICTURE}",
        f"Mvh {NAME}<p>Hej igen! Jag glömde passet:</p>{PICTURE}",
        f"Mvh {NAME}{'<p>Och en sak till om bussen.</p>' * 9}{PICTURE}",
        "<img alt='Mvh' src='cid:logo@x'>",
        # What announces a picture above the closing words or below them.
        f"<p>Passfoto av kvinnan:</p><p>Med vänlig hälsning<br>Eva</p>{PICTURE}",
        f"<p>Här är bilden av flickan</p><p>Mvh<br>Eva</p>{PICTURE}",
        f"<p>Hej!</p><p>Mvh Anna Lind</p><p>PS. Här är det:</p>{PICTURE}",
        f"<p>Mvh Anna Lind</p><p>PS hon ser ut så</p>{PICTURE}",
        f"<p>Mvh Anna Lind</p><p>Hon ser ut så här:</p>{PICTURE}",
        f"<p>Mvh<br>Anna Lind</p><p>Her passport</p>{PICTURE}",
        f"<p>Mvh<br>Anna Lind</p><p>Valokuva</p>{PICTURE}",
        # Words that only sound like a closing.
        f"<p>With regards to her file, this is she</p>{PICTURE}",
        f"<p>This was sent from her telephone</p>{PICTURE}",
        f"<p>Sent from the camp, where she was seen by the guards last week</p>{PICTURE}",
        f"<p>Många hälsningar till flickan som syns här nedan i den blå jackan</p>{PICTURE}",
    ],
)
def test_a_picture_elsewhere_is_not(html: str) -> None:
    assert not stands_in_footer(html)


@pytest.mark.parametrize(
    ("name", "is_paper"),
    [
        ("passfoto.jpg", True),
        ("her passport_1.png", True),
        ("bild på flickan.jpg", True),
        ("image001.png", False),
        ("Bild 1.png", False),
        ("logo.png", False),
        ("", False),
    ],
)
def test_a_name_may_speak_of_a_paper(name: str, *, is_paper: bool) -> None:
    assert is_name_of_paper(name) is is_paper


@pytest.mark.parametrize("filling", [b"v", b"h lsning ", b"<", b"mvh ", b"<blockquote", b"- "])
def test_a_long_letter_is_looked_at_once(filling: bytes) -> None:
    def markup_of(size: int) -> str:
        return filling.decode() * (size // len(filling)) + "<img src='cid:a'>"

    def look(markup: str) -> bool:
        return is_in_footer(markup.encode(), len(markup) - 6)

    assert is_linear(look, markup_of, 3 * MAX_FOOTER_BYTES)
