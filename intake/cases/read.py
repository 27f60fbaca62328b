"""Read a case for an officer: all that came, who it is about, what is missing, who owns it.

Sealed columns are opened, so each reading is an audit event and needs a write transaction. The
result holds the office's notes and must not reach a coordinator.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.access import closings, coordinator_reach, derived, edit_conflicts, rights
from intake.access.visibility import Level
from intake.accounts.register_entries import account_of_entry
from intake.cases import completeness, consents, hand_over, withholding
from intake.cases.consent.views import standing_of
from intake.cases.near_dates import nearness_of, rule_and_day
from intake.cases.timeline import timeline
from intake.cases.views import (
    CaseDate,
    CaseEnding,
    CasePerson,
    CaseView,
    FiledView,
    ParticipantView,
    TypedDocument,
    Waiting,
)
from intake.core import audit
from intake.core.sealed_texts import SealedTexts
from intake.queues.colleagues import Colleague
from intake.reference_data import promises
from intake.senders import region_cover
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import cases, filing_acts
from storage.documents import document_types, documents, safe_copies
from storage.documents.documents import DocumentState
from storage.lists import work_subjects
from storage.mail import senders
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from intake.access.opened import OpenedToRead
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.documents.document_types import DocumentTypeRange
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

VIEWED = Act.CASE_VIEWED


def standing_reference(services: "Services", opened: "OpenedToRead[Case]") -> str:
    """Return the code of the case that the asked one led to, merges followed. Raises NotFound."""
    with services.database.reading() as session:
        return opened.row(services, session).reference


def read_case(services: "Services", opened: "OpenedToRead[Case]") -> CaseView:
    """Open a case, merged ones followed, and record that it was read. Raises NotFound."""
    with services.database.transaction() as session:
        case = opened.row(services, session)
        view = _view(services, session, opened.user, case)
        audit.note(services, session, opened.user, VIEWED, ("case", case.id))
        return view


def _view(services: "Services", session: "Session", user: "SignedInUser", case: "Case") -> CaseView:
    version = edit_conflicts.version_now(session)
    filed = completeness.submissions_of(session, case)
    sealed = SealedTexts(services, session)
    able = hand_over.able_owners(services, session, case)
    merged = cases.by_ids(session, set(cases.merged_into(session, case.id)) - {case.id})
    return CaseView(
        reference=case.reference,
        programme=case.programme,
        region=case.region,
        state=case.state,
        opened_at=case.opened_at,
        owner=_owner(session, case),
        needs_owner=hand_over.needs_owner(session, case, able),
        colleagues=able,
        filed=tuple(_filed(session, each) for each in filed),
        documents=tuple(
            sorted(
                _documents(services, session, user, sealed, filed),
                key=lambda document: (document.is_closed, document.document_type),
            )
        ),
        people=tuple(_people(services, session, user, sealed, filed)),
        dates=tuple(_dates(services, session, user, filed)),
        waiting=tuple(sorted(_waiting(session, case, filed), key=lambda item: item.due_at)),
        missing=completeness.as_known(user, completeness.completeness_of(services, session, case)),
        facts=completeness.facts_of(services, session, case),
        participants=tuple(_participants(services, session, case)),
        cover=region_cover.cover_of(services, session, case.region),
        events=timeline(services, session, case, filed),
        merged=tuple(sorted(row.reference for row in merged.values())),
        version=version,
        may_act=rights.acts_on_case(services, session, user, case),
        next_reminder_at=_announced(services, session, case),
        withheld=withholding.of_case(services, session, case),
        consents=consents.of_case(services, session, case),
        consent=standing_of(services, session, case),
        ending=_ending(session, case, filed),
    )


def _announced(services: "Services", session: "Session", case: "Case") -> "datetime | None":
    """Return when the coordinator is reminded; None where no reminder would be written."""
    is_wanted = completeness.next_reminder(services, session, case) is not None
    return case.next_reminder_at if is_wanted else None


def _ending(session: "Session", case: "Case", filed: "list[Submission]") -> CaseEnding:
    taken = submissions.by_ids(session, set(filing_acts.taken_out(session, case.id)))
    ended = [
        each
        for each in (*filed, *taken.values())
        if each.outcome is not None and each.case_id in {None, case.id}
    ]
    closed = audit_trail.newest_acts(
        session, ("case", case.id), [Act.CASE_CLOSED], by=edit_conflicts.PERSON
    )
    is_over = case.state in cases.OVER
    return CaseEnding(
        is_over=is_over,
        is_without_submission=bool(cases.ended_throughout(session, [case.id])),
        ended=tuple(_filed(session, each) for each in ended),
        can_be_opened=is_over and bool(closed),
    )


def _owner(session: "Session", case: "Case") -> Colleague | None:
    if case.owner_id is None:
        return None
    label = users.labels_of(session, {case.owner_id}).get(case.owner_id, "")
    return Colleague(case.owner_id, label)


def _filed(session: "Session", submission: "Submission") -> FiledView:
    is_waiting = submission.state == SubmissionState.QUEUED
    promise = promises.standing_promise(session, submission) if is_waiting else None
    return FiledView(
        reference=submission.reference,
        channel=submission.channel,
        state=submission.state,
        priority=submission.priority,
        received_at=submission.received_at,
        item_count=submission.item_count,
        sender_verdict=submission.sender_verdict,
        is_duplicate=submission.duplicate_of is not None,
        promised_at=promise.at if promise is not None else None,
        outcome=submission.outcome,
    )


def _documents(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    sealed: SealedTexts,
    filed: "list[Submission]",
) -> "Iterator[TypedDocument]":
    for submission in filed:
        everything = documents.of_submission(session, submission.id)
        relationship = rights.relationship_to(services, session, user, submission)
        visibilities = rights.visibilities(session, relationship, everything)
        rows = [
            row
            for row in everything
            # The submission's page shows the message body; here it is no document of the case.
            if not closings.is_body_row(row)
            and row.state != DocumentState.IGNORED
            and visibilities[row.id].level is not Level.NONE
        ]
        ranges: dict[str, list[DocumentTypeRange]] = {}
        for known in document_types.of_documents(session, [row.id for row in rows]):
            ranges.setdefault(known.document_id, []).append(known)
        pictured = {
            copy.document_id
            for copy in safe_copies.of_documents(session, [row.id for row in rows]).values()
            if copy.thumbnail_blob_id is not None and visibilities[copy.document_id].shows(1)
        }
        for row in rows:
            name: str | None = ""
            visibility = visibilities[row.id]
            if visibility.is_whole:
                named = (submission.data_key_id, "documents", "name", row.id, row.name)
                name = sealed.text(*named)
            typed: list[DocumentTypeRange | None] = [*ranges.get(row.id, ())]
            if visibility.level is Level.FLAG:
                # How many types a closed document holds, and on which pages, is closed with it.
                typed = sorted(typed, key=lambda each: each is not None and bool(each.decided_at))
                del typed[1:]
            for each in typed or [None]:
                shown = _typed(submission.reference, row, name, each, visibility)
                yield replace(shown, has_picture=row.id in pictured)


def _typed(
    reference: str,
    row: "Document",
    name: str | None,
    typed: "DocumentTypeRange | None",
    visibility: "Visibility",
) -> TypedDocument:
    is_closed = not (
        visibility.shows_all(typed.first_page, typed.last_page)
        if typed is not None
        else visibility.shows(1)
    )
    has_pages = typed is not None and visibility.level is not Level.FLAG
    return TypedDocument(
        id=row.id,
        reference=reference,
        name=name,
        document_type=_type_of(row, typed) if not is_closed else "",
        first_page=typed.first_page if typed is not None and has_pages else None,
        last_page=typed.last_page if typed is not None and has_pages else None,
        is_confirmed=typed is not None and typed.decided_at is not None,
        state=row.state,
        is_closed=is_closed,
        closed=tuple(sorted(visibility.closed)) if is_closed else (),
    )


def _type_of(row: "Document", typed: "DocumentTypeRange | None") -> str:
    return typed.document_type if typed is not None else row.document_type


def _people(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    sealed: SealedTexts,
    filed: "list[Submission]",
) -> "Iterator[CasePerson]":
    """Yield each person once, however many submissions name them; confirmed ones first."""
    codes = {submission.id: submission.reference for submission in filed}
    found: dict[tuple[str | None, str], list[tuple[bool, str]]] = {}
    for row in derived.open_people(services, session, user, filed):
        name = sealed.text(row.data_key_id, "people", "name", row.id, row.name)
        born = sealed.text(row.data_key_id, "people", "born", row.id, row.born) or ""
        named = (row.confirmed_at is not None, codes[row.submission_id])
        found.setdefault((name, born), []).append(named)
    listed = [
        CasePerson(
            name=name,
            born=born,
            is_confirmed=any(is_confirmed for is_confirmed, _ in named),
            references=tuple(dict.fromkeys(code for _, code in named)),
        )
        for (name, born), named in found.items()
    ]
    return iter(sorted(listed, key=lambda person: not person.is_confirmed))


def _dates(
    services: "Services", session: "Session", user: "SignedInUser", filed: "list[Submission]"
) -> "Iterator[CaseDate]":
    """Yield each date once, the nearest first; one confirmation counts for all documents."""
    codes = {submission.id: submission.reference for submission in filed}
    rows = derived.open_days(services, session, user, filed)
    rule, today = rule_and_day(services, session, services.now())
    confirmed = {(row.kind, row.day) for row in rows if row.confirmed_at is not None}
    seen = set()
    for row in rows:
        known = (row.kind, row.day)
        if known not in seen:
            seen.add(known)
            yield CaseDate(
                row.kind,
                row.day,
                known in confirmed,
                codes[row.submission_id],
                nearness_of(row.kind, row.day, today, rule),
            )


def _waiting(session: "Session", case: "Case", filed: "list[Submission]") -> "Iterator[Waiting]":
    """Yield what waits: what hangs on the case, by its newest submission, and on each of them."""
    own = {each.id: queue_items.of_submission(session, each.id) for each in filed}
    page = filed[0].reference if filed else case.reference
    waiting = [(page, item) for item in work_subjects.of_case(session, case.id)]
    waiting += [(each.reference, item) for each in filed for item in own[each.id]]
    for reference, item in waiting:
        if item.closed_at is None:
            labels = users.labels_of(session, {item.claimed_by} if item.claimed_by else set())
            yield Waiting(
                reference=reference,
                queue=item.queue,
                kind=item.kind,
                reason=item.reason,
                due_at=item.due_at,
                claimed_by=labels.get(item.claimed_by or ""),
            )


def _participants(
    services: "Services", session: "Session", case: "Case"
) -> "Iterator[ParticipantView]":
    """Yield the coordinators of the case by the labels of their accounts, never by address."""
    for sender_id in sorted(coordinator_reach.entries_of_case(session, case)):
        entry = senders.by_id(session, sender_id)
        if entry is None:
            continue
        account = account_of_entry(services, session, entry)
        yield ParticipantView(
            label=account.label if account is not None else "",
            region=entry.region,
            is_current=senders.is_current(entry, services.now()),
            is_deputy=entry.deputy_for is not None,
        )
