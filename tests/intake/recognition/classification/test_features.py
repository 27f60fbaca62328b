"""Check what is counted of a text, and how it is weighed."""

import numpy as np
import pytest

from intake.recognition.classification.features import (
    MAX_WORDS,
    features_of,
    learn_vocabulary,
    vector,
)


def test_words_pairs_and_pieces_are_counted_and_numbers_are_not() -> None:
    counted = features_of(("min", "risk", "1999", "risk"))

    assert counted["risk"] == 2
    assert counted["min risk"] == 1
    assert counted["~ ris"] == 2
    assert not any("1999" in feature for feature in counted)


def test_only_the_first_words_are_looked_at() -> None:
    assert sum(features_of(("ab",) * 10_000).values()) < 4 * MAX_WORDS


def test_weights_agree_with_those_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped] # ships no types

    texts = [("risk", "plan", "risk"), ("plan", "resa"), ("resa", "risk", "plan")]
    theirs = TfidfVectorizer(analyzer=features_of_list, sublinear_tf=True, min_df=2)
    table = theirs.fit_transform(texts).toarray()
    known = learn_vocabulary([features_of(text) for text in texts], 2)

    for row, text in enumerate(texts):
        places, weights = vector(known, features_of(text))
        ours = np.zeros(len(known.places))
        ours[places] = weights
        assert ours == pytest.approx(table[row], abs=1e-6)


def test_a_text_of_unknown_words_gives_nothing() -> None:
    known = learn_vocabulary([features_of(("plan",))], 1)

    places, weights = vector(known, features_of(("xyzzy",)))

    assert len(places) == len(weights) == 0


def features_of_list(words: tuple[str, ...]) -> list[str]:
    return list(features_of(words).elements())
