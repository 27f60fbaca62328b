"""Write the mails of the simulated month, as the jail would have opened them.

A mail is made of what its writer could know: the receipts that the writer got before.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from intake.sandbox.protocol.results import MailFacts, OpenedMail, Part
from tests.samples.mail.mails import tiny_pdf
from tests.samples.mail.month import DOMAIN, NEW, Kind, Letter

AUTHSERV_ID = "mx.example.org"
PASSES = f"{AUTHSERV_ID}; dmarc=pass header.from={DOMAIN}"
FAILS = f"{AUTHSERV_ID}; dmarc=fail header.from={DOMAIN}"
BOX = "box@example.org"
SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SUBJECT_WORDS = ("Komplettering", "Handlingar", "Fråga", "Uppdatering", "Underlag", "Besked")


@dataclass(frozen=True)
class Receipt:
    """What our receipt to a mail showed its sender, and that mail's own Message-ID."""

    code: str
    message_id: str
    reply_to: str


def write(letter: Letter, receipts: Mapping[int, Receipt]) -> OpenedMail:
    """Write a mail as the jail would have opened it."""
    receipt = receipts.get(letter.answers) if letter.answers is not None else None
    other = receipts.get(letter.other) if letter.other is not None else None
    subject, body, thread, to = _shape(letter, receipt, other)
    parts = [_part("1", "body", body.encode(), "text/plain")]
    content = tiny_pdf(f"scan {letter.number}", 2000)
    if letter.has_old_document and letter.answers is not None:
        content = tiny_pdf(f"scan {letter.answers}", 2000)
    if letter.number % 3 == 0 or letter.kind in NEW or letter.has_old_document:
        parts.append(_part("2", "attachment", content, "application/pdf"))
    return OpenedMail(_facts(letter, subject, thread, to), tuple(parts), (), body)


def message_id_of(number: int) -> str:
    """Return the Message-ID that the writer's mail program gave a mail."""
    return f"<letter-{number}@{DOMAIN}>"


def _shape(
    letter: Letter, receipt: Receipt | None, other: Receipt | None
) -> tuple[str, str, tuple[str, ...], str]:
    """Return (subject, text, Message-IDs of the thread, recipient) of a mail."""
    word = SUBJECT_WORDS[letter.number % len(SUBJECT_WORDS)]
    label = f" Demo {letter.case:02}-{_name(letter.case)}" if _has_label(letter) else ""
    topic = f"{word}{label}"
    greeting = f"Hej, brev {letter.number}.\n"
    if letter.kind is Kind.NEW_FORWARDED:
        return f"VB: Remiss{label}", greeting, ("<chain@hospital.example>",), BOX
    if letter.kind is Kind.STRANGER or receipt is None:
        return f"Remiss{label}", greeting, (), BOX
    code, reply = receipt.code, f"SV: Receipt {receipt.code}"
    thread = (message_id_of(letter.answers or 0), receipt.message_id)
    quoted = f"{greeting}\n-----Ursprungligt meddelande-----\n> Referens {code}\n"
    everything = (reply, quoted, thread, receipt.reply_to)
    return {
        Kind.THREADED: (reply, quoted, thread, receipt.reply_to),
        Kind.THREADED_ONLY: (reply, greeting, thread, BOX),
        Kind.TAGGED_ONLY: (f"SV: {topic}", greeting, (), receipt.reply_to),
        Kind.SUBJECT_CHANGED: (topic, greeting, thread, BOX),
        Kind.CODE_IN_SUBJECT: (f"{reply} {topic}", greeting, (), BOX),
        Kind.CODE_IN_BODY: (topic, quoted, (), BOX),
        Kind.FORWARDED: (f"VB: {topic}", quoted, (), BOX),
        Kind.BY_DEPUTY: (reply, greeting, (), BOX),
        Kind.DAMAGED: (f"SV: Receipt {_damaged(code, letter.number)}", greeting, (), BOX),
        Kind.CROSSED: (f"{topic} {other.code if other else ''}", greeting, thread, BOX),
        Kind.OTHERS_CODE: (f"SV: {topic} {other.code if other else ''}", greeting, (), BOX),
        Kind.NOTHING: (f"SV: {topic}", greeting, (), BOX),
        Kind.OWN_THREAD: (f"SV: {topic}", greeting, thread[:1], BOX),
        Kind.BY_COLLEAGUE: (f"{topic} {code}", greeting, (), BOX),
        Kind.STRANGER_NAMES: (f"{topic} {code}", greeting, (), BOX),
    }.get(letter.kind, everything)


def _has_label(letter: Letter) -> bool:
    return letter.case is not None and letter.has_label


def _name(case: int | None) -> str:
    """Return a word that tells one case's subject lines from another's."""
    number = case or 0
    return f"{'ABCDEFGHIJ'[number % 10] * 3}{'KLMNOPQRST'[number // 10] * 3}"


def _damaged(code: str, number: int) -> str:
    """Put one wrong symbol into a code."""
    places = [at for at, symbol in enumerate(code) if symbol != "-"]
    at = places[number % len(places)]
    wrong = SYMBOLS[(SYMBOLS.index(code[at]) + 1 + number % 30) % len(SYMBOLS)]
    return code[:at] + wrong + code[at + 1 :]


def _address(letter: Letter) -> str:
    if letter.kind is Kind.LOOK_ALIKE:
        return letter.writer.address.replace(DOMAIN, "regi0n.example")
    if letter.kind in {Kind.STRANGER, Kind.STRANGER_NAMES}:
        return f"somebody{letter.number}@elsewhere.example"
    return letter.writer.address


def _facts(letter: Letter, subject: str, thread: tuple[str, ...], to: str) -> MailFacts:
    address = _address(letter)
    return MailFacts(
        from_address=address,
        from_defects=(),
        claimed_from=address,
        subject=subject,
        message_id=message_id_of(letter.number),
        in_reply_to=thread[-1] if thread else "",
        references=thread,
        date_header="",
        to_addresses=(to,),
        auto_submitted="auto-replied" if letter.kind is Kind.AUTOMATIC else "",
        precedence="",
        list_headers=False,
        list_kind="",
        automatic_headers=False,
        auto_response_suppress="",
        return_path=address,
        content_type="multipart/mixed",
        report_type="",
        importance="",
        authentication_results=(FAILS if letter.kind is Kind.SPOOF else PASSES,),
        defects=(),
    )


def _part(path: str, role: str, content: bytes, claimed_type: str) -> Part:
    return Part(
        path=path,
        parent=None,
        role="body" if role == "body" else "attachment",
        claimed_name="" if role == "body" else "scan.pdf",
        claimed_type=claimed_type,
        content_id="",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        defects=(),
    )
