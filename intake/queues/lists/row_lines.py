"""Say in a row of a list who wrote and what it is about, as far as its reader may read it.

Subject, first words and names of files are content: they are opened only for who reads the
submission, and what stands in a closed compartment stays closed here too. What somebody was shown
so is one audit event, and none while all of it was shown to them hours ago.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.access import closings, rights
from intake.core import audit
from intake.queues.views import RowLine
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.errors import KeyUnavailable
from storage.lists import shown_before
from storage.submissions.submissions import Channel, SenderVerdict, place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

LISTED = Act.SUBMISSIONS_LISTED
LIST = ("submissions", "list")
# A list is looked at all day, and is noted anew after so long.
NOTED_FOR = timedelta(hours=12)
# A salutation has fewer words and says nothing.
FEW_WORDS = 3
MAX_BODY_CHARS = 400


def row_lines(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    rows: "Collection[Submission]",
) -> dict[str, RowLine]:
    """Return {submission: its line} of those that the viewer may read, by as many queries for many.

    A submission whose key was destroyed or does not open has none.
    """
    relationships = rights.relationships_to(services, session, viewer, rows)
    readable = [each for each in rows if relationships[each.id].reads]
    keys = services.keyring.open_many(session, {each.data_key_id for each in readable})
    lines: dict[str, RowLine] = {}
    nameless: dict[str, Submission] = {}
    for each in readable:
        key = keys.get(each.data_key_id)
        line = _line(each, key) if key is not None else None
        if line is not None:
            lines[each.id] = line
            if not line.what:
                nameless[each.id] = each
    if nameless:
        found = documents.of_submissions(session, list(nameless))
        visible = rights.visibilities_of(
            session, {each: relationships[each] for each in nameless}, found
        )
        for each in nameless.values():
            texts = _words_in(each, keys[each.data_key_id], found[each.id], visible)
            what = next(filter(None, texts), "")
            line = lines[each.id]
            lines[each.id] = RowLine(line.is_coordinator, line.is_call, line.name, what)
    return lines


def not_noted(
    services: "Services", session: "Session", viewer: "SignedInUser", shown: "Collection[str]"
) -> list[str]:
    """Return those of some submissions that were not shown to a viewer in a list lately."""
    since = services.now() - NOTED_FOR
    known = shown_before.of_actor(session, viewer.actor, LISTED, shown, since=since)
    return sorted(set(shown) - known)


def note_shown(services: "Services", viewer: "SignedInUser", shown: "Collection[str]") -> None:
    """Note in the audit that submissions were shown to somebody in a list, if there are any."""
    if not shown:
        return
    with services.database.transaction() as session:
        detail = {"number": len(shown), "shown": list(shown)}
        audit.note(services, session, viewer, LISTED, LIST, detail)


def _line(submission: "Submission", key: "DataKey") -> RowLine | None:
    is_call = submission.channel == Channel.PHONE
    is_coordinator = submission.sender_verdict == SenderVerdict.REGISTERED and not is_call
    try:
        name = "" if is_coordinator else opened(submission, key, "sender")
        return RowLine(is_coordinator, is_call, name, opened(submission, key, "subject").strip())
    except KeyUnavailable:
        return None


def _words_in(
    submission: "Submission",
    key: "DataKey",
    rows: "list[Document]",
    visible: "Mapping[str, Visibility]",
) -> "Iterator[str]":
    """Yield what a submission without a subject may be called: its first words, names of files."""
    if rights.shows_letter(visible, rows):
        yield first_words(opened(submission, key, "body_text")[:MAX_BODY_CHARS])
    for row in rows:
        if visible[row.id].is_whole and not closings.is_body_row(row):
            yield unseal(key, place("documents", "name", row.id), row.name).strip()


def opened(submission: "Submission", key: "DataKey", column: str) -> str:
    """Return the text of a sealed column of a submission. Raises KeyUnavailable."""
    return unseal(key, place("submissions", column, submission.id), getattr(submission, column))


def first_words(text: str) -> str:
    """Return the first line of a letter that says something, its salutation left out.

    >>> first_words("Hej,\\n\\nbifogat finns remiss och samtycke.")
    'bifogat finns remiss och samtycke.'
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    telling = (line for line in lines if len(line.split()) >= FEW_WORDS)
    return next(telling, lines[0] if lines else "")
