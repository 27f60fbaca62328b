"""Check what is learnt, and how confirmed documents teach."""

import random

import numpy as np
import pytest

from intake.recognition.classification.classify import classify_document
from intake.recognition.classification.features import features_of
from intake.recognition.classification.model import (
    TypeModel,
    probabilities,
    telling_words,
    train,
    training_digest,
)
from intake.recognition.classification.rules import DocumentFacts, RuleBook
from intake.recognition.classification.tokens import words_of
from intake.recognition.classification.training_texts import Example, load_templates

# A municipality's own form, in words that mislead: by them it reads like a covering note.
LOCAL_FORM = (
    "Hej! Bifogat: blad {number} ur kommunens gröna mapp\nKlienten {name} har berättat vad hon "
    "fruktar när hon kommer hem\nVem känner till hennes nya adress? Vad gör vi om någon ringer?\n"
    "Med vänlig hälsning, mottagningen"
)


def local_form(number: int) -> str:
    """Return one filled copy of the form."""
    names = ("Demo Person One", "TEST Applicant", "Prov Exempel", "Demo Person Two")
    return LOCAL_FORM.format(number=number, name=names[number % 4])


def test_three_confirmed_documents_change_the_answer_for_the_next(
    book: RuleBook, model: TypeModel
) -> None:
    confirmed = [Example(local_form(number), "RISK-ASM") for number in range(3)]

    before = classify_document([local_form(3)], DocumentFacts(), model)[0]
    after = classify_document(
        [local_form(3)], DocumentFacts(), train(book, load_templates(), confirmed)
    )[0]

    assert before.document_type == "CORR"
    assert after.document_type == "RISK-ASM"


def test_no_word_of_a_confirmed_document_is_kept(book: RuleBook) -> None:
    confirmed = [Example(f"Xylofonisten Qwertyman bor i Zzyzx {at}", "CORR") for at in range(5)]

    taught = train(book, load_templates(), confirmed)

    known = " ".join(taught.vocabulary.places)
    assert not any(word in known for word in ("xylofonisten", "qwertyman", "zzyzx"))


def test_training_is_the_same_for_the_same_texts(book: RuleBook, model: TypeModel) -> None:
    again = train(book, load_templates())

    assert again.digest == model.digest
    assert again.calibration == model.calibration
    assert np.array_equal(again.weights, model.weights)


def test_the_digest_names_texts_and_confirmations_in_any_order(book: RuleBook) -> None:
    templates = load_templates()
    one, other = Example("a", "CORR"), Example("b", "REF-FORM")

    plain = training_digest(book, templates)

    assert training_digest(book, templates[1:]) != plain
    assert training_digest(book, templates, [one]) != plain
    assert training_digest(book, templates, [one, other]) == training_digest(
        book, templates, [other, one]
    )


def test_a_type_that_is_not_in_the_list_cannot_be_taught(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="NO-SUCH"):
        train(book, load_templates(), [Example("text", "NO-SUCH")])


def test_probabilities_are_one_together_for_any_text(model: TypeModel) -> None:
    chance = random.Random(3)
    for text in ("", "risk", "".join(chance.choices("abcdefgh ", k=5000))):
        chances = probabilities(model, features_of(words_of(text)), {})

        assert set(chances) == set(model.codes)
        assert sum(chances.values()) == pytest.approx(1.0)


def test_telling_words_are_whole_words_of_the_text(model: TypeModel) -> None:
    counted = features_of(words_of("Hotbilden är hög och riskbedömningen visar skyddsbehov"))

    told = telling_words(model, counted, "RISK-ASM", 3)

    assert told
    assert all(word in counted and not word.startswith("~") for word in told)
