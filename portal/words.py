"""Words: what codes of the lower layers are called on a page.

A code without words is shown as itself: an officer can read it out to the
administrator. Tables and look-ups only; a reason that carries a name after a colon
(`malware:EICAR`) is split there.
"""

from typing import NamedTuple

from portal.strangers import one_line

QUEUES = {
    "Q1": "Emergency",
    "Q2": "New referrals",
    "Q3": "Mail to match",
    "Q4": "Sender and consent holds",
    "Q6": "Quarantine",
}
QUEUE_HELP = {
    "Q1": "Somebody may be in danger, or a date is near. Look first.",
    "Q2": "From registered senders, filed and ready to confirm.",
    "Q3": "Who wrote, or which case is meant, could not be told.",
    "Q4": "Call the sender back before anything else happens.",
    "Q6": "A part could not be opened or is not safe.",
}
TASKS = {
    "submission": "Submission",
    "receipt_failed": "Receipt could not be delivered",
    "no_usable_sender": "No address to answer to",
    "too_large": "Too large for the mailbox",
    "not_opened": "Could not be opened",
    "not_inspected": "Could not be inspected",
    "quarantine": "Documents in quarantine",
}
CHANNELS = {"email": "E-mail", "upload": "Upload", "contact": "Contact form", "phone": "Phone note"}
PROGRAMMES = {"referrals": "Referrals", "cash": "Cash support"}
SUBMISSION_STATES = {
    "RECEIVED": "Received, being opened",
    "DOCUMENTS": "Opened, being inspected",
    "HOLDING": "Held for a person",
    "QUEUED": "Filed and queued",
}
ROLES = {
    "attachment": "Attachment",
    "inline": "Inside the text",
    "body": "Message text",
    "alternative": "Other form of the text",
    "message": "Message",
}
RECEIPTS = {"R1": "Receipt", "R2": "Confirmation"}
ACTS = {
    "submission.received": "Received and stored",
    "submission.seen_again": "The same message arrived again",
    "submission.opened": "Opened into its documents",
    "submission.not_opened": "Could not be opened",
    "submission.inspected": "Documents inspected",
    "submission.filed": "Filed and queued",
    "submission.held": "Held for a person",
    "submission.viewed": "Looked at",
    "receipt.written": "Receipt written",
    "receipt.suppressed": "Receipt not sent on purpose",
    "receipt.sent": "Receipt sent",
    "receipt.failed": "Receipt could not be delivered",
    "task.opened": "Task opened",
    "item.claimed": "Taken",
    "item.released": "Given back",
}
ACTORS = {
    "system:mailbox": "Mailbox",
    "system:intake": "Intake",
    "system:sender": "Mail sender",
    "system:command": "Operator",
}
REASONS = {
    # filing and routing
    "registered_sender_new_case": "A registered sender without a reference: a new case was opened.",
    "registered_sender_and_reference": "A registered sender named this case by its reference.",
    "sender_says_urgent": "The sender calls it urgent.",
    "sender_unknown": "The sender's address is not in the register.",
    "sender_unverified": "The address is registered, but nothing proves that its owner wrote.",
    "sender_names_a_case": "A sender who is not proven names a case. Call back first.",
    "names_several_cases": "It names more than one case.",
    "reference_not_known": "It carries a reference that belongs to no case.",
    "case_of_another_region": "It names a case of another region. Call back first.",
    "processing_failed": "Processing stopped three times. A person must look.",
    # sender
    "address_registered": "The address is in the register.",
    "address_not_registered": "The address is not in the register.",
    "authentic": "The sender's mail domain vouches for the message.",
    "not_authentic": "The sender's mail domain does not vouch for the message.",
    "no_result_of_ours": "Our mail server said nothing about where it came from.",
    "authentication_not_configured": "Whether mail is authentic is not checked on this machine.",
    "from_not_usable": "The From line is not usable.",
    # documents
    "scanner_away": "The malware scanner did not answer yet. It is asked again.",
    "scanner_error": "The malware scanner could not judge this. It is asked again.",
    "scanner_limit": "Larger or deeper than the malware scanner looks.",
    "scanner_cannot_decrypt": "Locked, so the malware scanner could not look inside.",
    "malware": "Malware was found. It is never shown.",
    "malware_elsewhere_in_message": "Malware was found in the message, in no part by itself.",
    "ambiguous_message": "The message can be read in two ways, so nothing of it is trusted.",
    "inspection_failed": "Inspection stopped three times. A person must look.",
    "other_form_of_the_message": "The same text in another form.",
    "shown_as_text": "Formatting was left out; the text is shown.",
    "empty_message_text": "The message has no text.",
    "opened_parts_are_listed": "Its parts are listed one by one.",
    "password_needed": "Locked with a password.",
    "empty": "The file is empty.",
    "too_large": "Larger than the limit.",
    "too_deep": "Nested too deeply.",
    "too_many_parts": "More parts than are opened by machine.",
    "header_too_large": "Its header is larger than any honest one.",
    "not_opened": "Could not be opened by machine.",
    "pdf_cannot_be_opened": "The PDF is damaged or is none.",
    "pdf_without_pages": "The PDF has no pages.",
    "pdf_too_large_to_judge": "The PDF is too large to be judged by machine.",
    "picture_too_large": "The picture has too many pixels.",
    "picture_cannot_be_read": "The picture is damaged or is none.",
    "picture_with_too_many_frames": "The picture has too many frames.",
    "html_not_shown": "Web pages are not shown before they are made safe.",
    "svg_not_shown": "Drawings that may carry scripts are not shown.",
    "xml_not_shown": "XML is not shown.",
    "archive_not_opened": "Archives are not opened yet.",
    "mail_not_opened": "Mail inside this file is not opened yet.",
    "office_not_opened": "Office files are not made safe yet.",
    "heic_not_opened": "Pictures of this kind are not opened yet.",
    "text_with_control_characters": "The text holds characters that no text needs.",
    "active_content": "Carries scripts or actions. Only a safe copy may be shown.",
    # receipts
    "no_usable_sender": "There is no address to answer to.",
    "auto_submitted": "It was sent by a machine.",
    "mailing_list": "It came from a mailing list.",
    "bulk_precedence": "It is bulk mail.",
    "delivery_report": "It is a delivery report.",
    "null_return_path": "It is a delivery report.",
    "own_address": "It came from ourselves.",
    "robot_address": "The address belongs to a machine.",
    "auto_response_suppress": "The sender asked for no automatic answers.",
    "too_many_to_this_address": "This address got as many answers as it may within an hour.",
}


