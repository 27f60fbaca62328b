"""Define what pages show of documents; states and reasons are codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyStanding(StrEnum):
    """Whether there is a safe copy to look at."""

    READY = "ready"
    FAILED = "failed"
    BEING_MADE = "being_made"
    NONE = "none"  # its state allows no copy, or it needs none


@dataclass(frozen=True)
class CopyView:
    """How far a safe copy is; `reason` is a code: why there is none, or why it is not whole."""

    state: CopyStanding = CopyStanding.NONE
    reason: str = ""
    page_count: int = 0
    ocr_state: str = ""
    has_pdf: bool = False
    has_thumbnail: bool = False

    @property
    def is_ready(self) -> bool:
        """Tell whether there is a copy to look at."""
        return self.state is CopyStanding.READY


@dataclass(frozen=True)
class CharsetView:
    """The charset in which a text is read that may be in another, and which others there are.

    All are codecs: `likely` those in which it reads well, the best first, then the `others`.
    """

    codec: str
    is_chosen: bool
    likely: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class ActView:
    """What a person did about a document; `reason` is what they wrote."""

    act: str
    user_id: str
    user: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class PasswordHint:
    """A word that may be a locked file's password, and the code of the mail that holds it."""

    word: str
    reference: str


@dataclass(frozen=True)
class DocumentView:
    """One document. `name` and `claimed_type` are untrusted text; `depth` counts its parents.

    `closed` are the compartments that are closed to its reader: all of it when `is_closed`, some
    pages when `is_part`. `charset` is None unless the charset of a text was guessed.
    """

    id: str
    parent_id: str | None
    depth: int
    path: str
    role: str
    name: str
    claimed_type: str
    detected_type: str | None
    document_type: str
    state: str
    reason: str
    findings: tuple[str, ...]
    part_flags: tuple[str, ...]
    size: int
    sha256: str
    page_count: int | None
    copy: CopyView = CopyView()
    acts: tuple[ActView, ...] = ()
    is_malware: bool = False
    password_hints: tuple[PasswordHint, ...] = ()
    closed: tuple[str, ...] = ()
    is_closed: bool = False
    is_part: bool = False
    charset: CharsetView | None = None
