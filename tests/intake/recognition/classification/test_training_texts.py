"""Check that the training texts are whole and invented, and that no test uses them."""

import random

from intake.recognition.classification.tokens import words_of
from intake.recognition.classification.training_texts import damaged, load_templates, write_examples
from intake.reference_data.document_types import load_taxonomies
from tests.samples.paperwork.documents import forms

SHINGLE_WORDS = 5


def test_every_type_but_photos_has_texts_in_both_languages() -> None:
    templates = load_templates()
    taught = {(each.code, each.language, each.number) for each in templates}

    for code in {*load_taxonomies()[-1].codes(), "UNK"} - {"PHOTO"}:
        assert {(code, "sv", 0), (code, "sv", 1), (code, "en", 0), (code, "en", 1)} <= taught


def test_training_and_test_share_no_sentence() -> None:
    taught = {
        shingle
        for each in load_templates()
        for line in (*each.titles, *each.lines)
        for shingle in shingles(line)
    }
    tested = {
        shingle for form in forms() for line in form.body.splitlines() for shingle in shingles(line)
    }

    assert len(taught) > 1000
    assert len(tested) > 1000
    assert not taught & tested


def test_the_same_chance_writes_the_same_texts_and_another_others() -> None:
    templates = load_templates()[:8]

    written = [
        [example.text for _, example in write_examples(templates, 2, random.Random(seed))]
        for seed in (1, 1, 2)
    ]

    assert written[0] == written[1] != written[2]


def test_damage_changes_about_as_much_as_it_was_told() -> None:
    text = "en handling om en resa " * 200

    changed = damaged(text, 0.05, random.Random(1))

    assert damaged(text, 0.0, random.Random(1)) == text
    assert sum(one != other for one, other in zip(text.split(), changed.split(), strict=False)) > 0


def shingles(line: str) -> set[tuple[str, ...]]:
    """Return the runs of five words of a line, without what is filled in."""
    words = words_of(line)
    return {words[at : at + SHINGLE_WORDS] for at in range(len(words) - SHINGLE_WORDS + 1)}
