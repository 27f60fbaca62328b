"""Find who is in charge of a region now, and whom to call when nobody is.

A region without an active coordinator or deputy is vacant. Then a person calls its fallback, which
two people of the office set (requirements 54 and 101). Nothing of a case goes to another
region by itself, because regions are kept apart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.core import office_clock
from intake.core.regions import REGIONS
from intake.reference_data import editions
from storage.accounts import users
from storage.crypto.sealing import unseal
from storage.editions import EditionKind
from storage.mail import senders
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.mail.senders import RegisteredSender

FALLBACKS = "fallbacks"
# So long officers are told that a number to call back on is new.
NUMBER_IS_NEW_FOR = timedelta(days=30)
USER = "user:"


@dataclass(frozen=True)
class RegionalContact:
    """A coordinator or deputy whom officers may call; `name` and `phone` may be empty.

    `phone_set_at` says that the number was set within `NUMBER_IS_NEW_FOR`, and `phone_set_by`
    who set it, as a label, empty for a command. One person alone can set it: a caller who relies
    on it is told.
    """

    name: str
    phone: str
    is_deputy: bool
    phone_set_at: datetime | None = None
    phone_set_by: str = ""


@dataclass(frozen=True)
class RegionCover:
    """Who is in charge of a region.

    For a vacant region `fallback` is the first region of its chain that is not vacant, and
    `standing_in` who is in charge there; both are empty when no fallback is set or all are
    vacant. `contact` is the national contact's line, shown when the region is vacant.
    """

    region: str
    people: tuple[RegionalContact, ...]
    fallback: str = ""
    standing_in: tuple[RegionalContact, ...] = ()
    contact: str = ""

    @property
    def is_vacant(self) -> bool:
        """Tell whether nobody in the register is in charge of it now."""
        return not self.people

    @property
    def has_only_deputies(self) -> bool:
        """Tell whether it has deputies and no coordinator."""
        return bool(self.people) and all(person.is_deputy for person in self.people)


def cover_of(services: "Services", session: "Session", region: str | None) -> RegionCover | None:
    """Return who is in charge of a region, None for no region of ours."""
    if region not in REGIONS:
        return None
    return _cover(services, session, region, _rules(services, session))


def every_cover(services: "Services") -> tuple[RegionCover, ...]:
    """Return who is in charge of each region, in the order of `REGIONS`."""
    with services.database.reading() as session:
        rules = _rules(services, session)
        return tuple(_cover(services, session, region, rules) for region in REGIONS)


def contact_of(
    services: "Services", session: "Session", sender_id: str | None
) -> RegionalContact | None:
    """Return whom to call about a sender of the register, None for an entry that does not count."""
    row = senders.by_id(session, sender_id)
    if row is None or not senders.is_current(row, services.now()):
        return None
    return _contacts(services, session, [row])[0]


def is_vacant(services: "Services", session: "Session", region: str | None) -> bool:
    """Tell whether nobody is in charge of a region of ours."""
    return region in REGIONS and not _active(services, session, region)


def _rules(services: "Services", session: "Session") -> dict[str, Any]:  # Any: an edition's JSON
    today = office_clock.office_day(services.offices, services.now())
    found = editions.in_force(session, EditionKind.REGIONS, FALLBACKS, today)
    return found.content if found is not None else {}


def _cover(
    services: "Services", session: "Session", region: str, rules: dict[str, Any]
) -> RegionCover:
    people = _people(services, session, region)
    if people:
        return RegionCover(region, people)
    chain: dict[str, str] = rules.get("fallbacks", {})
    seen, next_region = {region}, chain.get(region, "")
    while next_region and next_region not in seen:
        standing_in = _people(services, session, next_region)
        if standing_in:
            break
        seen.add(next_region)
        next_region = chain.get(next_region, "")
    else:
        next_region, standing_in = "", ()
    return RegionCover(region, (), next_region, standing_in, str(rules.get("contact", "")))


def _people(services: "Services", session: "Session", region: str) -> tuple[RegionalContact, ...]:
    """Return who is in charge of a region, coordinators before their deputies."""
    found = _contacts(services, session, _active(services, session, region))
    return tuple(sorted(found, key=lambda person: (person.is_deputy, person.name)))


def _contacts(
    services: "Services", session: "Session", rows: "list[RegisteredSender]"
) -> list[RegionalContact]:
    key = services.keyring.system(session)
    new = {row.id: row for row in rows if _has_new_number(row, services.now())}
    setters = {(row.phone_set_by or "").removeprefix(USER) for row in new.values()}
    labels = users.labels_of(session, setters)
    return [
        RegionalContact(
            name=unseal(key, place("registered_senders", "name", row.id), row.name),
            phone=unseal(key, place("registered_senders", "phone", row.id), row.phone),
            is_deputy=row.deputy_for is not None,
            phone_set_at=row.phone_set_at if row.id in new else None,
            phone_set_by=labels.get((row.phone_set_by or "").removeprefix(USER), ""),
        )
        for row in rows
    ]


def _has_new_number(row: "RegisteredSender", now: datetime) -> bool:
    return row.phone_set_at is not None and row.phone_set_at > now - NUMBER_IS_NEW_FOR


def _active(
    services: "Services", session: "Session", region: str | None
) -> "list[RegisteredSender]":
    rows = senders.of_region(session, region or "")
    return [row for row in rows if senders.is_current(row, services.now())]
