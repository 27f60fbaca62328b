"""Make a document of everything that a document holds, level by level.

Every archive, nested mail and embedded file is opened in the sandbox, one level a call; the levels,
the documents and the bytes are counted here. A document that exceeds a limit is held whole: nothing
is half opened and nothing vanishes.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake.access.closings import is_body
from intake.inspection.verdicts import (
    ADDED_BY_PROGRAM,
    AMBIGUOUS_MESSAGE,
    AMBIGUOUS_PART,
    LISTED,
    TECHNICAL,
    ambiguity_of,
    with_notes,
)
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.body_text import RTF_NOT_READ
from intake.sandbox.protocol.charsets import NEAR_NOTE
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.limits import TimeLeft
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.documents.documents import Document, DocumentState, content_hash, sealed_sha256
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.inspection.tools import InspectionTools
    from intake.inspection.verdicts import Verdict
    from intake.sandbox.protocol.unpacked import Child, Unpacked
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey

MAX_LEVELS = 10
MAX_DOCUMENTS = 500
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
# For all documents of a submission together: many slow ones must not keep a worker for hours.
MAX_SECONDS = 20 * 60.0
PATH_CHARS = 128

OUT_OF_TIME = frozenset({"inspection_wall_clock", "inspection_cpu_time"})
# What a computer runs or installs is held whole: what is in it is no paper of anybody.
RUN_OR_INSTALLED = frozenset({"script_file", "program_package"})
# Types that hold no other files; everything else is asked for its contents.
LEAVES = ("image/", "text/", "video/", "audio/")
# Text that hides something: PGP armour (RFC 9580 §6), a uuencoded file, a pasted picture, what may
# stand in a calendar entry or a contact, or the parts of an office file that is one XML file.
# All in small letters, and the word before the line it begins: so a search of long texts is short.
HIDDEN_IN_TEXT = re.compile(
    rb"-----begin pgp |begin(?<![^\n]begin)(?:-base64(?:-encoded)?)?[ \t]{1,9}[0-7]|data:image/"
    rb"|begin:(?:\r?\n[ \t])?v|\"vca(?:lendar|rd)\"|ns:(?:icalendar|vcard)-|<icalendar|<vcards"
    rb"|[:<]bin(?:ary)?data[\s>]"
)
WIDE_START_BYTES = 8
# Documents that may carry other files: what comes out of one is not all of it, so it keeps its
# own verdict. All else that can be opened is an envelope, of which nothing is left but its files.
DOCUMENTS = (
    "application/pdf",
    "application/rtf",
    "text/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-word",
    "application/vnd.openxmlformats",
    "application/vnd.oasis.opendocument",
    "application/x-iwork",
    "application/x-ole-storage",
    "application/epub",
    "application/java-archive",
)
# A page of the letter, which is one whatever was pasted into it.
HTML = "text/html"
# A mail in one of these is a file that somebody packed, and no part of what they wrote.
ARCHIVES = frozenset(
    {
        "application/zip",
        "application/x-7z-compressed",
        "application/x-tar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
    }
)
# No letter is wrapped more often than that; the others are documents alone.
MAX_INNER_TEXTS = 10
NAMELESS = "a part of the mail"
MESSAGE = "message/rfc822"


@dataclass(frozen=True)
class UnpackedDocument:
    """One document with its bytes; `level` counts the containers around it.

    `ambiguity` is the reason to hold it for a second reading, empty without one. `is_packed` says
    that an archive or another file is among the containers, not only mails and wrappings.
    """

    document: Document
    content: bytes
    level: int
    ambiguity: str = ""
    is_packed: bool = False


@dataclass(frozen=True)
class NewDocument:
    """A document that another one holds; it is stored as a blob and has no row yet."""

    document: Document
    blob: "StoredBlob"


@dataclass
class Budget:
    """What one submission may still unpack to, and how long its inspections may still take.

    `texts` are the letters found inside wrappings and mails, each with the name of what it is in.
    """

    documents: int
    bytes_left: int = MAX_UNPACKED_BYTES
    next_position: int = 0
    left: TimeLeft = field(default_factory=lambda: TimeLeft(MAX_SECONDS))
    found: list[NewDocument] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list, repr=False)


def has_contents(role: str, verdict: "Verdict", content: bytes) -> bool:
    """Say whether a document is to be opened.

    It is not if it is infected, if it can hold nothing, or if its inspection took all the time that
    a document has: it is held, and opening it would take as long again.
    """
    kind = verdict.detected_type or ""
    if verdict.state is DocumentState.INFECTED or verdict.reason in OUT_OF_TIME:
        return False
    if role == "message":
        return True
    if verdict.reason in ADDED_BY_PROGRAM or RUN_OR_INSTALLED.intersection(verdict.findings):
        return False
    if kind == "application/pdf":
        return "pdf_embedded_files" in verdict.findings
    if kind.startswith(LEAVES) and "rtf" not in kind:
        return kind.startswith("text/") and _hides_something(content)
    return True


def _hides_something(content: bytes) -> bool:
    """Say whether something may stand in a text; in UTF-16 a zero stands beside each letter."""
    is_wide = b"\0" in content[:WIDE_START_BYTES]
    letters = content.replace(b"\0", b"") if is_wide else content
    return HIDDEN_IN_TEXT.search(letters.lower()) is not None


def unpack_document(
    tools: "InspectionTools",
    key: "DataKey",
    item: UnpackedDocument,
    verdict: "Verdict",
    name: str,
    budget: Budget,
    left: TimeLeft,
) -> "tuple[Verdict, list[UnpackedDocument]]":
    """Open one document one level; return its verdict as it now is, and the documents in it.

    `left` is what judging it left of its time: a document that is not opened in it is held whole.
    Raises JailUnavailable or StorageUnavailable.
    """
    if item.level >= MAX_LEVELS:
        return verdict.changed(DocumentState.HELD, "nested_too_deep"), []
    is_message = item.document.role == "message"
    kind = MESSAGE if is_message else verdict.detected_type or ""
    try:
        unpacked = tools.sandbox.unpack(item.content, kind, name, keys=tools.keys, left=left)
    except JailUnavailable:
        raise
    except JailError as error:
        return verdict.changed(DocumentState.HELD, f"unpacking_{error.reason}"[:64]), []
    after = with_notes(after_unpacking(verdict, unpacked), unpacked.flags)
    if is_message and after.reason == LISTED and not unpacked.children:
        # Nothing stands for it then, so it is not set aside.
        after = after.changed(DocumentState.HELD, "mail_not_opened")
    size = sum(child.size for child in unpacked.children)
    if len(unpacked.children) > budget.documents:
        return after.changed(DocumentState.HELD, "too_many_documents"), []
    if size > budget.bytes_left:
        return after.changed(DocumentState.HELD, "too_large_unpacked"), []
    budget.documents -= len(unpacked.children)
    budget.bytes_left -= size
    is_packed = item.is_packed or _is_packing(verdict.detected_type or "")
    if not is_packed and _has_letter(unpacked) and len(budget.texts) < MAX_INNER_TEXTS:
        budget.texts.append((name or NAMELESS, unpacked.body_text))
    return after, _store(tools, key, item, unpacked, budget, is_packed=is_packed)


def after_unpacking(verdict: "Verdict", unpacked: "Unpacked") -> "Verdict":
    """Return the verdict on a document after it was opened; doubt wins."""
    if unpacked.state == "not_a_container":
        return verdict
    if unpacked.state == "locked":
        return verdict.changed(DocumentState.LOCKED, unpacked.reason)
    if unpacked.state == "unreadable":
        return verdict.changed(DocumentState.UNREADABLE, unpacked.reason)
    if unpacked.state == "held":
        return verdict.changed(DocumentState.HELD, unpacked.reason)
    if "polyglot" in verdict.findings and signs.DECRYPTED in unpacked.flags:
        # What one program decrypts is not all that another one shows.
        is_held = verdict.state is DocumentState.HELD
        return verdict if is_held else verdict.changed(DocumentState.HELD, "polyglot")
    is_doubtful = verdict.reason in (AMBIGUOUS_MESSAGE, AMBIGUOUS_PART)
    if is_doubtful or not _is_envelope(verdict, unpacked):
        return verdict
    return verdict.changed(DocumentState.IGNORED, LISTED)


def _is_envelope(verdict: "Verdict", unpacked: "Unpacked") -> bool:
    """Say whether nothing of a container is left to see beside what came out of it.

    An office file that was decrypted came out whole. A text stays what it is beside the files that
    are written out in it, and so does a container of which only what a program wrote for itself
    came out.
    """
    if verdict.state is DocumentState.LOCKED and signs.DECRYPTED in unpacked.flags:
        return True
    is_text = signs.WRITTEN_OUT in unpacked.flags
    if is_text or (verdict.detected_type or "").startswith((HTML, *DOCUMENTS)):
        return False
    return any(
        not {"uuencoded", *TECHNICAL}.intersection(child.defects) for child in unpacked.children
    )


def _is_packing(kind: str) -> bool:
    return kind in ARCHIVES or kind.startswith(DOCUMENTS)


def _has_letter(unpacked: "Unpacked") -> bool:
    """Say whether a mail came out with a text of its own, which can be closed with its part."""
    text = unpacked.body_text.strip()
    is_apart = any(child.role == "body" for child in unpacked.children)
    return text == RTF_NOT_READ or (is_apart and bool(text))


def _store(
    tools: "InspectionTools",
    key: "DataKey",
    item: UnpackedDocument,
    unpacked: "Unpacked",
    budget: Budget,
    *,
    is_packed: bool,
) -> list[UnpackedDocument]:
    children = unpacked.children
    if not children:
        return []
    # A mail in a container that has two readings makes each of its parts doubtful.
    doubts = [flag for flag in unpacked.flags if signs.is_ambiguous([flag])]
    # Its sender wrote the texts in it as well, beside the letter that says its charset.
    near = [flag for flag in item.document.part_flags if flag.startswith(NEAR_NOTE)]
    blobs = tools.services.blobs.write_all(key, [[child.content] for child in children])
    items = []
    for number, (child, blob) in enumerate(zip(children, blobs, strict=True), start=1):
        document = _document(tools, item.document, key, child, blob, number, budget.next_position)
        document.part_flags = [*document.part_flags, *doubts, *near]
        ambiguity = ambiguity_of(item.ambiguity, document.part_flags)
        budget.next_position += 1
        budget.found.append(NewDocument(document, blob))
        level = item.level + 1
        items.append(UnpackedDocument(document, child.content, level, ambiguity, is_packed))
    return items


def _document(
    tools: "InspectionTools",
    parent: Document,
    key: "DataKey",
    child: "Child",
    blob: "StoredBlob",
    number: int,
    position: int,
) -> Document:
    document_id = new_id()
    return Document(
        id=document_id,
        submission_id=parent.submission_id,
        parent_id=parent.id,
        position=position,
        path=f"{parent.path}.{number}"[-PATH_CHARS:],
        role=child.role,
        name=seal(key, place("documents", "name", document_id), child.claimed_name),
        claimed_type=child.claimed_type,
        document_type="CORR" if is_body(child.role, child.claimed_type) else "UNK",
        state=DocumentState.STORED,
        part_flags=list(child.defects),
        sha256=sealed_sha256(key, document_id, blob.sha256),
        content_hash=content_hash(tools.services.database, blob.sha256),
        size=blob.size,
        blob_id=blob.id,
    )
