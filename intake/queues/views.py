"""Define what pages and commands show of queues and their items."""

from dataclasses import dataclass
from datetime import datetime

from storage.submissions.queue_items import Queue


@dataclass(frozen=True)
class QueueSummary:
    """One queue: the number of open items, and the nearest due time, None when nothing is open."""

    queue: Queue
    open_items: int
    due_at: datetime | None


@dataclass(frozen=True)
class RowLine:
    """Who wrote and what about: the words of strangers, as they are.

    `is_coordinator` tells that the register knows the sender, whose `name` is then left out, and
    `is_call` that an officer noted a call of `name`. Each text may be empty.
    """

    is_coordinator: bool
    is_call: bool
    name: str
    what: str


@dataclass(frozen=True)
class QueueRow:
    """One open item of a queue; times are UTC.

    `kind` is `submission` or the code of a task; `document_states` is {state: number}.
    `clock` says what sets `due_at`: `service`, or `legal_date`. `state` is the
    submission's; `language` is None until its documents are read. `marks` are codes of
    `storage.lists.work_list.MARKS`. `may_take` tells that its reader works in its queue, if they
    take items at all. `line` is None where the reader may not read the submission. `hangs_on_case`
    is the code of the case that the item hangs on, None for an item of the submission itself.
    `asked_by` is the label of who escalated it, None where nobody did. `acts_for` is the label of
    who is away and has it, or its case, and for whom the reader acts; empty where they do not.
    """

    item_id: str
    queue: str
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
    marks: frozenset[str]
    may_take: bool
    line: RowLine | None
    hangs_on_case: str | None = None
    asked_by: str | None = None
    acts_for: str = ""
