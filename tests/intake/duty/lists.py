"""Put duty lists in force for tests."""

from datetime import date
from typing import Any

from intake.core.services import Services
from storage.base import new_id
from storage.editions import Edition, EditionKind, EditionState, of_thing

WEEK = ["mon", "tue", "wed", "thu", "fri"]
BOTH = ["referrals", "cash"]
TELEPHONE: dict[str, Any] = {
    "who": "Duty officer",
    "number": "+358 40 123 4567",
    "programmes": BOTH,
}


def shift(**changes: Any) -> dict[str, Any]:
    """Return a shift of the working week, warned at a mailbox of the duty."""
    return {
        "mail": "duty@office.example",
        "days": WEEK,
        "from": "08:00",
        "to": "16:00",
        "programmes": BOTH,
    } | changes


def put_in_force(services: Services, *shifts: dict[str, Any], **changes: Any) -> None:
    """Store an approved duty list: the shifts, a telephone, no webhook."""
    content = {"source": "a test", "shifts": list(shifts), "telephones": [TELEPHONE]} | changes
    with services.database.transaction() as session:
        session.add(
            Edition(
                id=new_id(),
                kind=EditionKind.DUTY,
                code="warnings",
                number=len(of_thing(session, EditionKind.DUTY, "warnings")) + 1,
                valid_from=date(2026, 1, 1),
                content=content,
                state=EditionState.APPROVED,
                proposed_at=services.now(),
            )
        )
