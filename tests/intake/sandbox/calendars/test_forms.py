"""Hold that a calendar in XML or JSON is one: shown as its words, opened, its traps held."""

import base64
import json

import pytest

from intake.inspection.unpack import HIDDEN_IN_TEXT
from intake.sandbox import Limits
from intake.sandbox.archives.calendars import files_in, is_calendar
from intake.sandbox.calendars.forms import words_in_xml
from intake.sandbox.formats.inspect_format import load_inspector
from tests.intake.sandbox.conftest import MakeJail
from tests.support.growth.measure import is_linear

PAPER = b"%PDF-1.4 paper"
WRITTEN = base64.b64encode(PAPER).decode()
ATTACH = (
    "<attach><parameters><fmttype><text>application/pdf</text></fmttype>"
    "<filename><text>pass.pdf</text></filename></parameters>{}</attach>"
)
BINARY, ADDRESS = f"<binary>{WRITTEN}</binary>", f"<uri>data:application/pdf;base64,{WRITTEN}</uri>"


def in_xml(*properties: str, head: str = "") -> bytes:
    """Return an event as xCal (RFC 6321)."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}'
        '<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><components><vevent>'
        f"<properties><summary><text>Besök på boendet</text></summary>{''.join(properties)}"
        "</properties></vevent></components></vcalendar></icalendar>"
    ).encode()


def in_json(*properties: list[object]) -> bytes:
    """Return an event as jCal (RFC 7265)."""
    summary: list[object] = ["summary", {}, "text", "Besök på boendet"]
    event = ["vevent", [summary, *properties], []]
    return json.dumps(["vcalendar", [["version", {}, "text", "2.0"]], [event]]).encode()


SAID = {"fmttype": "application/pdf", "filename": "pass.pdf"}
WITH_FILE = [
    in_xml(ATTACH.format(BINARY)),
    in_xml(ATTACH.format(ADDRESS)),
    in_xml(ATTACH.format(BINARY)).decode().replace("utf-8", "utf-16").encode("utf-16"),
    in_json(["attach", SAID, "binary", WRITTEN]),
    in_json(["attach", SAID, "uri", f"data:application/pdf;base64,{WRITTEN}"]),
    in_json(["attach", SAID | {"encoding": "BASE64"}, "text", WRITTEN]),
]


@pytest.mark.parametrize("content", WITH_FILE)
def test_file_in_a_calendar_comes_out_of_it(content: bytes) -> None:
    if not content.startswith(b"\xff\xfe"):
        assert HIDDEN_IN_TEXT.search(content.lower())
    assert is_calendar(content)
    [found] = files_in(content)
    assert (found.name, found.claimed_type, found.content) == ("pass.pdf", "application/pdf", PAPER)


def test_parameters_hold_for_their_own_property() -> None:
    [first, second] = files_in(in_xml(ATTACH.format(BINARY), f"<attach>{BINARY}</attach>"))

    assert (first.name, second.name, second.claimed_type) == ("pass.pdf", "", "")


@pytest.mark.parametrize(
    ("claimed", "name"),
    [
        ("application/calendar+xml", "a.xcs"),
        ("application/calendar+xml", ""),
        ("text/xml", "a.xml"),
    ],
)
def test_calendar_in_xml_is_shown_as_its_words(
    make_jail: MakeJail, claimed: str, name: str
) -> None:
    jail = make_jail(Limits())
    content = in_xml("<location><text>Storgatan 1</text></location>")

    found = jail.inspect(content, claimed, name)
    rendition = jail.render(content, found.detected_type)

    assert (found.state, found.reason) == ("active", "shown_as_text")
    assert rendition.pages[0].text.split("\n")[:2] == [
        "summary: Besök på boendet",
        "location: Storgatan 1",
    ]


@pytest.mark.parametrize("claimed", ["application/calendar+json", "application/json", ""])
def test_calendar_in_json_is_a_text(claimed: str) -> None:
    found = load_inspector().inspect(in_json(), claimed, "a.ics")

    assert (found.state, found.findings) == ("clean", ())


@pytest.mark.parametrize(
    "content",
    [
        in_xml(head='<!DOCTYPE a [<!ENTITY b "ha">]>'),
        in_xml('<h:script xmlns:h="http://www.w3.org/1999/xhtml">x()</h:script>'),
        in_xml()[:-5],
        in_xml().replace(b"<icalendar", b"<icalendar onload='x()'"),
        b'<x xmlns="http://a.example/">' + in_xml("<description><text/></description>")[38:],
    ],
)
def test_calendar_with_a_trap_is_no_quiet_one(content: bytes) -> None:
    assert load_inspector().inspect(content, "application/calendar+xml", "a.xcs").state == "held"


def test_xml_that_is_no_calendar_is_held_as_before() -> None:
    found = load_inspector().inspect(b"<?xml version='1.0'?><a><b>c</b></a>", "text/xml", "a.xml")

    assert (found.state, found.reason) == ("held", "xml_not_shown")


def test_words_stand_with_the_names_of_their_properties() -> None:
    assert words_in_xml(b"<icalendar><summary><text>Visit</text></summary></icalendar>") == (
        "summary: Visit"
    )


@pytest.mark.parametrize(
    "piece", ["<a>", "<parameters>", "<binary>QQ==</binary>", "[", '["vcard",']
)
def test_looking_for_files_takes_linear_time(piece: str) -> None:
    start = "<icalendar>" if piece.startswith("<") else '["vcalendar",'

    def work(text: str) -> object:
        return list(files_in(text.encode()))

    assert is_linear(work, lambda size: start + piece * (size // len(piece)), 400_000)
