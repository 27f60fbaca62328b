"""Ask first when work would be given to somebody who is away, and name who acts for them."""

from typing import TYPE_CHECKING

from intake.accounts.people import cover
from intake.accounts.people.absence_views import Choice, named
from intake.core.errors import IntakeError
from storage.accounts import users

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session


class AssigneeAway(IntakeError):
    """Work would be given to somebody who is away; nothing was changed.

    `deputy` acts for them now, None for nobody: then it is better left in the queue of all.
    """

    reason = "assignee_away"
    public = "They are away. Nothing was changed."
    status = 409

    def __init__(self, to: Choice, deputy: Choice | None) -> None:
        super().__init__()
        self.to, self.deputy = to, deputy


def refuse_if_away(
    services: "Services", session: "Session", user_id: str, *, even_if_away: bool
) -> None:
    """Raise AssigneeAway for an account that is away, unless the giver knows and wants it so.

    Somebody who left is refused by the lists of who is able, not here.
    """
    if even_if_away:
        return
    acting = cover.who_acts_for(services, session, user_id, services.now())
    to = users.by_id(session, user_id)
    if to is None or acting.until is None:
        return
    deputy = users.by_id(session, acting.acts_id) if acting.acts_id else None
    raise AssigneeAway(
        named(services, session, to),
        named(services, session, deputy) if deputy is not None else None,
    )