class Mark(NamedTuple):
    """How a state shows: its word, its shape and the tone that chooses its colour."""

    word: str
    shape: str
    tone: str


DOCUMENT_MARKS = {
    "STORED": Mark("Being inspected", "◌", "quiet"),
    "CLEAN": Mark("Clean", "✓", "good"),
    "ACTIVE": Mark("Active content", "◐", "clock"),
    "HELD": Mark("Held", "◆", "clock"),
    "INFECTED": Mark("Infected", "✕", "danger"),
    "LOCKED": Mark("Locked", "■", "clock"),
    "UNREADABLE": Mark("Unreadable", "?", "clock"),
    "IGNORED": Mark("Set aside", "–", "quiet"),
}
PRIORITY_MARKS = {
    "emergency": Mark("Emergency", "▲", "danger"),
    "urgent": Mark("Urgent", "▲", "clock"),
    "unknown": Mark("Unknown risk", "?", "clock"),
    "normal": Mark("Normal", "●", "quiet"),
}
VERDICT_MARKS = {
    "registered": Mark("Registered", "✓", "good"),
    "unverified": Mark("Not proven", "◆", "clock"),
    "unknown": Mark("Unknown", "?", "clock"),
    "applicant": Mark("Applicant", "●", "quiet"),
}
RECEIPT_MARKS = {
    "due": Mark("Waiting to be sent", "◌", "quiet"),
    "sent": Mark("Sent", "✓", "good"),
    "failed": Mark("Not delivered", "✕", "danger"),
    "suppressed": Mark("Not sent on purpose", "–", "quiet"),
}
CHECKS = {
    "database": "Database",
    "blobs": "Document store",
    "keys": "Keys",
    "engine": "Workers",
    "sandbox": "Sandbox",
    "smtp": "Outgoing mail",
    "scanner": "Malware scanner",
    "queues": "Queues",
}
HEALTH_MARKS = {
    "ok": Mark("Works", "✓", "good"),
    "degraded": Mark("Works with limits", "◆", "clock"),
    "down": Mark("Does not work", "✕", "danger"),
}
MARKS = {
    "document": DOCUMENT_MARKS,
    "priority": PRIORITY_MARKS,
    "verdict": VERDICT_MARKS,
    "receipt": RECEIPT_MARKS,
    "health": HEALTH_MARKS,
}


