"""Check that scores become probabilities that mean what they say."""

import random

import numpy as np
import pytest

from intake.recognition.classification.calibration import Calibration, Judged, calibrate


def test_probabilities_are_one_together_and_never_certain() -> None:
    chances = Calibration(5.0, 2.0).probabilities(
        np.array([90.0, 0.0, -90.0], np.float32), np.array([1000.0, 0.0, 0.0], np.float32)
    )

    assert chances.sum() == pytest.approx(1.0)
    assert 0.99 < chances[0] < 0.999
    assert chances.min() > 0


def test_scores_that_are_often_wrong_are_believed_less() -> None:
    chance = random.Random(1)

    def told(wrong: float) -> list[Judged]:
        scores, none = np.array([3.0, 0.0], np.float32), np.zeros(2, np.float32)
        return [Judged(scores, none, int(chance.random() < wrong)) for _ in range(400)]

    assert calibrate(told(0.3)).sharpness < calibrate(told(0.02)).sharpness


def test_rules_that_say_nothing_true_weigh_nothing() -> None:
    chance = random.Random(2)
    judged = []
    for _ in range(400):
        truth, said = chance.randrange(2), chance.randrange(2)
        learnt = np.array([2.0 * (truth == 0), 2.0 * (truth == 1)], np.float32)
        points = np.array([3.0 * (said == 0), 3.0 * (said == 1)], np.float32)
        judged.append(Judged(learnt, points, truth))

    assert calibrate(judged).point_worth <= 0.1
