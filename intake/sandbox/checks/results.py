"""Check what the jail answers about mails, documents and delivery reports; refuse the rest.

The child that answers has just parsed an attacker's bytes, so its answer is read like that
attacker's own: each field by type, length and alphabet, each number in its range, each reference to
something that exists.
"""

import hashlib
import re
from collections.abc import Sequence

from ..protocol import results
from ..protocol.errors import OutputRefused
from ..protocol.signs import OF_A_SIGNATURE
from ..protocol.text import UNSAFE_IN_BODY
from .fields import CODE, Head, read_choice, read_codes, read_matching, read_text

PATH = re.compile(r"[1-9][0-9]{0,4}(?:\.[1-9][0-9]{0,4}){0,42}")
DOMAIN = r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?"
ADDRESS = re.compile(rf"[!-?A-~]{{1,64}}@{DOMAIN}")
# The local part of who wrote may be in any script (RFC 6531 §3.3).
SENDER = re.compile(rf"(?:[!-?A-~]|[^\x00-\xa0]){{1,64}}@{DOMAIN}")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,996}>")
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,63}/[a-z0-9!#$&^_.+-]{1,63}")
STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
MAX_PAGES = 1_000_000
MAX_SIZE = 1 << 31


def read_opened_mail(head: Head, blobs: Sequence[bytes]) -> results.OpenedMail:
    """Return the opened message; raise OutputRefused when anything in it is not as agreed."""
    parts = head.get("parts")
    if not isinstance(parts, list) or len(parts) > results.MAX_PARTS or len(parts) != len(blobs):
        raise OutputRefused("bad_parts")
    read = tuple(_part(part, blob) for part, blob in zip(parts, blobs, strict=True))
    messages = {part.path for part in read if part.role == "message"}
    paths = {part.path for part in read}
    if len(paths) != len(read) or not {part.parent for part in read} <= messages | {None}:
        raise OutputRefused("bad_paths")
    flags = read_codes(head, "flags")
    if not read and not flags:
        raise OutputRefused("bad_parts")
    return results.OpenedMail(
        facts=read_facts(head),
        parts=read,
        flags=flags,
        body_text=read_text(head, "body_text", results.MAX_BODY_CHARS, UNSAFE_IN_BODY),
        pasted_sizes=_sizes(head.get("pasted_sizes")),
    )


def read_facts(head: Head) -> results.MailFacts:
    """Return the facts of a header; raise OutputRefused when they are not as agreed."""
    facts = head.get("facts")
    if not isinstance(facts, dict):
        raise OutputRefused("bad_facts")
    address, defects = facts.get("from_address"), read_codes(facts, "from_defects")
    if address is not None:
        read_text(facts, "from_address", results.MAX_ADDRESS_CHARS)
        address = read_matching(facts, "from_address", SENDER)
    if (address is None) != bool(defects):
        raise OutputRefused("bad_from_address")
    return_path = facts.get("return_path")
    if return_path is not None:
        return_path = read_text(facts, "return_path", results.MAX_ADDRESS_CHARS)
    return results.MailFacts(
        from_address=address,
        from_defects=defects,
        claimed_from=read_text(facts, "claimed_from", results.MAX_CLAIMED_FROM_CHARS),
        subject=read_text(facts, "subject", results.MAX_SUBJECT_CHARS),
        message_id=read_matching(facts, "message_id", MESSAGE_ID, may_be_empty=True),
        in_reply_to=read_matching(facts, "in_reply_to", MESSAGE_ID, may_be_empty=True),
        references=_message_ids(facts),
        date_header=read_text(facts, "date_header", results.MAX_TOKEN_CHARS),
        to_addresses=_texts(
            facts, "to_addresses", results.MAX_TO_ADDRESSES, results.MAX_ADDRESS_CHARS
        ),
        auto_submitted=read_text(facts, "auto_submitted", results.MAX_TOKEN_CHARS),
        precedence=read_text(facts, "precedence", results.MAX_TOKEN_CHARS),
        list_headers=_boolean(facts, "list_headers"),
        list_kind=read_choice(facts, "list_kind", results.LIST_KINDS),
        automatic_headers=_boolean(facts, "automatic_headers"),
        auto_response_suppress=read_text(facts, "auto_response_suppress", results.MAX_TOKEN_CHARS),
        return_path=return_path,
        content_type=read_matching(facts, "content_type", TYPE, may_be_empty=True),
        report_type=read_text(facts, "report_type", results.MAX_TOKEN_CHARS),
        importance=read_text(facts, "importance", results.MAX_TOKEN_CHARS),
        authentication_results=_texts(
            facts, "authentication_results", results.MAX_VERDICT_HEADERS, results.MAX_VERDICT_CHARS
        ),
        defects=read_codes(facts, "defects"),
    )


def read_inspection(head: Head) -> results.Inspection:
    """Return the inspection; raise OutputRefused when it is not as agreed."""
    state = read_choice(head, "state", results.STATES)
    reason = read_text(head, "reason", results.MAX_TOKEN_CHARS)
    if (reason == "") != (state == "clean") or (reason and not CODE.fullmatch(reason)):
        raise OutputRefused("bad_reason")
    return results.Inspection(
        detected_type=read_matching(head, "detected_type", TYPE),
        state=state,
        reason=reason,
        findings=read_codes(head, "findings"),
        page_count=_page_count(head.get("page_count")),
    )


def read_checked(head: Head) -> dict[str, str]:
    """Return what came of checking signatures, by the paths of their parts; raise OutputRefused."""
    checked = head.get("checked")
    if not isinstance(checked, dict) or len(checked) > results.MAX_PARTS:
        raise OutputRefused("bad_checked")
    if not all(PATH.fullmatch(path) for path in checked):
        raise OutputRefused("bad_paths")
    codes = sorted(OF_A_SIGNATURE)
    return {path: read_choice(checked, path, codes) for path in checked}


def read_delivery_report(head: Head) -> results.DeliveryReport:
    """Return the report; raise OutputRefused when anything in it is not as agreed."""
    recipients, returned_ids = head.get("recipients"), head.get("returned_ids")
    if not isinstance(recipients, list) or len(recipients) > results.MAX_RECIPIENTS:
        raise OutputRefused("bad_recipients")
    if not isinstance(returned_ids, list) or len(returned_ids) > results.MAX_RETURNED_IDS:
        raise OutputRefused("bad_returned_ids")
    return results.DeliveryReport(
        recipients=tuple(_recipient(recipient) for recipient in recipients),
        returned_ids=tuple(
            read_matching({"returned_ids": each}, "returned_ids", MESSAGE_ID)
            for each in returned_ids
        ),
    )


def _sizes(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > results.MAX_PASTED:
        raise OutputRefused("bad_pasted_sizes")
    # A boolean is an int too.
    if any(type(size) is not int or not 0 < size <= MAX_SIZE for size in value):
        raise OutputRefused("bad_pasted_sizes")
    return tuple(value)


def _page_count(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_PAGES:
        raise OutputRefused("bad_page_count")
    return value


def _part(part: object, content: bytes) -> results.Part:
    if not isinstance(part, dict):
        raise OutputRefused("bad_parts")
    parent = part.get("parent")
    if parent is not None:
        parent = read_matching(part, "parent", PATH)
    return results.Part(
        path=read_matching(part, "path", PATH),
        parent=parent,
        role=read_choice(part, "role", results.ROLES),
        claimed_name=read_text(part, "claimed_name", results.MAX_NAME_CHARS),
        claimed_type=read_text(part, "claimed_type", results.MAX_TOKEN_CHARS),
        content_id=read_text(part, "content_id", results.MAX_TOKEN_CHARS),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        defects=read_codes(part, "defects"),
    )


def _texts(head: Head, name: str, max_count: int, max_chars: int) -> tuple[str, ...]:
    values = head.get(name)
    if not isinstance(values, list) or len(values) > max_count:
        raise OutputRefused(f"bad_{name}")
    return tuple(read_text({name: value}, name, max_chars) for value in values)


def _message_ids(facts: Head) -> tuple[str, ...]:
    values = facts.get("references")
    if not isinstance(values, list) or len(values) > results.MAX_REFERENCES:
        raise OutputRefused("bad_references")
    return tuple(read_matching({"references": value}, "references", MESSAGE_ID) for value in values)


def _boolean(head: Head, name: str) -> bool:
    value = head.get(name)
    if not isinstance(value, bool):
        raise OutputRefused(f"bad_{name}")
    return value


def _recipient(recipient: object) -> results.ReportedRecipient:
    if not isinstance(recipient, dict):
        raise OutputRefused("bad_recipients")
    action = recipient.get("action")
    if not isinstance(action, str) or action not in results.ACTIONS:
        raise OutputRefused("bad_action")
    return results.ReportedRecipient(
        original=_address(recipient, "original"),
        final=_address(recipient, "final"),
        action=action,
        status=read_matching(recipient, "status", STATUS, may_be_empty=True),
    )


def _address(recipient: Head, name: str) -> str:
    address = read_matching(recipient, name, ADDRESS, may_be_empty=True)
    if len(address) > results.MAX_ADDRESS_CHARS or address != address.lower():
        raise OutputRefused(f"bad_{name}")
    return address
