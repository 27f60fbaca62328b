"""Count the features of a text that the learnt part looks at: words, pairs, pieces of words.

Pieces of four letters survive a misread letter elsewhere in the word. Numbers are left out: they
name people and cases, not types. The functions are pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PIECE_LETTERS = 4
# Keeps a piece apart from a whole word of the same letters.
PIECE = "~"
# How many words the learnt part looks at over all pages: enough for any form, and a bound on time.
MAX_WORDS = 600

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FeatureVocabulary:
    """The known features with the place of each, and how rare each is (its IDF)."""

    places: Mapping[str, int]
    rarity: Floats


def features_of(words: Sequence[str]) -> Counter[str]:
    """Count the features of folded words.

    >>> sorted(features_of(("min", "risk")))
    ['min', 'min risk', 'risk', '~ min', '~ ris', '~isk ', '~min ', '~risk']
    """
    kept = [word for word in words[:MAX_WORDS] if len(word) > 1 and not word.isdigit()]
    counted = Counter(kept)
    found = Counter(counted)
    found.update(f"{one} {two}" for one, two in pairwise(kept))
    for word, times in counted.items():
        for piece in _pieces(word):
            found[piece] += times
    return found


def vector(
    known: FeatureVocabulary, counted: Mapping[str, int]
) -> tuple[NDArray[np.int64], Floats]:
    """Return the places of the known features, and their TF-IDF weights of length one.

    The weight is (1 + ln count) times rarity, as scikit-learn's sublinear TF-IDF.
    """
    hits = [(place, times) for each, times in counted.items()
            if (place := known.places.get(each)) is not None]  # fmt: skip
    if not hits:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    table = np.array(hits, np.int64)
    places = table[:, 0]
    weights = (1.0 + np.log(table[:, 1].astype(np.float32))) * known.rarity[places]
    return places, (weights / np.linalg.norm(weights)).astype(np.float32)


def learn_vocabulary(texts: Iterable[Mapping[str, int]], least_texts: int) -> FeatureVocabulary:
    """Return the features of at least `least_texts` texts, in alphabetical order."""
    seen: Counter[str] = Counter()
    total = 0
    for counted in texts:
        seen.update(counted.keys())
        total += 1
    kept = sorted(feature for feature, times in seen.items() if times >= least_texts)
    often = np.array([seen[feature] for feature in kept], np.float64)
    rarity = np.log((1 + total) / (1 + often)) + 1
    return FeatureVocabulary({each: at for at, each in enumerate(kept)}, rarity.astype(np.float32))


def _pieces(word: str) -> Iterable[str]:
    padded = f" {word[:40]} "
    last = len(padded) - PIECE_LETTERS
    return (f"{PIECE}{padded[at : at + PIECE_LETTERS]}" for at in range(last + 1))
