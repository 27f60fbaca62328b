"""Apply the four-eyes principle: one person asks for an act, and another does it.

A request counts for one act and lapses after `ASKING_LIFE`: who asked days ago did not agree to
what is true today.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from intake.core.errors import IntakeError
from storage.documents.documents import DocumentState
from storage.documents.quarantine import QuarantineActKind

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

ASKING_LIFE = timedelta(hours=72)
# Every code of a verdict about malware contains it.
MALWARE = "malware"


class FourEyesNeeded(IntakeError):
    """One person tried to do alone what takes two."""

    reason = "second_person_needed"
    public = "This takes two people: one asks, and somebody else does it. Nothing was changed."
    status = 403


class Done(Protocol):
    """An act on a document, as far as these rules need it."""

    @property
    def act(self) -> str:
        """Return its code."""

    @property
    def user_id(self) -> str:
        """Return the id of who did it."""

    @property
    def at(self) -> datetime:
        """Return when it was done, in UTC."""


class Step(StrEnum):
    """What one person may do next."""

    ASK = "ask"
    WAIT = "wait"  # they asked; somebody else must do it
    DO = "do"


def is_other_person(user: "SignedInUser", asked_by: str | None) -> bool:
    """Tell whether somebody else than a user asked for an act."""
    return asked_by != user.id


def require_other_person(user: "SignedInUser", asked_by: str | None) -> None:
    """Let a user do what somebody else asked for. Raises FourEyesNeeded for who asked."""
    if not is_other_person(user, asked_by):
        raise FourEyesNeeded


def is_malware(state: str, reason: str, findings: Iterable[str]) -> bool:
    """Tell whether malware was ever found in a document, or in the message around it.

    The codes are `malware:NAME`, `malware_elsewhere_in_message`, `released_despite_malware`.
    """
    codes = (reason, *findings)
    return state == DocumentState.INFECTED or any(MALWARE in code for code in codes)


def next_step(
    acts: Iterable[Done],
    asking: QuarantineActKind,
    doing: QuarantineActKind,
    user_id: str,
    now: datetime,
) -> Step:
    """Return what a user may do next, given all earlier acts on the document."""
    asked_by = {act.user_id for act in pending(acts, asking, doing, now)}
    if asked_by - {user_id}:
        return Step.DO
    return Step.WAIT if asked_by else Step.ASK


def pending(
    acts: Iterable[Done], asking: QuarantineActKind, doing: QuarantineActKind, now: datetime
) -> list[Done]:
    """Return the requests that still count: not lapsed, and newer than the last `doing`."""
    known = list(acts)
    used_at = max((act.at for act in known if act.act == doing), default=None)
    return [
        act
        for act in known
        if act.act == asking
        and act.at > now - ASKING_LIFE
        and (used_at is None or act.at > used_at)
    ]
