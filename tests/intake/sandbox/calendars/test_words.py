"""Hold that a calendar and a contact are shown as fields that a person can read."""

import pytest

from intake.sandbox.calendars.words import words_of

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19701025T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@a.example
SUMMARY:Möte\\, planering
DTSTART;TZID=Europe/Stockholm:20270114T130000
DTEND:20270114T130000Z
LOCATION:Rum 4
ORGANIZER;CN="Eva Lind":mailto:eva@a.example
DESCRIPTION:Första raden\\nandra ra
 den
X-ROOM-CODE:1234
END:VEVENT
END:VCALENDAR
"""
CONTACT = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96berg;=C3=85s=
a;;;
item1.TEL;TYPE=CELL:+46 70 000 00 00
BDAY:19900102
ADR:;;Gatan 1;Kalmar;;39000;Sverige
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ
END:VCARD
"""


def test_an_event_says_what_when_where_and_who() -> None:
    assert words_of(EVENT).strip().split("\n") == [
        "Kind of message: REQUEST",
        "",
        "Event",
        "What: Möte, planering",
        "Starts: 2027-01-14 13:00 (Europe/Stockholm)",
        "Ends: 2027-01-14 13:00 (UTC)",
        "Where: Rum 4",
        "Called by: eva@a.example (Eva Lind)",
        "About: Första raden",
        "andra raden",
        "X-room-code: 1234",
    ]


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("written", [EVENT, CONTACT])
def test_it_says_the_same_whatever_ends_its_lines(written: str, line_end: str) -> None:
    assert words_of(written.replace("\n", line_end)) == words_of(written)


def test_a_contact_of_a_phone_is_read() -> None:
    assert words_of(CONTACT).strip().split("\n") == [
        "Contact",
        "Name in parts: Öberg, Åsa",
        "Telephone: +46 70 000 00 00 (cell)",
        "Born: 1990-01-02",
        "Address: Gatan 1, Kalmar, 39000, Sverige",
        "Photo: a file, shown by itself",
    ]


@pytest.mark.parametrize(
    "written",
    ["", "hej", "BEGIN:VCARD", "A" * 300_000, "N;" * 100_000, "BEGIN:VTIMEZONE\n" * 9000],
)
def test_what_is_no_calendar_is_shown_as_it_came(written: str) -> None:
    assert words_of(written).strip() in {written.strip(), "Contact"}
