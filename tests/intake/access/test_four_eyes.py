"""Check two persons: one asking serves one doing, by somebody else, for a while."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from intake.access.safeguards.four_eyes import ASKING_LIFE, Step, is_malware, next_step
from storage.documents.quarantine import QuarantineActKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Past:
    """An act before now."""

    act: str
    user_id: str
    at: datetime


def past(act: QuarantineActKind, user_id: str, **ago: float) -> Past:
    return Past(act, user_id, NOW - timedelta(**ago))


ASK, DO = QuarantineActKind.ASK_RELEASE, QuarantineActKind.RELEASE


@pytest.mark.parametrize(
    ("acts", "step"),
    [
        ([], Step.ASK),
        ([past(ASK, "me", hours=1)], Step.WAIT),
        ([past(ASK, "other", hours=1)], Step.DO),
        ([past(ASK, "me", hours=2), past(ASK, "other", hours=1)], Step.DO),
        ([past(ASK, "other", hours=2), past(DO, "third", hours=1)], Step.ASK),
        ([past(ASK, "other", hours=1), past(DO, "third", hours=1)], Step.ASK),
        ([past(DO, "third", hours=2), past(ASK, "other", hours=1)], Step.DO),
        ([past(ASK, "other", hours=73)], Step.ASK),
        ([past(QuarantineActKind.ASK_ORIGINAL, "other", hours=1)], Step.ASK),
        ([past(QuarantineActKind.REJECT, "other", hours=1)], Step.ASK),
    ],
)
def test_what_comes_next(acts: list[Past], step: Step) -> None:
    assert next_step(acts, ASK, DO, "me", NOW) is step


def test_an_asking_lapses_to_the_minute() -> None:
    asked = Past(ASK, "other", NOW)

    assert next_step([asked], ASK, DO, "me", NOW + ASKING_LIFE - timedelta(minutes=1)) is Step.DO
    assert next_step([asked], ASK, DO, "me", NOW + ASKING_LIFE) is Step.ASK


@pytest.mark.parametrize(
    ("state", "reason", "findings", "expected"),
    [
        ("INFECTED", "malware:EICAR", [], True),
        ("HELD", "malware_elsewhere_in_message", [], True),
        ("ACTIVE", "released", ["malware:EICAR"], True),
        ("ACTIVE", "released", ["released_despite_malware"], True),
        ("HELD", "polyglot", ["polyglot"], False),
        ("CLEAN", "", [], False),
    ],
)
def test_malware_is_never_forgotten(
    state: str, reason: str, findings: list[str], expected: bool
) -> None:
    assert is_malware(state, reason, findings) is expected
