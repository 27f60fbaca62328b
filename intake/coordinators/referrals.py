"""List a coordinator's referrals, and show what became of a draft that they sent.

The list holds what `access.coordinator_reach` lets them see: reference, status word, number of
items, times, and what is still missing. A note, a suggestion, a document type or anything about
the person is never in it (requirement 55).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.access.coordinator_reach import visible_to
from intake.cases import completeness
from intake.cases.consent import hold, known
from intake.coordinators import status as referral_status
from intake.coordinators.status import UNCONFIRMED, Status
from intake.coordinators.waiting import NOTHING, WaitingThere, waiting_of
from intake.core import audit, submission_facts
from intake.core.errors import KeyUnavailable
from intake.outbox.mail_texts import MailTexts
from intake.reference_data import promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions import submissions
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import Channel, Outcome, Priority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.checklists import ChecklistItem
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

LISTED = Act.REFERRALS_LISTED
# Looking again within this time is the same look: one audit row.
ONE_LOOK = timedelta(minutes=5)


@dataclass(frozen=True)
class Arrival:
    """One submission. `item_count` is None until its items were counted.

    `due_at` (UTC) is until when a person confirms it, None when nothing is to be confirmed.
    `is_kept` tells that it waits in a stopped case, so that nothing is confirmed for now, and
    `is_held` that it waits for a consent; with `awaits_consent` for one of which the coordinator
    said that it is still to be asked for.
    `ended` is how it ended without a case, so that nothing is ever confirmed.
    """

    reference: str
    status: Status
    item_count: int | None
    received_at: datetime
    due_at: datetime | None = None
    is_kept: bool = False
    is_held: bool = False
    awaits_consent: bool = False
    ended: Outcome | None = None


@dataclass(frozen=True)
class Referral:
    """A referral with its additions; the code of the first submission names it.

    Each of them was promised a confirmation of its own. `missing` holds the checklist's own words.
    `own_code` is what the coordinator calls it themselves, empty without one; `waiting` is what
    they have not opened yet.
    """

    first: Arrival
    additions: tuple[Arrival, ...]
    status: Status
    missing: "tuple[ChecklistItem, ...]" = ()
    is_question: bool = False
    own_code: str = ""
    waiting: WaitingThere = NOTHING

    @property
    def reference(self) -> str:
        """Return the code under which the coordinator knows it."""
        return self.first.reference

    @property
    def due_at(self) -> datetime | None:
        """Return until when (UTC) a person confirms the referral itself, None when one has."""
        return self.first.due_at

    @property
    def is_kept(self) -> bool:
        """Tell whether the referral itself waits in a stopped case."""
        return self.first.is_kept


@dataclass(frozen=True)
class SentView:
    """What a sent draft became, for the page after sending.

    `due_at` is until when it is confirmed, None when nothing is; `is_kept`, `awaits_consent` and
    `ended` say why, as of an `Arrival`. `is_mailed` tells whether `receipt` leaves.
    """

    reference: str
    kind: str
    item_count: int
    received_at: datetime
    due_at: datetime | None
    receipt: str
    is_mailed: bool = True
    is_emergency: bool = False
    is_kept: bool = False
    awaits_consent: bool = False
    ended: Outcome | None = None


def list_referrals(services: "Services", user: "SignedInUser") -> tuple[Referral, ...]:
    """Return all referrals that a user may see: what waits for them first, then the newest.

    The reading is audited.
    """
    with services.database.reading() as session:
        visible = visible_to(services, session, user)
        known = cases.by_ids(session, {one.case_id for one in visible if one.case_id is not None})
        waiting = waiting_of(services, session, user, visible)
        found = [
            referral_of(services, session, known.get(arrived[0].case_id or ""), arrived, waiting)
            for arrived in _by_referral(visible)
        ]
    _audit_look(services, user, len(found))
    return tuple(sorted(found, key=lambda each: not each.waiting.is_anything))


def list_waiting(services: "Services", user: "SignedInUser") -> tuple[Referral, ...]:
    """Return the referrals in which something waits for a user to open it.

    The first page shows of these only the codes, so this is no reading that is audited.
    """
    with services.database.reading() as session:
        visible = visible_to(services, session, user)
        waiting = waiting_of(services, session, user, visible)
        known = cases.by_ids(session, {one.case_id for one in visible if one.case_id is not None})
        return tuple(
            referral_of(services, session, known.get(arrived[0].case_id or ""), arrived, waiting)
            for arrived in _by_referral(visible)
            if any(each.id in waiting for each in arrived)
        )


def arrived_with(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> "list[Submission]":
    """Return all submissions of the referral that a visible one belongs to, the oldest first."""
    visible = visible_to(services, session, user)
    return next(
        arrived
        for arrived in _by_referral(visible)
        if any(each.id == submission.id for each in arrived)
    )


def read_sent(
    services: "Services", texts: MailTexts, opened: "OpenedToRead[Draft]"
) -> SentView | None:
    """Return what a user's draft became, None while it is open. Raises NotFound."""
    with services.database.reading() as session:
        draft = opened.row(services, session)
        submission = submissions.by_id(session, draft.submission_id or "")
        if submission is None:
            return None
        promise = promises.open_promise(services, session, submission)
        stands = arrival_of(services, session, submission)
        text = texts.receipt(
            reference=submission.reference,
            item_count=submission.item_count,
            received_at=submission.received_at,
            confirm_by=promise,
            link=services.settings.link_to_referral(submission.reference),
        )
        return SentView(
            reference=submission.reference,
            kind=DraftKind(draft.kind),
            item_count=submission.item_count or 0,
            received_at=submission.received_at,
            due_at=stands.due_at,
            receipt=text,
            is_mailed=outbox.leaves(session, submission.id, MailKind.RECEIPT),
            is_emergency=submission.priority == Priority.EMERGENCY,
            is_kept=stands.is_kept or (stands.is_held and not stands.awaits_consent),
            awaits_consent=stands.awaits_consent,
            ended=stands.ended,
        )


