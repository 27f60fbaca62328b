"""Find the office's own data in force on a day, and let two people propose and approve it.

What ships with the project (`data`, here and in `intake/core`) is edition 0: in force until the
office approves an edition of its own for that day. A day without any edition has no rule; there
is no default. An approved edition is never changed.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.access.safeguards.four_eyes import TwoPersonAct, require_second
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from intake.core.office_clock import SERVICE_CLOCKS, Office, office_of
from intake.reference_data.duty_people import people_faults
from intake.reference_data.edition_drafts import EditionDraft, EditionInvalid
from intake.reference_data.edition_rules import content_problems
from storage import editions
from storage.audit_acts import Act
from storage.base import new_id
from storage.editions import Edition, EditionKind, EditionState

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

DATA = Path(__file__).parent / "data"
SHIPPED = {
    EditionKind.CHECKLIST: DATA / "checklists.json",
    EditionKind.COUNTRIES: DATA / "countries.json",
    EditionKind.AMOUNTS: DATA / "amounts.json",
    EditionKind.ANSWER: DATA / "answers.json",
    EditionKind.REGIONS: DATA / "regions.json",
    EditionKind.WORDS: DATA / "word_lists.json",
    # None ships: only the office knows who is on duty.
    EditionKind.DUTY: DATA / "duty.json",
    EditionKind.HELPLINE: DATA / "helpline.json",
}
SERVICE = "service"
# Where a transaction keeps the service clocks that it has read.
OFFICES = "offices"
DECIDED = {
    EditionState.APPROVED: Act.EDITION_APPROVED,
    EditionState.REFUSED: Act.EDITION_REFUSED,
}


class Overtaken(Conflict):
    """A newer edition of the same thing was approved for the same days meanwhile."""

    reason = "edition_overtaken"
    public = "A newer edition was approved for these days meanwhile. Refuse this one."


class ProposedMeanwhile(Conflict):
    """Somebody else has proposed the same thing since the form was opened; `edition_id` is theirs.

    `number` is theirs too: a form that names it has seen it.
    """

    reason = "edition_proposed_meanwhile"
    public = "A colleague has proposed a change of the same meanwhile. Nothing was stored yet."

    def __init__(self, edition_id: str, number: int) -> None:
        super().__init__()
        self.edition_id, self.number = edition_id, number


@dataclass(frozen=True)
class InForce:
    """An edition that counts: approved, or shipped with number 0 and an id such as
    `shipped-service-2026-01-01`."""

    id: str
    kind: str
    code: str
    language: str
    number: int
    valid_from: date
    valid_to: date | None
    content: dict[str, Any]  # Any: the kind's own JSON

    @property
    def is_shipped(self) -> bool:
        """Tell whether it ships with the project, so that the office has not approved it."""
        return self.number == 0

    def is_valid_on(self, day: date) -> bool:
        """Tell whether a day lies within its dates."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def in_force(
    session: "Session",
    kind: EditionKind,
    code: str,
    on_day: date,
    *,
    language: str = "",
    known_at: datetime | None = None,
) -> InForce | None:
    """Return what counts on a day: the newest approved, else the shipped, else None: «no rule».

    `known_at` leaves out what was approved later, so that a change made today alters
    nothing that was decided before (requirement 42).
    """
    row = editions.in_force(session, kind, code, on_day, language=language, known_at=known_at)
    if row is not None:
        return _approved(row)
    fitting = (
        each
        for each in shipped(kind)
        if (each.code, each.language) == (code, language) and each.is_valid_on(on_day)
    )
    return max(fitting, key=lambda each: each.valid_from, default=None)


def by_id(session: "Session", edition_id: str) -> InForce | None:
    """Return an approved or shipped edition by its id, None for any other."""
    row = editions.by_id(session, edition_id)
    if row is not None:
        return _approved(row) if row.state == EditionState.APPROVED else None
    every = (each for kind in EditionKind for each in shipped(kind))
    return next((each for each in every if each.id == edition_id), None)


@lru_cache(maxsize=8)
def shipped(kind: EditionKind) -> tuple[InForce, ...]:
    """Return the editions that ship with the project, oldest first."""
    if kind is EditionKind.CLOCKS:
        entries = [_clock_entry(each) for each in _read(SERVICE_CLOCKS)]
    else:
        entries = _read(SHIPPED[kind])
    return tuple(
        InForce(
            id=_shipped_id(entry),
            kind=kind,
            code=entry["code"],
            language=entry.get("language", ""),
            number=0,
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_to=date.fromisoformat(entry["valid_to"]) if entry["valid_to"] else None,
            content=entry["content"],
        )
        for entry in entries
    )


def offices(services: "Services", session: "Session") -> tuple[Office, ...]:
    """Return the service clocks in the order that `office_clock` reads: the newest last.

    They are read once a transaction: a submission asks for them at each of its steps.
    """
    if OFFICES not in session.info:
        session.info[OFFICES] = _offices(services, session)
    known: tuple[Office, ...] = session.info[OFFICES]
    return known


def _offices(services: "Services", session: "Session") -> tuple[Office, ...]:
    approved = [
        office_of(
            {
                **row.content,
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            }
        )
        for row in editions.of_thing(session, EditionKind.CLOCKS, SERVICE)
        if row.state == EditionState.APPROVED
    ]
    return (*services.offices, *approved)


