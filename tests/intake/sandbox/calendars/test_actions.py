"""Check that a calendar entry that runs or opens something is named, and any other is not."""

import pytest

from intake.sandbox.calendars.actions import find_actions
from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from tests.support.growth.measure import is_linear

PROGRAM, ELSEWHERE = "calendar_program", "calendar_other_computer"


def entry(*lines: str, kind: str = "VEVENT") -> bytes:
    return "\r\n".join((f"BEGIN:{kind}", "SUMMARY:Möte", *lines, f"END:{kind}", "")).encode()


ACTING = [
    (entry("ACTION:PROCEDURE", kind="VALARM"), {PROGRAM}),
    (entry("action;x=y : procedure", kind="VALARM"), {PROGRAM}),
    (entry("ACTION:PROC", " EDURE", kind="VALARM"), {PROGRAM}),
    (entry("PALARM:20261201T100000Z;;;c.exe", kind="VCALENDAR"), {PROGRAM}),
    (entry("ATTACH:file://server/share/a.exe"), {ELSEWHERE}),
    (entry('ATTACH;FMTTYPE="a:b":\\\\server\\share'), {ELSEWHERE}),
    (entry("ATT", " ACH:smb://server/a"), {ELSEWHERE}),
    (entry("X-SHARING-REMOTE-PATH:\\\\\\\\server\\\\share"), {ELSEWHERE}),
    (entry("X-ALARM-SOUND:\\\\10.0.0.1\\a.wav"), {ELSEWHERE}),
    (entry('DESCRIPTION;ALTREP="file://server/a":Hej'), {ELSEWHERE}),
    (entry("item1.URL:search-ms:query=a&crumb=location:\\\\e\\s", kind="VCARD"), {ELSEWHERE}),
    (entry("PHOTO;VALUE=uri:file:///etc/passwd", kind="VCARD"), {ELSEWHERE}),
    (b'["vcalendar",[],[["valarm",[["action",{},"text","PROCEDURE"]]]]]', {PROGRAM}),
    (b'["vcalendar",[["attach",{},"uri","file://e/a"]]]', {ELSEWHERE}),
    (b'["vcalendar",[],[["valarm",[["action",{},"text","\\u0050ROCEDURE"]]]]]', {PROGRAM}),
    (entry("ACTION;ENCODING=QUOTED-PRINTABLE:=50RO=", "CEDURE", kind="VALARM"), {PROGRAM}),
    (entry("URL;ENCODING=QUOTED-PRINTABLE:file=3A//e/a", kind="VCARD"), {ELSEWHERE}),
]
# What a page in an entry would do, where a program shows it as one.
PAGES = {
    "X-ALT-DESC;FMTTYPE=text/html:<p><script>a()</script></p>": "html_script",
    "X-ALT-DESC;FMTTYPE=text/html:<p>Hej</p><scr\r\n ipt src=a.js>": "html_script",
    'X-ALT-DESC:<a href="java\r\n script:a()">Hej</a>': "html_script",
    "STYLED-DESCRIPTION;VALUE=TEXT:<svg/onload=a()>": "html_event_handler",
    "DESCRIPTION:Hej <img src=x onerror=a()>": "html_event_handler",
    r"X-ALT-DESC:<ifr\ame srcdoc=x\,y></iframe>": "html_embedded",
    r"X-ALT-DESC:<form\naction=/a><input></form>": "html_form",
    "END:VEVENT\r\n<script>a()</script>": "html_script",
    "X-ALT-DESC;ENCODING=QUOTED-PRINTABLE:=3Cscr=\r\nipt=3Ea()": "html_script",
}
QUIET = [
    entry("ACTION:DISPLAY", "DESCRIPTION:Procedure: file:// is a word", kind="VALARM"),
    entry("ATTACH:https://region.example/a.pdf", "URL:https://meet.example/1"),
    entry("ATTACH;ENCODING=BASE64;VALUE=BINARY:QUJD", "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://a"),
    entry("DESCRIPTION:\\\\server\\share is our folder", "LOCATION:Rum 7", "ATTACH:cid:1@a"),
    b"ACTION:PROCEDURE\r\nATTACH:file://a/b in a letter about it\r\n",
    entry("DESCRIPTION:Mötet är online = på Teams, 2 < 3", "COMMENT:form, script: object"),
    entry("X-ALT-DESC;FMTTYPE=text/html:<p>Hej <b>Eva</b></p>", kind="VCALENDAR"),
]
IN_XML = (
    b'<?xml version="1.0"?><icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar>'
    b"<attach><uri>file://e/a</uri></attach><action><text>PROCEDURE</text></action>"
    b"</vcalendar></icalendar>"
)


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize(("content", "codes"), ACTING)
def test_what_an_entry_runs_or_opens_is_named(
    inspector: Inspector, content: bytes, codes: set[str]
) -> None:
    found = inspector.inspect(content, "text/calendar", "a.ics")

    assert (found.state, set(found.findings) & {PROGRAM, ELSEWHERE}) == ("active", codes)


