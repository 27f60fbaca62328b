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
from intake.coordinators import status as referral_status
from intake.coordinators.status import UNCONFIRMED, Status
from intake.core import audit
from intake.outbox.mail_texts import MailTexts
from intake.reference_data import promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions import submissions
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import Channel

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
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
    `is_kept` tells that it waits in a stopped case, so that nothing is confirmed for now.
    """

    reference: str
    status: Status
    item_count: int | None
    received_at: datetime
    due_at: datetime | None = None
    is_kept: bool = False


@dataclass(frozen=True)
class Referral:
    """A referral with its additions; the code of the first submission names it.

    Each of them was promised a confirmation of its own. `missing` holds the checklist's own words
    in English.
    """

    first: Arrival
    additions: tuple[Arrival, ...]
    status: Status
    missing: tuple[str, ...] = ()
    is_question: bool = False

    @property
    def reference(self) -> str:
        """Return the code under which the coordinator knows it."""
        return self.first.reference

    @property
    def due_at(self) -> datetime | None:
        """Return until when (UTC) a person confirms the referral itself, None when one has."""
        return self.first.due_at


@dataclass(frozen=True)
class SentView:
    """What a sent draft became, for the page after sending.

    `due_at` is None where nothing is confirmed for now; `is_mailed` tells whether `receipt` leaves.
    """

    reference: str
    kind: str
    item_count: int
    received_at: datetime
    due_at: datetime | None
    receipt: str
    is_mailed: bool = True


def list_referrals(services: "Services", user: "SignedInUser") -> tuple[Referral, ...]:
    """Return all referrals that a user may see, the newest first; the reading is audited."""
    with services.database.reading() as session:
        visible = visible_to(services, session, user)
        case_ids = {one.case_id for one in visible if one.case_id is not None}
        known = cases.by_ids(session, case_ids)
        found = tuple(
            _referral(services, session, known.get(arrived[0].case_id or ""), arrived)
            for arrived in _by_referral(visible)
        )
    _audit_look(services, user, len(found))
    return found


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
        text = texts.receipt(
            reference=submission.reference,
            item_count=submission.item_count,
            received_at=submission.received_at,
            confirm_by=promise,
            link=f"{services.settings.public_url}/sign-in",
        )
        return SentView(
            reference=submission.reference,
            kind=DraftKind(draft.kind),
            item_count=submission.item_count or 0,
            received_at=submission.received_at,
            due_at=promise.at if promise is not None else None,
            receipt=text,
            is_mailed=outbox.leaves(session, submission.id, MailKind.RECEIPT),
        )


def _by_referral(visible: "list[Submission]") -> "list[list[Submission]]":
    """Group submissions by their case, the oldest of each first; each unfiled one is a group."""
    referrals: dict[str, list[Submission]] = {}
    for submission in visible:
        referrals.setdefault(submission.case_id or submission.id, []).append(submission)
    return [list(reversed(arrived)) for arrived in referrals.values()]


def _referral(
    services: "Services", session: "Session", case: "Case | None", arrived: "list[Submission]"
) -> Referral:
    arrivals = [_arrival(services, session, submission) for submission in arrived]
    is_missing = case is not None and case.missing_since_at is not None
    status = arrivals[0].status
    if case is not None:
        status = referral_status.of_case(case.state, is_missing=is_missing, first=status)
    missing: tuple[str, ...] = ()
    if case is not None and status is Status.NEED_MORE:
        looked = completeness.completeness_of(services, session, case)
        missing = tuple(item.wording_en for item in looked.missing) if looked is not None else ()
    return Referral(
        first=arrivals[0],
        additions=tuple(arrivals[1:]),
        status=status,
        missing=missing,
        is_question=_is_question(session, arrived[0]),
    )


def _is_question(session: "Session", submission: "Submission") -> bool:
    """Tell whether a submission was sent as a question without a person, by its draft's kind."""
    channel, _mark, draft_id = submission.identity.partition(":")
    draft = session.get(Draft, draft_id) if channel == Channel.UPLOAD else None
    return draft is not None and draft.kind == DraftKind.CONSULTATION


def _arrival(services: "Services", session: "Session", submission: "Submission") -> Arrival:
    status = referral_status.of_submission(
        submission.state, is_duplicate=submission.duplicate_of is not None
    )
    is_waiting = submission.duplicate_of is None and status in UNCONFIRMED
    promise = promises.open_promise(services, session, submission) if is_waiting else None
    return Arrival(
        submission.reference,
        status,
        submission.item_count,
        submission.received_at,
        promise.at if promise is not None else None,
        is_kept=is_waiting and promise is None,
    )


def _audit_look(services: "Services", user: "SignedInUser", count: int) -> None:
    now, subject = services.now(), ("account", user.id)
    with services.database.reading() as session:
        last = audit_trail.last_at(session, user.actor, (LISTED,), subject)
    if last is not None and last > now - ONE_LOOK:
        return
    with services.database.transaction() as session:
        audit.note(services, session, user, LISTED, subject, {"count": count}, at=now)
