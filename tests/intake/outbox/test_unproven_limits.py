"""Check that forged mail makes us write to nobody often (threat B7): by address, domain, in all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from intake.core.services import Services
from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox import receipt, unproven_limits
from intake.outbox.addressees import Trust, recipient_hash
from intake.outbox.mail_texts import MailTexts
from intake.outbox.unproven_limits import (
    MAX_RECEIPTS_A_DAY,
    MAX_TO_ALL,
    MAX_TO_DOMAIN,
    folded,
)
from intake.senders.authenticity import load_organisations
from storage.mail import outbox
from storage.submissions.submissions import SenderVerdict, Submission
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.rows import Planter

TEXTS = MailTexts(MAIL_TEXTS)
ORGANISATION = load_organisations()
AT_ONCE = 12


@dataclass(frozen=True)
class Office:
    """Takes mail of strangers and answers it as the worker does."""

    services: Services

    def arrive(self, **columns: Any) -> str:
        """Store one mail, as opening it would. Any: a row's fields."""
        fields: dict[str, Any] = {
            "sender_verdict": SenderVerdict.UNKNOWN,
            "item_count": 1,
            **columns,
        }
        with self.services.database.transaction() as session:
            planter = Planter(session, self.services.keyring, self.services.now())
            return planter.submission(**fields).id

    def answer(self, address: str, submission_id: str = "", **columns: Any) -> str:
        """Answer one mail; return why not, as a code, or an empty text. Any: as above."""
        submission_id = submission_id or self.arrive(**columns)
        header = replace(EMPTY_HEADER, from_address=address)
        with self.services.database.transaction() as session:
            submission = session.get_one(Submission, submission_id)
            receipt.answer_sender(
                self.services,
                TEXTS,
                session,
                submission,
                header,
                organisation=ORGANISATION,
                kind="receipt",
            )
            (row,) = outbox.of_submission(session, submission_id)
            assert (row.state == "suppressed") is bool(row.reason)
            return row.reason


@pytest.fixture
def office(sqlite_services: Services) -> Office:
    """Give an office that has answered nobody yet."""
    return Office(sqlite_services)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("victim@mail.example", "victim@mail.example"),
        ("Vic.Tim+7@Mail.Example", "victim@mail.example"),
        ("v.i.c.t.i.m@mail.example.", "victim@mail.example"),
        ("victim+a+b@mail.example", "victim@mail.example"),
        ("+a@mail.example", "@mail.example"),
        ("vera@bücher.example", "vera@xn--bcher-kva.example"),
        ("vera@XN--BCHER-KVA.example", "vera@xn--bcher-kva.example"),
        ("vera@-..-", "vera@-..-"),
        ("victim-7@mail.example", "victim-7@mail.example"),
    ],
)
def test_spellings_of_one_box_are_one_address(address: str, counted: str) -> None:
    assert folded(address) == counted


def test_only_strangers_are_counted_by_folded_addresses(sqlite_services: Services) -> None:
    with sqlite_services.database.transaction() as session:
        hashes = {
            trust: {
                recipient_hash(sqlite_services, session, address, trust)
                for address in ("victim@mail.example", "vic.tim+1@mail.example")
            }
            for trust in Trust
        }

    assert {trust: len(found) for trust, found in hashes.items()} == {
        Trust.REGISTERED: 2,
        Trust.UNVERIFIED: 1,
    }


def test_twelve_sub_addresses_of_one_victim_get_two_answers(office: Office) -> None:
    reasons = [office.answer(f"vic.tim+{number}@mail.example") for number in range(12)]

    assert Counter(reasons) == {"": 2, "too_many_to_this_address": 10}


def test_forty_forged_mails_of_one_domain_get_two_answers_an_hour(
    office: Office, clock: Clock
) -> None:
    first = [office.answer(f"person{number}@victim.example") for number in range(40)]
    clock.advance(timedelta(minutes=59))
    still = office.answer("later@victim.example")
    clock.advance(timedelta(minutes=2))
    second = [office.answer(f"person{number}@victim.example") for number in range(40, 80)]

    answered = {"": MAX_TO_DOMAIN, "too_many_to_this_domain": 40 - MAX_TO_DOMAIN}
    assert MAX_TO_DOMAIN <= 2
    assert Counter(first) == Counter(second) == answered
    assert still == "too_many_to_this_domain"


def test_a_program_that_answers_slowly_gets_six_receipts_a_day(
    office: Office, clock: Clock
) -> None:
    reasons = []
    for _ in range(20):
        reasons.append(office.answer("bo@okand.example"))
        clock.advance(timedelta(minutes=40))
    clock.advance(timedelta(hours=11))

    assert Counter(reasons) == {"": MAX_RECEIPTS_A_DAY, "too_many_to_this_address_today": 14}
    assert MAX_RECEIPTS_A_DAY == 6
    assert office.answer("bo@okand.example") == ""


def test_new_names_below_one_domain_are_that_domain(office: Office) -> None:
    reasons = [office.answer(f"a@host{number}.victim.co.uk") for number in range(10)]
    other = office.answer("a@host.another.co.uk")

    assert Counter(reasons) == {"": 2, "too_many_to_this_domain": 8}
    assert other == ""


def test_all_strangers_together_have_a_limit(office: Office) -> None:
    reasons = [office.answer(f"a@stranger{number}.example") for number in range(MAX_TO_ALL + 10)]

    assert Counter(reasons) == {"": MAX_TO_ALL, "too_many_to_strangers": 10}


def test_strangers_use_up_nothing_of_a_registered_sender(office: Office) -> None:
    for number in range(5):
        office.answer(f"anna+{number}@partner.example")

    for _ in range(5):
        registered = SenderVerdict.REGISTERED
        assert office.answer("anna@partner.example", sender_verdict=registered) == ""


def test_mail_that_its_domain_disowns_is_answered_by_nobody(office: Office) -> None:
    reasons = ["address_not_registered", "dmarc_failed"]

    assert office.answer("a@victim.example", sender_reasons=reasons) == "dmarc_failed"


def test_what_was_not_answered_does_not_count(office: Office) -> None:
    for _ in range(5):
        office.answer("a@victim.example", sender_reasons=["dmarc_failed"])

    assert office.answer("a@victim.example") == ""


@pytest.mark.parametrize(
    ("addresses", "most"),
    [
        ([f"a{number}@victim.example" for number in range(AT_ONCE)], 2),
        ([f"victim+{number}@mail.example" for number in range(AT_ONCE)], 2),
    ],
)
def test_workers_who_answer_at_once_count_together(
    services: Services, addresses: list[str], most: int
) -> None:
    office = Office(services)
    came = [office.arrive() for _ in addresses]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        reasons = list(pool.map(office.answer, addresses, came))

    assert reasons.count("") == most


def test_domain_without_a_holder_counts_by_itself() -> None:
    assert unproven_limits.domain_of("a@Mail.Example", None) == "mail.example"
    assert unproven_limits.domain_of("a@co.uk", ORGANISATION) == "co.uk"
