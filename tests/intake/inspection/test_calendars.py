"""Hold that files within calendar entries and contacts are documents, inspected like all others."""

import base64

import pytest

from mailbox.demo.eicar import eicar
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.desk import Desk

ENTRY = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Möte\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
CONTACT = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eva\r\n{}\r\nEND:VCARD\r\n"
PAPERS = [
    ("a.ics", "text/calendar", ENTRY, "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=b.pdf:"),
    ("a.ics", "application/octet-stream", ENTRY, "ATTACH:data:application/pdf;base64,"),
    ("a.vcf", "text/vcard", CONTACT, "KEY;ENCODING=b:"),
    ("a.txt", "text/plain", "Se kortet:\r\n\r\n" + CONTACT, "KEY;ENCODING=b:"),
]


def paper(form: str, written: str, content: bytes) -> bytes:
    return form.format(written + base64.b64encode(content).decode()).encode()


@pytest.mark.parametrize(("name", "kind", "form", "written"), PAPERS)
def test_paper_in_an_entry_is_a_document(
    sqlite_desk: Desk, name: str, kind: str, form: str, written: str
) -> None:
    content = paper(form, written, tiny_pdf("Beslut"))

    submission_id = sqlite_desk.handle(referral(attachments=[(name, kind, content)]))

    assert sqlite_desk.states(submission_id)[1:] == [("CLEAN", ""), ("CLEAN", "")]
    assert sqlite_desk.documents(submission_id)[2].detected_type == "application/pdf"


@pytest.mark.parametrize(("name", "kind", "form", "written"), PAPERS)
def test_malware_in_an_entry_is_found(
    sqlite_desk: Desk, name: str, kind: str, form: str, written: str
) -> None:
    content = paper(form, written, eicar())

    submission_id = sqlite_desk.handle(referral(attachments=[(name, kind, content)]))

    states = sqlite_desk.states(submission_id)
    assert states[2] == ("INFECTED", "malware:rule:eicar_test_file")


def test_entry_without_a_file_is_one_document(sqlite_desk: Desk) -> None:
    papers = [
        ("a.ics", "text/calendar", ENTRY.format("ATTACH:https://a.example/b.pdf").encode()),
        ("a.vcf", "text/vcard", CONTACT.format("PHOTO;VALUE=uri:https://a.example/b").encode()),
    ]

    submission_id = sqlite_desk.handle(referral(attachments=papers))

    assert sqlite_desk.states(submission_id)[1:] == [("CLEAN", ""), ("CLEAN", "")]
