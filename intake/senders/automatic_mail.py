"""Tell whether a person wrote a message, by the signs of RFC 3834 and of common use."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts

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


@dataclass(frozen=True)
class IncomingMail:
    """What tells whether a person wrote a message, as its header says it."""

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
    """Return a mail as it is judged: its header, where an answer goes, its parts."""
    return IncomingMail(
        reply_to=reply_to,
        has_calendar_part=has_calendar_part(claimed_types),
        **{field: getattr(header, field) for field in _HEADER_FIELDS},
    )


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
    return (code for applies, code in checks if applies)


def has_calendar_part(claimed_types: Iterable[str]) -> bool:
    """Tell whether a calendar program wrote the message (RFC 6047): nobody waits for a receipt."""
    return "text/calendar" in claimed_types


def _first_word(value: str) -> str:
    return value.strip().lower().partition(";")[0].strip()


def _words(value: str) -> set[str]:
    return {word.strip() for word in value.lower().replace(";", ",").split(",")}
