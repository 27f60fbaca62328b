"""Define what the page of a case shows.

States and reasons are codes, for which the portal has the words. A text that is None was erased
with its key.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.cases.near_dates import Nearness
from intake.queues.colleagues import Colleague

if TYPE_CHECKING:
    from intake.cases.consent.views import ConsentStanding
    from intake.cases.consents import ConsentView
    from intake.cases.withholding import Withheld
    from intake.reference_data.checklists import CaseFacts, Completeness
    from intake.senders.region_cover import RegionCover


class EventKind(StrEnum):
    """The kinds of events in the timeline of a case."""

    ARRIVAL = "arrival"
    MAIL = "mail"
    CONFIRMATION = "confirmation"
    TO_COORDINATOR = "to_coordinator"
    KEPT_BACK = "kept_back"
    FROM_COORDINATOR = "from_coordinator"
    NOTE = "note"
    FILING = "filing"
    HAND_OVER = "hand_over"


MESSAGES = frozenset(
    {EventKind.TO_COORDINATOR, EventKind.KEPT_BACK, EventKind.FROM_COORDINATOR, EventKind.NOTE}
)


@dataclass(frozen=True)
class Event:
    """One thing that happened in a case.

    `by` is the label of who did it, empty for the service itself. `reference` names a submission,
    and for an act of filing `state` names the case that it led to. `code` is the channel, the
    kind of mail or signed paper, the act, or the reason of a hand-over. Otherwise `state` is that
    of the submission or the mail, or the label of the new owner. `id` is a signed paper's or a
    message's.
    """

    at: datetime
    kind: EventKind
    by: str = ""
    reference: str = ""
    code: str = ""
    state: str = ""
    reasons: tuple[str, ...] = ()
    text: str | None = ""
    id: str = ""
    read_at: datetime | None = None
    item_count: int | None = None

    @property
    def is_unread(self) -> bool:
        """Tell whether it is a coordinator's message that the office has not read."""
        return self.kind is EventKind.FROM_COORDINATOR and self.read_at is None


@dataclass(frozen=True)
class FiledView:
    """One submission of the case."""

    reference: str
    channel: str
    state: str
    priority: str
    received_at: datetime
    item_count: int | None
    sender_verdict: str | None
    is_duplicate: bool
    # Until when a person was promised to confirm it (UTC); None when that is done, or was not said.
    promised_at: datetime | None = None
    # How it ended without a case, None for what goes on or was confirmed.
    outcome: str | None = None


@dataclass(frozen=True)
class CaseEnding:
    """Whether a case is over, or nothing that came in for it goes on.

    `ended` is what ended, the newest first: still filed in it, or taken out when the case ended
    with it. A person closed the case if it `can_be_opened` again.
    """

    is_over: bool = False
    is_without_submission: bool = False
    ended: tuple[FiledView, ...] = ()
    can_be_opened: bool = False


@dataclass(frozen=True)
class TypedDocument:
    """Some pages of a document with their type; `name` is untrusted text.

    The name is empty when any page is closed to the reader; `is_closed` tells that one of these is,
    `closed` by which compartments, and then the type is empty.
    """

    id: str
    reference: str
    name: str | None
    document_type: str
    first_page: int | None
    last_page: int | None
    is_confirmed: bool
    state: str
    is_closed: bool = False
    closed: tuple[str, ...] = ()
    # There is a small picture of its first page, which the reader may see.
    has_picture: bool = False


@dataclass(frozen=True)
class CasePerson:
    """A person whom submissions of the case name; `born` is a partial ISO date or empty."""

    name: str | None
    born: str
    is_confirmed: bool
    references: tuple[str, ...]


@dataclass(frozen=True)
class CaseDate:
    """A legal date; a suggestion while `is_confirmed` is False. It is no clock while it is far."""

    kind: str
    day: date
    is_confirmed: bool
    reference: str
    nearness: Nearness = Nearness.SHOWN


@dataclass(frozen=True)
class Waiting:
    """One open queue item of the case."""

    reference: str
    queue: str
    kind: str
    reason: str
    due_at: datetime
    claimed_by: str | None


@dataclass(frozen=True)
class ParticipantView:
    """A coordinator of the case; `label` is that of their account, empty when they have none."""

    label: str
    region: str
    is_current: bool
    is_deputy: bool


@dataclass(frozen=True)
class CaseView:
    """A case as its officers see it; `events` are newest first, `dates` nearest first.

    The account of `owner` may have ended; `needs_owner` tells that nobody who can act owns a
    confirmed case. `colleagues` may own it. `merged` are the codes of cases merged into it.
    The forms of its page carry `version` (`intake.access.edit_conflicts`).
    """

    reference: str
    programme: str
    region: str | None
    state: str
    opened_at: datetime
    owner: Colleague | None
    needs_owner: bool
    colleagues: tuple[Colleague, ...]
    filed: tuple[FiledView, ...]
    documents: tuple[TypedDocument, ...]
    people: tuple[CasePerson, ...]
    dates: tuple[CaseDate, ...]
    waiting: tuple[Waiting, ...]
    missing: "Completeness | None"
    facts: "CaseFacts"
    participants: tuple[ParticipantView, ...]
    cover: "RegionCover | None"
    events: tuple[Event, ...]
    merged: tuple[str, ...]
    version: int = 0
    # False when the reader opened it with a reason.
    may_act: bool = True
    next_reminder_at: datetime | None = None
    withheld: "tuple[Withheld, ...]" = ()
    consent: "ConsentStanding | None" = None
    consents: "tuple[ConsentView, ...]" = ()
    ending: CaseEnding = CaseEnding()

    @property
    def unread(self) -> int:
        """Count the coordinator's messages that nobody of the office has read."""
        return sum(event.is_unread for event in self.events)

    @property
    def files(self) -> tuple[TypedDocument, ...]:
        """Return each document once, as its first pages are typed, in their order."""
        first: dict[str, TypedDocument] = {}
        for document in self.documents:
            first.setdefault(document.id, document)
        return tuple(first.values())

    @property
    def unanswered(self) -> "Event | None":
        """Return the office's last message that no message of the coordinator has followed."""
        spoken = (
            event
            for event in self.events
            if event.kind in {EventKind.TO_COORDINATOR, EventKind.FROM_COORDINATOR}
        )
        last = next(spoken, None)
        return last if last is not None and last.kind is EventKind.TO_COORDINATOR else None

    @property
    def types(self) -> tuple[str, ...]:
        """Return the types of the documents, each once, in their order."""
        return tuple(dict.fromkeys(document.document_type for document in self.documents))

    def of_type(self, document_type: str) -> tuple[TypedDocument, ...]:
        """Return the documents of one type."""
        return tuple(
            document for document in self.documents if document.document_type == document_type
        )
