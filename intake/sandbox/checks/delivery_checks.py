"""Know what the jail's answer about a delivery report may look like, and refuse every other one.

Used on the host only; imports its neighbours and the standard library only.
"""

import re
from collections.abc import Mapping

from ..protocol.delivery import (
    ACTIONS,
    MAX_RECIPIENTS,
    MAX_RETURNED_IDS,
    DeliveryReport,
    ReportedRecipient,
)
from ..protocol.errors import OutputRefused
from ..protocol.results import MAX_ADDRESS_CHARS

ADDRESS = re.compile(r"[!-?A-~]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,996}>")
STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
Head = Mapping[str, object]


def read_delivery_report(head: Head) -> DeliveryReport:
    """Return the report; raise OutputRefused when anything in it is not as agreed."""
    recipients, returned_ids = head.get("recipients"), head.get("returned_ids")
    if not isinstance(recipients, list) or len(recipients) > MAX_RECIPIENTS:
        raise OutputRefused("bad_recipients")
    if not isinstance(returned_ids, list) or len(returned_ids) > MAX_RETURNED_IDS:
        raise OutputRefused("bad_returned_ids")
    return DeliveryReport(
        recipients=tuple(_recipient(recipient) for recipient in recipients),
        returned_ids=tuple(_matching(each, MESSAGE_ID, "returned_ids") for each in returned_ids),
    )


def _recipient(recipient: object) -> ReportedRecipient:
    if not isinstance(recipient, dict):
        raise OutputRefused("bad_recipients")
    action = recipient.get("action")
    if not isinstance(action, str) or action not in ACTIONS:
        raise OutputRefused("bad_action")
    return ReportedRecipient(
        original=_address(recipient.get("original"), "original"),
        final=_address(recipient.get("final"), "final"),
        action=action,
        status=_matching(recipient.get("status"), STATUS, "status", may_be_empty=True),
    )


def _address(value: object, name: str) -> str:
    address = _matching(value, ADDRESS, name, may_be_empty=True)
    if len(address) > MAX_ADDRESS_CHARS or address != address.lower():
        raise OutputRefused(f"bad_{name}")
    return address


def _matching(
    value: object, pattern: re.Pattern[str], name: str, *, may_be_empty: bool = False
) -> str:
    if may_be_empty and value == "":
        return ""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise OutputRefused(f"bad_{name}")
    return value
