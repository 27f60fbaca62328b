"""Check the guard: no automatic answer to machines, to ourselves, or too often."""

from dataclasses import replace
from typing import Any  # a changed field has any type

import pytest

from intake.outbox.guard import (
    MAX_TO_REGISTERED,
    MAX_TO_UNVERIFIED,
    MAX_TO_UNVERIFIED_BY_A_PERSON,
    refusal,
    refusal_of_a_person,
)
from intake.senders.automatic_mail import IncomingMail

HUMAN = IncomingMail(
    reply_to="anna@partner.example",
    auto_submitted="",
    precedence="",
    list_headers=False,
    automatic_headers=False,
    auto_response_suppress="",
    return_path="<anna@partner.example>",
    content_type="multipart/mixed",
    report_type="",
)
OWN = frozenset({"noreply@localhost", "intake@example.org"})


def refused(
    mail: IncomingMail, *, written_lately: int = 0, is_registered: bool = False
) -> str | None:
    """Ask the guard about a mail to our two addresses."""
    return refusal(
        mail, own_addresses=OWN, written_lately=written_lately, is_registered=is_registered
    )


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"auto_submitted": "no"},
        {"auto_submitted": "No"},
        {"auto_submitted": " no ; comment=x"},
        {"precedence": "first-class"},
        {"precedence": "special-delivery"},
        {"auto_response_suppress": "DR"},
        {"auto_response_suppress": "DR, RN, NRN"},
        {"auto_response_suppress": "None"},
        {"return_path": None},
        {"return_path": "<bounces+12@mailer.example>"},
        {"content_type": "multipart/alternative"},
        {"content_type": "message/rfc822"},
        {"reply_to": "Anna@Partner.Example"},
        {"reply_to": "no-reply.anna@partner.example"},
        {"reply_to": "request@partner.example"},
        {"reply_to": "anna.postmaster@partner.example"},
        {"reply_to": "owner@partner.example"},
    ],
)
def test_a_persons_mail_is_answered(change: dict[str, Any]) -> None:
    assert refused(replace(HUMAN, **change)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reply_to": None}, "no_usable_sender"),
        ({"reply_to": "noreply@localhost"}, "own_address"),
        ({"reply_to": "Intake@Example.ORG"}, "own_address"),
        ({"auto_submitted": "auto-replied"}, "auto_submitted"),
        ({"auto_submitted": "auto-generated"}, "auto_submitted"),
        ({"auto_submitted": "AUTO-Generated; type=x"}, "auto_submitted"),
        ({"auto_submitted": "auto-notified"}, "auto_submitted"),
        ({"auto_submitted": "yes"}, "auto_submitted"),
        ({"auto_submitted": "nonsense"}, "auto_submitted"),
        ({"auto_submitted": "no, auto-replied"}, "auto_submitted"),
        ({"return_path": "<>"}, "null_return_path"),
        ({"content_type": "multipart/report"}, "delivery_report"),
        ({"report_type": "delivery-status"}, "delivery_report"),
        ({"report_type": "disposition-notification"}, "delivery_report"),
        ({"content_type": "message/delivery-status"}, "delivery_report"),
        ({"precedence": "bulk"}, "bulk_precedence"),
        ({"precedence": "Bulk"}, "bulk_precedence"),
        ({"precedence": " junk "}, "bulk_precedence"),
        ({"precedence": "list"}, "bulk_precedence"),
        ({"precedence": "auto_reply"}, "bulk_precedence"),
        ({"list_headers": True}, "mailing_list"),
        ({"automatic_headers": True}, "answering_program"),
        ({"has_calendar_part": True}, "calendar_mail"),
        ({"auto_response_suppress": "All"}, "auto_response_suppress"),
        ({"auto_response_suppress": "DR, OOF, AutoReply"}, "auto_response_suppress"),
        ({"auto_response_suppress": "DR;AutoReply"}, "auto_response_suppress"),
        ({"auto_response_suppress": " oof "}, "auto_response_suppress"),
        ({"reply_to": "MAILER-DAEMON@partner.example"}, "robot_address"),
        ({"reply_to": "postmaster@partner.example"}, "robot_address"),
        ({"reply_to": "NoReply@partner.example"}, "robot_address"),
        ({"reply_to": "no-reply@partner.example"}, "robot_address"),
        ({"reply_to": "no-reply+17@partner.example"}, "robot_address"),
        ({"reply_to": "do_not_reply@partner.example"}, "robot_address"),
        ({"reply_to": "bounces+anna=x@partner.example"}, "robot_address"),
        ({"reply_to": "owner-list@partner.example"}, "robot_address"),
        ({"reply_to": "list-request@partner.example"}, "robot_address"),
    ],
)
def test_a_machines_mail_is_not_answered(change: dict[str, Any], code: str) -> None:
    assert refused(replace(HUMAN, **change)) == code


