"""Apply the four-eyes principle: one person asks for an act, and another does it.

This is the one gate of every act that takes two people; `TwoPersonAct` lists them. Two accounts are
not two people when one hand may be behind both (threat P8): who invited an account, or took its
second factor away, could have made it for themselves. So nobody is second to an account that they
or the one who invited them stand behind, and two accounts with a common inviter, however far
back, are not second to each other. Behind an account that an operator made by a command stands
nobody: who runs commands holds the keys anyway.

A request counts for one act and lapses after `ASKING_LIFE`: who asked days ago did not agree to
what is true today.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from intake.core.errors import IntakeError
from storage.accounts import vouches
from storage.accounts.vouches import VouchKind
from storage.documents.documents import DocumentState
from storage.documents.quarantine import QuarantineActKind

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

ASKING_LIFE = timedelta(hours=72)
# Every code of a verdict about malware contains it.
MALWARE = "malware"

LOG = logging.getLogger(__name__)


class FourEyesNeeded(IntakeError):
    """One person tried to do alone what takes two."""

    reason = "second_person_needed"
    public = "This takes two people: one asks, and somebody else does it. Nothing was changed."
    status = 403


class OneHand(FourEyesNeeded):
    """Two accounts acted, and one person may be behind both."""

    reason = "one_hand"
    public = (
        "One of you invited the other, or the same person invited you both, or one reset the "
        "other's account. Somebody else must do this. Nothing was changed."
    )


class TwoPersonAct(StrEnum):
    """An act that takes two people."""

    RELEASE = "release"  # of a document with a malware verdict
    ORIGINAL = "original"  # the file itself of such a document
    EDITION = "edition"  # of the office's own data
    LIST = "list"  # of submissions, that leaves the house
    OPENING = "opening"  # with a reason, for which somebody else answers
    ROLE = "role"  # that reads content
    CONSENT_OVERRIDE = "consent_override"  # to act for a life without a consent


@dataclass(frozen=True)
class Hands:
    """Who may be behind an account.

    `line` is the account itself, who invited it, who invited them, and so on; `reset_by` are
    those who took its second factor away.
    """

    line: frozenset[str]
    reset_by: frozenset[str]


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


def require_second(
    session: "Session", act: TwoPersonAct, user: "SignedInUser", first_ids: Collection[str]
) -> None:
    """Let a user do what others asked for: they must be second to one of those.

    `first_ids` are the accounts that asked, and still count. Raises FourEyesNeeded when only the
    user did or nobody, and OneHand when one person may be behind the user and each of the others.
    """
    others = set(first_ids) - {user.id}
    if not others:
        raise FourEyesNeeded
    if others <= not_second(session, user.id, others):
        LOG.info("event=second_person_refused act=%s", act)
        raise OneHand


def not_second(session: "Session", user_id: str, other_ids: Collection[str]) -> frozenset[str]:
    """Return those of some accounts to which an account is not the second person."""
    own = hands_of(session, user_id)
    return frozenset(
        other for other in set(other_ids) if _may_be_one(own, hands_of(session, other))
    )


def not_second_among(
    services: "Services", user: "SignedInUser", ids: Collection[str]
) -> frozenset[str]:
    """Return those of some accounts to which a user is not the second person, for a page."""
    if not ids:
        return frozenset()
    with services.database.reading() as session:
        return not_second(session, user.id, ids)


def hands_of(session: "Session", user_id: str) -> Hands:
    """Return who may be behind an account."""
    line, found = {user_id}, {user_id}
    while found:
        invited = vouches.done_by(session, found, VouchKind.INVITED)
        found = {by_id for several in invited.values() for by_id in several} - line
        line |= found
    reset = vouches.done_by(session, {user_id}, VouchKind.FACTOR_REMOVED)
    return Hands(frozenset(line), frozenset(reset.get(user_id, ())))


def _may_be_one(one: Hands, other: Hands) -> bool:
    return bool(one.line & other.line or one.reset_by & other.line or other.reset_by & one.line)


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
    not_second: frozenset[str] = frozenset(),
) -> Step:
    """Return what a user may do next, given all earlier acts on the document.

    `not_second` are the accounts to which the user is not the second person: what they asked for
    is nothing that the user may do, but the user may ask as well.
    """
    asked_by = {act.user_id for act in pending(acts, asking, doing, now)}
    if asked_by - {user_id} - not_second:
        return Step.DO
    return Step.WAIT if user_id in asked_by else Step.ASK


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
