"""Judge one document by its content, and by whether its claims agree with the content.

What cannot be judged is held, never clean. Clean means only that nothing wrong was found here; the
malware scan is elsewhere.
"""

import re
from dataclasses import replace

from ..calendars import actions as calendar_actions
from ..calendars import forms as calendar_forms
from ..calendars import lines as calendar_lines
from ..html import markup
from ..office import xml_parts
from ..office.formulas import in_text
from ..protocol import charsets, decoding
from ..protocol.charsets import KnownCharset, split_charset
from ..protocol.results import Inspection
from . import (
    claims,
    detect,
    leading_data,
    media_types,
    office_files,
    pdf,
    pictures,
    severity,
)

# Tab, line feed, form feed and carriage return are text; escape and the others are not.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# In these every control character stays one in the text; in wide ones most bytes look like one.
SEEN_IN_TEXT = charsets.WIDE | {charsets.ASCII, charsets.UTF8}
TAG = re.compile(rb"<\s*[A-Za-z!]")
# Shift out and shift in (RFC 1557).
SHIFTS = b"\x0e\x0f"


class Inspector:
    """Judge documents, with the libmagic that was loaded before a child may open no file."""

    def __init__(self, sniffer: detect.Sniffer) -> None:
        self._sniffer = sniffer

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> Inspection:
        """Return the judgement on one document; both claims may be empty.

        The claimed type may go on with what is known of the charset (`charsets.with_evidence`).
        """
        if not content:
            return Inspection("application/x-empty", "unreadable", "empty", (), None)
        claimed_type, charset = split_charset(claimed_type)
        detected = self._sniffer.detect(content)
        if detected == detect.UNKNOWN and _reads_as_letters(content, charset):
            detected = detect.TEXT
        detected, note = claims.read_as(detected, content, claimed_type, claimed_name)
        is_called_so = claims.is_called_signature(claimed_type, claimed_name)
        if is_called_so and detect.is_called_signature(content, detected):
            return severity.judge(detect.CMS_SIGNATURE, {"called_signature"})
        found = _judge(detected, content, charset)
        notes = {
            note,
            claims.compare(
                detected, claimed_type, claimed_name, content, is_quiet=found.state != "active"
            ),
            *found.findings,
        }
        notes -= {""}
        lead = content[: leading_data.pdf_start(content) or 0]
        if detected == detect.PDF and not leading_data.is_blank(lead):
            notes.add("pdf_data_before_start")
        if detect.is_polyglot(detected, content):
            notes.add("polyglot")
        if found.state in ("clean", "active") or found.reason in severity.HOLDING:
            notes |= {found.reason} & set(severity.HOLDING)
            judged = severity.judge(detected, notes, found.page_count)
            is_text_only = judged.state != "held" and found.reason == severity.SHOWN_AS_TEXT
            return replace(judged, state="active", reason=found.reason) if is_text_only else judged
        is_package = found.state == "held" and claims.PACKAGE in notes
        reason = claims.PACKAGE if is_package else found.reason
        return replace(found, reason=reason, findings=tuple(sorted(notes)))


def load_inspector() -> Inspector:
    """Load every parser that a child will need, since a child can open no file."""
    pictures.load_decoders()
    pdf.load_pdf_readers()
    return Inspector(detect.load_sniffer())


def _judge(detected: str, content: bytes, charset: KnownCharset) -> Inspection:
    if detected == detect.PDF:
        return pdf.inspect_pdf(content)
    if detected in media_types.PICTURES:
        return pictures.inspect_picture(content, detected)
    if detect.family(detected) == detect.TEXT:
        return _judge_text(content, charset)
    if office_files.is_office(detected):
        return office_files.inspect_office(content, detected)
    if detect.family(detected) in markup.PAGES:
        return _judge_page(detected, content, charset)
    if detect.family(detected) in media_types.MARKUP:
        return _judge_xml(detected, content, charset)
    return _judge_other(detected, content)


def _judge_page(detected: str, content: bytes, charset: KnownCharset) -> Inspection:
    """Return the judgement on HTML, of which a copy shows the words.

    A page that runs, asks or embeds something is held: without that it is no honest letter or
    table. A page that an office program wrote is no XML, and that alone says nothing.
    """
    read_as = decoding.read_known(content, charset, is_markup=True)
    written = markup.in_ascii(content, read_as)
    found = markup.find_in_markup(written)
    if markup.is_office_xml(written):
        found |= severity.ACTIVE & markup.find_in_office_xml(written)
    # A calendar with a page in it may be taken for one.
    found |= _find_in_entry(calendar_lines.readings_of(written))
    is_shown = not (severity.ACTIVE & found) - {"html_remote"}
    found |= markup.find_links_to_files(written)
    found |= read_as.findings(charset.declared) | decoding.offers(content, read_as, charset.near)
    return _words_of_markup(detected, detect.held_reason(detected), found, is_shown=is_shown)


