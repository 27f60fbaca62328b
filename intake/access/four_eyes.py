"""Two persons: what one alone may not do is asked for by one and done by another.

Rules from values to values; imports nothing but the names of acts. One asking serves
one doing, and lapses: an old question is no consent to what is true today.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from intake.core.errors import IntakeError
from storage.documents.documents import DocumentState
from storage.documents.quarantine import Act

ASKING_LIFE = timedelta(hours=72)
# What the code of every such verdict holds.
MALWARE = "malware"


class SecondPersonNeeded(IntakeError):
    """One person tried alone what takes two."""

    reason = "second_person_needed"
    public = "This takes two people: one asks, and somebody else does it. Nothing was changed."
    status = 403


class Done(Protocol):
    """An act as far as these rules look at it."""

    @property
    def act(self) -> str:
        """Return its code."""

    @property
    def user_id(self) -> str:
        """Return whose act it was."""

    @property
    def at(self) -> datetime:
        """Return when it was done."""


class Step(StrEnum):
    """What one person may do next."""

    ASK = "ask"
    WAIT = "wait"  # this person asked; somebody else must do it
    DO = "do"


def is_malware(state: str, reason: str, findings: Iterable[str]) -> bool:
    """Tell whether malware was ever found in a document, or in the message around it.

    The codes are `malware:NAME`, `malware_elsewhere_in_message`, `released_despite_malware`.
    """
    codes = (reason, *findings)
    return state == DocumentState.INFECTED or any(MALWARE in code for code in codes)


def next_step(acts: Iterable[Done], asking: Act, doing: Act, user_id: str, now: datetime) -> Step:
    """Return what a user may do, after what was done about the document before."""
    asked_by = {act.user_id for act in pending(acts, asking, doing, now)}
    if asked_by - {user_id}:
        return Step.DO
    return Step.WAIT if asked_by else Step.ASK


def pending(acts: Iterable[Done], asking: Act, doing: Act, now: datetime) -> list[Done]:
    """Return the askings that still count: not lapsed, and none of them used up by a doing."""
    known = list(acts)
    used_at = max((act.at for act in known if act.act == doing), default=None)
    return [
        act
        for act in known
        if act.act == asking
        and act.at > now - ASKING_LIFE
        and (used_at is None or act.at > used_at)
    ]
