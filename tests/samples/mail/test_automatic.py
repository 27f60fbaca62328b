"""Automatic and human mail are told apart by what their names say, and by nothing else."""

import email
import email.policy

from tests.samples.mail.automatic import AUTOMATIC, HEADERLESS_REPLIES, NOT_AUTOMATIC
from tests.samples.mail.bounces import bounce


def test_there_are_enough_of_both() -> None:
    assert len(AUTOMATIC) >= 40
    assert len(NOT_AUTOMATIC) >= 10


def test_names_and_messages_are_unique() -> None:
    entries = [*AUTOMATIC, *NOT_AUTOMATIC, *HEADERLESS_REPLIES]

    assert len({name for name, _ in entries}) == len(entries)
    assert len({raw for _, raw in entries}) == len(entries)


def test_every_message_has_one_of_each_header() -> None:
    for name, raw in [*AUTOMATIC, *NOT_AUTOMATIC, *HEADERLESS_REPLIES]:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        for header in ("From", "Subject", "Message-ID", "Date", "To", "MIME-Version"):
            assert len(message.get_all(header, [])) == 1, (name, header)


def test_multiparts_are_well_formed() -> None:
    for name, raw in [*AUTOMATIC, *NOT_AUTOMATIC]:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        assert [part.defects for part in message.walk() if part.defects] == [], name


def test_bounce_names_the_message_and_the_recipient() -> None:
    raw = bounce("<receipt.7@example.org>", "berit@partner.example")

    message = email.message_from_bytes(raw, policy=email.policy.default)

    assert message.get_content_type() == "multipart/report"
    types = [part.get_content_type() for part in message.iter_parts()]
    assert types == ["text/plain", "message/delivery-status", "message/rfc822"]
    assert b"Message-ID: <receipt.7@example.org>" in raw
    assert b"Final-Recipient: rfc822; berit@partner.example" in raw
