"""Check that each catalogue is whole, and that nothing in it is left over."""

import pytest

from portal.language.choice import LINK_LANGUAGES, UNREVIEWED
from tests.portal.language.catalogues import PLACEHOLDER, read, sentences, translations

TRANSLATED = sorted(LINK_LANGUAGES.keys() - {"en"})


def test_every_sentence_is_in_swedish_and_none_is_left_over() -> None:
    assert sentences() - translations("sv").keys() == set()
    assert translations("sv").keys() - sentences() == set()


def test_the_languages_of_links_have_the_same_sentences_and_none_is_left_over() -> None:
    known = {language: set(translations(language)) for language in UNREVIEWED}

    assert all(each == known["ar"] for each in known.values())
    assert known["ar"] - sentences() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_empty_or_unsure(language: str) -> None:
    assert [each for each, texts in translations(language).items() if not all(texts)] == []
    assert not any(message.fuzzy for message in read(language) if message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_number_has_all_the_forms_of_its_language(language: str) -> None:
    forms = read(language).num_plurals
    wrong = [
        each.singular
        for each, texts in translations(language).items()
        if len(texts) != (forms if each.plural else 1)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    wrong = [
        each.singular
        for each, texts in translations(language).items()
        for text in texts
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(each.singular))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_ends_as_its_sentence_does(language: str) -> None:
    ends = str.maketrans("؟،", "?,")
    wrong = [
        (each.singular, text)
        for each, texts in translations(language).items()
        for text in texts
        if each.singular[-1:] in ".:?," and each.singular[-1:] != text[-1:].translate(ends)
    ]

    assert wrong == []
