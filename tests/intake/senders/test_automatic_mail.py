"""Check who wrote a mail, a person or a machine, and that papers of a person are filed as such."""

import pytest

from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf, tiny_png
from tests.samples.mail.pasted import scribble, with_picture
from tests.samples.mail.wire import STRANGER, mail, multipart, part
from tests.support.desk import Desk

pytestmark = pytest.mark.components

PDF = ("remiss.pdf", "application/pdf", tiny_pdf("x"))
LOGO = ("logo.png", "image/png", tiny_png())
SCAN = ("scan.jpg", "image/jpeg", scribble(1))
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
PAPER = [b'Content-Type: application/pdf; name="a.pdf"', b"Content-Disposition: attachment"]
PROGRAMS = (
    "Автоматична відповідь: Квитанція",
    "رد تلقائي: إيصال",
    "\u200fالرد التلقائي: إيصال",
    "پاسخ خودکار: رسید",
    "Fraværsbesked: Kvittering",
    "Poissa",
)
FILED = "registered_sender_new_case"


def invitation(*, with_papers: bool, sender: str = REGISTERED_SENDER) -> bytes:
    """Build an invitation as calendar programs send it."""
    inner = multipart(
        b"inner",
        [
            part([b"Content-Type: text/plain"], b"Papers for our meeting.\r\n"),
            part([b"Content-Type: text/calendar; method=REQUEST"], CALENDAR),
        ],
    )
    parts = [part([b"Content-Type: multipart/alternative; boundary=inner"], inner)]
    parts += [part(PAPER, tiny_pdf("y"))] if with_papers else []
    return mail(
        "invitation",
        sender=sender.encode(),
        headers=[b"Content-Type: multipart/mixed; boundary=outer"],
        body=multipart(b"outer", parts),
    )


@pytest.mark.parametrize(
    "raw",
    [
        referral(attachments=[PDF], headers=[("X-Auto-Response-Suppress", "DR, OOF, AutoReply")]),
        invitation(with_papers=True),
    ],
    ids=["suppress", "calendar"],
)
def test_papers_of_a_registered_sender_are_filed_and_answered(
    sqlite_desk: Desk, raw: bytes
) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(raw)

    assert sqlite_desk.submission(came).filing_reason == FILED
    assert sqlite_desk.receipt(came).state == "due"


def test_papers_by_way_of_a_list_are_filed_and_somebody_is_told(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    headers = [("List-Unsubscribe", "<https://region.example/leave>")]

    came = sqlite_desk.handle(referral(attachments=[PDF], headers=headers))

    assert sqlite_desk.submission(came).filing_reason == FILED
    assert sqlite_desk.receipt(came).reason == "mailing_list"
    assert ("Q4", "call_sender") in sqlite_desk.open_items(came)


def leaflet(name: str, value: str) -> bytes:
    """Build what an answering program sends with a file of its own."""
    headers = [("In-Reply-To", "<receipt@portal.example>"), (name, value)]
    return referral(attachments=[PDF], headers=headers)


UNANSWERED, LISTED = "marked_as_unanswered", "marked_as_list_mail"
BY_ITSELF, BY_PROGRAM = "marked_as_sent_by_itself", "marked_as_answer_of_program"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (referral(headers=[("X-Auto-Response-Suppress", "All")]), UNANSWERED),
        (referral(headers=[("List-Unsubscribe", "<https://region.example/leave>")]), LISTED),
        (invitation(with_papers=False), "marked_as_calendar_mail"),
        (referral(headers=[("Auto-Submitted", "auto-generated")]), "automatic_mail"),
        (referral(headers=[("Precedence", "bulk")]), "marked_as_bulk_mail"),
        (
            referral(headers=[("X-Apple-Action", "VACATION")], subject="Auto reply: Receipt"),
            "automatic_mail",
        ),
        (referral(attachments=[LOGO], headers=[("Auto-Submitted", "auto-replied")]), BY_ITSELF),
        (referral(attachments=[LOGO], subject="Autosvar: Mottaget"), BY_PROGRAM),
        *((referral(subject=subject), "automatic_mail") for subject in PROGRAMS),
        (leaflet("Auto-Submitted", "auto-replied"), BY_ITSELF),
        (leaflet("X-Autoreply", "yes"), BY_PROGRAM),
        (leaflet("Return-Path", "<>"), "marked_without_return_path"),
    ],
    ids=[
        "suppress",
        "list",
        "calendar",
        "auto-submitted",
        "bulk",
        "apple",
        "logo",
        "subject",
        *PROGRAMS,
        "leaflet",
        "leaflet-autoreply",
        "leaflet-no-return",
    ],
)
def test_a_machines_mail_opens_no_case_and_gets_no_receipt(
    sqlite_desk: Desk, raw: bytes, reason: str
) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(raw)

    assert sqlite_desk.submission(came).filing_reason == reason
    assert sqlite_desk.receipt(came).state == "suppressed"
    assert ("Q3", "submission") in sqlite_desk.open_items(came)
    assert ("Q4", "call_sender") not in sqlite_desk.open_items(came)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([("Auto-Submitted", "auto-generated")], "auto_submitted"),
        ([("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")], "auto_submitted"),
        ([("Auto-Submitted", "auto-replied")], "auto_submitted"),
        ([("Precedence", "bulk")], "bulk_precedence"),
        ([("X-Autoreply", "yes")], "answering_program"),
        ([("Return-Path", "<>")], "null_return_path"),
    ],
)
def test_a_scanners_papers_are_filed_and_somebody_is_told(
    sqlite_desk: Desk, headers: list[tuple[str, str]], reason: str
) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(referral(attachments=[PDF], headers=headers))

    assert sqlite_desk.submission(came).filing_reason == FILED
    assert sqlite_desk.receipt(came).reason == reason
    assert ("Q4", "call_sender") in sqlite_desk.open_items(came)


