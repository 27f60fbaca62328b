"""Read calendars and contacts that are written as XML or as JSON.

These are xCal and xCard (RFC 6321, RFC 6351), jCal and jCard (RFC 7265, RFC 7095). They say the
same as a calendar file of lines, and may carry the same files.

b'["vcard",[["photo",{},"uri","data:image/png;base64,iVBO"]]]' -> "data:image/png;base64,iVBO"
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..office import xml_parts

MAX_START_BYTES = 8192
IN_XML = re.compile(
    rb"urn:ietf:params:xml:ns:(?:icalendar|vcard)-|<(?:\w{1,20}:)?(?:icalendar|vcards)[\s>/]",
    re.IGNORECASE,
)
IN_JSON = re.compile(rb"\[\s*+\"v(?:calendar|card)\"\s*+,", re.IGNORECASE)
# A property in JSON is its name, its parameters, its type, and one value or more.
MIN_PROPERTY = 4
# A file stands in a value of bytes, or in an address that is the file itself.
BINARY, ADDRESS_OF_FILE = "binary", "data:"
TYPE_NAMES = ("fmttype", "mediatype")
NAME_NAMES = ("filename", "x-filename", "x-apple-filename", "x-name")
MAX_DEPTH = 100


class Written(NamedTuple):
    """Hold a file as it is written: its name and type as claimed, maybe empty, and its value.

    `is_address` tells that the value is an address of the scheme `data`, and else base64.
    """

    name: str
    claimed_type: str
    value: str
    is_address: bool


def is_in_xml(content: bytes) -> bool:
    """Say whether a text is a calendar or contacts in XML."""
    return IN_XML.search(content[:MAX_START_BYTES]) is not None


def is_one(content: bytes) -> bool:
    """Say whether a calendar or a contact in XML or JSON stands in a text."""
    return is_in_xml(content) or IN_JSON.search(content) is not None


def files_in(content: bytes, in_ascii: bytes) -> Iterator[Written]:
    """Yield the files in order; what is neither XML nor JSON has none.

    `in_ascii` are the same letters, where those of `content` are wider than a byte.
    """
    if is_in_xml(in_ascii):
        yield from _in_xml(content)
    elif IN_JSON.search(in_ascii):
        try:
            whole = json.loads(content)
        except (ValueError, RecursionError):
            return
        yield from _in_json(whole)


def words_in_xml(content: bytes) -> str:
    """Return what stands in a calendar in XML, each value in a line with its property's name.

    Raises xml_parts.NotXml and xml_parts.EntitiesDeclared.

    b"<icalendar><summary><text>Visit</text></summary></icalendar>" -> "summary: Visit"
    """
    reader = _Reader()
    xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    return "\n".join(reader.lines)


def _in_xml(content: bytes) -> Iterator[Written]:
    reader = _Reader()
    # What was read before a fault counts.
    with contextlib.suppress(xml_parts.NotXml, xml_parts.EntitiesDeclared):
        xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    yield from reader.files


class _Reader:
    """Hold the open elements, with what the parameters of a property say so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.files: list[Written] = []
        self._open: list[str] = []
        self._said: dict[str, str] = {}
        # How deep the property stands whose parameters were read, and whether they are open.
        self._property_depth = 0
        self._in_parameters = False
        self._text: list[str] = []

    def on_start(self, name: str, _attributes: Mapping[str, str]) -> None:
        """Take one element in; a property's parameters hold for it alone."""
        if name == "parameters":
            self._said, self._property_depth = {}, len(self._open)
            self._in_parameters = True
        self._open.append(name)
        self._text = []

    def on_text(self, text: str) -> None:
        """Take the text of the innermost element."""
        self._text.append(text)

    def on_end(self, name: str) -> None:
        """Take the value of an element, in which no other one stands."""
        value, self._text = "".join(self._text).strip(), []
        self._open.pop()
        around = self._open[-1].lower() if self._open else ""
        if name == "parameters":
            self._in_parameters = False
        elif self._in_parameters and value:
            self._said[around] = value
        elif value:
            self._take(name, around, value)
        if len(self._open) < self._property_depth:
            self._said, self._property_depth = {}, 0

    def _take(self, name: str, around: str, value: str) -> None:
        is_address = value[: len(ADDRESS_OF_FILE)].lower() == ADDRESS_OF_FILE
        if name.lower() == BINARY or is_address:
            self.files.append(_written(self._said, value, is_address=is_address))
            value = self._said.get("fmttype", "")
        self.lines.append(f"{around}: {value}")


def _in_json(whole: object) -> Iterator[Written]:
    waiting = [(whole, 0)]
    while waiting:
        value, depth = waiting.pop()
        if not isinstance(value, list) or depth > MAX_DEPTH:
            continue
        yield from _in_property(value)
        waiting += [(each, depth + 1) for each in reversed(value)]


def _in_property(written: list[object]) -> Iterator[Written]:
    if len(written) < MIN_PROPERTY or not isinstance(written[1], dict):
        return
    parameters = {
        str(name).lower(): value for name, value in written[1].items() if isinstance(value, str)
    }
    is_bytes = written[2] == BINARY or parameters.get("encoding", "").lower() in ("b", "base64")
    for value in written[3:]:
        if not isinstance(value, str):
            continue
        is_address = value[: len(ADDRESS_OF_FILE)].lower() == ADDRESS_OF_FILE
        if is_address or is_bytes:
            yield _written(parameters, value, is_address=is_address)


def _written(parameters: Mapping[str, str], value: str, *, is_address: bool) -> Written:
    name = next((parameters[each] for each in NAME_NAMES if parameters.get(each)), "")
    claimed = next((parameters[each].lower() for each in TYPE_NAMES if parameters.get(each)), "")
    return Written(name, claimed, value, is_address)