def _judge_xml(detected: str, content: bytes, charset: KnownCharset) -> Inspection:
    """Return the judgement on XML: of an office program's the words are shown, whatever it asks.

    Its objects stand in it in base64; they come out and are judged by themselves. The words of a
    drawing, and of XML that no office program wrote, say nothing.
    """
    if calendar_forms.is_in_xml(content):
        return _judge_calendar(detected, content, charset)
    if not markup.is_office_xml(content):
        read_as = decoding.read_known(content, charset, is_markup=True)
        found = markup.find_in_markup(markup.in_ascii(content, read_as))
        return _words_of_markup(detected, detect.held_reason(detected), found, is_shown=False)
    found = markup.find_in_office_xml(content)
    reason = "active_content" if severity.ACTIVE & found else severity.SHOWN_AS_TEXT
    return Inspection(detected, "active", reason, tuple(sorted(found)), None)


def _judge_calendar(detected: str, content: bytes, charset: KnownCharset) -> Inspection:
    """Return the judgement on a calendar in XML, by what is looked for in one of lines as well."""
    read_as = decoding.read_known(content, charset, is_markup=True)
    written = markup.in_ascii(content, read_as)
    found = markup.find_in_markup(written) | markup.find_in_office_xml(content)
    found |= in_text.find_in_text(read_as.text) | markup.find_links_to_files(written)
    try:
        words = calendar_forms.words_in_xml(content)
    except (xml_parts.NotXml, xml_parts.EntitiesDeclared):
        words = ""
    found |= _find_in_entry([words.encode()])
    is_shown = bool(words) and not severity.ACTIVE & found and not CONTROLS.search(words)
    return _words_of_markup(detected, detect.held_reason(detected), found, is_shown=is_shown)


def _words_of_markup(
    detected: str, held_reason: str, found: set[str], *, is_shown: bool
) -> Inspection:
    findings = tuple(sorted(found))
    if is_shown:
        return Inspection(detected, "active", severity.SHOWN_AS_TEXT, findings, None)
    return Inspection(detected, "held", held_reason, findings, None)


def _judge_other(detected: str, content: bytes) -> Inspection:
    """Return the judgement on a format that is never shown: held, with the findings in it."""
    if detected in (detect.PGP_SIGNATURE, detect.CMS_SIGNATURE):
        return severity.judge(detected, {"detached_signature"})
    if detected == detect.PGP_KEY:
        return severity.judge(detected, {"public_key"})
    if detected == detect.RPMSG:
        return Inspection(detected, "locked", "microsoft_encrypted", (), None)
    reason = detect.held_reason(detected)
    found: set[str] = set()
    if detected in (in_text.SYLK, in_text.QUERY):
        found = in_text.find_in_sheet(content, detected)
        reason = office_files.held_reason(found)
    elif detected in media_types.SCRIPTS:
        reason = "script_file"
    return Inspection(detected, "held", reason, tuple(sorted(found)), None)


def _judge_text(content: bytes, charset: KnownCharset) -> Inspection:
    """Return the judgement on text; text with control characters is held.

    Such text may be no text, and terminals obey some control characters. They are looked for in the
    bytes as well as in what was read, so that no declared charset hides one.
    """
    read_as = decoding.read_known(content, charset)
    is_seen = read_as.codec in SEEN_IN_TEXT
    as_stored = "" if is_seen else _without_escapes(content, read_as.codec)
    if CONTROLS.search(read_as.text) or CONTROLS.search(as_stored):
        return Inspection(detect.TEXT, "held", "text_with_control_characters", (), None)
    written = markup.in_ascii(content, read_as)
    found = in_text.find_in_text(read_as.text) | markup.find_links_to_files(written)
    found |= _find_in_entry(calendar_lines.readings_of(written))
    found |= read_as.findings(charset.declared) | decoding.offers(content, read_as, charset.near)
    return severity.judge(detect.TEXT, found)


def _find_in_entry(readings: list[bytes]) -> set[str]:
    """Return the findings in a calendar or a contact, and in what is written into it as a page.

    What a page fetches is left: programs of meetings have pictures in their invitations, and only
    the words are shown here. `readings` are those of `calendar_lines.readings_of`.
    """
    found: set[str] = set()
    for lines in readings:
        found |= calendar_actions.find_in_lines(lines)
        for written in (lines, calendar_lines.without_escapes(lines)):
            if TAG.search(written):
                found |= markup.find_in_markup(written) - {"html_remote"}
    return found


def _without_escapes(content: bytes, codec: str) -> str:
    """Return the bytes one by one, without the escapes by which a charset of seven bits shifts."""
    if codec in charsets.ESCAPED:
        content = decoding.DESIGNATION.sub(b"", content)
        content = content.translate(None, SHIFTS) if codec == "iso2022-kr" else content
    return content.decode("latin-1")


def _reads_as_letters(content: bytes, charset: KnownCharset) -> bool:
    """Say whether bytes that look like nothing are text in a charset that libmagic does not know.

    These are UTF-16 and UTF-32 without a byte order mark, and ISO-2022-KR.
    """
    read_as = decoding.read_known(content, charset)
    is_unknown = read_as.codec in charsets.WIDE or read_as.codec == "iso2022-kr"
    return is_unknown and decoding.is_readable(read_as)