def test_an_urgent_scan_is_urgent(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    headers = [("Auto-Submitted", "auto-generated")]

    came = sqlite_desk.handle(referral(subject="AKUT", attachments=[SCAN], headers=headers))

    assert sqlite_desk.submission(came).priority == "emergency"
    assert ("Q1", "submission") in sqlite_desk.open_items(came)


@pytest.mark.parametrize(
    "headers",
    [
        [b"X-Loop: region-nord"],
        [b"Return-Path: <>"],
        [b"Auto-Submitted: auto-replied"],
        [b"Auto-Submitted: auto-generated"],
        [b"X-Loop: region-nord", b"In-Reply-To: <question@portal.example>"],
        [b"List-Id: <nord.example>"],
    ],
)
def test_no_sign_silences_an_emergency_with_papers(sqlite_desk: Desk, headers: list[bytes]) -> None:
    sqlite_desk.register()
    raw = with_picture("pasted", scribble(4), subject="AKUT: hotbrev", headers=headers)

    came = sqlite_desk.handle(raw)

    assert sqlite_desk.open_items(came) >= {("Q1", "submission"), ("Q4", "call_sender")}
    assert sqlite_desk.submission(came).filing_reason != "automatic_mail"


def test_a_note_of_absence_with_a_picture_is_a_machines(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    words = "Jag är på semester. Vid brådskande ärenden ring växeln."
    headers = [b"Auto-Submitted: auto-replied"]

    came = sqlite_desk.handle(with_picture("away", scribble(5), words=words, headers=headers))

    assert sqlite_desk.submission(came).filing_reason == "automatic_mail"
    assert ("Q3", "submission") in sqlite_desk.open_items(came)


def test_a_report_is_nobodys_papers(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    parts = [part([b"Content-Type: text/plain"], b"It did not arrive."), part(PAPER, tiny_pdf("z"))]
    headers = [b"Content-Type: multipart/report; boundary=r; report-type=delivery-status"]

    came = sqlite_desk.handle(mail("report", headers=headers, body=multipart(b"r", parts)))

    assert sqlite_desk.submission(came).filing_reason == "automatic_mail"


URGENT = "Akut: en kvinna behöver skydd i natt. Ring växeln."


@pytest.mark.parametrize(
    ("header", "queue"),
    [
        (b"X-Auto-Response-Suppress: DR, RN, NRN, OOF", "Q1"),
        (b"List-Id: <kommunen.region.example>", "Q1"),
        (b"List-Unsubscribe: <https://region.example/leave>", "Q1"),
        (b"Precedence: bulk", "Q1"),
        (b"Precedence: auto_reply", "Q3"),
        (b"Auto-Submitted: auto-replied", "Q3"),
        (b"X-Apple-Action: VACATION", "Q3"),
        (b"Return-Path: <>", "Q3"),
    ],
)
def test_what_an_offices_systems_add_silences_no_urgent_mail(
    sqlite_desk: Desk, header: bytes, queue: str
) -> None:
    sqlite_desk.register()
    headers = [b"Content-Type: text/plain; charset=utf-8", header]

    came = sqlite_desk.handle(mail("urgent", headers=headers, body=URGENT.encode()))

    assert (queue, "submission") in sqlite_desk.open_items(came)
    assert sqlite_desk.submission(came).priority == ("emergency" if queue == "Q1" else "unknown")
    # Nobody tells the sender that it came, and nobody says that a machine wrote it.
    assert (("Q4", "call_sender") in sqlite_desk.open_items(came)) is (queue == "Q1")
    assert (sqlite_desk.submission(came).filing_reason == "automatic_mail") is (queue == "Q3")


@pytest.mark.parametrize("header", [b"X-Auto-Response-Suppress: All", b"List-Id: <a.example>"])
def test_a_picture_in_the_text_is_a_paper(sqlite_desk: Desk, header: bytes) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(with_picture("passport", scribble(3), headers=[header]))

    assert sqlite_desk.submission(came).filing_reason == FILED


def test_papers_give_a_stranger_no_answer_that_a_header_forbids(sqlite_desk: Desk) -> None:
    headers = [("X-Auto-Response-Suppress", "All")]

    came = sqlite_desk.open(referral(STRANGER, attachments=[PDF], headers=headers))

    assert sqlite_desk.receipt(came).reason == "auto_response_suppress"


BARE = mail("bare", sender=b"MAILER-DAEMON (Mail Delivery System)", subject=b"Undelivered")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail("cut", sender=b"MAILER-DAEMON", headers=[b"Return-Path: <>"]), "null_return_path"),
        (BARE, "robot_address"),
        (mail("auto", sender=None, headers=[b"Auto-Submitted: auto-replied"]), "auto_submitted"),
        (mail("news", sender=b"News", headers=[b"List-Id: <n.example>"]), "mailing_list"),
        (mail("dsn", sender=b"x", headers=[b"Content-Type: multipart/report"]), "delivery_report"),
    ],
)
def test_a_machine_without_an_address_opens_no_task(
    sqlite_desk: Desk, raw: bytes, reason: str
) -> None:
    came = sqlite_desk.handle(raw)

    assert sqlite_desk.receipt(came).reason == reason
    assert ("Q4", "no_usable_sender") not in sqlite_desk.open_items(came)
    assert sqlite_desk.open_items(came)


