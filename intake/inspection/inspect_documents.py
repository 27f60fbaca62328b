"""Give every document of a submission exactly one state with a reason; doubt is HELD, never CLEAN.

The raw message and every part are scanned, because each scan alone misses what the other sees
(threat B1). Containers are opened level by level and what they hold is scanned again,
because it may exceed a scanner's own limits (threat B11). The stricter verdict wins.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.inspection.scanner import Scan, ScanOutcome, signatures_made_at
from intake.inspection.unpack import (
    MAX_DOCUMENTS,
    MAX_UNPACKED_BYTES,
    Budget,
    NewDocument,
    UnpackedDocument,
    has_contents,
    unpack_document,
)
from intake.inspection.verdicts import (
    AMBIGUOUS_MESSAGE,
    ASKED_FOR,
    IN_FOOTER,
    LISTED,
    MALWARE,
    MIN_OTHER_MAILS,
    NO_COPY,
    RELEASED,
    SIGNATURE_IMAGE_BYTES,
    SYSTEM_PART,
    TWIN,
    Verdict,
    ambiguity_of,
    judge_document,
    of_technical_part,
    scan_behind,
    unopened,
    with_notes,
    with_whole,
)
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.charsets import with_evidence
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.limits import INSPECTION_SECONDS, TimeLeft
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.documents.documents import Document, DocumentState
from storage.documents.safe_copies import SHOWN
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.inspection.tools import InspectionTools
    from intake.sandbox.protocol.results import Inspection
    from storage.crypto.column_types import KeyedHash
    from storage.crypto.keys import DataKey
    from storage.submissions.submissions import Submission

# Older signatures do not know today's malware: nothing is called clean by them (threat B11).
SIGNATURES_STALE_AFTER = timedelta(hours=48)
# A person or an earlier inspection has decided on these: another scan changes nothing.
SETTLED = (DocumentState.REJECTED, DocumentState.IGNORED)
# The finding on a document that was infected when a person released it.
RELEASED_MALWARE = "released_despite_malware"
# Stands for a scanner's version when it does not answer.
AWAY = "away"


@dataclass(frozen=True)
class Inspected:
    """The verdict on each document by id, the documents found in them, and which scanner judged.

    `texts` are the letters found inside parts of the mail, each as a name and a text.
    """

    verdicts: dict[str, Verdict]
    scanner: str
    found: tuple[NewDocument, ...] = ()
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def inspect_documents(
    tools: "InspectionTools", submission: "Submission", key: "DataKey", documents: list[Document]
) -> Inspected:
    """Judge all documents of a submission and what is in them.

    Blobs of new documents are stored; rows are left to the caller. Raises JailUnavailable or
    StorageUnavailable when the machine cannot do it now.
    """
    services = tools.services
    with services.database.reading() as session:
        wanted = {submission.raw_blob_id, *(document.blob_id for document in documents)}
        blobs = {blob_id: session.get_one(BlobRow, blob_id) for blob_id in wanted}
    version, is_stale = scanner_version(tools), has_stale_signatures(tools)
    raw = services.blobs.read_whole(key, blobs[submission.raw_blob_id])
    whole = scan_bytes(tools, raw, is_stale=is_stale)
    levels = _levels(documents)
    # What was found before has used up its share, or another scan would open what was too much.
    used_bytes = sum(each.size for each in documents if levels[each.id])
    budget = Budget(MAX_DOCUMENTS - len(documents), MAX_UNPACKED_BYTES - used_bytes, len(documents))
    opened = {document.parent_id for document in documents}
    ambiguities = _ambiguities(submission, documents)
    verdicts: dict[str, Verdict] = {}
    for document in documents:
        if document.scanner and document.state in SETTLED and not _is_unopened(document, opened):
            verdicts[document.id] = _as_it_stands(document)
            continue
        if document.blob_id == submission.raw_blob_id:
            verdicts[document.id] = unopened(document.reason, whole)
            continue
        content = services.blobs.read_whole(key, blobs[document.blob_id])
        if document.reason == RELEASED:
            verdicts[document.id] = _released(tools, document, content)
            continue
        verdicts |= _judge_tree(
            tools,
            key,
            UnpackedDocument(document, content, levels[document.id], ambiguities[document.id]),
            budget,
            sender_id=submission.sender_id,
            is_opened=document.id in opened,
            version=version,
            is_stale=is_stale,
        )
        verdicts[document.id] = _as_held(document, verdicts[document.id])
    verdicts = with_whole(_with_duplicates(verdicts, [*documents, *_rows(budget)]), whole)
    return Inspected(verdicts, version, tuple(budget.found), tuple(budget.texts))


def _judge_tree(
    tools: "InspectionTools",
    key: "DataKey",
    root: UnpackedDocument,
    budget: Budget,
    *,
    sender_id: str | None,
    is_opened: bool,
    version: str,
    is_stale: bool,
) -> dict[str, Verdict]:
    """Judge one document and, level by level, all that is in it."""
    verdicts: dict[str, Verdict] = {}
    waiting = [root]
    while waiting:
        item = waiting.pop()
        document = item.document
        name = unseal(key, place("documents", "name", document.id), document.name)
        known = _known_scan(tools, document.content_hash, version)
        scan = scan_bytes(tools, item.content, is_stale=is_stale, known=known)
        claimed_type = with_evidence(document.claimed_type, document.part_flags)
        left = budget.left.share(INSPECTION_SECONDS)
        inspection = _inspection(tools, item.content, claimed_type, name, left)
        verdict = judge_document(
            document.role,
            scan,
            inspection,
            size=document.size,
            ambiguity=item.ambiguity,
            is_asked_for=ASKED_FOR in document.part_flags,
            is_repeated=_is_repeated(tools, document, sender_id),
            is_in_footer=IN_FOOTER in document.part_flags,
        )
        suspicion = next(iter(tools.rules.suspicions(item.content)), None)
        if suspicion is not None and verdict.state in SHOWN:
            verdict = verdict.changed(DocumentState.HELD, f"suspicious:{suspicion}")
        children: list[UnpackedDocument] = []
        is_done = is_opened and item is root
        verdict = of_technical_part(verdict, document.part_flags)
        # What came of checking a signature was found at the opening, which is not done again.
        noted = document.findings if is_done else []
        verdict = with_notes(verdict, [*document.part_flags, *noted])
        if not is_done and has_contents(document.role, verdict, item.content):
            verdict, children = unpack_document(tools, key, item, verdict, name, budget, left)
            if SYSTEM_PART in document.part_flags and verdict.state is not DocumentState.IGNORED:
                # Nobody decides about a computer's own file that cannot be opened.
                verdict = of_technical_part(verdict, document.part_flags)
        verdicts[document.id] = verdict
        waiting.extend(reversed(children))
    return verdicts


def _is_repeated(tools: "InspectionTools", document: Document, sender_id: str | None) -> bool:
    """Say whether a small picture of a letter stood in other letters of its registered sender.

    It is asked at the first inspection alone: what comes later sets nothing aside that was shown.
    """
    is_first = document.scanner is None and document.role == "inline"
    if sender_id is None or not is_first or document.size > SIGNATURE_IMAGE_BYTES:
        return False
    with tools.services.database.reading() as session:
        others = documents.count_mails_of_sender(
            session,
            document.content_hash,
            sender_id,
            document.role,
            other_than=document.submission_id,
        )
    return others >= MIN_OTHER_MAILS


def scan_bytes(
    tools: "InspectionTools", content: bytes, *, is_stale: bool = False, known: Scan | None = None
) -> Scan:
    """Ask the built-in rules, and the scanner where one is configured; the worst answer wins.

    A scanner with old signatures may find malware, but not call bytes clean. `known` is what the
    same version of the scanner said of the same bytes before: then it is not asked again.
    """
    by_rules = tools.rules.scan(content)
    if by_rules.outcome is ScanOutcome.FOUND or tools.scanner is None:
        return by_rules
    scan = known or tools.scanner.scan(content)
    if is_stale and scan.outcome is ScanOutcome.CLEAN:
        return Scan(ScanOutcome.UNKNOWN, "signatures_stale")
    return scan


def has_stale_signatures(tools: "InspectionTools") -> bool:
    """Say whether the scanner's signatures are too old, or of an unknown age."""
    version = tools.scanner.version() if tools.scanner is not None else None
    if version is None:
        # No scanner, or none that answers: its scans say so themselves.
        return False
    made_at = signatures_made_at(version)
    return made_at is None or made_at < tools.services.now() - SIGNATURES_STALE_AFTER


