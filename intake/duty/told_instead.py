"""Find whom to tell by mail when what was to be told reached nobody whose work it is.

For one who is away whoever acts for them is told, at their own address.
"""

from typing import TYPE_CHECKING

from intake.accounts.accounts import address_of
from intake.accounts.people import cover
from intake.queues.colleagues import colleagues_of
from storage.accounts import users
from storage.accounts.users import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from intake.queues.colleagues import Colleague
    from storage.database import Session


def managers(services: "Services", session: "Session") -> list[str]:
    """Return the addresses of the managers, each once."""
    rows = users.able(session, [Role.MGR], services.now())
    return addresses_of(services, session, colleagues_of(services, session, rows))


def addresses_of(
    services: "Services", session: "Session", named: "Iterable[Colleague]"
) -> list[str]:
    """Return where some colleagues are told, each address once."""
    found: dict[str, None] = {}
    for each in named:
        acts_id = cover.who_acts_for(services, session, each.id, services.now()).acts_id
        account = users.by_id(session, acts_id) if acts_id is not None else None
        if account is not None:
            found[address_of(services, session, account).lower()] = None
    return list(found)
