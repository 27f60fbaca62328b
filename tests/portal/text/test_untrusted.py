"""Hold that no character of a stranger's name changes how a page reads."""

import pytest

from portal.text.untrusted import one_line

ACTING = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\u200b\u034f\u115f\u3164\uffa0"
    "\U000e0000\U000e0001\U000e0041\U000e007f\U000e0100\ufe00"
)


@pytest.mark.parametrize("sign", ACTING)
def test_acting_character_is_shown_and_does_nothing(sign: str) -> None:
    assert one_line(f"Eva{sign}fdp.exe") == "Eva\ufffdfdp.exe"


def test_words_of_every_script_are_shown_as_they_are() -> None:
    for text in (
        "Åsa Öberg",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u2764\ufe0f",
        "\u0e21\u0e32\u0e25\u0e35",
    ):
        assert one_line(text) == text