def scanner_version(tools: "InspectionTools") -> str:
    """Return the scanner's and the rules' versions: a verdict belongs to content and version."""
    rules = tools.rules.version() or ""
    return f"{tools.scanner.version() or AWAY}; {rules}" if tools.scanner else rules


def _known_scan(tools: "InspectionTools", content_hash: "KeyedHash", version: str) -> Scan | None:
    """Return what this version of the scanner said of the same bytes before, if it is certain."""
    if tools.scanner is None or version.startswith(f"{AWAY};"):
        return None
    with tools.services.database.reading() as session:
        stands = documents.strictest(session, content_hash, version, without_reason=RELEASED)
    return scan_behind(*stands) if stands is not None else None


def _with_duplicates(verdicts: dict[str, Verdict], documents: list[Document]) -> dict[str, Verdict]:
    """Ignore an attachment with the bytes of an earlier one that is shown: once is enough."""
    first: dict[KeyedHash, Document] = {}
    linked = dict(verdicts)
    for document in documents:
        if document.role in {"body", "alternative"} or document.id not in verdicts:
            continue
        if ASKED_FOR in document.part_flags:
            continue
        if verdicts[document.id].state not in SHOWN:
            continue
        earlier = first.setdefault(document.content_hash, document)
        if earlier is not document:
            linked[document.id] = verdicts[document.id].changed(DocumentState.IGNORED, TWIN)
    return linked


