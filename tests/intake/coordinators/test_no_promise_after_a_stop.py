"""Check that mail, pages and cards promise no confirmation for what goes to a stopped case."""

import pytest

from intake.access import gate
from intake.cases import withdrawal
from tests.intake.reference_data.office import Office
from tests.samples.mail.mails import referral
from tests.samples.mail.wire import STRANGER
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components

PROMISES = ("will confirm in writing by", "bekräftar skriftligen senast")
KEPT = ("We keep it. Nothing is confirmed in writing for now.", "Inget bekräftas skriftligen")


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


def receipt_of(office: Office, mail: str) -> str:
    """Return the words of the receipt that is due about a mail."""
    assert office.desk.receipt(mail).state == "due"
    return str(office.desk.letter(mail).get_content())


def stop(office: Office, mail: str) -> None:
    withdrawal.stop_case(
        office.services, gate.case_to_change(office.services, office.user, office.case_code(mail))
    )


def test_a_receipt_promises_nothing_when_its_reference_leads_to_a_stopped_case(
    office: Office,
) -> None:
    first = office.opened()
    assert all(words in receipt_of(office, first) for words in PROMISES)
    stop(office, first)

    later = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))

    assert office.mail(later).case_id == office.mail(first).case_id
    text = receipt_of(office, later)
    assert all(words in text for words in KEPT)
    assert not any(words in text for words in PROMISES)


def test_a_stranger_with_the_reference_learns_nothing_of_the_stop(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    stop(office, first)

    texts = [
        receipt_of(office, office.desk.handle(referral(STRANGER, reference=code, token=code)))
        for code in (office.mail(first).reference, office.mail(other).reference)
    ]

    assert texts[0] == texts[1]
    assert not any(words in texts[0] for words in (*KEPT, *PROMISES))
