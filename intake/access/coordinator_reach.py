"""Decide which submissions a coordinator may see.

Their own, those of whom they stand in for, and those of their registered senders' cases, in
their own region (requirement 55).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access.find import code_of
from intake.accounts.accounts import address_of
from intake.core.errors import NotFound
from storage.accounts import users
from storage.accounts.users import Role
from storage.cases import cases, participants
from storage.crypto.sealing import unseal
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import Programme, place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class _Reach:
    """The accounts, register entries and cases whose submissions a coordinator may see."""

    account_ids: frozenset[str]
    sender_ids: frozenset[str]
    case_ids: frozenset[str]


def case_of(services: "Services", user: "SignedInUser", reference: str) -> str | None:
    """Return the id of the case of a visible submission, None when it is in none.

    Raises NotFound.
    """
    code = code_of(reference)
    with services.database.reading() as session:
        for submission in visible_to(services, session, user):
            if submission.reference == code:
                return submission.case_id
    raise NotFound


def visible_to(
    services: "Services", session: "Session", user: "SignedInUser"
) -> "list[Submission]":
    """Return the submissions that a coordinator may see, none of them of another region."""
    reach = _reach(services, session, user)
    found = submissions.sent_by(
        session, reach.account_ids, reach.sender_ids, reach.case_ids, Programme.REFERRALS
    )
    return [each for each in found if each.region in (None, user.region)]


def _reach(services: "Services", session: "Session", user: "SignedInUser") -> _Reach:
    own = _register_entry(services, session, user)
    entries = [own] if own is not None else []
    accounts = {user.id}
    if own is not None and user.role is Role.COORD_DEP:
        principal = senders.by_id(session, own.deputy_for)
        if principal is not None and principal.region == user.region:
            entries.append(principal)
            accounts |= _account_of(services, session, principal, user.region)
    sender_ids = frozenset(entry.id for entry in entries)
    return _Reach(frozenset(accounts), sender_ids, _cases_of(session, sender_ids, user.region))


def _register_entry(
    services: "Services", session: "Session", user: "SignedInUser"
) -> senders.RegisteredSender | None:
    """Return the current register entry of a user's own address in their own region, or None."""
    account = users.by_id(session, user.id)
    if account is None:
        return None
    email = address_of(services, session, account)
    hashed = services.keyring.lookup(session, "sender", email)
    entry = senders.by_address_hash(session, hashed)
    is_usable = (
        entry is not None
        and senders.is_current(entry, services.now())
        and entry.region == user.region
    )
    return entry if is_usable else None


def _account_of(
    services: "Services",
    session: "Session",
    entry: senders.RegisteredSender,
    region: str | None,
) -> set[str]:
    """Return the id of the account that has an entry's address and region; empty for none."""
    system = services.keyring.system(session)
    address = unseal(system, place("registered_senders", "address", entry.id), entry.address)
    hashed = services.keyring.lookup(session, "email", address)
    account = users.by_email_hash(session, hashed)
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
