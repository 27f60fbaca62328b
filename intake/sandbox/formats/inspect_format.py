"""Judge one document by its content, and by whether its claims agree with the content.

What cannot be judged is held, never clean. Clean means only that nothing wrong was found here; the
malware scan is elsewhere.
"""

import re
from dataclasses import replace

from ..protocol.results import Inspection
from . import (
    claims,
    csv_formulas,
    detect,
    markup,
    media_types,
    office_files,
    pdf,
    pictures,
    severity,
)

# Tab, line feed, form feed and carriage return are text; escape and the others are not.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Inspector:
    """Judge documents, with the libmagic that was loaded before a child may open no file."""

    def __init__(self, sniffer: detect.Sniffer) -> None:
        self._sniffer = sniffer

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> Inspection:
        """Return the judgement on one document; both claims may be empty."""
        if not content:
            return Inspection("application/x-empty", "unreadable", "empty", (), None)
        detected, note = claims.read_as(
            self._sniffer.detect(content), content, claimed_type, claimed_name
        )
        found = _judge(detected, content)
        notes = {note, claims.compare(detected, claimed_type, claimed_name), *found.findings}
        notes -= {""}
        if detect.is_polyglot(detected, content):
            notes.add("polyglot")
        if found.state in ("clean", "active") or found.reason in severity.HOLDING:
            notes |= {found.reason} & set(severity.HOLDING)
            judged = severity.judge(detected, notes, found.page_count)
            is_text_only = judged.state != "held" and found.reason == severity.SHOWN_AS_TEXT
            return replace(judged, state="active", reason=found.reason) if is_text_only else judged
        return replace(found, findings=tuple(sorted(notes)))


def load_inspector() -> Inspector:
    """Load every parser that a child will need, since a child can open no file."""
    pictures.load_decoders()
    pdf.load_pdf_readers()
    return Inspector(detect.load_sniffer())


def _judge(detected: str, content: bytes) -> Inspection:
    if detected == detect.PDF:
        return pdf.inspect_pdf(content)
    if detected in media_types.PICTURES:
        return pictures.inspect_picture(content, detected)
    if detect.family(detected) == detect.TEXT:
        return _judge_text(content)
    if office_files.is_office(detected):
        return office_files.inspect_office(content, detected)
    if detect.family(detected) in media_types.MARKUP:
        return _judge_markup(detected, content)
    return _judge_other(detected, content)


def _judge_markup(detected: str, content: bytes) -> Inspection:
    """Return the judgement on HTML and XML, of which a copy can only show the words.

    A page that runs, asks or embeds something is held: without that it is no honest letter or
    table. The words of a picture in SVG, and of XML that no office program wrote, say nothing.
    """
    if markup.is_office_xml(content):
        found = markup.find_in_office_xml(content)
        reason, is_shown = office_files.held_reason(found), not severity.ACTIVE & found
    else:
        found = markup.find_in_markup(content)
        reason = detect.held_reason(detected)
        is_shown = detect.family(detected) in markup.PAGES and not found & markup.DOING
    if is_shown:
        return Inspection(detected, "active", severity.SHOWN_AS_TEXT, tuple(sorted(found)), None)
    return Inspection(detected, "held", reason, tuple(sorted(found)), None)


def _judge_other(detected: str, content: bytes) -> Inspection:
    """Return the judgement on a format that is never shown: held, with the findings in it."""
    if detected in (detect.PGP_SIGNATURE, detect.CMS_SIGNATURE):
        return severity.judge(detected, {"detached_signature"})
    if detected == detect.RPMSG:
        return Inspection(detected, "locked", "microsoft_encrypted", (), None)
    reason = detect.held_reason(detected)
    found: set[str] = set()
    if detected in (csv_formulas.SYLK, csv_formulas.QUERY):
        found = csv_formulas.find_in_sheet(content, detected)
        reason = office_files.held_reason(found)
    elif detected in media_types.SCRIPTS:
        reason = "script_file"
    return Inspection(detected, "held", reason, tuple(sorted(found)), None)


def _judge_text(content: bytes) -> Inspection:
    """Return the judgement on text; text with control characters is held.

    Such text may be no text, and terminals obey some control characters. One old charset cannot be
    told from another, so text in one only has to be free of controls; UTF-16 needs a byte order
    mark.
    """
    codec = BYTE_ORDER_MARKS.get(content[:2], "utf-8")
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if CONTROLS.search(text):
        return Inspection(detect.TEXT, "held", "text_with_control_characters", (), None)
    return severity.judge(detect.TEXT, csv_formulas.find_in_text(text))
