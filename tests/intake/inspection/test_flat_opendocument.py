"""Hold that a document in one XML file is shown, and that what stands in it is scanned."""

from mailbox.demo.eicar import eicar
from tests.samples.files.flat_office import flat, framed
from tests.samples.mail.mails import referral
from tests.support.desk import Desk

XML = "text/xml"
MACRO = '<ooo:library-embedded ooo:name="Standard"/>'


def test_it_is_shown_and_only_as_a_copy_where_it_holds_macros(sqlite_desk: Desk) -> None:
    papers = [("a.fodt", XML, flat()), ("b.fodt", XML, flat(scripts=MACRO))]

    submission_id = sqlite_desk.handle(referral(attachments=papers))

    states = sqlite_desk.states(submission_id)
    assert states[1:] == [("CLEAN", ""), ("ACTIVE", "active_content")]
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}


def test_malware_in_base64_is_found(sqlite_desk: Desk) -> None:
    content = flat(framed("object-ole", eicar()))

    submission_id = sqlite_desk.handle(referral(attachments=[("a.fodt", XML, content)]))

    states = sqlite_desk.states(submission_id)
    assert states[1:] == [
        ("ACTIVE", "active_content"),
        ("INFECTED", "malware:rule:eicar_test_file"),
    ]
