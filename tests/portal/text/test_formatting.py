"""Check times: words for spans and due times, in the office's zone."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.text import formatting

NOW = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=30), "under a minute"),
        (timedelta(minutes=48), "48 min"),
        (timedelta(hours=1, minutes=5), "1 h 05 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=4, hours=3, minutes=59), "4 d 3 h"),
        (-timedelta(minutes=20), "20 min"),
    ],
)
def test_spans_have_two_units(length: timedelta, words: str) -> None:
    assert formatting.span(length) == words


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(hours=3, minutes=20), "in 3 h 20 min", "calm"),
        (timedelta(hours=2), "in 2 h", "soon"),
        (timedelta(0), "under a minute late", "late"),
        (-timedelta(minutes=20), "20 min late", "late"),
    ],
)
def test_due_times_say_how_far_they_are(left: timedelta, words: str, urgency: str) -> None:
    assert formatting.until(NOW + left, NOW) == words
    assert formatting.urgency(NOW + left, NOW) == urgency


def test_moments_are_the_offices_winter_and_summer() -> None:
    assert formatting.moment(datetime(2026, 11, 25, 14, 0, tzinfo=UTC)) == "Wed 25 Nov 16:00"
    assert formatting.moment(datetime(2026, 7, 1, 13, 0, tzinfo=UTC)) == "Wed 1 Jul 16:00"
    assert formatting.full_moment(NOW) == "24 Nov 2026 10:42"
    assert formatting.brief(NOW) == "24 Nov 10:42"
