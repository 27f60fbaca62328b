"""Sign a return path for each mail, so that a delivery report proves to which mail it belongs.

The envelope sender of a mail is `BOX+CODE-KIND-MAC@DOMAIN` (RFC 5321 §4.4, RFC 5233): the code of
the submission, the kind of the mail, and a MAC of 100 bits over the mail's own id under the
submission's data key. A mail about an account has no submission: its code is the start of its
Message-ID, and its key is the system's. Only the servers on the way see it, and they report to it
(RFC 3464 §2); nobody else can make one, so a Message-ID that leaked or was forwarded proves nothing
any more (threat M7). Erasing a submission revokes its return paths.

The mark is looked for in every address that a mail names as its recipient. It does not matter
who wrote that header: the MAC is the proof. RFC 3834 §3.3 allows such an address in the place of
the null sender when nothing that comes to it is answered, which the guard holds.
"""

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from intake.core.errors import KeyUnavailable, ReferenceInvalid
from intake.core.references import normalise
from storage.mail import outbox
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

PURPOSE = "return-path"
CODE_SYMBOLS = 8
MAC_SYMBOLS = 20  # of base32, 5 bits each (RFC 4648 §6)
MARK = re.compile(
    rf"(?P<code>[0-9a-z]{{{CODE_SYMBOLS}}})-(?P<kind>[0-9a-z-]{{1,8}})"
    rf"-(?P<mac>[a-z2-7]{{{MAC_SYMBOLS}}})",
    re.ASCII,
)
MAX_MARKS = 5


def return_path(
    settings_address: str, submission: "Submission | None", key: "DataKey", row: "OutboxMessage"
) -> str:
    """Return the envelope sender of a mail, empty (the null sender) when no address is set.

    `submission` is None for a mail about an account.

    >>> return_path("box@example.org", submission, key, row)
    'box+k7m4qx9t-r1-qhf3jw5p7eznu2ldk4ra@example.org'
    """
    if not settings_address:
        return ""
    box, _, domain = settings_address.rpartition("@")
    if submission is not None:
        code = submission.reference.replace("-", "").lower()
    else:
        code = row.message_id.removeprefix(_start_of_id(row.kind))[:CODE_SYMBOLS]
    return f"{box}+{code}-{row.kind.lower()}-{_mac(key, row)}@{domain}"


def marks_in(addresses: "Iterable[str]", settings_address: str) -> list[re.Match[str]]:
    """Return what looks like the mark of a return path in the recipients of a mail."""
    if not settings_address:
        return []
    box, _, domain = settings_address.lower().rpartition("@")
    found: dict[str, re.Match[str]] = {}
    for address in addresses:
        if not address.isascii():
            # Lower case would turn the Kelvin sign into «k».
            continue
        local, _, at = address.strip().lower().rpartition("@")
        name, _, tag = local.partition("+")
        mark = MARK.fullmatch(tag) if (name, at) == (box, domain) else None
        if mark is not None:
            found[tag] = mark
    return list(found.values())[:MAX_MARKS]


def message_of(
    services: "Services", session: "Session", addresses: "Iterable[str]"
) -> "OutboxMessage | None":
    """Return the mail whose genuine return path is among the addresses, or None.

    `addresses` are those that a mail was sent to. A mail that was never handed over has none.
    """
    for mark in marks_in(addresses, services.settings.reply_address):
        for row in _named_by(session, mark["code"], mark["kind"]):
            try:
                key = services.keyring.open(session, row.data_key_id)
            except KeyUnavailable:
                # The submission was erased, and its return paths with it.
                continue
            if hmac.compare_digest(_mac(key, row), mark["mac"]):
                return row
    return None


def _named_by(session: "Session", code: str, kind: str) -> "list[OutboxMessage]":
    """Return the mails that were handed over and that a mark may mean; its MAC tells."""
    rows = outbox.about_accounts(session, kind.upper(), _start_of_id(kind) + code)
    try:
        submission = submissions.by_reference(session, normalise(code))
    except ReferenceInvalid:
        return rows
    if submission is not None:
        row = outbox.sent_or_due(session, submission.id, kind.upper())
        rows += [row] if row is not None else []
    return rows


def _start_of_id(kind: str) -> str:
    """Return what stands before the hash in the Message-ID of a mail of ours."""
    return f"<{kind.lower()}."


def _mac(key: "DataKey", row: "OutboxMessage") -> str:
    mac = hmac.new(key.derive(PURPOSE), row.id.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode().lower()[:MAC_SYMBOLS]
