"""Let an officer choose the charset in which a text is shown, where it was guessed.

Nobody can tell for certain in which charset bytes are that do not say it. So the page says which
was taken and offers the others. A choice binds how the text is shown: the worker makes the copy and
its text anew, or the letter. It changes no verdict, since it came after the inspection. Choosing
again undoes it.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.documents.views import CharsetView
from intake.sandbox.protocol.charset_evidence import candidates
from intake.sandbox.protocol.charsets import CHOSEN_NOTE, OFFER, UTF8, chosen, codec_of, noted
from storage.audit_acts import Act
from storage.documents import safe_copies
from storage.documents.documents import of_submission
from storage.documents.safe_copies import SHOWN, is_own_text

if TYPE_CHECKING:
    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.database import Session
    from storage.documents.documents import Document

CHOOSABLE = (UTF8, *candidates())
# The findings that say that nobody can be sure of the charset in which a text was read, and which
# one that is.
TAKEN = (
    "charset_undeclared:",
    "charset_differs:",
    "charset_doubtful:",
    "charset_either:",
    "charset_as_others:",
)
BAD_BYTES = "charset_bad_bytes"
# The texts of a mail that are its letter, in one form or another.
LETTER_ROLES = frozenset({"body", "alternative", "inline"})


class CharsetUnknown(IntakeError):
    """Somebody asked for a charset that is not among those offered."""

    reason = "charset_unknown"
    public = "This is none of the charsets that can be chosen. Go back and choose one of the list."
    status = 400


def charset_view(document: "Document") -> CharsetView | None:
    """Return the charset in which a text is read and what may be chosen, None where it is sure."""
    read_in = _taken(document)
    if read_in is None:
        return None
    ranked = sorted(each for each in document.findings if each.startswith(OFFER))
    offered = (codec_of(each.partition(":")[2]) for each in ranked)
    now = chosen(document.part_flags) or read_in
    likely = dict.fromkeys(each for each in (read_in, *offered) if each and each != now)
    return CharsetView(
        codec=now,
        is_chosen=bool(chosen(document.part_flags)),
        likely=tuple(likely),
        others=tuple(each for each in CHOOSABLE if each != now and each not in likely),
    )


def findings_seen(document: "Document") -> tuple[str, ...]:
    """Return what was found, without what is only offered; a choice stands for what was taken."""
    seen = [each for each in document.findings if not each.startswith(OFFER)]
    codec = chosen(document.part_flags)
    if codec:
        seen = [each for each in seen if not each.startswith((*TAKEN, BAD_BYTES))]
        seen.append(f"{CHOSEN_NOTE}{codec.replace('-', '_')}")
    return tuple(seen)


def choose_charset(
    services: "Services", opened: "OpenedToChange[HeldDocument]", charset: str
) -> bool:
    """Let a text be shown in another charset, by its name or codec; all forms of a letter at once.

    Returns whether it is a letter, which is read on its submission's page. The same choice again
    changes nothing. Raises NotFound, also where the document is closed to the user, CharsetUnknown,
    and Conflict where nothing was guessed or nothing is shown.
    """
    codec = codec_of(charset)
    with services.database.transaction() as session:
        held = opened.row(services, session)
        document = held.document
        derived.require_whole(services, session, opened.user, held)
        if codec not in CHOOSABLE:
            raise CharsetUnknown
        if _taken(document) is None or not _is_shown(document):
            raise Conflict
        if chosen(document.part_flags) == codec:
            return is_own_text(document)
        for each in _read_together(session, document):
            _choose(session, each, codec)
        audit.note(
            services,
            session,
            opened.user,
            Act.DOCUMENT_CHARSET_CHOSEN,
            ("submission", held.submission.id),
            {"document": document.id, "part": document.path, "charset": codec},
            at=services.now(),
        )
        submission_id, document_id = held.submission.id, document.id
        is_body = is_own_text(document)
    services.queue.enqueue_again(submission_id, f"charset-{document_id}")
    return is_body


def _choose(session: "Session", document: "Document", codec: str) -> None:
    others = {flag for flag in document.part_flags if not flag.startswith(CHOSEN_NOTE)}
    document.part_flags = sorted({*others, f"{CHOSEN_NOTE}{codec.replace('-', '_')}"})
    safe_copies.forget(session, document.id)


def _taken(document: "Document") -> str | None:
    """Return the codec in which a text was read that may be in another, None where it is sure."""
    for finding in document.findings:
        if finding.startswith(TAKEN):
            return codec_of(finding.partition(":")[2])
    return (noted(document.part_flags) or UTF8) if BAD_BYTES in document.findings else None


def _is_shown(document: "Document") -> bool:
    return document.state in SHOWN or _is_of_letter(document)


def _is_of_letter(document: "Document") -> bool:
    return document.role in LETTER_ROLES and document.parent_id is None


def _read_together(session: "Session", document: "Document") -> "list[Document]":
    """Return a document, with the body of a mail the other forms of its letter in doubt."""
    if not is_own_text(document):
        return [document]
    rows = of_submission(session, document.submission_id)
    return [row for row in rows if _is_of_letter(row) and _taken(row) is not None]
