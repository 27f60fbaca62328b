"""Make and send the sample referral: a mail with four documents, as a coordinator would send it.

All of it is invented and says so. It is sent by SMTP to the demo's own server, so that it arrives
by the same way as any other mail.
"""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from mailbox.demo.documents import EXAMPLE_MARK, Page, specimen_passport
from mailbox.demo.smtp_server import LOOPBACK

SAMPLE_RECIPIENT = "referrals@localhost"
SAMPLE_SENDER = "koordinator.exempel@region.example"
SEND_TIMEOUT_SECONDS = 60


def send_sample(
    port: int,
    now: datetime,
    *,
    sender: str = SAMPLE_SENDER,
    recipient: str = SAMPLE_RECIPIENT,
    reference: str = "",
) -> str:
    """Send the sample to an SMTP server on loopback and return its Message-ID.

    With a `reference` the mail names one of our cases, as a later mail would.
    """
    message = build_sample(now, sender=sender, recipient=recipient, reference=reference)
    with smtplib.SMTP(
        LOOPBACK, port, local_hostname="localhost", timeout=SEND_TIMEOUT_SECONDS
    ) as client:
        client.send_message(message, from_addr=sender, to_addrs=[recipient])
    return str(message["Message-ID"])


def build_sample(
    now: datetime,
    *,
    sender: str = SAMPLE_SENDER,
    recipient: str = SAMPLE_RECIPIENT,
    reference: str = "",
) -> EmailMessage:
    """Make the mail: a message body, referral form, consent, passport copy and risk note."""
    message = EmailMessage()
    message["From"] = f"Koordinator Exempel <{sender}>"
    message["To"] = recipient
    message["Subject"] = f"Remiss (exempel) {reference}".strip()
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain="region.example")
    message.set_content(_covering_message(reference))
    for name, content in (
        ("Remissblankett – exempel.pdf", referral_form()),
        ("Samtycke – exempel.pdf", consent()),
        ("Riskbedömning – exempel.pdf", risk_note()),
    ):
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    message.add_attachment(
        specimen_passport(), maintype="image", subtype="jpeg", filename="Pass – exempel.jpg"
    )
    return message


def referral_form() -> bytes:
    """Make the referral form as PDF."""
    page = Page()
    page.heading("Remissblankett", "Referral form · Återvändandeprogrammet")
    page.section(
        "A. Remitterande regionkoordinator",
        [
            ("Namn", "Koordinator Exempel"),
            ("Region", "Exempelregionen"),
            ("Telefon", "000-000 00 00"),
            ("Tolkspråk", "Utopiska"),
        ],
    )
    page.section(
        "B. Person",
        [
            ("Namn", "Exempel Exempelsson"),
            ("Ärendekod hos koordinatorn", "EXEMPEL-1"),
            ("Medborgarskap", "Utopia (UTO)"),
            ("Barn i ärendet", "Nej"),
        ],
    )
    page.section(
        "C. Uppehållsstatus och återresa",
        [
            ("Tillstånd", "Betänketid, 30 dagar"),
            ("Återvändandeland", "Utopia"),
            ("Önskad tidpunkt", "Så snart resehandling finns"),
            ("Önskar eskort", "Ja, till slutdestinationen"),
        ],
    )
    page.section(
        "D. Bilagor",
        [
            ("Samtycke", "Bifogas"),
            ("Kopia av pass", "Bifogas"),
            ("Riskbedömning", "Bifogas"),
        ],
    )
    page.section("Underskrift", [("Ort och datum", "Exempelstad"), ("Namn", "Koordinator Exempel")])
    return page.to_pdf("Remissblankett (exempel)")


def consent() -> bytes:
    """Make the declaration of consent as PDF."""
    page = Page()
    page.heading("Samtycke", "Samtycke till överföring av personuppgifter till IOM")
    page.paragraph(
        [
            "Jag samtycker till att regionkoordinatorn lämnar mina personuppgifter till IOM",
            "Finland, och till att IOM delar det som behövs med IOM i återvändandelandet.",
            "",
            "Jag har fått veta vad uppgifterna används till, på ett språk som jag förstår,",
            "och att jag när som helst kan återkalla mitt samtycke. Att återvända är min",
            "egen vilja, och jag kan ändra mig ända till avresan.",
        ]
    )
    page.section(
        "Omfattning",
        [
            ("IOM Finland", "Ja"),
            ("IOM i återvändandelandet", "Ja"),
            ("Ambassad", "Endast för resehandling"),
            ("Tolk", "Närvarande, utopiska"),
        ],
    )
    page.section("Underskrift", [("Ort och datum", "Exempelstad"), ("Namn", "E. Exempelsson")])
    return page.to_pdf("Samtycke (exempel)")


def risk_note() -> bytes:
    """Make the coordinator's short assessment of risk as PDF."""
    page = Page()
    page.heading("Riskbedömning", "Risk- och behovsbedömning inför återresa")
    page.section(
        "Bedömning",
        [
            ("Hotbild i Sverige", "Okänd"),
            ("Hotbild i återvändandelandet", "Okänd, bör bedömas gemensamt"),
            ("Skyddsbehov under resan", "Eskort önskas"),
            ("Hälsa", "Reseduglig enligt egen uppgift"),
            ("Säker kontakt", "Endast genom koordinatorn"),
        ],
    )
    page.paragraph(["Skriv eller ring inte till personen själv."])
    return page.to_pdf("Riskbedömning (exempel)")


def _covering_message(reference: str) -> str:
    about = f"Vår referens hos er: {reference}\n\n" if reference else ""
    return (
        f"{EXAMPLE_MARK}\n\nHej!\n\n{about}Härmed översänds en remiss med fyra bilagor:\n"
        "remissblankett, samtycke, riskbedömning och kopia av pass.\n\n"
        "Kontakta personen endast genom mig.\n\n"
        "Med vänlig hälsning\nKoordinator Exempel\nRegionkoordinator, Exempelregionen\n"
    )
