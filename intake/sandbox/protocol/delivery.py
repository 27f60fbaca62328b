"""Know the shape of what the jail answers about a delivery report.

Used on both sides; imports the standard library only. All of it is what a stranger wrote: a report
is believed only after its Message-ID and its recipient were found in our own outbox.
"""

from dataclasses import dataclass

MAX_RECIPIENTS = 50
MAX_RETURNED_IDS = 5
# RFC 3464 §2.3.3; the empty word stands for a notice that does not say.
ACTIONS = frozenset({"", "failed", "delayed", "delivered", "relayed", "expanded"})


@dataclass(frozen=True)
class ReportedRecipient:
    """Hold what a report says of one recipient.

    `original` is the address that was written to, `final` the one that the last server knew; either
    may be empty, and both are in lower case. `status` is as in RFC 3463 ("5.1.1"), empty when the
    report names none.
    """

    original: str
    final: str
    action: str
    status: str


@dataclass(frozen=True)
class DeliveryReport:
    """Hold one report: its recipients, and the Message-IDs of the messages that it gives back."""

    recipients: tuple[ReportedRecipient, ...]
    returned_ids: tuple[str, ...]
