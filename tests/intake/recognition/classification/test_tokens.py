"""Check that text becomes words that survive a bad scan."""

import pytest

from intake.recognition.classification.tokens import MAX_PAGE_CHARS, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Återvändande", ("atervandande",)),
        ("ÅTERVÄNDANDE", ("atervandande",)),
        ("A\u030aterva\u0308ndande", ("atervandande",)),
        ("risk-\nbedömning", ("riskbedomning",)),
        ("f0rsäkran", ("forsakran",)),
        ("2008:778", ("2008", "778")),
        ("195011", ("195011",)),
        ("smørrebrød straße", ("smorrebrod", "strasse")),
        ("P<UTODEMO<<PERSON<<<\nPass", ("pass",)),
        ("موافقة", ("موافقة",)),
        ("", ()),
        ("\x00\ufffd ....", ()),
    ],
)
def test_words_are_folded(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_a_page_is_read_to_its_limit_only() -> None:
    assert len(words_of("ord " * 1_000_000)) == MAX_PAGE_CHARS // 4
