"""Decide whether an automatic mail may be sent (RFC 3834).

An automatic answer never goes to automatic mail, lists, bounces or ourselves, never to an address
that cannot be read beyond doubt, and never too often. The caller records a refusal as a suppressed
message, with the code.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts

RATE_WINDOW = timedelta(hours=1)
# A responder whose answers look like a person's gets no more than two (threat M2).
MAX_TO_UNVERIFIED = 2
MAX_TO_REGISTERED = 60

# Fields of IncomingMail that come from the header; the jail's answer gives them the same names.
_HEADER_FIELDS = (
    "auto_submitted",
    "precedence",
    "list_headers",
    "automatic_headers",
    "auto_response_suppress",
    "return_path",
    "content_type",
    "report_type",
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
# The signs with which not even an officer's answer would be read. The other signs occur in mail
# of persons too, such as that of an Exchange server which asks for no automatic replies.
UNANSWERABLE = frozenset(
    {"own_address", "null_return_path", "delivery_report", "auto_submitted", "robot_address"}
)


@dataclass(frozen=True)
class IncomingMail:
    """What the guard must know of the message that would be answered, as its header says it."""

    reply_to: str | None
    auto_submitted: str
    precedence: str
    list_headers: bool
    automatic_headers: bool
    auto_response_suppress: str
    return_path: str | None
    content_type: str
    report_type: str
    has_calendar_part: bool = False


def incoming(
    header: "MailFacts", reply_to: str | None, claimed_types: Iterable[str] = ()
) -> IncomingMail:
    """Return what the guard must know of a mail: its header, where an answer goes, its parts."""
    return IncomingMail(
        reply_to=reply_to,
        has_calendar_part=has_calendar_part(claimed_types),
        **{field: getattr(header, field) for field in _HEADER_FIELDS},
    )


def refusal(
    mail: IncomingMail,
    *,
    own_addresses: Collection[str],
    written_lately: int,
    is_registered: bool,
    is_stopped: bool = False,
) -> str | None:
    """Return why no automatic answer may go out, as a code, or None when it may.

    `written_lately` counts what went to the address within RATE_WINDOW; `is_stopped` tells that
    what was sent to it came back (see `intake.outbox.stop_list`).
    """
    if not mail.reply_to:
        return "no_usable_sender"
    if is_stopped:
        return "address_stopped"
    automatic = automatic_kind(mail, own_addresses)
    if automatic is not None:
        return automatic
    most = MAX_TO_REGISTERED if is_registered else MAX_TO_UNVERIFIED
    return "too_many_to_this_address" if written_lately >= most else None


def refusal_of_a_person(
    mail: IncomingMail, *, own_addresses: Collection[str], written_lately: int, is_stopped: bool
) -> str | None:
    """Return why not even an officer's answer may go out, as a code, or None when it may.

    An officer makes no mail loop, so only the higher limit applies.
    """
    if not mail.reply_to:
        return "no_usable_sender"
    if is_stopped:
        return "address_stopped"
    signs = (sign for sign in automatic_signs(mail, own_addresses) if sign in UNANSWERABLE)
    too_many = "too_many_to_this_address" if written_lately >= MAX_TO_REGISTERED else None
    return next(signs, too_many)


def automatic_kind(mail: IncomingMail, own_addresses: Collection[str]) -> str | None:
    """Return the first sign that no person wrote a message, as a code, or None."""
    return next(automatic_signs(mail, own_addresses), None)


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
        (_first_word(mail.precedence) in BULK_PRECEDENCE, "bulk_precedence"),
        (mail.list_headers, "mailing_list"),
        (mail.automatic_headers, "answering_program"),
        (mail.has_calendar_part, "calendar_mail"),
        (bool(SUPPRESSING & _words(mail.auto_response_suppress)), "auto_response_suppress"),
        (
            local in ROBOTS or local.startswith("owner-") or local.endswith("-request"),
            "robot_address",
        ),
    )
    return (code for holds, code in checks if holds)


def has_calendar_part(claimed_types: Iterable[str]) -> bool:
    """Tell whether a calendar program wrote the message (RFC 6047): nobody waits for a receipt."""
    return "text/calendar" in claimed_types


def _first_word(value: str) -> str:
    return value.strip().lower().partition(";")[0].strip()


def _words(value: str) -> set[str]:
    return {word.strip() for word in value.lower().replace(";", ",").split(",")}
