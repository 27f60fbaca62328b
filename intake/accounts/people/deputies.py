"""Say who may be whose deputy, and choose one.

A deputy works on what was given to somebody else, so theirs is a role that does the same work.
Two people may be each other's deputies: only while both are away does nobody act for them.
"""

from typing import TYPE_CHECKING

from storage.accounts import users
from storage.accounts.users import Role, User

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Session

# Whoever sends or reads for a region has a deputy in the register of senders.
WITHOUT_DEPUTY = frozenset({Role.COORD, Role.COORD_DEP})
# Both do the work of referrals; a caseworker reads only what comes to them.
FITTING: dict[Role, frozenset[Role]] = {
    Role.INTAKE: frozenset({Role.INTAKE, Role.CASEW}),
    Role.CASEW: frozenset({Role.INTAKE, Role.CASEW}),
}


def fitting_roles(role: Role) -> frozenset[Role]:
    """Return the roles of which a deputy of a role may be; empty for coordinators."""
    if role in WITHOUT_DEPUTY:
        return frozenset()
    return FITTING.get(role, frozenset({role}))


def fits(deputy: User, absent: User) -> bool:
    """Tell whether an account has a role, and an office of the same region, to act for another."""
    is_fitting = Role(deputy.role) in fitting_roles(Role(absent.role))
    return is_fitting and deputy.id != absent.id and deputy.region == absent.region


def possible(session: "Session", account: User, now: "datetime") -> list[User]:
    """Return who may be chosen as an account's deputy now, by label."""
    roles = sorted(role.value for role in fitting_roles(Role(account.role)))
    return [each for each in users.able(session, roles, now) if fits(each, account)]
