"""Say what a role does in which programme: read it, own its cases, count it, list it.

These are tables by role alone. What a user may read of one submission or case is asked in
`rights`, which also knows what is assigned to them.
"""

from typing import TYPE_CHECKING

from storage.accounts.users import Role
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

READERS: dict[Role, tuple[str, ...]] = {
    Role.INTAKE: (Programme.REFERRALS,),
    Role.CASEW: (Programme.REFERRALS,),
    Role.CASH: (Programme.CASH,),
    Role.PROT: (Programme.REFERRALS, Programme.CASH),
    Role.MGR: (Programme.REFERRALS, Programme.CASH),
}
# Protection officers and managers read both programmes and own nothing (requirement 114).
OWNERS: dict[str, tuple[Role, ...]] = {
    Programme.REFERRALS: (Role.INTAKE, Role.CASEW),
    Programme.CASH: (Role.CASH,),
}
# The roles that do what stands in the queue of protection, in each programme that they read, and
# nothing of another queue.
PROTECTORS = frozenset({Role.PROT})
# Aggregates need no right to read content.
COUNTERS: dict[Role, tuple[Programme, ...]] = {
    Role.MGR: (Programme.REFERRALS, Programme.CASH),
    Role.DPO: (Programme.REFERRALS, Programme.CASH),
    Role.INTAKE: (Programme.REFERRALS,),
    Role.CASH: (Programme.CASH,),
}
# The roles that decide whether somebody else may take a programme's list.
LIST_DECIDERS = frozenset({Role.MGR, Role.DPO})
# The roles that answer a request to act for a life without a consent.
OVERRIDE_DECIDERS = frozenset({Role.PROT, Role.MGR})


def read_by(user: "SignedInUser") -> tuple[str, ...]:
    """Return the programmes whose content a user may read (requirement 114).

    Helpline operators read no decisions and have no queue yet; administrators, auditors and
    data-protection officers see no content.
    """
    return READERS.get(user.role, ())


def owners_of(programme: str) -> list[str]:
    """Return the roles that own cases of a programme and have items of its queues."""
    return [role.value for role in OWNERS[programme]]


def owned_by(user: "SignedInUser") -> tuple[str, ...]:
    """Return the programmes of which a user can own cases."""
    return tuple(each for each, roles in OWNERS.items() if user.role in roles)


def takes_items(user: "SignedInUser") -> bool:
    """Tell whether items of any queue can be assigned to a user."""
    return bool(owned_by(user)) or user.role in PROTECTORS


def owners_beside(user: "SignedInUser") -> list[str]:
    """Return the roles that own cases and have items in any programme that a user reads."""
    return sorted({role for programme in read_by(user) for role in owners_of(programme)})


def holders_of(queue: str, programme: str) -> list[str]:
    """Return the roles to which items of a queue can be assigned."""
    if queue == Queue.PROTECTION:
        return sorted(role.value for role in PROTECTORS)
    return owners_of(programme)


def holders_beside(user: "SignedInUser") -> list[str]:
    """Return the roles to which a user can assign items of any queue in which they act."""
    if user.role in PROTECTORS:
        return sorted(role.value for role in PROTECTORS)
    return owners_beside(user)


def works_in(user: "SignedInUser", queue: str) -> bool:
    """Tell whether a queue is one that a user's role works off; others may read it."""
    return (user.role in PROTECTORS) == (queue == Queue.PROTECTION)


def reads_notes_in(user: "SignedInUser", queue: str) -> bool:
    """Tell whether somebody who reads a submission reads what was noted about a queue's tasks."""
    return queue != Queue.PROTECTION or works_in(user, queue)


def is_told_as_manager(user: "SignedInUser") -> bool:
    """Tell whether a late item is told to a user as to a manager, and not as to a deputy."""
    return user.role is Role.MGR


def counted_for(role: Role) -> tuple[Programme, ...]:
    """Return the programmes whose statistics a role sees."""
    return COUNTERS.get(role, ())


def may_ask_for_list(user: "SignedInUser", programme: str) -> bool:
    """Tell whether a user may ask for a programme's list: they see its statistics."""
    return programme in counted_for(user.role)


def may_see_list(user: "SignedInUser", programme: str, asked_by: str) -> bool:
    """Tell whether a user sees that a list was asked for: they asked for it, or may decide."""
    is_own = asked_by == user.id
    return may_ask_for_list(user, programme) and (is_own or user.role in LIST_DECIDERS)


def may_take_list(user: "SignedInUser", programme: str, asked_by: str) -> bool:
    """Tell whether a list, once approved, is a user's to take: only who asked for it takes it."""
    return may_ask_for_list(user, programme) and asked_by == user.id


def may_decide_list(user: "SignedInUser", programme: str) -> bool:
    """Tell whether a user's role decides about lists of a programme, their own excepted."""
    return may_ask_for_list(user, programme) and user.role in LIST_DECIDERS


def answers_overrides(user: "SignedInUser") -> bool:
    """Tell whether a user's role answers requests to act without a consent, or ends what is so."""
    return user.role in OVERRIDE_DECIDERS