def _ambiguities(submission: "Submission", documents: list[Document]) -> dict[str, str]:
    """Return {document id: the reason to hold it for a second reading, empty without one}.

    What is in a part that two programs would read differently is as doubtful as the part.
    """
    of_message = AMBIGUOUS_MESSAGE if signs.is_ambiguous(submission.flags) else ""
    found: dict[str, str] = {}
    for document in documents:
        around = found.get(document.parent_id or "", of_message)
        found[document.id] = ambiguity_of(around, document.part_flags)
    return found


def _levels(documents: list[Document]) -> dict[str, int]:
    """Return {document id: how many containers are around it}; parents come before their parts.

    The parts of the message itself, and of messages in it, were opened at once: their level is 0.
    """
    by_id = {document.id: document for document in documents}
    levels: dict[str, int] = {}
    for document in documents:
        parent = by_id.get(document.parent_id or "")
        if parent is None or (parent.role == "message" and not levels.get(parent.id)):
            levels[document.id] = 0
        else:
            levels[document.id] = levels.get(parent.id, 0) + 1
    return levels


def _is_unopened(document: Document, opened: set[str | None]) -> bool:
    """Say whether a message was set aside as opened and was not.

    Earlier releases left the messages so that lay in a mail in an archive.
    """
    return document.role == "message" and document.reason == LISTED and document.id not in opened


def _as_held(document: Document, verdict: Verdict) -> Verdict:
    """Keep a document held for a safe copy that could not be made: a scan says nothing about it."""
    if document.state != DocumentState.HELD:
        return verdict
    is_kept = document.reason.startswith(NO_COPY) and verdict.state in SHOWN
    return _as_it_stands(document) if is_kept else verdict


def _released(tools: "InspectionTools", document: Document, content: bytes) -> Verdict:
    """Keep a person's decision, unless a scanner now finds malware that they could not know of."""
    stands = _as_it_stands(document)
    scan = scan_bytes(tools, content)
    is_new = scan.outcome is ScanOutcome.FOUND and RELEASED_MALWARE not in document.findings
    if is_new:
        return stands.changed(DocumentState.INFECTED, f"{MALWARE}{scan.detail}")
    return stands


def _rows(budget: Budget) -> list[Document]:
    return [found.document for found in budget.found]


def _as_it_stands(document: Document) -> Verdict:
    return Verdict(
        DocumentState(document.state),
        document.reason,
        document.detected_type,
        tuple(document.findings),
        document.page_count,
    )


def _inspection(
    tools: "InspectionTools", content: bytes, claimed_type: str, name: str, left: TimeLeft
) -> "Inspection | JailError":
    try:
        return tools.sandbox.inspect(content, claimed_type, name, left=left)
    except JailUnavailable:
        raise
    except JailError as error:
        return error
