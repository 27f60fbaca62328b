"""Combine the scan and the inspection of a document into one verdict on it.

The functions are pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from intake.inspection.scanner import REMARKS, Scan, ScanOutcome
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.errors import JailError
from intake.sandbox.protocol.results import Inspection
from storage.documents.documents import QUARANTINED, DocumentState
from storage.documents.safe_copies import SHOWN

STATE_OF = {
    "clean": DocumentState.CLEAN,
    "active": DocumentState.ACTIVE,
    "held": DocumentState.HELD,
    "locked": DocumentState.LOCKED,
    "unreadable": DocumentState.UNREADABLE,
}
# What was opened, and whose contents are listed one by one.
LISTED = "opened_parts_are_listed"
# A small picture that the text of a mail shows is the logo of a mail signature if it has the pixels
# of an icon, or the size and shape of a logo and a place in the footer, or stood in other mails of
# its sender. Each is a reason of its own; earlier releases wrote one for all.
# Its bytes alone say nothing: a photograph of a passport may be as small.
ICON, LOGO_IN_FOOTER, LOGO_REPEATED = "icon_image", "footer_image", "repeated_image"
SIGNATURE_IMAGES = frozenset({ICON, LOGO_IN_FOOTER, LOGO_REPEATED, "signature_image"})
SIGNATURE_IMAGE_BYTES = 15_000
TINY_PICTURE, SMALL_PICTURE, IN_FOOTER = "image_tiny", "image_small", "in_footer"
MIN_OTHER_MAILS = 2
TWIN = "same_bytes_as_another_part"
OTHER_FORM = "other_form_of_the_message"
# Parts that a program wrote for itself, and the reasons to set them aside.
OFFICE_PART, SYSTEM_PART = "office_part", "system_part"
TECHNICAL = (OFFICE_PART, SYSTEM_PART)
# Why a part is set aside that is shown when somebody asks, and the flag that it was asked for.
SHOWN_ON_REQUEST = frozenset({*SIGNATURE_IMAGES, TWIN, OTHER_FORM, *TECHNICAL})
ASKED_FOR = "asked_for"
MAX_REASON_CHARS = 64
# The reason of a document that a person released.
RELEASED = "released"
# What a mail program adds to show who wrote: no paper, and nothing that anybody reads.
ADDED_BY_PROGRAM = ("detached_signature", "called_signature", "public_key")
REJECTED = "rejected"
# A letter that says where its papers lie instead of bringing them.
PAPERS_ELSEWHERE = frozenset({"cloud_link", "secure_mail_notice"})
REMARKED = frozenset(REMARKS.values())
ACTIVE_REMARKS = frozenset({"scanner_saw_macros"})
# Stands before the scanner's name for the malware.
MALWARE = "malware:"
# Stands before the reason why no safe copy could be made.
NO_COPY = "no_copy_"
# The reason of every part of a message that has two readings.
AMBIGUOUS_MESSAGE = "ambiguous_message"
# The reason of one such part, and of what is in it.
AMBIGUOUS_PART = "ambiguous_part"


@dataclass(frozen=True)
class Verdict:
    """What one document is found to be."""

    state: DocumentState
    reason: str
    detected_type: str | None = None
    findings: tuple[str, ...] = ()
    page_count: int | None = None

    def changed(self, state: DocumentState, reason: str) -> "Verdict":
        """Return the same facts in another state."""
        return replace(self, state=state, reason=reason[:MAX_REASON_CHARS])


def judge_document(
    role: str,
    scan: Scan,
    inspection: Inspection | JailError,
    *,
    size: int,
    ambiguity: str,
    is_asked_for: bool = False,
    is_repeated: bool = False,
    is_in_footer: bool = False,
) -> Verdict:
    """Combine scan and inspection of one part into its state; the stricter one wins.

    `ambiguity` is the reason to hold a part that has a second reading, empty without one. A part
    that somebody asked to see is not set aside for its role; one that `is_repeated` stood in the
    text of other mails of its sender, one that `is_in_footer` below the closing words of its own.
    """
    facts = _facts(inspection)
    if scan.outcome is ScanOutcome.FOUND:
        return facts.changed(DocumentState.INFECTED, f"{MALWARE}{scan.detail}")
    if scan.outcome is ScanOutcome.UNKNOWN:
        if scan.detail == "scanner_cannot_decrypt" and facts.state is DocumentState.LOCKED:
            return facts
        return facts.changed(DocumentState.HELD, scan.detail)
    if scan.detail:
        facts = _with_remark(facts, scan.detail)
    if ambiguity:
        return facts.changed(DocumentState.HELD, ambiguity)
    if is_asked_for:
        role = "body" if role == "alternative" else "attachment"
    logo = ""
    if size <= SIGNATURE_IMAGE_BYTES:
        logo = _why_a_logo(facts, is_repeated=is_repeated, is_in_footer=is_in_footer)
    return _by_role(role, facts, logo)


def ambiguity_of(around: str, part_flags: Iterable[str]) -> str:
    """Return the reason to hold a part for a second reading: its container's, or its own."""
    return around or (AMBIGUOUS_PART if signs.is_ambiguous(part_flags) else "")


def scan_behind(state: str, reason: str, findings: Sequence[str] = ()) -> Scan | None:
    """Return what the malware scan said of a document in this state, None when that is not sure.

    This follows from `judge_document`. A document that is shown was clean, unless a person
    released it, and in an infected one something was found. A document may be held, locked,
    unreadable or ignored without any answer of a scanner, and a failure never counts as an
    answer.

    >>> scan_behind("INFECTED", "malware:Eicar")
    Scan(outcome=<ScanOutcome.FOUND: 'found'>, detail='Eicar')
    """
    if state == DocumentState.INFECTED and reason.startswith(MALWARE):
        return Scan(ScanOutcome.FOUND, reason.removeprefix(MALWARE))
    if state in {DocumentState.CLEAN, DocumentState.ACTIVE} and reason != RELEASED:
        return Scan(ScanOutcome.CLEAN, next(iter(REMARKED.intersection(findings)), ""))
    return None


