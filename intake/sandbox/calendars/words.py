"""Say in plain words what a calendar or a contact of lines holds: what, when, where, who.

The lines are those of iCalendar (RFC 5545) and vCard (RFC 6350, and 2.1 of many phones). A property
without words of its own here keeps its name, so that a copy shows all that a person wrote.
"""

import quopri
import re
from collections.abc import Iterator

from ..protocol.text import decode
from . import lines

TYPES = frozenset({"text/calendar", "text/vcard"})
WORDS = {
    "SUMMARY": "What", "DTSTART": "Starts", "DTEND": "Ends", "DUE": "Due", "DURATION": "Lasts",
    "LOCATION": "Where", "ORGANIZER": "Called by", "ATTENDEE": "Takes part", "DESCRIPTION": "About",
    "RRULE": "Repeats", "EXDATE": "Not on", "COMMENT": "Comment", "CONTACT": "Contact",
    "STATUS": "Status", "METHOD": "Kind of message", "CATEGORIES": "Categories",
    "FN": "Name", "N": "Name in parts", "NICKNAME": "Called", "ORG": "Organisation",
    "TITLE": "Title", "ROLE": "Role", "TEL": "Telephone", "EMAIL": "E-mail", "ADR": "Address",
    "BDAY": "Born", "NOTE": "Note", "URL": "Web page",
}  # fmt: skip
COMPONENTS = {"VEVENT": "Event", "VTODO": "Task", "VJOURNAL": "Note", "VCARD": "Contact"}
# What programs write for each other.
TECHNICAL = frozenset({"VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "SEQUENCE", "REV"})
OF_TIME_ZONES = "VTIMEZONE"
FILES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "ATTACH"})
LINE = re.compile(
    r"(?:[A-Za-z0-9-]{1,40}\.)?([A-Za-z0-9-]{1,60})((?:;(?:[^\":;]|\"[^\"]*\")*)*):(.*)"
)
SOFT_BREAK = "=\n"
ESCAPED = re.compile(r"\\([nN,;\\:])")
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
PARTED = re.compile(r"(?<!\\);")
PARAMETER = re.compile(r";([A-Za-z-]{1,40})=(\"[^\"]*\"|[^;]*)")


def words_of(written: str) -> str:
    """Return what a calendar or a contact says, a field in a line.

    "SUMMARY:Visit" -> "What: Visit"
    """
    fields = list(_fields(written))
    # What has no field is no calendar, and is shown as it came.
    return "\n".join(fields).strip("\n") if fields else written


def _fields(written: str) -> Iterator[str]:
    is_zone = False
    for line in _whole_lines(written):
        found = LINE.fullmatch(line)
        if found is None:
            if line.strip():
                yield line
            continue
        name, parameters, value = found[1].upper(), found[2], found[3]
        kind = value.strip().upper() if name in ("BEGIN", "END") else ""
        if kind == OF_TIME_ZONES:
            is_zone = name == "BEGIN"
        elif is_zone or name in TECHNICAL:
            continue
        elif not kind:
            yield f"{WORDS.get(name, name.capitalize())}: {_value(name, parameters, value)}"
        elif name == "BEGIN" and kind in COMPONENTS:
            yield f"\n{COMPONENTS[kind]}"


def _whole_lines(written: str) -> list[str]:
    """Return the lines, each unfolded; a line of quoted-printable ends in a sign of its own."""
    text = lines.text_with_plain_ends(written)
    if "QUOTED-PRINTABLE" in written.upper():
        text = text.replace(SOFT_BREAK, "")
    return lines.unfolded_text(text).splitlines()


def _value(name: str, written: str, value: str) -> str:
    parameters = {found[1].upper(): found[2].strip('"') for found in PARAMETER.finditer(written)}
    if name in FILES and len(value) > 1 and "://" not in value[:20]:
        return "a file, shown by itself"
    if "QUOTED-PRINTABLE" in written.upper():
        value = _unquoted(value, parameters.get("CHARSET", "utf-8"))
    moment = MOMENT.fullmatch(value.strip())
    if moment is not None:
        return _moment(moment, parameters.get("TZID", ""))
    parts = PARTED.split(value) if name in ("ADR", "N", "ORG") else [value]
    plain = ", ".join(part for part in parts if part.strip())
    plain = ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], plain)
    named = parameters.get("CN", "") or parameters.get("TYPE", "").lower()
    address = plain.removeprefix("mailto:").removeprefix("MAILTO:").removeprefix("tel:")
    return f"{address} ({named})" if named else address


def _unquoted(value: str, charset: str) -> str:
    """Return the text of quoted-printable; a charset that is none of text counts as UTF-8."""
    return decode(quopri.decodestring(value.encode("utf-8", "replace")), charset)


def _moment(found: re.Match[str], zone: str) -> str:
    """Return a day, perhaps with a time: "20261210T090000" -> "2026-12-10 09:00"."""
    year, month, day, hour, minute, _second, is_utc = found.groups()
    written = f"{year}-{month}-{day}"
    if hour is None:
        return written
    zone = "UTC" if is_utc else zone
    return f"{written} {hour}:{minute}{f' ({zone})' if zone else ''}"
