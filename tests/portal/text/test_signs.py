"""Check that each sign of an odd message or part has its sentence on the page."""

import pytest

from intake.sandbox.protocol import signs as protocol
from portal.text.signs import SIGNS, sign

OF_PARTS = {"asked_for", "in_body", "in_footer", "office_part", "system_part"}
EVERY = protocol.OF_THE_MESSAGE | protocol.OF_A_PART | protocol.ADVICE | protocol.LIMITS


def test_every_sign_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert SIGNS.keys() == EVERY | OF_PARTS


@pytest.mark.parametrize("code", sorted(EVERY))
def test_a_sign_reads_as_a_sentence(code: str) -> None:
    words = sign(protocol.code_of(code))

    assert words[0].isupper()
    assert words.endswith(".")
    assert len(words) <= 100


def test_an_unknown_code_shows_as_itself() -> None:
    assert sign("ambiguous:odd_thing") == "Ambiguous:odd thing"