@pytest.mark.parametrize("line_end", [b"\r", b"\n", b"\r\r\n", b"\r\n"])
@pytest.mark.parametrize(("content", "codes"), ACTING)
def test_an_entry_is_named_whatever_ends_its_lines(
    inspector: Inspector, content: bytes, codes: set[str], line_end: bytes
) -> None:
    for before in (b"", b"Se nedan:\r\n\r\n") if content.startswith(b"B") else (b"",):
        written = (before + content).replace(b"\r\n", line_end)
        found = inspector.inspect(written, "text/calendar", "a.ics")

        assert (found.state, set(found.findings) & {PROGRAM, ELSEWHERE}) == ("active", codes)


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n", "\r\r\n"])
@pytest.mark.parametrize("line", PAGES)
def test_what_a_page_in_an_entry_does_is_named(
    inspector: Inspector, line: str, line_end: str
) -> None:
    written = entry(line, kind="VCALENDAR").decode().replace("\r\n", line_end)
    for charset in ("utf-8", "utf-16"):
        found = inspector.inspect(written.encode(charset), "text/calendar", "a.ics")

        assert found.state in ("active", "held")
        assert PAGES[line] in found.findings


def test_a_page_in_an_entry_in_json_is_named(inspector: Inspector) -> None:
    written = rb'["vcalendar",[["x-alt-desc",{},"text","\u003cscript>a()\u003c/script>"]]]'

    found = inspector.inspect(written, "application/calendar+json", "a.json")

    assert (found.state, "html_script" in found.findings) == ("active", True)


@pytest.mark.parametrize("content", QUIET)
def test_an_everyday_entry_is_clean(inspector: Inspector, content: bytes) -> None:
    assert inspector.inspect(content, "text/calendar", "a.ics").state == "clean"


def test_an_entry_in_xml_is_read_alike(inspector: Inspector) -> None:
    found = inspector.inspect(IN_XML, "application/calendar+xml", "a.xcs")

    assert {PROGRAM, ELSEWHERE} <= set(found.findings)
    assert found.reason != "shown_as_text"


def test_a_page_in_an_entry_in_xml_is_named(inspector: Inspector) -> None:
    page = b"<x-alt-desc><text>&lt;svg onload=a()&gt;</text></x-alt-desc>"
    written = IN_XML.replace(b"<attach>", page + b"<attach>")

    found = inspector.inspect(written, "application/calendar+xml", "a.xcs")

    assert "html_event_handler" in found.findings


@pytest.mark.parametrize(
    "unit", ["ATTACH;a", 'X-A;"', '"attach",{', "ACTION;x=y;", "X-A-", " ", "\r", "\\"]
)
def test_the_search_takes_no_longer_than_the_entry_is_long(unit: str) -> None:
    def work(text: str) -> set[str]:
        return find_actions(text.encode())

    assert is_linear(work, lambda size: "BEGIN:VEVENT\n" + unit * (size // len(unit)), 400_000)
