"""Read editions for their pages: what is in force, what waits, and one edition in words.

Editions hold no personal data, so reading one is not audited.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.access.safeguards import four_eyes
from intake.access.safeguards.four_eyes import Step
from intake.core import office_clock
from intake.core.errors import NotFound
from intake.reference_data import editions
from intake.reference_data.answer_template import CLOSING, HELPLINE
from intake.reference_data.duty_people import on_duty_can_be
from intake.reference_data.edition_rules import things_of
from intake.reference_data.prepared_answers import LANGUAGES, PURPOSES
from storage import editions as rows
from storage.accounts import users
from storage.editions import EditionKind, EditionState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.editions import InForce
    from storage.database import Session
    from storage.editions import Edition, EditionHead

Content = dict[str, Any]  # Any: an edition's JSON, checked before it was stored
# The texts that an office needs: those that officers choose, and those that stand in others.
ANSWERS = (*PURPOSES, CLOSING, HELPLINE)


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

    @property
    def waiting(self) -> tuple[EditionRow, ...]:
        """Return the proposals that wait for a second person."""
        return tuple(row for row in self.editions if row.state == EditionState.PROPOSED)


@dataclass(frozen=True)
class KindSummary:
    """One kind of editions: how many codes and languages it has, and how many proposals wait."""

    kind: str
    things: int
    waiting: int


@dataclass(frozen=True)
class EditionView:
    """One edition. `step` is what the reader may do next, None for nothing.

    `before` is the content of the one it takes the place of, `compared_with`; None for none.
    `afterwards` counts when it has ended; None for no rule then, and when it has no end.
    `others` are proposals of the same thing that wait as well.
    """

    row: EditionRow
    content: Content
    before: Content | None
    compared_with: EditionRow | None
    afterwards: EditionRow | None
    others: tuple[EditionRow, ...]
    note: str
    proposed_by: str | None
    proposed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    step: Step | None


@dataclass(frozen=True)
class FormContext:
    """What a form of a proposal is about: what it begins from, and what waits already.

    `content` is that of `begins_from`, empty when there is none. `newest` is the number of the
    newest edition of the thing, decided or not, 0 for none. `on_duty` is {label: words} of the
    accounts that a duty list can name.
    """

    code: str
    language: str
    today: date
    begins_from: EditionRow | None
    content: Content
    waiting: tuple[EditionRow, ...]
    newest: int
    on_duty: "Mapping[str, str]" = field(default_factory=dict)


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
        day = _compared_day(stored, today)
        kind = EditionKind(stored.kind)
        before = editions.in_force(session, kind, stored.code, day, language=stored.language)
        is_in_force = before is not None and before.id == stored.id
        compared = before if before is not None and not is_in_force else None
        known = {name for name in (stored.proposed_by, stored.decided_by) if name}
        labels = users.labels_of(session, known)
        return EditionView(
            row=_row(stored, is_in_force=is_in_force),
            content=stored.content,
            before=compared.content if compared else None,
            compared_with=_from_in_force(compared, is_in_force=True) if compared else None,
            afterwards=_afterwards(session, stored),
            others=tuple(
                _row(row, is_in_force=False)
                for row in rows.of_thing(session, kind, stored.code, stored.language)
                if row.state == EditionState.PROPOSED and row.id != stored.id
            ),
            note=stored.note,
            proposed_by=labels.get(stored.proposed_by or ""),
            proposed_at=stored.proposed_at,
            decided_by=labels.get(stored.decided_by or ""),
            decided_at=stored.decided_at,
            step=_step(session, stored, user),
        )


def open_form(
    services: "Services", kind: str, code: str, language: str, begin_id: str = ""
) -> FormContext:
    """Return what a form of a proposal is about; it begins from what is in force today.

    `begin_id` names another edition of the same thing to begin from. Raises NotFound for an
    unknown kind or edition.
    """
    checked = checked_kind(kind)
    known = things_of(checked)
    code = code or (known[0] if known else "")
    with services.database.reading() as session:
        today = _today(services, session)
        own = rows.of_thing(session, checked, code, language)
        found = editions.in_force(session, checked, code, today, language=language)
        begins = _from_in_force(found, is_in_force=True) if found else None
        content = found.content if found else {}
        if begin_id and begin_id != (found.id if found else ""):
            chosen = next((row for row in own if row.id == begin_id), None)
            if chosen is None:
                raise NotFound
            begins, content = _row(chosen, is_in_force=False), chosen.content
        waiting = [row for row in own if row.state == EditionState.PROPOSED]
        return FormContext(
            code=code,
            language=language,
            today=today,
            begins_from=begins,
            content=content,
            waiting=tuple(_row(row, is_in_force=False) for row in waiting),
            newest=own[-1].number if own else 0,
            on_duty=on_duty_can_be(services, session) if checked is EditionKind.DUTY else {},
        )


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


def _afterwards(session: "Session", stored: "Edition") -> EditionRow | None:
    if stored.valid_to is None:
        return None
    day = stored.valid_to + timedelta(days=1)
    kind = EditionKind(stored.kind)
    found = editions.in_force(session, kind, stored.code, day, language=stored.language)
    return _from_in_force(found, is_in_force=True) if found else None


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
        content=found.content,
        before=None,
        compared_with=None,
        afterwards=None,
        others=(),
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
    shipped = editions.shipped(kind)
    own: dict[tuple[str, str], list[EditionRow]] = {name: [] for name in _names(kind)}
    counting: set[tuple[str, str]] = set()
    for head in rows.heads_of_kind(session, kind):
        name = (head.code, head.language)
        is_approved = head.state == EditionState.APPROVED
        # The newest comes first, so the first that is valid today is the one that counts.
        counts = is_approved and name not in counting and _is_valid(head, today)
        counting |= {name} if counts else set()
        own.setdefault(name, []).append(_row(head, is_in_force=counts))
    for one in sorted(shipped, key=lambda each: each.valid_from, reverse=True):
        name = (one.code, one.language)
        counts = name not in counting and one.is_valid_on(today)
        counting |= {name} if counts else set()
        own.setdefault(name, []).append(_from_in_force(one, is_in_force=counts))
    return tuple(
        EditionSeries(*name, next((row for row in found if row.is_in_force), None), tuple(found))
        for name, found in own.items()
    )


def _names(kind: EditionKind) -> list[tuple[str, str]]:
    """Return (code, language) of what a kind is expected to have, in the order of the page."""
    if kind is EditionKind.ANSWER:
        return [(code, language) for code in ANSWERS for language in LANGUAGES]
    return [(code, "") for code in things_of(kind)]


def _is_valid(head: "EditionHead", day: date) -> bool:
    return head.valid_from <= day and (head.valid_to is None or day <= head.valid_to)


def _today(services: "Services", session: "Session") -> date:
    return office_clock.office_day(editions.offices(services, session), services.now())


def _row(stored: "Edition | EditionHead", *, is_in_force: bool) -> EditionRow:
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
