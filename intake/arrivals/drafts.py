"""Keep the drafts of coordinators and link holders until they are sent.

A draft is saved at every step, and only its author can read it: for anybody else it does not
exist. A draft that nobody changes for a week is erased with its files (requirement 105).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import IntakeError
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.submissions import drafts
from storage.submissions.drafts import Draft, DraftKind, UploadState
from storage.submissions.submissions import place
from storage.worded import worded

if TYPE_CHECKING:
    from intake.access.opened import OpenedOwn, OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.drafts import Upload
    from storage.submissions.submissions import Submission

# A list begins with «not known», which is what it sends when nobody chose anything.
NOT_GIVEN = {"", "unknown"}
ABANDONED_AFTER = timedelta(days=7)
# Each may hold files, and waits for a week; the page of drafts lists as many.
MAX_OPEN_DRAFTS = 50


class TooManyDrafts(IntakeError):
    """Somebody has so many unsent drafts that they must send or discard one first."""

    reason = "too_many_drafts"
    public = worded("You have fifty drafts that are not sent. Please send or discard one first.")
    status = 409


@dataclass(frozen=True)
class FileView:
    """One file of a draft; `name` is untrusted text, `received` the bytes that were received."""

    id: str
    name: str
    size: int
    received: int
    is_ready: bool


@dataclass(frozen=True)
class DraftView:
    """A draft as its author sees it; `answers` are what they typed, not checked yet."""

    id: str
    kind: str
    answers: dict[str, str]
    files: tuple[FileView, ...]
    changed_at: datetime

    @property
    def version(self) -> str:
        """Return the version of the answers, by which a form notices that they were changed."""
        return version_of(self.answers)

    @property
    def is_whole(self) -> bool:
        """Tell whether every file was received whole."""
        return all(file.is_ready for file in self.files)


@dataclass(frozen=True)
class AnswerChange:
    """An answer that was typed: what stood there when its page was loaded, and what stands now."""

    was: str
    now: str


@dataclass(frozen=True)
class Autosaved:
    """What became of changes: `elsewhere` is {field: what another window wrote there meanwhile}."""

    version: str
    elsewhere: dict[str, str]


def is_other(one: str, other: str) -> bool:
    """Tell whether two answers differ; one that was not given is the same as «not known»."""
    return one != other and not {one, other} <= NOT_GIVEN


def version_of(answers: Mapping[str, str]) -> str:
    """Return a short version of answers; what was not given leaves no mark in it."""
    given = {name: text for name, text in sorted(answers.items()) if text not in NOT_GIVEN}
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:16]


def start_draft(
    services: "Services", user: "SignedInUser", kind: DraftKind = DraftKind.REFERRAL
) -> str:
    """Begin a draft and return its id. Raises TooManyDrafts."""
    with services.database.transaction() as session:
        return _start(services, session, user, kind, {}).id


def start_addition(services: "Services", opened: "OpenedToChange[Submission]") -> str:
    """Begin a draft that adds to what was sent before, and return its id.

    Without a case yet, its note names the submission by its reference. Raises NotFound and
    TooManyDrafts.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        is_filed = submission.case_id is not None
        answers = {} if is_filed else {"note": f"This belongs to {submission.reference}."}
        draft = _start(services, session, opened.user, DraftKind.ADDITION, answers)
        draft.case_id = submission.case_id
        return draft.id


def _start(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    kind: DraftKind,
    answers: Mapping[str, str],
) -> Draft:
    # Of two that are begun at once the second waits here, and then counts the first.
    users.locked(session, user.id)
    if drafts.count_open(session, user.id) >= MAX_OPEN_DRAFTS:
        raise TooManyDrafts
    draft = new_draft(services, session, kind)
    draft.owner_id, draft.region = user.id, user.region
    if answers:
        draft.form = _sealed_form(
            services.keyring.open(session, draft.data_key_id), draft.id, answers
        )
    session.add(draft)
    session.flush()
    audit.note(services, session, user, Act.DRAFT_STARTED, ("draft", draft.id))
    return draft