def _by_referral(visible: "list[Submission]") -> "list[list[Submission]]":
    """Group submissions by their case, the oldest of each first; each unfiled one is a group."""
    referrals: dict[str, list[Submission]] = {}
    for submission in visible:
        referrals.setdefault(submission.case_id or submission.id, []).append(submission)
    return [list(reversed(arrived)) for arrived in referrals.values()]


def referral_of(
    services: "Services",
    session: "Session",
    case: "Case | None",
    arrived: "list[Submission]",
    waiting: "Mapping[str, WaitingThere]",
) -> Referral:
    """Return a referral by its submissions, the oldest first, and what waits about each."""
    arrivals = [arrival_of(services, session, submission) for submission in arrived]
    is_missing = case is not None and case.missing_since_at is not None
    status = arrivals[0].status
    if case is not None:
        status = referral_status.of_case(case.state, is_missing=is_missing, first=status)
    missing: tuple[ChecklistItem, ...] = ()
    if case is not None and status is Status.NEED_MORE:
        looked = completeness.completeness_of(services, session, case)
        missing = looked.missing if looked is not None else ()
    waits = [waiting.get(each.id, NOTHING) for each in arrived]
    return Referral(
        first=arrivals[0],
        additions=tuple(arrivals[1:]),
        status=status,
        missing=missing,
        is_question=_is_question(session, arrived[0]),
        own_code=_own_code(services, session, arrived),
        waiting=WaitingThere(
            sum(each.messages for each in waits),
            sum(each.confirmations for each in waits),
            sum(each.files for each in waits),
        ),
    )


def _own_code(services: "Services", session: "Session", arrived: "list[Submission]") -> str:
    """Return the first code of their own that a coordinator gave in a referral, or nothing."""
    for submission in arrived:
        if submission.channel != Channel.UPLOAD:
            continue
        try:
            key = services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            continue
        form = submission_facts.of_form(submission, key).form
        if form is not None and form.own_code:
            return form.own_code
    return ""


def _is_question(session: "Session", submission: "Submission") -> bool:
    """Tell whether a submission was sent as a question without a person, by its draft's kind."""
    channel, _mark, draft_id = submission.identity.partition(":")
    draft = session.get(Draft, draft_id) if channel == Channel.UPLOAD else None
    return draft is not None and draft.kind == DraftKind.CONSULTATION


def arrival_of(services: "Services", session: "Session", submission: "Submission") -> Arrival:
    """Return one submission as its coordinator sees it, with what they are promised now."""
    status = referral_status.of_submission(
        submission.state, is_duplicate=submission.duplicate_of is not None
    )
    is_waiting = submission.duplicate_of is None and status in UNCONFIRMED
    promise = promises.open_promise(services, session, submission) if is_waiting else None
    is_held = promise is not None and hold.is_held(session, submission)
    is_kept = is_waiting and promise is None
    if is_held:
        # Nothing can be signed meanwhile. Why is told only to who said it (requirement 111).
        promise = None
    return Arrival(
        submission.reference,
        status,
        submission.item_count,
        submission.received_at,
        promise.at if promise is not None else None,
        is_kept=is_kept,
        is_held=is_held,
        awaits_consent=is_held and known.is_to_be_asked_for(services, session, submission),
        ended=referral_status.ended(submission),
    )


def _audit_look(services: "Services", user: "SignedInUser", count: int) -> None:
    now, subject = services.now(), ("account", user.id)
    with services.database.reading() as session:
        last = audit_trail.last_at(session, user.actor, (LISTED,), subject)
    if last is not None and last > now - ONE_LOOK:
        return
    with services.database.transaction() as session:
        audit.note(services, session, user, LISTED, subject, {"count": count}, at=now)
