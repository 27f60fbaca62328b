"""Say which accounts a duty list can name, and refuse one that names somebody who cannot act.

A list names accounts by their label, which no other account has. Who is named and leaves later is
told of on the health page, and by a task when a clock runs.
"""

from typing import TYPE_CHECKING, Any

from intake.access import programmes
from intake.reference_data.edition_forms.fields import Fault
from storage.accounts import users
from storage.accounts.users import Role
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intake.core.services import Services
    from storage.database import Session

NOBODY = "It names nobody. Add who is warned, or a webhook."
# Warnings say that somebody's case is in danger of being late, so an address alone gets none.
NO_ACCOUNT = "Who is warned: choose an account for every shift. An address can stand beside it."
CANNOT_ACT = "is no account of an officer or a manager that can act now. Choose one of the list."


def on_duty_can_be(services: "Services", session: "Session") -> dict[str, str]:
    """Return {label: its words, with the person's name} of the accounts that a list can name."""
    return {
        row.label: f"{row.label} ({row.name})" if row.name else row.label
        for row in _able(services, session)
    }


def who_cannot_act(
    services: "Services", session: "Session", named: "Iterable[str]"
) -> tuple[str, ...]:
    """Return what a list names that is no account which can act now, each once."""
    labels = {row.label for row in _able(services, session)}
    return tuple(dict.fromkeys(each for each in named if each and each not in labels))


def people_faults(
    services: "Services", session: "Session", content: dict[str, Any]
) -> "Iterator[Fault]":  # Any: an edition's JSON, checked before
    """Yield why a list cannot be in force, though it is written as it should be."""
    if not content.get("shifts") and not content.get("webhook"):
        yield Fault("shifts", NOBODY)
    named = [row.get("account", "") for row in content.get("shifts", [])]
    unable = set(who_cannot_act(services, session, named))
    for place, name in enumerate(named):
        if not name:
            yield Fault(f"shifts.{place}.account", NO_ACCOUNT)
        elif name in unable:
            yield Fault(f"shifts.{place}.account", f"«{name[:60]}» {CANNOT_ACT}")


def _able(services: "Services", session: "Session") -> "list[users.User]":
    roles = {role for programme in Programme for role in programmes.owners_of(programme)}
    return users.able(session, sorted({*roles, Role.MGR.value}), services.now())