@pytest.mark.parametrize(
    ("written_lately", "is_registered", "code"),
    [
        (MAX_TO_UNVERIFIED - 1, False, None),
        (MAX_TO_UNVERIFIED, False, "too_many_to_this_address"),
        (MAX_TO_UNVERIFIED, True, None),
        (MAX_TO_REGISTERED - 1, True, None),
        (MAX_TO_REGISTERED, True, "too_many_to_this_address"),
        (10_000, False, "too_many_to_this_address"),
    ],
)
def test_an_address_is_answered_only_so_often(
    written_lately: int, is_registered: bool, code: str | None
) -> None:
    assert refused(HUMAN, written_lately=written_lately, is_registered=is_registered) == code


def test_a_registered_machine_is_not_answered_either() -> None:
    mail = replace(HUMAN, auto_submitted="auto-replied")

    assert refused(mail, is_registered=True) == "auto_submitted"


def test_a_stopped_address_is_written_to_by_nobody() -> None:
    facts: dict[str, Any] = {"own_addresses": OWN, "written_lately": 0, "is_stopped": True}

    assert refusal(HUMAN, is_registered=True, **facts) == "address_stopped"
    assert refusal_of_a_person(HUMAN, is_registered=True, **facts) == "address_stopped"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"reply_to": None}, "no_usable_sender"),
        ({"auto_response_suppress": "All"}, None),
        ({"precedence": "bulk"}, None),
        ({"list_headers": True}, None),
        ({"precedence": "bulk", "reply_to": "no-reply@partner.example"}, "robot_address"),
        ({"list_headers": True, "return_path": "<>"}, "null_return_path"),
        ({"auto_submitted": "auto-replied"}, "auto_submitted"),
        ({"reply_to": "intake@example.org"}, "own_address"),
        ({"report_type": "delivery-status"}, "delivery_report"),
    ],
)
def test_a_person_may_answer_what_a_person_may_have_written(
    change: dict[str, Any], code: str | None
) -> None:
    mail = replace(HUMAN, **change)

    found = refusal_of_a_person(
        mail, own_addresses=OWN, written_lately=0, is_registered=True, is_stopped=False
    )

    assert found == code


@pytest.mark.parametrize(
    ("is_registered", "written_lately", "code"),
    [
        (True, MAX_TO_UNVERIFIED, None),
        (True, MAX_TO_REGISTERED - 1, None),
        (True, MAX_TO_REGISTERED, "too_many_to_this_address"),
        (False, MAX_TO_UNVERIFIED, None),
        (False, MAX_TO_UNVERIFIED_BY_A_PERSON - 1, None),
        (False, MAX_TO_UNVERIFIED_BY_A_PERSON, "too_many_to_this_address"),
    ],
)
def test_a_person_meets_only_the_higher_limit(
    is_registered: bool, written_lately: int, code: str | None
) -> None:
    found = refusal_of_a_person(
        HUMAN,
        own_addresses=OWN,
        written_lately=written_lately,
        is_registered=is_registered,
        is_stopped=False,
    )

    assert found == code


def test_one_who_is_not_verified_gets_two_mails_an_hour() -> None:
    assert MAX_TO_UNVERIFIED == 2


def test_an_empty_address_is_no_usable_sender() -> None:
    assert refused(replace(HUMAN, reply_to="")) == "no_usable_sender"
