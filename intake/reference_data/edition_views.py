"""Read editions for their pages: what is in force, what waits, and one edition in words.

Editions hold no personal data, so reading one is not audited.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intake.access.safeguards import four_eyes
from intake.access.safeguards.four_eyes import Step
from intake.core import office_clock
from intake.core.errors import NotFound
from intake.reference_data import editions
from intake.reference_data.edition_rules import things_of
from intake.reference_data.edition_text import LineDifference, changes, lines
from storage import editions as rows
from storage.accounts import users
from storage.editions import EditionKind, EditionState

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.editions import InForce
    from storage.database import Session
    from storage.editions import Edition


@dataclass(frozen=True)
class EditionRow:
    """One edition in a list; number 0 is the one that ships with the project."""

    id: str
    kind: str
    code: str
    language: str
    number: int
    valid_from: date
    valid_to: date | None
    state: str
    is_in_force: bool


@dataclass(frozen=True)
class EditionSeries:
    """All editions of one code and language, newest first; `in_force` None means «no rule»."""

    code: str
    language: str
    in_force: EditionRow | None
    editions: tuple[EditionRow, ...]


@dataclass(frozen=True)
class KindSummary:
    """One kind of editions: how many codes and languages it has, and how many proposals wait."""

    kind: str
    things: int
    waiting: int


@dataclass(frozen=True)
class EditionView:
    """One edition in words. `step` is what the reader may do next, None for nothing."""

    row: EditionRow
    lines: tuple[str, ...]
    changes: tuple[LineDifference, ...]
    compared_with: EditionRow | None
    note: str
    proposed_by: str | None
    proposed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    step: Step | None


@dataclass(frozen=True)
class Start:
    """The values with which the form of a proposal opens; days as ISO 8601, content as JSON."""

    code: str
    language: str
    valid_from: str
    valid_to: str
    content: str
    note: str = ""


def list_kinds(services: "Services") -> tuple[KindSummary, ...]:
    """Return a summary of every kind."""
    with services.database.reading() as session:
        waiting = [row.kind for row in rows.waiting(session)]
        return tuple(
            KindSummary(kind, len(_things(services, session, kind)), waiting.count(kind))
            for kind in EditionKind
        )


def list_proposals(services: "Services") -> tuple[EditionRow, ...]:
    """Return the proposals that wait for the second person, oldest first."""
    with services.database.reading() as session:
        return tuple(_row(row, is_in_force=False) for row in rows.waiting(session))


def list_things(services: "Services", kind: str) -> tuple[EditionSeries, ...]:
    """Return the editions of a kind by code and language. Raises NotFound for an unknown kind."""
    with services.database.reading() as session:
        return _things(services, session, checked_kind(kind))


def read_edition(services: "Services", user: "SignedInUser", edition_id: str) -> EditionView:
    """Return one edition in words, with what it changes. Raises NotFound."""
    with services.database.reading() as session:
        stored = rows.by_id(session, edition_id)
        if stored is None:
            return _shipped_view(services, session, edition_id)
        today = _today(services, session)
        before = editions.in_force(
            session,
            EditionKind(stored.kind),
            stored.code,
            _compared_day(stored, today),
            language=stored.language,
        )
        is_in_force = before is not None and before.id == stored.id
        compared = before if before is not None and not is_in_force else None
        known = {name for name in (stored.proposed_by, stored.decided_by) if name}
        labels = users.labels_of(session, known)
        return EditionView(
            row=_row(stored, is_in_force=is_in_force),
            lines=tuple(lines(stored.kind, stored.content).values()),
            changes=()
            if is_in_force
            else changes(stored.kind, compared.content if compared else None, stored.content),
            compared_with=_from_in_force(compared, is_in_force=True) if compared else None,
            note=stored.note,
            proposed_by=labels.get(stored.proposed_by or ""),
            proposed_at=stored.proposed_at,
            decided_by=labels.get(stored.decided_by or ""),
            decided_at=stored.decided_at,
            step=_step(session, stored, user),
        )


def start_proposal(services: "Services", kind: str, code: str, language: str) -> Start:
    """Return the values with which the form opens: those in force today.

    Without a rule in force the content is empty. Raises NotFound for an unknown kind.
    """
    checked = checked_kind(kind)
    known = things_of(checked)
    code = code or (known[0] if known else "")
    with services.database.reading() as session:
        today = _today(services, session)
        found = editions.in_force(session, checked, code, today, language=language)
    content = json.dumps(found.content, ensure_ascii=False, indent=2) if found else "{}"
    return Start(code, language, today.isoformat(), "", content)


def checked_kind(kind: str) -> EditionKind:
    """Return a kind by its code. Raises NotFound."""
    try:
        return EditionKind(kind)
    except ValueError as error:
        raise NotFound from error


def _compared_day(stored: "Edition", today: date) -> date:
    """Return the day for which an edition is compared with the one in force."""
    is_over = stored.valid_to is not None and stored.valid_to < today
    return stored.valid_from if is_over else max(stored.valid_from, today)


def _step(session: "Session", stored: "Edition", user: "SignedInUser") -> Step | None:
    if stored.state != EditionState.PROPOSED:
        return None
    first = stored.proposed_by
    is_second = first is not None and not four_eyes.not_second(session, user.id, {first})
    return Step.DO if is_second else Step.WAIT


def _shipped_view(services: "Services", session: "Session", edition_id: str) -> EditionView:
    found = editions.by_id(session, edition_id)
    if found is None:
        raise NotFound
    counts = editions.in_force(
        session,
        EditionKind(found.kind),
        found.code,
        _today(services, session),
        language=found.language,
    )
    return EditionView(
        row=_from_in_force(found, is_in_force=counts is not None and counts.id == found.id),
        lines=tuple(lines(found.kind, found.content).values()),
        changes=(),
        compared_with=None,
        note="",
        proposed_by=None,
        proposed_at=None,
        decided_by=None,
        decided_at=None,
        step=None,
    )


def _things(
    services: "Services", session: "Session", kind: EditionKind
) -> tuple[EditionSeries, ...]:
    today = _today(services, session)
    stored = rows.of_kind(session, kind)
    shipped = editions.shipped(kind)
    names = {(code, "") for code in things_of(kind)}
    names |= {(one.code, one.language) for one in stored}
    names |= {(one.code, one.language) for one in shipped}
    found = []
    for code, language in sorted(names):
        counts = editions.in_force(session, kind, code, today, language=language)
        counted = counts.id if counts is not None else ""
        own = [
            _row(one, is_in_force=one.id == counted)
            for one in stored
            if (one.code, one.language) == (code, language)
        ]
        own += [
            _from_in_force(one, is_in_force=one.id == counted)
            for one in reversed(shipped)
            if (one.code, one.language) == (code, language)
        ]
        active = next((row for row in own if row.is_in_force), None)
        found.append(EditionSeries(code, language, active, tuple(own)))
    return tuple(found)


def _today(services: "Services", session: "Session") -> date:
    return office_clock.office_day(editions.offices(services, session), services.now())


def _row(stored: "Edition", *, is_in_force: bool) -> EditionRow:
    return EditionRow(
        id=stored.id,
        kind=stored.kind,
        code=stored.code,
        language=stored.language,
        number=stored.number,
        valid_from=stored.valid_from,
        valid_to=stored.valid_to,
        state=stored.state,
        is_in_force=is_in_force,
    )


def _from_in_force(found: "InForce", *, is_in_force: bool) -> EditionRow:
    values: dict[str, Any] = {  # Any: the same fields of another value
        name: getattr(found, name)
        for name in ("id", "kind", "code", "language", "number", "valid_from", "valid_to")
    }
    return EditionRow(**values, state=EditionState.APPROVED, is_in_force=is_in_force)
