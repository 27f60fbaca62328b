"""Inspect: every document gets exactly one state with a reason; doubt is HELD, never CLEAN.

The raw message and every part are scanned, because each alone misses what the
other sees (security.md, finding 5). Verdict and type come from different
parsers; the stricter one wins.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.jail.errors import JailError, JailUnavailable
from intake.scanner import Scan, ScanOutcome
from storage.blobs import BlobRow
from storage.documents import Document, DocumentState
from storage.sealing import unseal
from storage.submissions import place

if TYPE_CHECKING:
    from intake.jail.answers import Inspection
    from intake.workshop import Workshop
    from storage.keys import DataKey
    from storage.submissions import Submission

STATE_OF = {
    "clean": DocumentState.CLEAN,
    "active": DocumentState.ACTIVE,
    "held": DocumentState.HELD,
    "locked": DocumentState.LOCKED,
    "unreadable": DocumentState.UNREADABLE,
}


@dataclass(frozen=True)
class Verdict:
    """What one document is found to be."""

    state: DocumentState
    reason: str
    detected_type: str | None = None
    findings: tuple[str, ...] = ()
    page_count: int | None = None


@dataclass(frozen=True)
class Inspected:
    """The verdict on each document by id, and what judged them."""

    verdicts: dict[str, Verdict]
    scanner: str


def inspect_documents(
    workshop: "Workshop", submission: "Submission", key: "DataKey", documents: list[Document]
) -> Inspected:
    """Judge all documents of a submission; stores nothing.

    Raises JailUnavailable or StorageUnavailable when the machine cannot do it now.
    """
    services = workshop.services
    with services.database.reading() as session:
        wanted = {submission.raw_blob_id, *(document.blob_id for document in documents)}
        blobs = {blob_id: session.get_one(BlobRow, blob_id) for blob_id in wanted}
    raw = services.blobs.read_whole(key, blobs[submission.raw_blob_id])
    whole = scan_bytes(workshop, raw)
    verdicts: dict[str, Verdict] = {}
    for document in documents:
        if document.blob_id == submission.raw_blob_id:
            verdicts[document.id] = _unopened(document, whole)
            continue
        content = services.blobs.read_whole(key, blobs[document.blob_id])
        name = unseal(key, place("documents", "name", document.id), document.name)
        part = scan_bytes(workshop, content)
        inspection = _inspection(workshop, content, document.claimed_type, name)
        verdicts[document.id] = judge(
            document.role, part, inspection, is_ambiguous=bool(submission.flags)
        )
    return Inspected(_with_whole(verdicts, whole), scanner_version(workshop))


def scan_bytes(workshop: "Workshop", content: bytes) -> Scan:
    """Ask the built-in rules, and the scanner where one is configured; the worst answer wins."""
    by_rules = workshop.rules.scan(content)
    if by_rules.outcome is ScanOutcome.FOUND or workshop.scanner is None:
        return by_rules
    return workshop.scanner.scan(content)


def scanner_version(workshop: "Workshop") -> str:
    """Name what judged: a verdict belongs to content and scanner version."""
    rules = workshop.rules.version() or ""
    return f"{workshop.scanner.version() or 'away'}; {rules}" if workshop.scanner else rules


def judge(
    role: str, scan: Scan, inspection: "Inspection | JailError", *, is_ambiguous: bool
) -> Verdict:
    """Combine scan and inspection of one part into its state.

    >>> judge("attachment", Scan(ScanOutcome.UNKNOWN, "scanner_away"), clean, is_ambiguous=False)
    Verdict(state=<DocumentState.HELD: 'HELD'>, reason='scanner_away', ...)
    """
    if isinstance(inspection, JailError):
        facts = Verdict(DocumentState.HELD, f"inspection_{inspection.reason}"[:64])
    else:
        facts = Verdict(
            STATE_OF[inspection.state],
            inspection.reason,
            inspection.detected_type,
            inspection.findings,
            inspection.page_count,
        )
    if scan.outcome is ScanOutcome.FOUND:
        return _changed(facts, DocumentState.INFECTED, f"malware:{scan.detail}"[:64])
    if scan.outcome is ScanOutcome.UNKNOWN:
        if scan.detail == "scanner_cannot_decrypt" and facts.state is DocumentState.LOCKED:
            return facts
        return _changed(facts, DocumentState.HELD, scan.detail)
    if is_ambiguous:
        return _changed(facts, DocumentState.HELD, "ambiguous_message")
    return _by_role(role, facts)


def _by_role(role: str, facts: Verdict) -> Verdict:
    is_html = facts.detected_type == "text/html"
    if role == "alternative":
        return _changed(facts, DocumentState.IGNORED, "other_form_of_the_message")
    if role == "body" and (is_html or facts.reason == "empty"):
        # Its text was extracted in the jail; the markup itself is never shown.
        state = DocumentState.ACTIVE if is_html else DocumentState.IGNORED
        return _changed(facts, state, "shown_as_text" if is_html else "empty_message_text")
    if role == "message":
        return _changed(facts, DocumentState.IGNORED, "opened_parts_are_listed")
    return facts


def _with_whole(verdicts: dict[str, Verdict], whole: Scan) -> dict[str, Verdict]:
    """Let a verdict on the raw message hold what looked harmless by itself."""
    if whole.outcome is ScanOutcome.CLEAN:
        return verdicts
    is_explained = any(v.state is DocumentState.INFECTED for v in verdicts.values())
    if whole.outcome is ScanOutcome.FOUND:
        # The infected part is known: the others stand on their own verdicts.
        if is_explained:
            return verdicts
        reason = "malware_elsewhere_in_message"
    elif whole.detail == "scanner_cannot_decrypt":
        # One locked part makes the whole message undecipherable; the part says so itself.
        return verdicts
    else:
        reason = whole.detail
    return {
        document_id: verdict
        if verdict.state in {DocumentState.INFECTED, DocumentState.LOCKED}
        else _changed(verdict, DocumentState.HELD, reason)
        for document_id, verdict in verdicts.items()
    }


def _unopened(document: Document, whole: Scan) -> Verdict:
    if whole.outcome is ScanOutcome.FOUND:
        return Verdict(DocumentState.INFECTED, f"malware:{whole.detail}"[:64], "message/rfc822")
    return Verdict(DocumentState.HELD, document.reason, "message/rfc822")


def _inspection(
    workshop: "Workshop", content: bytes, claimed_type: str, name: str
) -> "Inspection | JailError":
    try:
        return workshop.jails.inspect(content, claimed_type, name)
    except JailUnavailable:
        raise
    except JailError as error:
        return error


def _changed(facts: Verdict, state: DocumentState, reason: str) -> Verdict:
    return Verdict(state, reason, facts.detected_type, facts.findings, facts.page_count)
