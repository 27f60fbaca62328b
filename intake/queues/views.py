"""Show queues: what pages and commands see of their items, as frozen values."""

from dataclasses import dataclass
from datetime import datetime

from storage.submissions.queue_items import Queue


@dataclass(frozen=True)
class QueueSummary:
    """One queue: how much is open, and the nearest clock, None when nothing is."""

    queue: Queue
    open_items: int
    due_at: datetime | None


@dataclass(frozen=True)
class QueueRow:
    """One open item of a queue, without anything personal.

    `kind` is `submission` or the code of a task; `document_states` is {state: number}.
    `clock` says which clock `due_at` is: `service`, or the kind of a legal date. `state` is
    the submission's; `language` is None until its documents are read.
    """

    item_id: str
    kind: str
    reference: str
    programme: str
    received_at: datetime
    due_at: datetime
    priority: str
    reason: str
    sender_verdict: str | None
    document_states: dict[str, int]
    claimed_by_id: str | None
    claimed_by: str | None
    clock: str
    state: str
    region: str | None
    language: str | None
