"""Weigh the learnt part and the rules into one probability that means what it says.

Two numbers are fitted on texts whose templates the learnt part had not seen: how sharp its scores
are, and what a point of the rules is worth. The functions are pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# More points than this add nothing: a long document repeats words of its subject.
MAX_POINTS = 8.0
SHARPNESS = tuple(0.4 * 1.2**step for step in range(16))
POINT_WORTH = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0)
# Some answers stay wrong whatever the score: no probability comes above 1 - DOUBT.
DOUBT = 0.005


@dataclass(frozen=True)
class Calibration:
    """How the learnt scores and the rules' points are weighed against each other."""

    sharpness: float
    point_worth: float

    def probabilities(self, learnt: Floats, points: Floats) -> NDArray[np.float64]:
        """Return the probability of each code, for one text or for a row a text."""
        capped = np.minimum(points, MAX_POINTS)
        raw = self.sharpness * learnt.astype(np.float64) + self.point_worth * capped
        raw -= raw.max(axis=-1, keepdims=True)
        chances = np.exp(raw)
        chances /= chances.sum(axis=-1, keepdims=True)
        result: NDArray[np.float64] = (1 - DOUBT) * chances + DOUBT / chances.shape[-1]
        return result


@dataclass(frozen=True)
class Judged:
    """A text's scores, learnt from other templates than its own, and the place of its code."""

    learnt: Floats
    points: Floats
    truth: int


def calibrate(judged: Iterable[Judged]) -> Calibration:
    """Return the pair of numbers under which the truths are likeliest (mean log loss)."""
    known = list(judged)
    learnt = np.stack([each.learnt for each in known])
    points = np.stack([each.points for each in known])
    truths = np.array([each.truth for each in known])
    tried = (Calibration(*pair) for pair in product(SHARPNESS, POINT_WORTH))
    return min(tried, key=lambda one: _loss(one.probabilities(learnt, points), truths))


def _loss(chances: NDArray[np.float64], truths: NDArray[np.int64]) -> float:
    return float(-np.log(chances[np.arange(len(truths)), truths]).mean())
