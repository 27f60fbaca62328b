"""Hold what the jail answers, as the values that the rest of the project works with.

All text here is still what strangers wrote, only shortened and freed of control and format
characters; nothing is to be believed because it came through the jail.
"""

from dataclasses import dataclass
from typing import Literal, get_args

MAX_RECIPIENTS = 50
MAX_RETURNED_IDS = 5
# RFC 3464 §2.3.3; the empty word stands for a notice that does not say.
ACTIONS = frozenset({"", "failed", "delayed", "delivered", "relayed", "expanded"})

MAX_ADDRESS_CHARS = 320
MAX_CLAIMED_FROM_CHARS = 500
MAX_SUBJECT_CHARS = 1000
MAX_MESSAGE_ID_CHARS = 998
MAX_REFERENCES = 100
MAX_TO_ADDRESSES = 50
MAX_TOKEN_CHARS = 127
MAX_NAME_CHARS = 255
MAX_VERDICT_HEADERS = 20
MAX_VERDICT_CHARS = 4096
MAX_BODY_CHARS = 200_000
MAX_PARTS = 500
MAX_PASTED = 100
MAX_DEPTH = 20
MAX_HEADER_BYTES = 256 * 1024

Role = Literal["body", "alternative", "inline", "attachment", "message"]
State = Literal["clean", "active", "locked", "unreadable", "held"]
# Whom a list that sent a message lets write: people, or only its owner (RFC 2369 §3.4); "bulk" says
# nothing of that, and how to leave it. Empty where no list sent it, or nobody can tell.
ListKind = Literal["", "people", "announcements", "bulk"]
ROLES: tuple[Role, ...] = get_args(Role)
STATES: tuple[State, ...] = get_args(State)
LIST_KINDS: tuple[ListKind, ...] = get_args(ListKind)


@dataclass(frozen=True)
class MailFacts:
    """Hold what a message's header says, each field read on its own.

    `from_address` is set only when the header has exactly one From with exactly one mailbox by a
    strict grammar; `from_defects` say why not. `return_path` is "<>" for the null path and None
    when there is none. `list_headers` says that a mailing list or a bulk sender sent the message,
    `list_kind` of what kind it is, `automatic_headers` that an old program for automatic answers
    did. `authentication_results` are the raw unfolded values from the top down; one that is too
    long or not plain ASCII is "".
    """

    from_address: str | None
    from_defects: tuple[str, ...]
    claimed_from: str
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date_header: str
    to_addresses: tuple[str, ...]
    auto_submitted: str
    precedence: str
    list_headers: bool
    list_kind: ListKind
    automatic_headers: bool
    auto_response_suppress: str
    return_path: str | None
    content_type: str
    report_type: str
    importance: str
    authentication_results: tuple[str, ...]
    defects: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Hold one leaf of a message, decoded.

    `path` numbers it as IMAP does ("1", "2.1"); `parent` is the path of the message inside the
    message that it belongs to. `sha256` is computed on the host from `content`.
    """

    path: str
    parent: str | None
    role: Role
    claimed_name: str
    claimed_type: str
    content_id: str
    size: int
    sha256: str
    content: bytes
    defects: tuple[str, ...]


@dataclass(frozen=True)
class OpenedMail:
    """Hold one opened message; `flags` are sorted codes, each a reason for a person to look.

    `pasted_sizes` are the bytes of each different picture that is written into its own text.

    `parts` is empty when a limit was passed: the flags then hold `too_deep`, `too_many_parts` or
    `header_too_large`, and only the facts are known.
    """

    facts: MailFacts
    parts: tuple[Part, ...]
    flags: tuple[str, ...]
    body_text: str
    pasted_sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """Hold what the parsers say about one document.

    `state` is one of clean, active, locked, unreadable and held; clean means only that nothing
    wrong was found here, for the malware scan is elsewhere. `reason` is a code, empty when clean.
    `page_count` is None when the format has no pages or they cannot be counted.
    """

    detected_type: str
    state: State
    reason: str
    findings: tuple[str, ...]
    page_count: int | None


@dataclass(frozen=True)
class ReportedRecipient:
    """Hold what a report says of one recipient.

    `original` is the address that was written to, `final` the one that the last server knew; either
    may be empty, and both are in lower case. `status` is as in RFC 3463 ("5.1.1"), empty when the
    report names none.
    """

    original: str
    final: str
    action: str
    status: str


@dataclass(frozen=True)
class DeliveryReport:
    """Hold one report: its recipients, and the Message-IDs of the messages that it gives back."""

    recipients: tuple[ReportedRecipient, ...]
    returned_ids: tuple[str, ...]
