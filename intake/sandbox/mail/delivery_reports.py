"""Read a delivery report, in the form of RFC 3464 or in the free forms that are older.

A report gives back the header of the message that did not arrive, and only that header is asked for
a Message-ID. What a report says of itself (In-Reply-To, References) can be written by anybody who
ever got mail from us.
"""

import re
from collections.abc import Iterator, Sequence

from ..protocol.results import (
    ACTIONS,
    MAX_RECIPIENTS,
    MAX_RETURNED_IDS,
    DeliveryReport,
    ReportedRecipient,
)
from .headers import HeaderBlock, LimitPassed, read_block
from .message import open_mail, read_header
from .parts import Leaf

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
# RFC 6522 §4: the header of the returned message alone.
HEADER_TYPES = frozenset({"text/rfc822-headers", "message/global-headers"})
MAX_STATUS_BYTES = 64 * 1024
MAX_TEXT_CHARS = 64 * 1024
MAX_NOTICE_LINES = 400
MAX_LINE_CHARS = 500

ADDRESS = re.compile(r"[!-;=?A-~]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
# A bare reply code of SMTP (RFC 5321 §4.2.3) says the class of a failure and no more.
REPLY_CODE = re.compile(r"(?<![0-9.])([45])[0-5][0-9](?=[ -])(?![ -][0-9]{2})")
RETURNED_ID = re.compile(r"message-id:[ \t]{0,20}(<[!-;=?-~]{1,996}>)", re.IGNORECASE)
# Where a notice ends and the copy of the message begins: qmail, Exim, sendmail, Postfix, Domino.
COPY_BEGINS = (
    "below this line is a copy of the message",
    "this is a copy of the message",
    "--- original message follows",
    "----- original message -----",
    "unsent message follows",
    "message header follows",
    "undelivered message headers",
)
GIVEN_UP = (
    "permanent error",
    "permanent fatal error",
    "given up",
    "not able to deliver",
    "could not be delivered",
    "did not reach",
    "undeliverable",
    "kunde inte levereras",
)
TRYING_ON = (
    "still being retried",
    "still trying",
    "will continue to try",
    "will keep trying",
    "do not need to resend",
    "has not yet been delivered",
)


def read_delivery_report(raw: bytes) -> DeliveryReport:
    """Return what a message says of its recipients and of the message that it gives back.

    A message that is no report has neither recipients nor identifiers.

    Final-Recipient: rfc822; a@b.example / Action: failed / Status: 5.1.1, and the returned header
    -> DeliveryReport((ReportedRecipient("", "a@b.example", "failed", "5.1.1"),), ("<r1.x@y>",))
    """
    opened = open_mail(raw)
    outer = [leaf for leaf in opened.leaves if leaf.parent is None]
    reports = [leaf for leaf in outer if leaf.claimed_type in STATUS_TYPES]
    if reports:
        recipients = _of_fields(reports[0].content[:MAX_STATUS_BYTES])
        return DeliveryReport(recipients, _returned_ids(outer))
    notice, copy = _cut(opened.body_text[:MAX_TEXT_CHARS])
    in_text = tuple(RETURNED_ID.findall(copy))
    ids = dict.fromkeys((*_returned_ids(outer), *in_text))
    return DeliveryReport(_of_notice(raw, notice), tuple(ids)[:MAX_RETURNED_IDS])


def _returned_ids(outer: Sequence[Leaf]) -> tuple[str, ...]:
    """Return the Message-ID of each message or header that was given back."""
    given_back = (
        leaf for leaf in outer if leaf.role == "message" or leaf.claimed_type in HEADER_TYPES
    )
    found = (read_header(leaf.content).message_id for leaf in given_back)
    return tuple(dict.fromkeys(each for each in found if each))[:MAX_RETURNED_IDS]


def _of_fields(content: bytes) -> tuple[ReportedRecipient, ...]:
    """Read the groups of fields of a message/delivery-status, one a recipient."""
    found = []
    for block in _groups(content):
        original = _address(_text(block, "original-recipient"))
        final = _address(_text(block, "final-recipient"))
        if original or final:
            status = STATUS.search(_text(block, "status"))
            words = _text(block, "action").lower().split()
            action = words[0] if words and words[0] in ACTIONS else ""
            found.append(
                ReportedRecipient(original, final, action, status.group(1) if status else "")
            )
    return tuple(found[:MAX_RECIPIENTS])


def _groups(content: bytes) -> Iterator[HeaderBlock]:
    position = 0
    # Blank lines may stand between groups in any number, so the bytes bound this and not a count.
    while position < len(content):
        try:
            block = read_block(content, position, len(content))
        except LimitPassed:
            return
        yield block
        if block.body_start <= position:
            return  # a line that is no field: nothing after it can be trusted to be one
        position = block.body_start


def _text(block: HeaderBlock, name: str) -> str:
    return (block.first(name) or b"")[:MAX_LINE_CHARS].decode("ascii", "replace")


def _address(field: str) -> str:
    """Return the address of `rfc822; a@b.example`, in lower case, or an empty text."""
    address = field.rpartition(";")[2].strip().strip("<>").lower()
    return address if ADDRESS.fullmatch(address) else ""


def _cut(text: str) -> tuple[str, str]:
    """Return the notice, and the copy of our message that follows it."""
    lowered = text.lower()
    starts = [at for at in map(lowered.find, COPY_BEGINS) if at >= 0]
    start = min(starts, default=len(text))
    return text[:start], text[start:]


def _of_notice(raw: bytes, notice: str) -> tuple[ReportedRecipient, ...]:
    """Read a notice without fields; its first status and its wording count for all addresses."""
    status = STATUS.search(notice)
    code = REPLY_CODE.search(notice)
    reported = status.group(1) if status else f"{code.group(1)}.0.0" if code else ""
    lowered = " ".join(notice.lower().split())
    action = ""
    if any(words in lowered for words in TRYING_ON):
        action = "delayed"
    elif any(words in lowered for words in GIVEN_UP):
        action = "failed"
    addresses = dict.fromkeys((*_failed_in_header(raw), *_failed_in(notice)))
    return tuple(
        ReportedRecipient("", address, action, reported)
        for address in list(addresses)[:MAX_RECIPIENTS]
    )


def _failed_in_header(raw: bytes) -> Iterator[str]:
    """Yield the addresses of X-Failed-Recipients, which Exim and Gmail write."""
    block = read_block(raw, 0, len(raw), is_cut=True)
    value = (block.first("x-failed-recipients") or b"")[:MAX_STATUS_BYTES]
    for word in value.decode("ascii", "replace").split(","):
        if address := _address(word):
            yield address


def _failed_in(notice: str) -> Iterator[str]:
    """Yield addresses that begin a line of their own: `<a@b.example>:` or `  a@b.example`."""
    for line in notice.splitlines()[:MAX_NOTICE_LINES]:
        words = line[:MAX_LINE_CHARS].split()
        is_alone = len(words) == 1 or (bool(words) and words[0].endswith(">:"))
        if is_alone and (address := _address(words[0].rstrip(":"))):
            yield address