def propose_edition(
    services: "Services",
    user: "SignedInUser",
    draft: EditionDraft,
    *,
    known_number: int | None = None,
) -> str:
    """Store a proposal and return its id.

    `known_number` is that of the newest edition that the form knew of; None asks for none. Raises
    EditionInvalid, also when nothing would change, ProposedMeanwhile, and Conflict when two
    proposals are stored at the same time.
    """
    problems = content_problems(draft.kind, draft.content)
    if problems:
        raise EditionInvalid({"": problems})
    with services.database.transaction() as session:
        _require_people(services, session, draft.kind, draft.content)
        known = editions.of_thing(session, draft.kind, draft.code, draft.language)
        newest = known[-1] if known else None
        if known_number is not None and newest is not None and newest.number > known_number:
            raise ProposedMeanwhile(newest.id, newest.number)
        _require_change(session, draft, known)
        row = Edition(
            id=new_id(),
            kind=draft.kind,
            code=draft.code,
            language=draft.language,
            number=newest.number + 1 if newest is not None else 1,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            content=draft.content,
            state=EditionState.PROPOSED,
            note=draft.note,
            proposed_by=user.id,
            proposed_at=services.now(),
        )
        session.add(row)
        session.flush()
        audit.note(services, session, user, Act.EDITION_PROPOSED, ("edition", row.id), _codes(row))
        return row.id


def approve_edition(services: "Services", user: "SignedInUser", edition_id: str) -> None:
    """Put a proposal in force for its days.

    Raises NotFound, Conflict when it is decided already, Overtaken, FourEyesNeeded when the
    user is not second to who proposed it, and EditionInvalid when today's rules would refuse its
    content.
    """
    with services.database.transaction() as session:
        row = _waiting(session, edition_id)
        require_second(
            session, TwoPersonAct.EDITION, user, [row.proposed_by] if row.proposed_by else []
        )
        problems = content_problems(row.kind, row.content)
        if problems:
            raise EditionInvalid({"": problems})
        _require_people(services, session, row.kind, row.content)
        if _newer_approved(session, row):
            raise Overtaken
        _decide(services, session, user, row, EditionState.APPROVED)


def refuse_edition(services: "Services", user: "SignedInUser", edition_id: str) -> None:
    """Refuse a proposal, one's own as well. Raises NotFound, or Conflict when it is decided."""
    with services.database.transaction() as session:
        row = _waiting(session, edition_id)
        _decide(services, session, user, row, EditionState.REFUSED)


def _require_people(
    services: "Services", session: "Session", kind: str, content: dict[str, Any]
) -> None:  # Any: an edition's JSON, checked before
    """Raise EditionInvalid for a duty list that names nobody, or somebody who cannot act."""
    if kind != EditionKind.DUTY:
        return
    found: dict[str, tuple[str, ...]] = {}
    for each in people_faults(services, session, content):
        found[each.path] = (*found.get(each.path, ()), each.sentence)
    if found:
        raise EditionInvalid(found)


def _require_change(session: "Session", draft: EditionDraft, known: list[Edition]) -> None:
    """Raise EditionInvalid when the same waits already, or is in force as the office approved it.

    What ships may be proposed as it is: nobody has approved it yet.
    """
    counts = editions.in_force(
        session, draft.kind, draft.code, draft.valid_from, language=draft.language
    )
    same = [*(row for row in known if row.state == EditionState.PROPOSED), *filter(None, [counts])]
    for row in same:
        has_same_days = row.valid_to == draft.valid_to and (
            row is counts or row.valid_from == draft.valid_from
        )
        if has_same_days and row.content == draft.content:
            how = "waits already" if row.state == EditionState.PROPOSED else "is in force already"
            raise EditionInvalid(
                {"": (f"This says the same as edition {row.number}, which {how}.",)}
            )


def _waiting(session: "Session", edition_id: str) -> Edition:
    row = editions.locked(session, edition_id)
    if row is None:
        raise NotFound
    if row.state != EditionState.PROPOSED:
        raise Conflict
    return row


def _newer_approved(session: "Session", row: Edition) -> bool:
    """Tell whether a newer edition is approved for some of the same days, where it would count."""
    return any(
        other.number > row.number
        and other.state == EditionState.APPROVED
        and (row.valid_to is None or other.valid_from <= row.valid_to)
        and (other.valid_to is None or row.valid_from <= other.valid_to)
        for other in editions.of_thing(session, row.kind, row.code, row.language)
    )


def _decide(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    row: Edition,
    state: EditionState,
) -> None:
    row.state, row.decided_by, row.decided_at = state, user.id, services.now()
    session.info.pop(OFFICES, None)
    audit.note(services, session, user, DECIDED[state], ("edition", row.id), _codes(row))


def _codes(row: Edition) -> dict[str, str | int]:
    """Return how the audit trail names an edition."""
    return {"kind": row.kind, "code": row.code, "language": row.language, "number": row.number}


def _approved(row: Edition) -> InForce:
    return InForce(
        id=row.id,
        kind=row.kind,
        code=row.code,
        language=row.language,
        number=row.number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        content=row.content,
    )


def _shipped_id(entry: dict[str, Any]) -> str:  # Any: see _read
    # A checklist's id must fit the column of a case, 32 characters, so it has no language.
    language = f"{entry['language']}-" if entry.get("language") else ""
    return f"shipped-{entry['code']}-{language}{entry['valid_from']}"


def _read(path: Path) -> list[dict[str, Any]]:  # Any: shipped JSON, checked by a test
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def _clock_entry(entry: dict[str, Any]) -> dict[str, Any]:  # Any: see _read
    dates = {"valid_from", "valid_to"}
    content = {key: value for key, value in entry.items() if key not in dates}
    return {"code": SERVICE, **{key: entry[key] for key in dates}, "content": content}
