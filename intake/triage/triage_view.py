"""Read what the triage page shows beside a submission: suggestions with their reasons, and acts.

Sealed names and values are opened with the submission's key; the caller audits the reading. States
and reasons are codes, for which the portal has the words. Nothing of another programme is read.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake.access import derived
from intake.access.visibility import Level
from intake.arrivals import link_views
from intake.cases import completeness
from intake.cases.cash_decisions import noted_decision
from intake.cases.consent.views import standing_of
from intake.cases.near_dates import Nearness, nearness_of, rule_and_day
from intake.cases.withholding import Withheld, of_submission
from intake.filing import own_case
from intake.filing.flags import MISDIRECTED
from intake.outbox.undo_send import UndoableSend, undoable_sends
from intake.senders import region_cover
from intake.triage.endings.outcomes import Ways, ways_of
from intake.triage.endings.without_paper import WithoutPaper, without_paper_of
from intake.triage.issued_papers import issued_of
from intake.triage.known.reading_views import ExtractedValueView
from intake.triage.seen_cases import seen_cases
from intake.triage.summary import Summary, summarise_submission
from storage.accounts import users
from storage.cases import cases, filing_acts, legal_dates
from storage.cases.filing_acts import FilingActKind
from storage.crypto.sealing import unseal
from storage.documents import document_types, extracted_values, people
from storage.documents.extracted_values import ValueState
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.arrivals.link_views import LinkView
    from intake.cases.cash_decisions import NotedDecision
    from intake.cases.consent.views import ConsentStanding
    from intake.core.services import Services
    from intake.reference_data.checklists import CaseFacts, Completeness
    from intake.senders.region_cover import RegionCover
    from intake.triage.issued_papers import IssuedView
    from storage.cases.filing_acts import FilingAct
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.document_types import DocumentTypeRange
    from storage.documents.extracted_values import ExtractedValue
    from storage.documents.people import Person
    from storage.submissions.submissions import Submission

UNDOABLE = frozenset(
    {FilingActKind.ACCEPTED, FilingActKind.OPENED, FilingActKind.SPLIT, FilingActKind.MERGED}
)


@dataclass(frozen=True)
class TypeRangeView:
    """The type of some pages: the one that counts, the suggestion with its reasons, who decided.

    When one of the pages is closed to the reader `is_open` is False and both types are empty. A
    document that is closed whole has one such range, of its first page, however many there are.
    """

    document_id: str
    first_page: int
    last_page: int
    document_type: str
    suggested_type: str
    confidence: float
    reasons: tuple[str, ...]
    decided_by: str | None
    is_open: bool = True

    @property
    def is_decided(self) -> bool:
        """Tell whether a person has confirmed or corrected it."""
        return self.decided_by is not None


@dataclass(frozen=True)
class RankedCaseView:
    """A case to which the submission may belong; `score` is from 0 to 1."""

    case_reference: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class FilingActView:
    """One act of filing; `can_be_undone` while no mail was sent because of it."""

    id: str
    act: str
    from_case: str | None
    to_case: str | None
    by: str
    at: datetime
    reasons: tuple[str, ...]
    is_undone: bool
    can_be_undone: bool


@dataclass(frozen=True)
class PersonView:
    """A person whom the submission names; `born` is a partial ISO date or empty."""

    id: str
    name: str
    born: str
    is_confirmed: bool


@dataclass(frozen=True)
class DateView:
    """A legal date; a suggestion while `is_confirmed` is False. It is no clock while it is far."""

    id: str
    kind: str
    day: date
    is_confirmed: bool
    nearness: Nearness = Nearness.SHOWN


@dataclass(frozen=True)
class TriageView:
    """Everything that an officer decides about a submission, with the reasons of suggestions."""

    types: tuple[TypeRangeView, ...]
    extracted_values: tuple[ExtractedValueView, ...]
    ranked_cases: tuple[RankedCaseView, ...]
    acts: tuple[FilingActView, ...]
    people: tuple[PersonView, ...]
    dates: tuple[DateView, ...]
    language: str | None
    is_read: bool
    misdirections: tuple[str, ...]
    missing: "Completeness | None"
    case_facts: "CaseFacts | None"
    cash: "NotedDecision | None"
    papers: "tuple[IssuedView, ...]"
    link: "LinkView | None" = None
    summary: Summary | None = None
    undoable_sends: tuple[UndoableSend, ...] = ()
    cover: "RegionCover | None" = None
    withheld: tuple[Withheld, ...] = ()
    ways: Ways | None = None
    is_alone: bool = False
    is_stopped: bool = False
    closing: WithoutPaper | None = None
    consent: "ConsentStanding | None" = None

    @property
    def misdirection_flags(self) -> tuple[str, ...]:
        """Return the submission's flags that `misdirections` tells in words."""
        return tuple(f"{MISDIRECTED}{code}" for code in self.misdirections)

    def types_of(self, document_id: str) -> tuple[TypeRangeView, ...]:
        """Return the ranges of one document, by page."""
        return tuple(each for each in self.types if each.document_id == document_id)

    def extracted_values_of(self, document_id: str) -> tuple[ExtractedValueView, ...]:
        """Return the values extracted from one document, in their order, without dismissed ones."""
        return tuple(
            each
            for each in self.extracted_values
            if each.document_id == document_id and each.state != ValueState.DISMISSED
        )

    @property
    def open_types(self) -> int:
        """Count the suggested types that the reader could confirm at once."""
        return sum(
            each.is_open and not each.is_decided and each.document_type != "UNK"
            for each in self.types
        )


