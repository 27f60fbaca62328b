"""Compare what a fault test sent with what stands in the portal and in the sink.

Each mail carries its own token in an attachment, so that the attachment's SHA-256 tells its
submission, and the mail's Message-ID its receipt. A mail whose opening was cut short three times
waits for a person as one document, the whole message: the SHA-256 of its raw bytes tells that.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from tests.components.smtp_sink import Received
from tests.flow.installation import COORDINATOR
from tests.samples.mail.mails import referral

# Several senders: one address is answered at most sixty times an hour.
SENDERS = (COORDINATOR, *(f"coordinator{number}@example.org" for number in range(7)))


@dataclass(frozen=True)
class Sent:
    """One mail that was delivered: its bytes, its token's hash, its Message-ID."""

    raw: bytes
    sha256: str
    raw_sha256: str
    message_id: str


def token_mail(number: int, *, sender: str = COORDINATOR, run: str = "run") -> Sent:
    """Make a mail whose submission and receipt can be told from all others."""
    token = f"token {run} {number}".encode()
    message_id = f"<{run}-{number}@example.org>"
    raw = referral(
        sender, message_id=message_id, attachments=[(f"{number}.txt", "text/plain", token)]
    )
    raw_sha256 = hashlib.sha256(raw).hexdigest()
    return Sent(raw, hashlib.sha256(token).hexdigest(), raw_sha256, message_id)


def faults(
    sent: list[Sent], submissions: list[dict[str, Any]], received: list[Received]
) -> list[str]:
    """Name every mail that was lost, doubled, or answered under more than one identity."""
    stored = Counter(
        document["sha256"] for submission in submissions for document in submission["documents"]
    )
    identities: dict[str, set[str]] = {}
    for item in received:
        reply = message_from_bytes(item.raw)
        identities.setdefault(str(reply["In-Reply-To"]), set()).add(str(reply["Message-ID"]))
    found = []
    for mail in sent:
        copies = stored[mail.sha256] + stored[mail.raw_sha256]
        if copies != 1:
            found.append(f"{'lost' if copies == 0 else 'doubled'}: {mail.message_id}")
        number = len(identities.get(mail.message_id, set()))
        if number != 1:
            found.append(f"{number} receipts: {mail.message_id}")
    return found
