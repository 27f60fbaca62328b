"""Make the demo's ten arrivals: one of each kind that a desk meets.

All of it is invented and says so. Each travels by SMTP to the demo's own server, as any other mail.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from mailbox.demo.documents import EXAMPLE_MARK, Page, locked, phone_photo
from mailbox.demo.eicar import eicar
from mailbox.demo.sample import (
    SAMPLE_RECIPIENT,
    SAMPLE_SENDER,
    SEND_TIMEOUT_SECONDS,
    build_sample,
    risk_note,
)
from mailbox.demo.smtp_server import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable

CASH_RECIPIENT = "cash@localhost"
COORDINATOR = f"Koordinator Exempel <{SAMPLE_SENDER}>"
ARABIC_MARK = "مثال – بيانات مختلقة"
# The one who forges takes the coordinator's address, and sends through a server of their own.
FORGER = "post@forfalskare.example"


@dataclass(frozen=True)
class Arrival:
    """One arrival: what it shows, its mail, and the envelope with which it is sent.

    The demo's server calls a mail genuine when the envelope has the domain of its From.
    """

    shows: str
    message: EmailMessage
    envelope: str = SAMPLE_SENDER
    recipient: str = SAMPLE_RECIPIENT

    def send(self, port: int) -> None:
        """Send it to an SMTP server on loopback."""
        with smtplib.SMTP(
            LOOPBACK, port, local_hostname="localhost", timeout=SEND_TIMEOUT_SECONDS
        ) as client:
            client.send_message(self.message, from_addr=self.envelope, to_addrs=[self.recipient])


def first_referral(now: datetime) -> Arrival:
    """Make the referral with four documents, from which everything else follows."""
    return Arrival("a first referral, four documents", build_sample(now))


def addition(now: datetime, reference: str) -> Arrival:
    """Make a later mail of the same coordinator that names our reference."""
    return Arrival("an addition to that referral", build_sample(now, reference=reference))


def others(now: datetime, reference: str) -> list[Arrival]:
    """Make the nine that follow the first referral, whose reference they may name."""
    makers: tuple[Callable[[datetime], Arrival], ...] = (
        _locked,
        _with_test_virus,
        _unknown_sender,
        _in_arabic,
        _from_a_phone,
        _robot,
        _emergency,
        _forged,
    )
    return [addition(now, reference), *(make(now) for make in makers)]


def _locked(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "Kompletterande underlag (exempel)", [
        "Hej! Här kommer en ny riskbedömning. Filen är låst med lösenord.",
        "Ring mig för lösenordet.",
    ])  # fmt: skip
    _attach_pdf(message, "Riskbedömning, låst – exempel.pdf", locked(risk_note()))
    return Arrival("a PDF behind a password", message)


def _with_test_virus(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "Blankett (exempel)", [
        "Hej! Bifogar en blankett. Filen är i själva verket EICAR, en ofarlig testfil",
        "som varje virusskydd kallar skadlig.",
    ])  # fmt: skip
    message.add_attachment(
        eicar(), maintype="application", subtype="octet-stream", filename="blankett-exempel.com"
    )
    return Arrival("EICAR, the test file of virus scanners", message)


def _unknown_sender(now: datetime) -> Arrival:
    sender = "kurator.exempel@skola.example"
    message = _mail(now, f"Kurator Exempel <{sender}>", "Intyg (exempel)", [
        "Hej! Jag är kurator och skickar ett intyg för en elev som ni har kontakt med.",
    ])  # fmt: skip
    page = Page()
    page.heading("Intyg", "Från en avsändare som ingen känner")
    page.paragraph(["Härmed intygas att detta är ett exempel."])
    _attach_pdf(message, "Intyg – exempel.pdf", page.to_pdf("Intyg (exempel)"))
    return Arrival("a sender whom nobody knows", message, envelope=sender)


def _in_arabic(now: datetime) -> Arrival:
    sender = "sokande.exempel@post.example"
    message = _mail(now, f"مثال <{sender}>", "سؤال عن المبلغ النقدي (exempel)", [
        "السلام عليكم،",
        "عدت إلى بلدي في الشهر الماضي وأريد أن أعرف متى أحصل على المبلغ النقدي.",
        "رقم هاتفي تغيّر. شكراً لكم.",
    ], ARABIC_MARK)  # fmt: skip
    return Arrival(
        "a question about cash support, in Arabic",
        message,
        envelope=sender,
        recipient=CASH_RECIPIENT,
    )


def _from_a_phone(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "Foto (exempel)", ["Skickat från min telefon"])
    message.add_attachment(phone_photo(), maintype="image", subtype="jpeg", filename="IMG_0001.JPG")
    return Arrival("a phone's photo of a passport", message)


def _robot(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "Autosvar: Frånvarande (exempel)", [
        "Jag är inte på kontoret och läser inte min e-post förrän på måndag.",
    ])  # fmt: skip
    message["Auto-Submitted"] = "auto-replied"
    return Arrival("a machine's absence note", message)


def _emergency(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "AKUT (exempel)", [
        "AKUT! Personen hotas och måste flyttas i kväll.",
        "Ring mig genast, och skriv inte till personen själv.",
    ])  # fmt: skip
    return Arrival("an emergency", message)


def _forged(now: datetime) -> Arrival:
    message = _mail(now, COORDINATOR, "Ny säker kontakt (exempel)", [
        "Hej! Personen har en ny telefon. Använd från och med nu bara 000-111 11 11",
        "och skicka alla handlingar dit.",
    ])  # fmt: skip
    return Arrival("a forged mail in the coordinator's name", message, envelope=FORGER)


def _mail(
    now: datetime, sender: str, subject: str, lines: list[str], mark: str = EXAMPLE_MARK
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = SAMPLE_RECIPIENT
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="region.example")
    message.set_content("\n".join([*lines, "", f"({mark})", ""]))
    return message


def _attach_pdf(message: EmailMessage, name: str, content: bytes) -> None:
    message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