# What a list shows of each submission: no suggestions.
NOTHING_SUGGESTED = TriageView(
    types=(),
    extracted_values=(),
    ranked_cases=(),
    acts=(),
    people=(),
    dates=(),
    language=None,
    is_read=False,
    misdirections=(),
    missing=None,
    case_facts=None,
    cash=None,
    papers=(),
)


def triage_view(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    visibilities: "dict[str, Visibility]",
    user: "SignedInUser | None",
) -> TriageView:
    """Return what was read and suggested, as far as `user` (None: the service itself) sees it."""
    document_ids = [
        each for each, visibility in visibilities.items() if visibility.level is not Level.NONE
    ]
    types = document_types.of_documents(session, document_ids)
    case = cases.by_id(session, submission.case_id)
    facts = completeness.facts_of(services, session, case) if case is not None else None
    acts = filing_acts.of_submission(session, submission.id)
    ranks = seen_cases(services, session, user, submission, visibilities)
    references = _references(session, acts, [each.case_id for each in ranks])
    deciders = {each.decided_by for each in types} | {act.user_id for act in acts}
    labels = users.labels_of(session, {each for each in deciders if each})
    return TriageView(
        types=tuple(_types(types, labels, visibilities)),
        extracted_values=_extracted_values(session, key, visibilities, document_ids),
        ranked_cases=tuple(
            RankedCaseView(references[each.case_id], each.reasons, each.score)
            for each in ranks
            if each.case_id in references
        ),
        acts=tuple(_act(act, references, labels) for act in acts),
        people=_people(session, key, submission, visibilities),
        dates=_dates(services, session, submission, visibilities),
        language=submission.language,
        is_read=submission.read_at is not None,
        misdirections=_misdirections(submission),
        missing=completeness.completeness_of(services, session, case) if case is not None else None,
        case_facts=facts,
        cash=noted_decision(services, session, submission),
        papers=issued_of(session, submission),
        link=link_views.link_of_submission(services, session, submission, key),
        cover=region_cover.cover_of(services, session, submission.region),
        summary=summarise_submission(services, session, submission, key, facts, visibilities),
        undoable_sends=undoable_sends(services, session, submission),
        withheld=of_submission(services, session, submission),
        ways=ways_of(services, session, submission, key),
        is_alone=own_case.is_alone(session, submission),
        is_stopped=cases.has_person_withdrawn(session, submission.case_id),
        closing=without_paper_of(services, session, submission),
        consent=standing_of(services, session, case) if case is not None else None,
    )


def _references(
    session: "Session", acts: "Iterable[FilingAct]", case_ids: list[str]
) -> dict[str, str]:
    wanted = {act.from_case_id for act in acts} | {act.to_case_id for act in acts} | {*case_ids}
    found = cases.by_ids(session, {case_id for case_id in wanted if case_id is not None})
    return {case_id: case.reference for case_id, case in found.items()}


def _misdirections(submission: "Submission") -> tuple[str, ...]:
    return tuple(
        flag.removeprefix(MISDIRECTED) for flag in submission.flags if flag.startswith(MISDIRECTED)
    )


