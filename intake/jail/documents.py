"""Know how one document is judged: by its content, then by whether its claims agree with it.

Runs inside the jail; imports its neighbours and through them the parsers. What cannot be judged is
held, never clean. Clean means only that nothing wrong was found here; the malware scan is apart.
"""

import re
from dataclasses import replace

from . import kinds, pdf, pictures
from .answers import Inspection

# Tab, line feed, form feed and carriage return are text; escape and the others are not.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Inspector:
    """Hold the loaded libmagic for `inspect`."""

    def __init__(self, sniffer: kinds.Sniffer) -> None:
        self._sniffer = sniffer

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> Inspection:
        """Return the judgement on one document."""
        if not content:
            return Inspection("application/x-empty", "unreadable", "empty", (), None)
        detected = self._sniffer.detect(content)
        found = _judge(detected, content)
        findings = set(found.findings)
        if kinds.disagrees(detected, claimed_type, claimed_name):
            findings.add("type_disagrees")
        if kinds.is_polyglot(detected, content):
            findings.add("polyglot")
        found = replace(found, findings=tuple(sorted(findings)))
        for reason in ("polyglot", "type_disagrees"):
            if reason in findings and found.state in ("clean", "active"):
                return replace(found, state="held", reason=reason)
        return found


def load_inspector() -> Inspector:
    """Load every parser that a child will need, for it can open no file itself."""
    pictures.load_decoders()
    pdf.load_decryption()
    return Inspector(kinds.load_sniffer())


def _judge(detected: str, content: bytes) -> Inspection:
    if detected == kinds.PDF:
        return pdf.inspect_pdf(content)
    if detected in kinds.PICTURES:
        return pictures.inspect_picture(content, detected)
    if detected == kinds.TEXT:
        return _judge_text(content)
    return Inspection(detected, "held", kinds.held_reason(detected), (), None)


def _judge_text(content: bytes) -> Inspection:
    """Hold text with control characters: it may be no text, and terminals obey some of them.

    Text in an old charset cannot be told from another old charset, so it only has to be free of
    controls; UTF-16 has to say so with a byte order mark.
    """
    codec = BYTE_ORDER_MARKS.get(content[:2], "utf-8")
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if CONTROLS.search(text):
        return Inspection(kinds.TEXT, "held", "text_with_control_characters", (), None)
    return Inspection(kinds.TEXT, "clean", "", (), None)
