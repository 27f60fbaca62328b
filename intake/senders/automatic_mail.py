"""Tell whether a person wrote a message, by the signs of RFC 3834 and of common use."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.core import references
from intake.sandbox.protocol import signs
from intake.senders.absence_words import speaks_of_another
from intake.senders.papers import is_attached, is_calendar, own_papers

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import ListKind, MailFacts
    from storage.documents.documents import Document

# Fields of IncomingMail that come from the header; the jail's answer gives them the same names.
_HEADER_FIELDS = (
    "auto_submitted",
    "precedence",
    "list_headers",
    "list_kind",
    "automatic_headers",
    "auto_response_suppress",
    "return_path",
    "content_type",
    "report_type",
    "subject",
    "claimed_from",
)

# Local parts of addresses that no person reads (RFC 2142, RFC 3834 §2, and common use).
ROBOTS = frozenset(
    {
        "mailer-daemon",
        "postmaster",
        "no-reply",
        "noreply",
        "donotreply",
        "do-not-reply",
        "no_reply",
        "do_not_reply",
        "bounce",
        "bounces",
        "abuse",
        "listserv",
        "majordomo",
        "daemon",
        "nobody",
    }
)
BULK_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
# X-Auto-Response-Suppress (MS-OXCMAIL §2.2.3.2.14): values that ask for no automatic reply.
SUPPRESSING = frozenset({"all", "autoreply", "oof"})
# How answering programs begin a subject, up to a colon or its end; people answer it with «Re:».
AUTOMATIC_SUBJECT = re.compile(
    r"[\s\u200e\u200f\u202a-\u202e]*"
    r"(?:(?:auto(?:mati[ck])?[ -]?(?:reply|response)|autosvar|automatiskt? svar"
    r"|automatisk svar|automaattinen vastaus|automaattivastaus|automatische antwort"
    r"|automatisches antwort|réponse automatique|respuesta automática"
    r"|автоматична відповідь|автовідповідь|автоматический ответ|автоответ"
    r"|(?:ال)?رد (?:ال)?تلقائي|رد آلي|پاسخ خودکار|otomatik (?:yanıt|cevap)"
    r"|automatyczna odpowiedź|automatisch antwoord|răspuns automat|risposta automatica"
    r"|out[ -]of[ -](?:the[ -])?office"
    r" (?:reply|auto[ -]?reply))\s*(?::|\Z)|loop alert\b)",
    re.IGNORECASE,
)
# So a program calls a note of absence, and schools what they write of a pupil: the letter tells.
NOTE_SUBJECT = re.compile(
    r"\s*(?:frånvaromeddelande|poissaoloviesti|fraværs(?:melding|besked)|abwesenheitsnotiz)\s*+(?::|\Z)",
    re.IGNORECASE,
)
# People begin a subject so too: it tells of a program in an answer, or where nothing follows and
# the letter is about nobody else.
ABSENT_SUBJECT = re.compile(
    r"\s*(?:frånvaro|frånvarande|out[ -]of[ -](?:the[ -])?office|(?:ej|inte) på kontoret"
    r"|poissa|poissaolo|fravær|ikke på kontoret|ude af kontoret|відсутність|у відпустці)"
    r"\s*+(?::|\Z)",
    re.IGNORECASE,
)
COMMENT = re.compile(r"\([^()]*\)")
# The prefixes of a reply's subject in the languages in which people write to us. Forwards are not
# among them: what a coordinator forwards is new to us, and no history. A gateway may have put its
# own mark before them, and an Arabic program marks of the direction.
REPLY = re.compile(
    r"(?:[\s\u200e\u200f\u202a-\u202e]|\[[^\[\]]{1,40}\])*"
    r"(?:re|sv|svar|vs|aw|antw|odp|ynt|res|ats|atb|vá|απ|השב|відп|відповідь|ответ|отг|رد|پاسخ"
    r"|ตอบ|ตอบกลับ|回复|答复)"
    r"\s*+(?:\[\d+\])?\s*+[:\uff1a]",
    re.IGNORECASE,
)
# How mail servers call themselves where the From names no mailbox, as in many bounces.
SERVERS = ("mailer-daemon", "postmaster", "mail delivery system", "mail delivery subsystem")
# A complaint about mail (RFC 5965), whatever the message around it says of itself.
COMPLAINT = "message/feedback-report"
# Systems of an office put these signs on mail of persons too, so that they prove no machine. Lists
# and bulk mail are answered by nobody all the same (RFC 3834 §2).
OF_OFFICES = frozenset(
    {"mailing_list", "calendar_mail", "auto_response_suppress", "bulk_precedence"}
)
ANSWERED = frozenset({"calendar_mail", "auto_response_suppress"})
# What a scanner or a system that sends papers for somebody writes of itself.
OF_SCANNERS = OF_OFFICES | {"auto_submitted", "robot_address"}
# What an answering program writes; systems that send papers on their own copy it now and then.
OF_PROGRAMS = frozenset({"answering_program", "null_return_path"})
# Nobody's papers come with these.
OF_NOBODY = frozenset({"delivery_report", "own_address"})
# How an answering program calls its mail; a scanner says «auto-generated» (RFC 3834 §5).
REPLIED = "auto-replied"


@dataclass(frozen=True)
class IncomingMail:
    """What tells whether a person wrote a message, as its header says it.

    `letter` gives the words of its letter, which are read only where the subject leaves it open.
    """

    reply_to: str | None
    auto_submitted: str
    precedence: str
    list_headers: bool
    automatic_headers: bool
    auto_response_suppress: str
    return_path: str | None
    content_type: str
    report_type: str
    subject: str = ""
    claimed_from: str = ""
    has_calendar_part: bool = False
    has_complaint_part: bool = False
    has_papers: bool = False
    has_attachments: bool = False
    has_files: bool = False
    is_answer: bool = False
    list_kind: "ListKind" = ""
    letter: Callable[[], str] = str


def incoming(
    header: "MailFacts",
    reply_to: str | None,
    rows: "Iterable[Document]" = (),
    *,
    letter: Callable[[], str],
) -> IncomingMail:
    """Return a mail as it is judged: its header, where an answer goes, its documents.

    What stands inside a forwarded mail says nothing of who forwards it.
    """
    rows = list(rows)
    own = [row for row in rows if row.parent_id is None]
    types = {row.claimed_type for row in own}
    papers = own_papers(rows)
    attached = list(filter(is_attached, papers))
    return IncomingMail(
        reply_to=reply_to,
        has_calendar_part=any(map(_is_of_calendar_program, own)),
        has_complaint_part=COMPLAINT in types,
        has_papers=bool(papers),
        has_attachments=bool(attached),
        has_files=any(map(_is_file, attached)),
        is_answer=bool(header.in_reply_to or header.references),
        letter=letter,
        **{field: getattr(header, field) for field in _HEADER_FIELDS},
    )


def has_papers(rows: "Iterable[Document]") -> bool:
    """Tell whether a mail brings documents besides its text and a calendar entry.

    A picture in the text is one, unless it was set aside as a logo: people paste passports.
    """
    return bool(own_papers(rows))


def _is_file(row: "Document") -> bool:
    """Tell whether no answering program adds such a document: a logo, or the mail it answers."""
    return row.role == "attachment" and not row.claimed_type.startswith("image/")


def automatic_kind(
    mail: IncomingMail, own_addresses: Collection[str], *, is_registered: bool = False
) -> str | None:
    """Return the first sign for which a message is not answered, as a code, or None."""
    is_passed = is_registered and (mail.has_papers or mail.has_attachments)
    passed = ANSWERED if is_passed else frozenset[str]()
    return _first_but(passed, mail, own_addresses)


def machine_kind(
    mail: IncomingMail, own_addresses: Collection[str], *, is_registered: bool = False
) -> str | None:
    """Return the first sign that a machine wrote a message for itself, as a code, or None.

    It decides where mail of a registered sender is filed, so what an office's systems add to papers
    is passed over. The more a sign tells of an answering program, the surer its papers have to be:
    one that answers a mail sends a leaflet along, if anything. A report and mail of our own are
    never anybody's papers.
    """
    passed = frozenset[str]()
    is_of_scanner = mail.has_attachments and _first_word(mail.auto_submitted) != REPLIED
    if is_registered and mail.has_files and not mail.is_answer:
        passed = OF_SCANNERS | OF_PROGRAMS
    elif is_registered and is_of_scanner:
        passed = OF_SCANNERS
    elif mail.has_papers or mail.has_attachments:
        passed = OF_OFFICES
    return _first_but(passed, mail, own_addresses)


def may_be_a_person(
    mail: IncomingMail, own_addresses: Collection[str], *, is_away: bool = False
) -> bool:
    """Tell whether a person may have written a message that has signs of a machine.

    It may if all of these are such as an office's systems add to mail of persons, or if it brings
    papers and does not tell of absence. A registered sender's «urgent» then counts all the same.
    """
    found = set(automatic_signs(mail, own_addresses))
    if found & OF_NOBODY:
        return False
    is_answer = _first_word(mail.precedence) in {"auto_reply", "auto-reply"}
    is_of_office = OF_OFFICES.issuperset(found) and not is_answer
    return is_of_office or (mail.has_papers and not is_away)


def _first_but(
    passed: frozenset[str], mail: IncomingMail, own_addresses: Collection[str]
) -> str | None:
    return next((s for s in automatic_signs(mail, own_addresses) if s not in passed), None)


def automatic_signs(mail: IncomingMail, own_addresses: Collection[str]) -> Iterator[str]:
    """Yield every sign that no person wrote a message, as codes."""
    address = (mail.reply_to or "").lower()
    local = address.partition("@")[0].partition("+")[0]
    checks = (
        (address in own_addresses, "own_address"),
        (_first_word(mail.auto_submitted) not in {"", "no"}, "auto_submitted"),
        (mail.return_path == "<>", "null_return_path"),
        (mail.content_type == "multipart/report" or bool(mail.report_type), "delivery_report"),
        (mail.content_type == "message/delivery-status", "delivery_report"),
        (mail.has_complaint_part or mail.content_type == COMPLAINT, "delivery_report"),
        (_first_word(mail.precedence) in BULK_PRECEDENCE, "bulk_precedence"),
        (mail.list_headers, "mailing_list"),
        (mail.automatic_headers, "answering_program"),
        (_is_subject_of_program(mail), "answering_program"),
        (mail.has_calendar_part, "calendar_mail"),
        (bool(SUPPRESSING & _words(mail.auto_response_suppress)), "auto_response_suppress"),
        (
            local in ROBOTS or local.startswith("owner-") or local.endswith("-request"),
            "robot_address",
        ),
        (not address and _names_server(mail.claimed_from), "robot_address"),
    )
    return (code for applies, code in checks if applies)


def _is_of_calendar_program(row: "Document") -> bool:
    """Tell whether a calendar program wrote a part (RFC 6047): nobody waits for a receipt.

    A person attaches an entry to a letter, and a paper may be sent under a calendar's type.
    """
    return signs.CALENDAR_FORM in row.part_flags and is_calendar(row)


def _is_subject_of_program(mail: IncomingMail) -> bool:
    """Tell whether an answering program calls its mail so.

    `Out of office: urgent removal` is a person's, unless it answers a mail or names a reference.
    """
    if AUTOMATIC_SUBJECT.match(mail.subject):
        return True
    found = NOTE_SUBJECT.match(mail.subject) or ABSENT_SUBJECT.fullmatch(mail.subject.rstrip())
    if found is not None and not speaks_of_another(mail.letter()):
        return True
    is_absent = found is not None or ABSENT_SUBJECT.match(mail.subject) is not None
    is_of_ours = mail.is_answer or bool(references.find_all(mail.subject, limit=1))
    return is_absent and is_of_ours


def _names_server(claimed_from: str) -> bool:
    return any(name in claimed_from.lower() for name in SERVERS)


def _first_word(value: str) -> str:
    return COMMENT.sub(" ", value).strip().lower().partition(";")[0].strip()


def _words(value: str) -> set[str]:
    return {word.strip() for word in value.lower().replace(";", ",").split(",")}