def _extracted_values(
    session: "Session",
    key: "DataKey",
    visibilities: "dict[str, Visibility]",
    document_ids: list[str],
) -> tuple[ExtractedValueView, ...]:
    return tuple(
        _extracted_value(key, row)
        for row in extracted_values.of_documents(session, document_ids)
        if derived.is_open(visibilities, [row.document_id], row.page)
    )


def _people(
    session: "Session",
    key: "DataKey",
    submission: "Submission",
    visibilities: "dict[str, Visibility]",
) -> tuple[PersonView, ...]:
    rows = people.of_submissions(session, [submission.id])
    seen = derived.open_among(session, visibilities, {row.id: row.document_id for row in rows})
    return tuple(_person(key, row) for row in rows if row.data_key_id == key.id and row.id in seen)


def _dates(
    services: "Services",
    session: "Session",
    submission: "Submission",
    visibilities: "dict[str, Visibility]",
) -> tuple[DateView, ...]:
    rule, today = rule_and_day(services, session, services.now())
    rows = legal_dates.of_submissions(session, [submission.id])
    seen = derived.open_among(session, visibilities, {row.id: row.document_id for row in rows})
    return tuple(
        DateView(
            row.id,
            row.kind,
            row.day,
            row.confirmed_at is not None,
            nearness_of(row.kind, row.day, today, rule),
        )
        for row in rows
        if row.id in seen
    )


def _types(
    rows: "Iterable[DocumentTypeRange]",
    labels: dict[str, str],
    visibilities: "dict[str, Visibility]",
) -> "Iterator[TypeRangeView]":
    """Yield what is seen of ranges; of those of a closed document one that is undecided if any."""
    flagged: dict[str, list[DocumentTypeRange]] = {}
    for row in rows:
        visibility = visibilities[row.document_id]
        if visibility.level is Level.FLAG:
            flagged.setdefault(row.document_id, []).append(row)
        else:
            yield _type_range(row, labels, visibility)
    for document_id, several in flagged.items():
        row = min(several, key=lambda each: each.decided_at is not None)
        seen = _type_range(row, labels, visibilities[document_id])
        yield replace(seen, first_page=1, last_page=1)


def _type_range(
    row: "DocumentTypeRange", labels: dict[str, str], visibility: "Visibility"
) -> TypeRangeView:
    decided_by = labels.get(row.decided_by or "", "") if row.decided_at is not None else None
    is_open = visibility.shows_all(row.first_page, row.last_page)
    return TypeRangeView(
        document_id=row.document_id,
        first_page=row.first_page,
        last_page=row.last_page,
        document_type=row.document_type if is_open else "",
        suggested_type=row.suggested_type if is_open else "",
        confidence=row.confidence if is_open else 0.0,
        # The reasons contain words of the document.
        reasons=tuple(row.reasons) if is_open else (),
        decided_by=decided_by,
        is_open=is_open,
    )


def _extracted_value(key: "DataKey", row: "ExtractedValue") -> ExtractedValueView:
    sealed = unseal(key, place("reading_aids", "value", row.id), row.value)
    said = json.loads(sealed) if sealed else {}
    return ExtractedValueView(
        id=row.id,
        document_id=row.document_id,
        kind=row.kind,
        value=str(said.get("value", "")),
        shown=str(said.get("shown", "")),
        page=row.page,
        is_checked=row.is_checked,
        reasons=tuple(row.reasons),
        state=row.state,
        fact=str(row.place.get("fact", "")),
    )


def _act(act: "FilingAct", references: dict[str, str], labels: dict[str, str]) -> FilingActView:
    is_undone = act.undone_at is not None
    return FilingActView(
        id=act.id,
        act=act.act,
        from_case=references.get(act.from_case_id or ""),
        to_case=references.get(act.to_case_id or ""),
        by=labels.get(act.user_id or "", "") if act.user_id else "system:intake",
        at=act.at,
        reasons=tuple(act.reasons),
        is_undone=is_undone,
        can_be_undone=not is_undone and act.act in UNDOABLE,
    )


def _person(key: "DataKey", row: "Person") -> PersonView:
    return PersonView(
        id=row.id,
        name=unseal(key, place("people", "name", row.id), row.name),
        born=unseal(key, place("people", "born", row.id), row.born),
        is_confirmed=row.confirmed_at is not None,
    )
