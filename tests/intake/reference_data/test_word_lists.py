"""Check editions of the lists of words: what they must block, and what they must let pass."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft, EditionInvalid
from intake.reference_data.edition_rules import content_problems
from intake.reference_data.word_lists import read_list
from storage.editions import Edition, EditionKind
from tests.support.people import plant_user

SHIPPED = editions.shipped(EditionKind.WORDS)[-1].content


def changed(name: str, part: str, *more: str) -> dict[str, Any]:
    """Return the shipped lists with more words in one of them. Any: an edition's JSON."""
    content = deepcopy(SHIPPED)
    content[name][part] += more
    return content


def test_what_ships_would_be_accepted() -> None:
    assert content_problems("words", SHIPPED) == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (changed("leaves", "block", "*"), "must be words alone"),
        (changed("leaves", "block", "th*"), "nearly every word"),
        (changed("leaves", "block", "mess*"), "blocks «Thank you for your message.»"),
        (changed("stays", "block", "asyl*"), "blocks «Please send the decision on asylum.»"),
        (changed("stays", "block", "the"), "blocks «We answer by Friday"[:8]),
        (changed("leaves", "warn", "Cash"), "small letters"),
        (changed("leaves", "warn", "cash"), "stands there twice"),
        (changed("leaves", "warn", "asyl*"), "is blocked and asked about"),
        (changed("leaves", "block", ".*"), "must be words alone"),
        (changed("leaves", "block", "a(b|c)+"), "must be words alone"),
        (changed("leaves", "block", "x" * 41), "more than 40 characters"),
        ({**SHIPPED, "leaves": {"block": [], "warn": []}}, "Write at least one"),
        ({**SHIPPED, "leaves": {"block": ["cash"], "warn": []}}, "«trafficking» must be blocked"),
        ({**SHIPPED, "stays": {"block": ["flat"], "warn": []}}, "«shelter» must be blocked"),
        ({**SHIPPED, "leaves": []}, "must be an object"),
        ({**SHIPPED, "stays": {"block": "shelter", "warn": []}}, "must be a list of words"),
        ({**SHIPPED, "leaves": {"block": [None, 7], "warn": [["a"]]}}, "must be a list of words"),
        ({**SHIPPED, "third": {}}, "means nothing here"),
        ({"source": "Nobody"}, "Write at least one"),
    ],
)
def test_a_list_that_was_written_badly_is_refused(content: dict[str, Any], told: str) -> None:
    assert any(told in problem for problem in content_problems("words", content))


def test_a_list_without_words_finds_nothing() -> None:
    empty = read_list({"leaves": {"block": [], "warn": []}}, "leaves")

    assert empty.block.search("any text at all") is None


def test_a_proposal_that_blocks_everything_is_refused_at_approval_with_the_reason(
    sqlite_services: Services,
) -> None:
    services = sqlite_services
    officer = plant_user(services)
    draft = EditionDraft(
        EditionKind.WORDS, "words", "", date(2026, 11, 1), None, SHIPPED, "A new list of words."
    )
    edition_id = editions.propose_edition(services, officer, draft)
    with services.database.transaction() as session:
        # As an older release, whose rules were others, could have stored it.
        session.get_one(Edition, edition_id).content = changed("leaves", "block", "message")
    second = plant_user(services, "Intake officer 2")

    with pytest.raises(EditionInvalid) as refused:
        editions.approve_edition(services, second, edition_id)

    assert "«Thank you for your message.»" in str(refused.value.faults)