def mark(code: str | None, table: str) -> Mark:
    """Return how a code of a table shows; an unknown code shows as itself, with a question."""
    return MARKS[table].get(code or "", Mark(code or "Not known yet", "?", "quiet"))


def state_marks(counts: dict[str, int]) -> list[tuple[Mark, int]]:
    """Return documents counted by state as marks with numbers, always in one order."""
    order = list(DOCUMENT_MARKS)
    known = sorted(counts, key=lambda state: order.index(state) if state in order else len(order))
    return [(mark(state, "document"), counts[state]) for state in known]


def reason(code: str | None) -> str:
    """Return the sentence for a reason code: `malware:EICAR` has the sentence of `malware`."""
    if not code:
        return ""
    head, _, rest = code.partition(":")
    sentence = REASONS.get(head, f"Reason: {spaced(head)}.")
    return f"{sentence} ({one_line(rest)})" if rest else sentence


def act(code: str) -> str:
    """Return what an audited act is called."""
    return ACTS.get(code, spaced(code).capitalize())


def actor(name: str) -> str:
    """Return who acted: a user's label as it is, a system part by its name."""
    return ACTORS.get(name, name.removeprefix("system:"))


def queue(code: str | None) -> str:
    """Return what a queue is called."""
    return QUEUES.get(code or "", code or "Not in a queue yet")


def size(size_bytes: int) -> str:
    """Return a size as people say it: `242 kB`, `1.4 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def details(detail: dict[str, object]) -> str:
    """Return an event's codes and numbers in one quiet line: `4 documents · queue Q2`."""
    shown = (_detail(key, value) for key, value in detail.items() if value not in (None, "", []))
    return " · ".join(text for text in shown if text)


def _detail(key: str, value: object) -> str:
    if key == "states" and isinstance(value, dict):
        return ", ".join(f"{number} {shown.word.lower()}" for shown, number in state_marks(value))
    if isinstance(value, list):
        return ", ".join(spaced(str(item)) for item in value)
    match key:
        case "case" | "submission" | "channel":
            return ""  # an internal id, or what the page says anyway
        case "reason":
            return reason(str(value)).rstrip(".")
        case "kind":
            # A receipt's act says already that it is one.
            return "" if value in RECEIPTS else TASKS.get(str(value), spaced(str(value)))
        case "queue":
            return f"queue {queue(str(value))}"
        case "documents":
            return f"{value} documents"
        case "bytes":
            return size(value) if isinstance(value, int) else ""
        case _:
            return f"{spaced(key)} {value}"


def spaced(code: str) -> str:
    """Return a code as words: `duplicate_header` is `duplicate header`."""
    return one_line(code).replace(".", " ").replace("_", " ")
