"""Tell whether the slides of a presentation have a speaker's notes, which are on no slide.

Every notes page may carry a head, a foot, a day and a number; they are no notes.
"""

import re
from collections.abc import Mapping

from . import xml_parts

FINDING = "office_speaker_notes"
# `p:notes` is a notes page of OOXML (ECMA-376 part 1 §19.3.1.26), `presentation:notes` what a slide
# of ODF holds for it (ODF 1.3 part 3 §10.4.13).
NOTES = "notes"
SIGN = re.compile(rb"<(?:\w{1,20}:)?notes[\s>]")
# What stands there by itself: kinds of `p:ph` (§19.7.10) and classes of a frame (§19.397).
SHAPES = frozenset({"sp", "frame", "custom-shape"})
NO_NOTES = frozenset(
    {"sldimg", "sldnum", "dt", "hdr", "ftr", "header", "footer", "date-time", "page-number"}
)


def has_notes(content: bytes) -> bool:
    """Say whether one XML part holds words of a speaker; not of one that cannot be read."""
    if not SIGN.search(content):
        return False
    reader = _Reader()
    try:
        xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    except (xml_parts.EntitiesDeclared, xml_parts.NotXml):
        return reader.is_found
    return reader.is_found


class _Reader:
    """Take the elements of one part in, in their order."""

    def __init__(self) -> None:
        self.is_found = False
        self._depth = 0
        self._is_left_out = False

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == NOTES:
            self._depth += 1
            self._is_left_out = False
        elif name in SHAPES:
            self._is_left_out = attributes.get("class", "") in NO_NOTES
        elif name == "ph":
            self._is_left_out = attributes.get("type", "").lower() in NO_NOTES

    def on_end(self, name: str) -> None:
        if name == NOTES:
            self._depth -= 1

    def on_text(self, text: str) -> None:
        if self._depth and not self._is_left_out and text.strip():
            self.is_found = True