@pytest.mark.parametrize(
    "header",
    [
        b"X-Apple-Action: VACATION",
        b"X-Apple-Action: vacation/sent",
        b"Subject: Auto reply: Receipt",
        b"Subject: Auto-Reply: Receipt",
        b"Subject: Automatic reply: Receipt",
        b"Subject: Automatiskt svar: Receipt",
        b"Subject: Autosvar: Receipt",
        b"Subject: Out of Office: Receipt K7M-4QX-9T",
        b"Subject: Out of office",
        b"Subject: Out of office AutoReply: Receipt",
        "Subject: Frånvaro: Receipt K7M-4QX-9T".encode(),
        "Subject: Ej på kontoret".encode(),
        "Subject: Fraværsmelding".encode(),
        b"Subject: Automaattivastaus: Vastaanotettu",
        b"X-POST-MessageClass: 9; Autoresponder",
        b"X-FC-MachineGenerated: true",
        b"Preference: auto_reply",
        b"X-Autoreply: yes",
        "Subject: Frånvaromeddelande: Receipt".encode(),
        b"Subject: Automatische Antwort: Receipt",
        b"Subject: Loop Alert: x",
    ],
)
def test_the_marks_of_answering_programs_are_known(sqlite_desk: Desk, header: bytes) -> None:
    came = sqlite_desk.open(mail("away", headers=[header]))

    assert sqlite_desk.receipt(came).reason == "answering_program"


@pytest.mark.parametrize(
    "header",
    [
        b"X-Apple-Action: MOVE",
        b"Auto-Submitted: no (human)",
        b"Auto-Submitted: (a person) no",
        b"X-Autoreply: no",
        b"X-Autoresponder:",
        b"X-Loop: ",
        b"X-FC-MachineGenerated: false",
        b"X-POST-MessageClass: 1",
        "Subject: Frånvaro: Sara kom inte till mötet".encode(),
        "Subject: Frånvarande: två elever".encode(),
        b"Subject: Out of office: urgent removal, client not at the office",
        b"Subject: SV: Autosvar: Mottaget",
        b"Subject: Re: Automatic reply: Receipt",
        b"Subject: Autosvar?",
        b"Subject: Out of office furniture: a grant",
        b"Subject: Automatic replies",
    ],
)
def test_people_write_of_answering_programs_too(sqlite_desk: Desk, header: bytes) -> None:
    came = sqlite_desk.open(mail("person", headers=[header]))

    assert sqlite_desk.receipt(came).state == "due"


@pytest.mark.parametrize("subject", ["Frånvaro: Mottaget", "Out of office: Receipt"])
def test_an_answer_about_absence_is_a_programs(sqlite_desk: Desk, subject: str) -> None:
    headers = [b"In-Reply-To: <receipt@portal.example>"]

    came = sqlite_desk.open(mail("away", subject=subject.encode(), headers=headers))

    assert sqlite_desk.receipt(came).reason == "answering_program"


def test_a_complaint_without_a_report_type_is_not_answered(sqlite_desk: Desk) -> None:
    parts = [
        part([b"Content-Type: text/plain"], b"This is an abuse report.\r\n"),
        part([b"Content-Type: message/feedback-report"], b"Feedback-Type: abuse\r\n\r\n"),
    ]
    headers = [b"Content-Type: multipart/mixed; boundary=b"]

    came = sqlite_desk.open(mail("arf", headers=headers, body=multipart(b"b", parts)))

    assert sqlite_desk.receipt(came).reason == "delivery_report"


def test_what_a_person_forwards_says_nothing_of_them(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    parts = [
        part([b"Content-Type: text/plain"], b"See what I got.\r\n"),
        part([b"Content-Type: message/rfc822"], invitation(with_papers=False, sender=STRANGER)),
    ]
    headers = [b"Content-Type: multipart/mixed; boundary=f"]

    came = sqlite_desk.handle(mail("forward", headers=headers, body=multipart(b"f", parts)))

    assert sqlite_desk.submission(came).filing_reason == FILED
    assert sqlite_desk.receipt(came).state == "due"
