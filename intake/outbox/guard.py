"""Decide whether a mail may be sent, above all an automatic one (RFC 3834).

An automatic answer never goes to automatic mail, lists, bounces or ourselves, never to an address
that cannot be read beyond doubt, and never too often. The caller records a refusal as a suppressed
message, with the code.
"""

from collections.abc import Collection
from datetime import timedelta

from intake.senders.automatic_mail import (
    IncomingMail,
    automatic_kind,
    automatic_signs,
    machine_kind,
)

FULL = "too_many_to_this_address"
PERSON_WITHDREW = "person_withdrew"
RATE_WINDOW = timedelta(hours=1)
# A responder whose answers look like a person's gets no more than two (threat M2).
MAX_TO_UNVERIFIED = 2
MAX_TO_REGISTERED = 60
# Officers answer an enquirer whom nothing proves, but do not fill a stranger's box either.
MAX_TO_UNVERIFIED_BY_A_PERSON = 6
MAX_INVITATIONS = 3

# The signs with which not even an officer's answer would be read. The other signs occur in mail
# of persons too, such as that of an Exchange server which asks for no automatic replies.
UNANSWERABLE = frozenset(
    {"own_address", "null_return_path", "delivery_report", "auto_submitted", "robot_address"}
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
        # Mail of a machine needs no answer, so nobody has to look for an address.
        return machine_kind(mail, own_addresses) or "no_usable_sender"
    if is_stopped:
        return "address_stopped"
    automatic = automatic_kind(mail, own_addresses, is_registered=is_registered)
    if automatic is not None:
        return automatic
    most = MAX_TO_REGISTERED if is_registered else MAX_TO_UNVERIFIED
    return FULL if written_lately >= most else None


def refusal_of_a_person(
    mail: IncomingMail,
    *,
    own_addresses: Collection[str],
    written_lately: int,
    is_registered: bool,
    is_stopped: bool,
) -> str | None:
    """Return why not even an officer's answer may go out, as a code, or None when it may.

    An officer makes no mail loop, so the limits are higher.
    """
    if not mail.reply_to:
        return "no_usable_sender"
    if is_stopped:
        return "address_stopped"
    signs = (sign for sign in automatic_signs(mail, own_addresses) if sign in UNANSWERABLE)
    most = MAX_TO_REGISTERED if is_registered else MAX_TO_UNVERIFIED_BY_A_PERSON
    return next(signs, FULL if written_lately >= most else None)


def refusal_of_an_account(
    *, written_lately: int, is_stopped: bool, most: int = MAX_TO_REGISTERED
) -> str | None:
    """Return why no mail may go to somebody's account, as a code, or None when it may."""
    if is_stopped:
        return "address_stopped"
    return FULL if written_lately >= most else None