def can_be_shown(state: str, reason: str, part_flags: Sequence[str]) -> bool:
    """Tell whether a part was set aside, and is shown when somebody asks for the first time."""
    is_set_aside = state == DocumentState.IGNORED and reason in SHOWN_ON_REQUEST
    return is_set_aside and ASKED_FOR not in part_flags


def of_technical_part(verdict: Verdict, part_flags: Sequence[str]) -> Verdict:
    """Set aside what a program wrote for itself; asked for, it is shown where that can be done.

    It is scanned, and there is seldom anything in it to read. So nobody has to decide about one
    that cannot be shown.
    """
    technical = next((flag for flag in TECHNICAL if flag in part_flags), None)
    is_shown = ASKED_FOR in part_flags and verdict.state in SHOWN
    if technical is None or is_shown or verdict.state is DocumentState.INFECTED:
        return verdict
    return verdict.changed(DocumentState.IGNORED, technical)


def with_notes(verdict: Verdict, part_flags: Iterable[str]) -> Verdict:
    """Return the verdict with what the opening noted about the part, for a person to read."""
    noted = signs.NOTED_OF_A_PART.intersection(part_flags)
    if not noted:
        return verdict
    return replace(verdict, findings=tuple(sorted(noted.union(verdict.findings))))


def is_to_be_sent_again(state: str, findings: Iterable[str]) -> bool:
    """Tell whether a document is held, or announces papers that did not come: somebody may ask."""
    return state in QUARANTINED or not PAPERS_ELSEWHERE.isdisjoint(findings)


def with_whole(verdicts: dict[str, Verdict], whole: Scan) -> dict[str, Verdict]:
    """Hold the documents that look harmless by themselves if the raw message does not."""
    if whole.outcome is ScanOutcome.CLEAN or whole.detail == "scanner_cannot_decrypt":
        # One locked part makes the whole message undecipherable; the part says so itself.
        return verdicts
    reason = whole.detail
    if whole.outcome is ScanOutcome.FOUND:
        if any(verdict.state is DocumentState.INFECTED for verdict in verdicts.values()):
            # The infected part is known: the others stand on their own verdicts.
            return verdicts
        reason = "malware_elsewhere_in_message"
    kept = {DocumentState.INFECTED, DocumentState.LOCKED, DocumentState.REJECTED}
    return {
        document_id: verdict
        # What a person released stays released: they knew of the message.
        if verdict.state in kept or verdict.reason == RELEASED
        else verdict.changed(DocumentState.HELD, reason)
        for document_id, verdict in verdicts.items()
    }


def unopened(reason: str, whole: Scan) -> Verdict:
    """Return the verdict on a message that stands whole because it could not be opened."""
    if whole.outcome is ScanOutcome.FOUND:
        found = Verdict(DocumentState.HELD, reason, "message/rfc822")
        return found.changed(DocumentState.INFECTED, f"{MALWARE}{whole.detail}")
    return Verdict(DocumentState.HELD, reason, "message/rfc822")


def _facts(inspection: Inspection | JailError) -> Verdict:
    if isinstance(inspection, JailError):
        return Verdict(DocumentState.HELD, f"inspection_{inspection.reason}"[:MAX_REASON_CHARS])
    return Verdict(
        STATE_OF[inspection.state],
        inspection.reason,
        inspection.detected_type,
        inspection.findings,
        inspection.page_count,
    )


def _with_remark(facts: Verdict, remark: str) -> Verdict:
    """Add what the scanner remarked; where it sees macros, only a copy is shown."""
    facts = replace(facts, findings=tuple(sorted({*facts.findings, remark})))
    if remark in ACTIVE_REMARKS and facts.state is DocumentState.CLEAN:
        return facts.changed(DocumentState.ACTIVE, "active_content")
    return facts


def _why_a_logo(facts: Verdict, *, is_repeated: bool, is_in_footer: bool) -> str:
    """Return the reason to set a picture of the text aside, empty for a paper."""
    if TINY_PICTURE in facts.findings:
        return ICON
    if is_repeated:
        return LOGO_REPEATED
    return LOGO_IN_FOOTER if is_in_footer and SMALL_PICTURE in facts.findings else ""


def _by_role(role: str, facts: Verdict, logo: str) -> Verdict:
    is_html = facts.detected_type == "text/html"
    is_image = (facts.detected_type or "").startswith("image/")
    if role == "alternative":
        return facts.changed(DocumentState.IGNORED, OTHER_FORM)
    if role == "body" and (is_html or facts.reason == "empty"):
        # Its text was extracted in the sandbox; the markup itself is never shown.
        state = DocumentState.ACTIVE if is_html else DocumentState.IGNORED
        return facts.changed(state, "shown_as_text" if is_html else "empty_message_text")
    if role == "message":
        return facts.changed(DocumentState.IGNORED, LISTED)
    added = next((code for code in ADDED_BY_PROGRAM if code in facts.findings), None)
    if facts.state is DocumentState.CLEAN and added is not None:
        return facts.changed(DocumentState.IGNORED, added)
    if role == "inline" and is_image and logo and facts.state is DocumentState.CLEAN:
        return facts.changed(DocumentState.IGNORED, logo)
    return facts
