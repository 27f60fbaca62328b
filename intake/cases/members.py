"""Decide which coordinators belong to a case, by the register's entry of their own address.

The account alone proves nothing: its address must have a current entry in the register, in the
account's region, and that entry, or the one whose deputy it is, must belong to the case now.
"""

from typing import TYPE_CHECKING

from intake.accounts.accounts import address_of
from intake.accounts.roles import REGIONAL_ROLES
from storage.accounts import users
from storage.accounts.users import Role
from storage.cases import cases, participants
from storage.mail import senders
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.mail.senders import RegisteredSender


def may_write(services: "Services", session: "Session", user: "SignedInUser", case: "Case") -> bool:
    """Tell whether a coordinator may read and write messages of a case, as of now."""
    if user.role not in REGIONAL_ROLES or case.programme != Programme.REFERRALS:
        return False
    # Without this check a case without a region would be open to accounts without a region.
    if case.region is None or case.region != user.region:
        return False
    return bool(_own_entries(services, session, user) & members(session, case))


def members(session: "Session", case: "Case") -> frozenset[str]:
    """Return the ids of register entries that belong to a case or to cases merged into it."""
    found = participants.of_cases(session, cases.merged_into(session, case.id))
    return frozenset[str]().union(*found.values())


def is_own_message(
    services: "Services", session: "Session", user: "SignedInUser", author_id: str
) -> bool:
    """Tell whether a coordinator, their principal or their deputy wrote a message."""
    if author_id == user.id:
        return True
    entry = _entry_of(services, session, author_id)
    if entry is None or entry.region != user.region:
        return False
    own = _entry_of(services, session, user.id)
    is_deputy = own is not None and entry.deputy_for == own.id
    return is_deputy or entry.id in _own_entries(services, session, user)


def _own_entries(services: "Services", session: "Session", user: "SignedInUser") -> frozenset[str]:
    """Return the ids of a user's own current entry and of the one whose deputy they are."""
    own = _entry_of(services, session, user.id)
    is_usable = (
        own is not None and senders.is_current(own, services.now()) and own.region == user.region
    )
    if own is None or not is_usable:
        return frozenset()
    found = {own.id}
    if user.role is Role.COORD_DEP:
        principal = senders.by_id(session, own.deputy_for)
        if principal is not None and principal.region == user.region:
            found.add(principal.id)
    return frozenset(found)


def _entry_of(
    services: "Services", session: "Session", account_id: str
) -> "RegisteredSender | None":
    """Return the register's entry of an account's address, also one that ended, or None."""
    account = users.by_id(session, account_id)
    if account is None:
        return None
    email = address_of(services, session, account)
    return senders.by_address_hash(session, services.keyring.lookup(session, "sender", email))