def new_draft(services: "Services", session: "Session", kind: DraftKind) -> Draft:
    """Return an empty draft with a key of its own; the caller sets its author and adds it."""
    now, draft_id = services.now(), new_id()
    key = services.keyring.new_key()
    services.keyring.add(session, key, "submission", now)
    return Draft(
        id=draft_id,
        kind=kind,
        data_key_id=key.id,
        form=_sealed_form(key, draft_id, {}),
        created_at=now,
        changed_at=now,
    )


def save_draft(
    services: "Services", opened: "OpenedOwn[Draft]", answers: Mapping[str, str]
) -> None:
    """Store what was typed, without checking it. Raises NotFound."""
    with services.database.transaction() as session:
        draft = opened.row(services, session)
        key = services.keyring.open(session, draft.data_key_id)
        draft.form = _sealed_form(key, draft.id, answers)
        draft.changed_at = services.now()


def save_changes(
    services: "Services", opened: "OpenedOwn[Draft]", changes: Mapping[str, AnswerChange]
) -> Autosaved:
    """Store answers as they are typed; one that another window changed meanwhile stays as it is.

    Raises NotFound.
    """
    with services.database.transaction(lets_others_first=True) as session:
        draft = opened.row(services, session)
        key = services.keyring.open(session, draft.data_key_id)
        answers = answers_of(key, draft)
        elsewhere = {
            name: stored
            for name, change in changes.items()
            if is_other(stored := answers.get(name, ""), change.was)
            and is_other(stored, change.now)
        }
        answers |= {name: each.now for name, each in changes.items() if name not in elsewhere}
        draft.form = _sealed_form(key, draft.id, answers)
        draft.changed_at = services.now()
        return Autosaved(version_of(answers), elsewhere)


def read_draft(services: "Services", opened: "OpenedOwn[Draft]") -> DraftView:
    """Return a draft with its files, with one audit event. Raises NotFound."""
    with services.database.transaction() as session:
        draft = opened.row(services, session)
        audit.note(services, session, opened.author, Act.DRAFT_VIEWED, ("draft", draft.id))
        return _view(services, session, draft)


def open_drafts(services: "Services", user: "SignedInUser") -> list[DraftView]:
    """Return a user's drafts that are not sent, the newest first."""
    with services.database.reading() as session:
        return [_view(services, session, draft) for draft in drafts.open_of(session, user.id)]


def discard_draft(services: "Services", opened: "OpenedOwn[Draft]") -> None:
    """Erase a draft for its author. Raises NotFound."""
    with services.database.transaction() as session:
        draft = opened.row(services, session)
        blob_ids = drafts.erase(session, draft.id)
        audit.note(services, session, opened.author, Act.DRAFT_DISCARDED, ("draft", draft.id))
    services.blobs.delete_all(blob_ids)


def erase_abandoned(services: "Services") -> int:
    """Erase the drafts that nobody changed for a week, and return how many there were."""
    with services.database.transaction() as session:
        ids = drafts.abandoned(session, services.now() - ABANDONED_AFTER)
        blob_ids: list[str] = []
        for draft_id in ids:
            blob_ids += drafts.erase(session, draft_id)
            audit.note(services, session, "system:intake", Act.DRAFT_ERASED, ("draft", draft_id))
    services.blobs.delete_all(blob_ids)
    return len(ids)


def answers_of(key: "DataKey", draft: Draft) -> dict[str, str]:
    """Return what was typed into a draft, as {field: text}."""
    typed: dict[str, str] = json.loads(unseal(key, place("drafts", "form", draft.id), draft.form))
    return typed


def _sealed_form(key: "DataKey", draft_id: str, answers: Mapping[str, str]) -> bytes:
    return seal(key, place("drafts", "form", draft_id), json.dumps(dict(answers)))


def _view(services: "Services", session: "Session", draft: Draft) -> DraftView:
    key = services.keyring.open(session, draft.data_key_id)
    files = drafts.uploads_of(session, draft.id)
    return DraftView(
        id=draft.id,
        kind=draft.kind,
        answers=answers_of(key, draft),
        files=tuple(_file(key, file) for file in files),
        changed_at=draft.changed_at,
    )


def _file(key: "DataKey", file: "Upload") -> FileView:
    return FileView(
        id=file.id,
        name=unseal(key, place("uploads", "name", file.id), file.name),
        size=file.size,
        received=file.received,
        is_ready=file.state == UploadState.READY,
    )
