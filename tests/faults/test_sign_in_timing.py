"""Check threats W4 and B22: the time of 400 refused sign-ins does not tell who has an account.

Known and unknown addresses take turns, so that a busy machine slows both alike. A soak, since it
measures; that the work is the same is proved in every run (`tests/intake/accounts`).
"""

import math
import statistics
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from intake.accounts import accounts, sign_in
from intake.accounts.sign_in import SignInRefused
from intake.core.services import Services
from tests.portal.building import PASSWORD, Clock, build_services

pytestmark = pytest.mark.soak

PAIRS = 400
MIN_P = 0.01
MAX_MEDIAN_GAP_SECONDS = 0.005
KNOWN, UNKNOWN = "anna.berg@iom.example", "anna.borg@iom.example"


@pytest.fixture
def clock() -> Clock:
    """Give a clock that outruns the limits of attempts."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Give real services on a scratch database."""
    built = build_services(tmp_path, clock)
    yield built
    built.database.close()


def test_the_time_of_a_refusal_tells_nothing(services: Services, clock: Clock) -> None:
    accounts.create_with_password(services, KNOWN, "INTAKE", None, PASSWORD)
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}

    for number in range(PAIRS):
        clock.move(timedelta(minutes=16))
        # The first of the two pays for caches that the second finds filled.
        for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            times[email].append(refusal_seconds(services, email))

    known, unknown = times[KNOWN], times[UNKNOWN]
    gaps = [a - b for a, b in zip(known, unknown, strict=True)]
    assert kolmogorov_smirnov_p(known, unknown) > MIN_P
    assert abs(statistics.median(gaps)) < MAX_MEDIAN_GAP_SECONDS


def test_a_difference_would_be_found() -> None:
    slow = [0.050 + number / 100_000 for number in range(PAIRS)]
    quick = [each - 0.002 for each in slow]

    assert kolmogorov_smirnov_p(slow, quick) < MIN_P
    assert kolmogorov_smirnov_p(slow, slow) > 0.99


def refusal_seconds(services: Services, email: str) -> float:
    """Return how long one refused sign-in took."""
    started_at = time.perf_counter()
    with pytest.raises(SignInRefused):
        sign_in.sign_in(services, email, "a wrong but long password", "192.0.2.1")
    return time.perf_counter() - started_at


def kolmogorov_smirnov_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the asymptotic probability of two samples so far apart, were they of one kind."""
    a, b = sorted(first), sorted(second)
    furthest = max(
        abs(bisect_right(a, each) / len(a) - bisect_right(b, each) / len(b)) for each in (*a, *b)
    )
    size = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    scaled = (size + 0.12 + 0.11 / size) * furthest
    if scaled < 0.2:
        return 1.0
    terms = ((1 if n % 2 else -1) * math.exp(-2 * (n * scaled) ** 2) for n in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))
