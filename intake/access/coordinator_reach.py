"""Decide which submissions a coordinator may see, and in which cases they may write.

They see their own submissions, those of whom they stand in for, and those of their register
entries' cases, in their own region (requirement 55). They write where their entry, or the one
whose deputy they are, belongs to the case now.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access.find import code_of
from intake.accounts.register_entries import account_of_entry, entries_of_account
from intake.accounts.roles import REGIONAL_ROLES
from intake.core.errors import NotFound
from storage.accounts import users
from storage.accounts.users import Role
from storage.cases import cases, participants
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class _Reach:
    """The accounts, register entries and cases whose submissions a coordinator may see."""

    account_ids: frozenset[str]
    sender_ids: frozenset[str]
    case_ids: frozenset[str]


@dataclass(frozen=True)
class _Entries:
    """The entries of an account, and those whose deputy it is."""

    own: tuple[senders.RegisteredSender, ...]
    principals: tuple[senders.RegisteredSender, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all of them."""
        return frozenset(entry.id for entry in (*self.own, *self.principals))


def find_referral(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission that a coordinator may see, by its code. Raises NotFound."""
    code = code_of(reference)
    for submission in visible_to(services, session, user):
        if submission.reference == code:
            return submission
    raise NotFound


def find_conversation(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    reference: str,
    *,
    is_locked: bool = False,
) -> "Case":
    """Return the case of a referral that a coordinator sees, for who may write in it.

    Raises NotFound.
    """
    found = cases.by_id(session, find_referral(services, session, user, reference).case_id)
    if found is None:
        raise NotFound
    case = cases.resolved(session, found)
    if is_locked:
        (case,) = cases.locked(session, [case.id])
    is_open = case.id in cases.open_key_ids(session, [case.id])
    if not is_open or not may_write_in(services, session, user, case):
        raise NotFound
    return case


def visible_to(
    services: "Services", session: "Session", user: "SignedInUser"
) -> "list[Submission]":
    """Return the submissions that a coordinator may see, none of them of another region."""
    reach = _reach(services, session, user)
    found = submissions.sent_by(
        session, reach.account_ids, reach.sender_ids, reach.case_ids, Programme.REFERRALS
    )
    return [each for each in found if is_in_own_region(user, each)]


def may_write_in(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case"
) -> bool:
    """Tell whether a coordinator may read and write messages of a case, as of now."""
    if user.role not in REGIONAL_ROLES or case.programme != Programme.REFERRALS:
        return False
    # Without this check a case without a region would be open to accounts without a region.
    if case.region is None or case.region != user.region:
        return False
    mine = _own_entries(services, session, user)
    return bool(mine.ids & entries_of_case(session, case))


def may_add_to(
    services: "Services", session: "Session", user: "SignedInUser", case_id: str
) -> bool:
    """Tell whether a coordinator may send something to a case, as of now.

    It is so when a submission of it is visible to them: they may have moved to another region, or
    the case may have been handed to one, since they began to write.
    """
    case = cases.by_id(session, case_id)
    if case is None:
        return False
    living = cases.resolved(session, case).id
    filed = [each.case_id for each in visible_to(services, session, user) if each.case_id]
    known = cases.by_ids(session, set(filed)).values()
    return any(cases.resolved(session, each).id == living for each in known)


def is_in_own_region(user: "SignedInUser", submission: "Submission") -> bool:
    """Tell whether a submission is of a coordinator's region now, or of none yet."""
    return submission.region in (None, user.region)


def is_of_region(account: "User", submission: "Submission") -> bool:
    """Tell whether an account still has the region of a submission that it sent."""
    return account.region == submission.region


def entries_of_case(session: "Session", case: "Case") -> frozenset[str]:
    """Return the ids of register entries that belong to a case or to cases merged into it."""
    found = participants.of_cases(session, cases.merged_into(session, case.id))
    return frozenset[str]().union(*found.values())


def is_own_message(
    services: "Services", session: "Session", user: "SignedInUser", author_id: str
) -> bool:
    """Tell whether a coordinator, their principal or their deputy wrote a message."""
    if author_id == user.id:
        return True
    theirs = [
        entry for entry in _entries_of(services, session, author_id) if entry.region == user.region
    ]
    own = {entry.id for entry in _entries_of(services, session, user.id)}
    mine = _own_entries(services, session, user).ids
    return any(entry.deputy_for in own or entry.id in mine for entry in theirs)


def _reach(services: "Services", session: "Session", user: "SignedInUser") -> _Reach:
    mine = _own_entries(services, session, user)
    accounts = {user.id}
    for principal in mine.principals:
        accounts |= _account_of(services, session, principal, user.region)
    return _Reach(frozenset(accounts), mine.ids, _cases_of(session, mine.ids, user.region))


def _own_entries(services: "Services", session: "Session", user: "SignedInUser") -> _Entries:
    """Return a user's own current entries and those whose deputy they are.

    The account alone proves nothing: without an entry of it that is current and in the account's
    region, there are none.
    """
    now = services.now()
    own = [
        entry
        for entry in _entries_of(services, session, user.id)
        if senders.is_current(entry, now) and entry.region == user.region
    ]
    if user.role is not Role.COORD_DEP:
        return _Entries(tuple(own), ())
    principals = (senders.by_id(session, entry.deputy_for) for entry in own)
    return _Entries(
        tuple(own),
        tuple(each for each in principals if each is not None and each.region == user.region),
    )


def _entries_of(
    services: "Services", session: "Session", account_id: str
) -> list[senders.RegisteredSender]:
    """Return the register's entries of an account, also ones that ended."""
    account = users.by_id(session, account_id)
    return entries_of_account(services, session, account) if account is not None else []


def _account_of(
    services: "Services",
    session: "Session",
    entry: senders.RegisteredSender,
    region: str | None,
) -> set[str]:
    """Return the id of the account that an entry belongs to, of its region; empty for none."""
    account = account_of_entry(services, session, entry)
    return {account.id} if account is not None and account.region == region else set()


def _cases_of(session: "Session", sender_ids: frozenset[str], region: str | None) -> frozenset[str]:
    ids = set(participants.cases_of(session, sorted(sender_ids), limit=500))
    found = cases.by_ids(session, ids).values()
    resolved = {cases.resolved(session, case) for case in found}
    return frozenset(
        case.id
        for case in resolved
        if case.region == region and case.programme == Programme.REFERRALS
    )
