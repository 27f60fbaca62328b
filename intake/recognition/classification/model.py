"""Train the learnt part, and ask it about a text together with the rules.

It is trained on the synthetic texts that ship with the product and on documents that a person
confirmed. The features are those of the shipped texts alone: a confirmed document moves weights,
but no word of it is kept, as it may be a name. scikit-learn is imported only inside `_fitted`, so
that reading needs none of it.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intake.recognition.classification.calibration import Calibration, Judged, calibrate
from intake.recognition.classification.features import (
    PIECE,
    FeatureVocabulary,
    Floats,
    features_of,
    learn_vocabulary,
    vector,
)
from intake.recognition.classification.rules import DocumentFacts, RuleBook, Score, score
from intake.recognition.classification.tokens import words_of
from intake.recognition.classification.training_texts import (
    Example,
    Template,
    damaged,
    write_examples,
)

# Raised whenever features, training or the file change their meaning.
VERSION = 1
COPIES, MIN_TEXTS = 6, 2
CONFIRMED_COPIES, CONFIRMED_WEIGHT = 4, 3.0
# Little regularisation: the texts are short, and the confidence is calibrated afterwards.
LOOSENESS, MAX_ROUNDS = 30.0, 120
SEED = 20_260_101
MIN_TOLD_LETTERS = 4


@dataclass(frozen=True)
class TypeModel:
    """What was learnt: `weights` has a row a feature and a column a code, "UNK" among them.

    `digest` names the training data and the version, see `training_digest`.
    """

    codes: tuple[str, ...]
    vocabulary: FeatureVocabulary
    weights: Floats
    bias: Floats
    calibration: Calibration
    digest: str
    book: RuleBook


def training_digest(
    book: RuleBook, templates: tuple[Template, ...], confirmed: Sequence[Example] = ()
) -> str:
    """Return the name of a training: the same texts, taxonomy and version give the same digest."""
    digest = hashlib.sha256(f"version={VERSION};{book.taxonomy!r}".encode())
    for template in templates:
        digest.update(repr(template).encode())
    for line in sorted(repr(example) for example in confirmed):
        digest.update(line.encode())
    return digest.hexdigest()


def train(
    book: RuleBook, templates: tuple[Template, ...], confirmed: Sequence[Example] = ()
) -> TypeModel:
    """Learn from the shipped texts and from confirmed documents; takes seconds.

    The same input always gives the same model. Raises ValueError for a confirmed code that is not
    in the taxonomy.
    """
    codes = tuple(each.code for each in book.taxonomy.types)
    if unknown := {example.code for example in confirmed} - set(codes):
        raise ValueError(f"confirmed as a type that is not in the list: {sorted(unknown)}")
    chance = random.Random(SEED)  # noqa: S311 - variation of texts, no secret
    made = list(write_examples(templates, COPIES, chance))
    counted = [features_of(words_of(example.text)) for _, example in made]
    vocabulary = learn_vocabulary(counted, MIN_TEXTS)
    calibration = calibrate(_judged_by_half(book, codes, vocabulary, made, counted))
    shown = [example.code for _, example in made]
    weighed = [1.0] * len(shown)
    for example in confirmed:
        for copy in range(CONFIRMED_COPIES):
            text = damaged(example.text, 0.02 * copy, chance)
            counted.append(features_of(words_of(text)))
            shown.append(example.code)
            weighed.append(CONFIRMED_WEIGHT)
    weights, bias = _fitted(codes, vocabulary, counted, shown, weighed)
    digest = training_digest(book, templates, confirmed)
    return TypeModel(codes, vocabulary, weights, bias, calibration, digest, book)


def probabilities(
    model: TypeModel, counted: Mapping[str, int], scores: Mapping[str, Score]
) -> dict[str, float]:
    """Return how likely each code is, from features and the rules' scores; the sum is one."""
    learnt = _learnt(model.vocabulary, model.weights, model.bias, counted)
    chances = model.calibration.probabilities(learnt, _points(model.codes, scores))
    return dict(zip(model.codes, map(float, chances), strict=True))


def telling_words(
    model: TypeModel, counted: Mapping[str, int], code: str, most: int
) -> tuple[str, ...]:
    """Return the words and pairs that spoke most for a code against the average code.

    Pieces of words and words of up to three letters are left out, so the answer may be empty. It
    holds only words of the shipped texts, never a name from the document.
    """
    known = {
        each: times
        for each, times in counted.items()
        if _tells(each) and each in model.vocabulary.places
    }
    places, weights = vector(model.vocabulary, known)
    column = model.codes.index(code)
    rows = model.weights[places]
    gains = weights * (rows[:, column] - rows.mean(axis=1))
    best = sorted(zip(known, gains.tolist(), strict=True), key=lambda item: -item[1])[:most]
    return tuple(word for word, gain in best if gain > 0)


def _tells(feature: str) -> bool:
    return not feature.startswith(PIECE) and max(map(len, feature.split())) >= MIN_TOLD_LETTERS


def _learnt(
    vocabulary: FeatureVocabulary, weights: Floats, bias: Floats, counted: Mapping[str, int]
) -> Floats:
    places, values = vector(vocabulary, counted)
    result: Floats = values @ weights[places] + bias
    return result


def _points(codes: tuple[str, ...], scores: Mapping[str, Score]) -> Floats:
    found = [scores[code].points if code in scores else 0.0 for code in codes]
    return np.array(found, np.float32)


def _judged_by_half(
    book: RuleBook,
    codes: tuple[str, ...],
    vocabulary: FeatureVocabulary,
    made: list[tuple[Template, Example]],
    counted: list[Counter[str]],
) -> Iterable[Judged]:
    """Judge every text by what was learnt from other templates than its own."""
    for half in (0, 1):
        learnt_from = [at for at, (each, _) in enumerate(made) if each.number % 2 != half]
        weights, bias = _fitted(
            codes,
            vocabulary,
            [counted[at] for at in learnt_from],
            [made[at][1].code for at in learnt_from],
            [1.0] * len(learnt_from),
        )
        for at, (template, example) in enumerate(made):
            if template.number % 2 == half:
                words = words_of(example.text)
                found = score(book, [words], [example.text], DocumentFacts())
                learnt = _learnt(vocabulary, weights, bias, counted[at])
                yield Judged(learnt, _points(codes, found), codes.index(example.code))


def _fitted(
    codes: tuple[str, ...],
    vocabulary: FeatureVocabulary,
    counted: Sequence[Mapping[str, int]],
    shown: Sequence[str],
    weighed: Sequence[float],
) -> tuple[Floats, Floats]:
    from scipy.sparse import csr_array  # type: ignore[import-untyped] # ships no types
    from sklearn.linear_model import (  # type: ignore[import-untyped] # ships no types
        LogisticRegression,
    )

    rows = [vector(vocabulary, each) for each in counted]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    table = csr_array(
        (np.concatenate([w for _, w in rows]), np.concatenate([p for p, _ in rows]), starts),
        shape=(len(rows), len(vocabulary.places)),
    )
    fit: Any = LogisticRegression(C=LOOSENESS, max_iter=MAX_ROUNDS, tol=1e-3)  # untyped
    fit.fit(table, np.array(shown), sample_weight=np.array(weighed))
    weights = np.zeros((len(vocabulary.places), len(codes)), np.float32)
    # A type without any text gets the lowest bias, so that only the rules can name it.
    bias = np.full(len(codes), float(fit.intercept_.min()), np.float32)
    for row, code in enumerate(fit.classes_):
        weights[:, codes.index(code)] = fit.coef_[row]
        bias[codes.index(code)] = fit.intercept_[row]
    return weights, bias
