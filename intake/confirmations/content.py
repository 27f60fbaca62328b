"""Define the content of a signed paper, and its canonical bytes.

The canonical bytes are sealed and signed: equal contents have equal bytes. Names of files are
untrusted text; they are made visible here once, so that a paper shows what was checked.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from intake.documents.views import CopyStanding
from storage.audit_chain import Anchor
from storage.cases.confirmations import PaperKind
from storage.documents.documents import DocumentState

# 1 had no anchor. Papers keep the bytes that were signed, so that older ones can be checked.
FORMAT = 2
SHOWN_INSTEAD = "\ufffd"
MAX_NAME_CHARS = 255
# Persian and Sorani need these joiners, and they do not change the direction of text.
JOINERS = "\u200c\u200d"
NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class FileOutcome(StrEnum):
    """What became of a file, as a paper says it."""

    RECEIVED = "received"  # R1 says no more of any file
    READABLE = "readable"
    OPENING = "opening"
    NO_COPY = "no_copy"
    LOCKED = "locked"
    DAMAGED = "damaged"
    EMPTY = "empty"
    HELD = "held"
    UNSAFE = "unsafe"
    REFUSED = "refused"
    UNPACKED = "unpacked"  # a container whose files are listed one by one


OUTCOMES = {
    DocumentState.STORED: FileOutcome.HELD,
    DocumentState.HELD: FileOutcome.HELD,
    DocumentState.INFECTED: FileOutcome.UNSAFE,
    DocumentState.LOCKED: FileOutcome.LOCKED,
    DocumentState.UNREADABLE: FileOutcome.DAMAGED,
    DocumentState.REJECTED: FileOutcome.REFUSED,
    DocumentState.IGNORED: FileOutcome.UNPACKED,
}
# A file that passed inspection counts as readable once there is a copy to read.
OUTCOMES_OF_SHOWN = {
    CopyStanding.READY: FileOutcome.READABLE,
    CopyStanding.NONE: FileOutcome.READABLE,
    CopyStanding.BEING_MADE: FileOutcome.OPENING,
    CopyStanding.FAILED: FileOutcome.NO_COPY,
}


@dataclass(frozen=True)
class Sentence:
    """One sentence in both languages."""

    en: str
    sv: str


@dataclass(frozen=True)
class PaperFile:
    """One file. `name` is visible text; `kind` names its type, None until a person
    confirmed one; it is called so in stored papers, whose hash covers the name.

    `size` is in bytes. It is None, and `sha256` empty, only where a paper is shown to somebody to
    whom the file is closed.
    """

    name: str
    size: int | None
    sha256: str
    pages: int | None
    kind: Sentence | None
    outcome: FileOutcome


@dataclass(frozen=True)
class ChecklistResult:
    """The result of comparing the case with one version of a checklist.

    Neither complete nor anything missing means that the check is not finished.
    """

    version: str
    missing: tuple[Sentence, ...]
    is_complete: bool


@dataclass(frozen=True)
class NotedDate:
    """A legal date that a person confirmed; `kind` is a code of storage.cases.legal_dates."""

    kind: str
    day: date


@dataclass(frozen=True)
class Promise:
    """What only R2 says: the officer in charge and the next step.


    `officer` and `deputy` are named as `accounts.people.names.contact` does it; `direct_line`,
    `deputy` and `remark` may be empty. `role` is a code of storage.accounts.users.
    """

    officer: str
    role: str
    deputy: str
    next_step: str
    next_step_on: date | None
    remark: str
    direct_line: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole receipt or confirmation. `received_at` is aware; only R1 has `confirm_by`.

    `checked` is None when the case was not compared with a checklist.
    """

    kind: PaperKind
    number: int
    reference: str
    received_at: datetime
    issued_on: date
    channel: str
    files: tuple[PaperFile, ...]
    checked: ChecklistResult | None = None
    dates: tuple[NotedDate, ...] = ()
    promise: Promise | None = None
    confirm_by: datetime | None = None

    @property
    def counted(self) -> tuple[tuple[int, PaperFile], ...]:
        """Return the files with their numbers, without unpacked containers."""
        numbered = enumerate(self.files, start=1)
        return tuple((n, file) for n, file in numbered if file.outcome is not FileOutcome.UNPACKED)

    @property
    def excepted(self) -> tuple[tuple[int, PaperFile], ...]:
        """Return the counted files that are not readable, with their numbers."""
        return tuple((n, f) for n, f in self.counted if f.outcome is not FileOutcome.READABLE)


def outcome_of(state: str, copy: CopyStanding, size: int) -> FileOutcome:
    """Return what became of a document of `size` bytes, by its state and its safe copy's."""
    known = DocumentState(state)
    if known is DocumentState.UNREADABLE and not size:
        return FileOutcome.EMPTY
    return OUTCOMES[known] if known in OUTCOMES else OUTCOMES_OF_SHOWN[copy]


def canonical(paper: Paper, anchor: Anchor | None = None) -> bytes:
    """Return a paper's canonical bytes: JSON in UTF-8, sorted keys, no blanks, ISO 8601 dates.

    `anchor` is the end of the audit trail when the paper is signed; None while it is only shown.
    """
    told = asdict(anchor) if anchor is not None else None
    content = {"format": FORMAT, "audit": told, **asdict(paper)}
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def anchor_of(content: bytes) -> tuple[int, str] | None:
    """Return number and hash of the audit event that canonical bytes name, None in format 1."""
    told = json.loads(content).get("audit")
    return (told["number"], told["hash"]) if told else None


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of canonical bytes: 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def visible(claimed_name: str) -> str:
    """Return an untrusted file name with every invisible character shown as U+FFFD.


    >>> visible("faktura\u202efdp.exe")
    'faktura\ufffdfdp.exe'
    """
    shown = "".join(map(_visible, unicodedata.normalize("NFC", claimed_name))).strip()
    return shown if len(shown) <= MAX_NAME_CHARS else f"{shown[:MAX_NAME_CHARS]}…"


def _visible(character: str) -> str:
    is_hidden = unicodedata.category(character) in NEVER_SHOWN and character not in JOINERS
    return SHOWN_INSTEAD if is_hidden else character


def _plain(value: Any) -> str:  # Any: whatever json cannot write by itself
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a paper")
