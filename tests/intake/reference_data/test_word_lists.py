"""Check editions of the lists of words: what they must block, and what they must let pass."""

import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from intake.confirmations.drafts import PREPARED
from intake.confirmations.wording import (
    CHANNEL_WORDS,
    DATE_WORDS,
    OUTCOME_WORDS,
    TITLES,
    blocks,
)
from intake.core.services import Services
from intake.reference_data import editions, word_lists
from intake.reference_data.answer_template import PLACEHOLDER
from intake.reference_data.edition_drafts import EditionDraft, EditionInvalid
from intake.reference_data.edition_rules import content_problems
from intake.reference_data.prepared_answers import shipped_answers
from intake.reference_data.word_lists import read_list
from storage.editions import Edition, EditionKind
from tests.intake.confirmations.test_content import PAPER
from tests.support.people import plant_user

MAIL = Path(__file__).parents[3] / "templates" / "mail"
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


def words_of(texts: Iterable[str]) -> list[str]:
    """Return each word of some texts once, in small letters."""
    return sorted({word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower())})


def ours(name: str) -> list[str]:
    """Return what we write ourselves where a list is asked, in both languages."""
    if name == word_lists.STAYS:
        return [each for step in PREPARED.values() for each in step]
    answers = [
        PLACEHOLDER.sub("", each["content"].get(part, ""))
        for each in shipped_answers()
        for part in ("subject", "text")
    ]
    return [*answers, *mail_texts()]


def mail_texts() -> list[str]:
    """Return what each text of a mail says besides its values and conditions."""
    return [
        " ".join(each.data for each in parse(path.read_text(encoding="utf-8")))
        for path in sorted(MAIL.glob("*.txt"))
    ]


def parse(source: str) -> list[nodes.TemplateData]:
    """Return the pieces of a template's own words, as the engine itself finds them."""
    return list(Environment(autoescape=True).parse(source).find_all(nodes.TemplateData))


@pytest.mark.parametrize("name", word_lists.LISTS)
def test_a_list_that_blocks_any_word_of_our_own_sentences_is_refused(name: str) -> None:
    words = words_of(ours(name))
    accepted = [
        word
        for word in words
        if not any(
            path == f"{name}.block" and f"«{word}» blocks «" in sentence
            for path, sentence in word_lists.word_list_problems(changed(name, "block", word))
        )
    ]

    assert len(words) > 20
    assert accepted == []


def test_a_row_that_blocks_a_text_of_a_mail_is_refused_and_named() -> None:
    told = dict(word_lists.word_list_problems(changed("leaves", "block", "förvarar", "stödtel*")))

    assert list(told) == ["leaves.block"]
    sentences = [
        sentence
        for _, sentence in word_lists.word_list_problems(
            changed("leaves", "block", "förvarar", "stödtel*")
        )
    ]
    assert [each.split("»")[0] for each in sentences] == ["«förvarar", "«stödtel*"]
    assert "«Vi förvarar det»" in sentences[0]


@pytest.mark.parametrize("name", word_lists.LISTS)
def test_the_lists_that_ship_block_nothing_of_our_own(name: str) -> None:
    listed = read_list(SHIPPED, name)

    assert [text for text in ours(name) if listed.block.search(text.lower())] == []


def test_the_list_that_ships_blocks_nothing_that_a_signed_paper_says() -> None:
    listed = read_list(SHIPPED, word_lists.STAYS)
    tables = (TITLES, OUTCOME_WORDS, DATE_WORDS, CHANNEL_WORDS)
    said = [text for table in tables for each in table.values() for text in (each.en, each.sv)]
    said += [block.text for block in blocks(PAPER)]

    assert [text for text in said if listed.block.search(text.lower())] == []


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
