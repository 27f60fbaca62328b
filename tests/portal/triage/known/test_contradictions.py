"""Check that no two sentences on the page of a submission contradict each other, state by state."""

import itertools
import re
from datetime import timedelta

import pytest

from intake.access import gate
from intake.cases import consents, withdrawal
from intake.cases.consent import override
from intake.cases.consent.override import OverrideRequest
from intake.core.services import Services
from storage.cases import cases
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Priority, Submission
from tests.browser.support import mixed
from tests.intake.cases.consent.desk import ANSWER, WHY
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of
from tests.portal.triage.tasks.asked import ask
from tests.support.people import plant_user

SENDERS = {
    "known": {"verdict": "registered", "sender_reasons": ["registered"]},
    "unproven": {"verdict": "unverified", "sender_reasons": ["not_authenticated"]},
    "unknown": {"verdict": "unknown", "sender_reasons": ["address_not_registered"]},
    "forged": {"verdict": "unverified", "sender_reasons": ["call_said_forged"]},
}


def mail(services: Services, sender: str, *, names_a_case: bool, priority: str) -> Seeded:
    """Plant a mail without a case, as the rules leave it for a person."""
    is_called = names_a_case and sender != "known"
    made = samples.seed(
        services,
        queue="Q1" if priority == Priority.EMERGENCY else "Q4" if is_called else "Q3",
        state="HOLDING",
        with_case=False,
        priority=priority,
        reason="sender_names_a_case" if is_called else "unknown_sender",
        **SENDERS[sender],
    )
    if names_a_case:
        named = samples.seed(services, queue=None, state="CONFIRMED")
        extracted_values.add_ranks(services, made, [(named, 0.97, "guess_reference_seen")])
    if is_called:
        ask(services, made, TaskKind.CALL_BACK)
    return made


@pytest.mark.parametrize(
    ("sender", "names_a_case", "priority"),
    list(itertools.product(SENDERS, (True, False), Priority)),
)
def test_what_is_said_of_a_sender_and_what_can_be_done_agree(
    services: Services, signed_in: SignIn, sender: str, names_a_case: bool, priority: str
) -> None:
    made = mail(services, sender, names_a_case=names_a_case, priority=priority)

    page = signed_in("INTAKE").get(page_of(made)).text
    text = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)

    # Nobody in the register is named: there is no number to call.
    assert "number in the register" not in text or "has no number" in text
    must_call = "before you file it" in text or "so it is not filed" in text
    if must_call:
        assert not key(text, "y").startswith(("File", "Open a new case"))
        assert "File here" not in text
    if sender != "known":
        assert 'strong">sure' not in text
        assert not re.search(r'guess-head">.*?>(sure|likely)<', text)
    # What is usual gives no reason for it, above all not that of a hold.
    assert not re.search(r"Priority</dt>\s*<dd[^>]*>[^<]*Normal[^<]*(<[^>]+>\s*)*It waits", page)
    filled = re.findall(r'<div class="act-bar">.*?</div>', text, re.DOTALL)
    assert sum(each.count('<button type="submit" data-key') for each in filled) <= 1


def test_a_machines_mail_offers_one_filled_button(services: Services, signed_in: SignIn) -> None:
    page = signed_in("INTAKE").get(page_of(mixed.robot(services, 1))).text

    assert key(page, "d").startswith("Finish: automatic mail")
    assert key(page, "y") == ""


def case_of(services: Services, made: Seeded) -> str:
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, made.submission_id).case_id)
    assert case is not None
    return case.reference


@pytest.mark.parametrize("noted", ["", "given", "refused", "return given"])
@pytest.mark.parametrize("let", ["", "proposed", "referral", "police"])
@pytest.mark.parametrize("is_stopped", [False, True])
def test_nothing_is_shared_is_said_only_where_it_is_true(
    services: Services, signed_in: SignIn, noted: str, let: str, is_stopped: bool
) -> None:
    made = mixed.clean(services, 1)
    reference = case_of(services, made)
    officer, second = plant_user(services), plant_user(services, "Manager 1", "MGR")
    changed = gate.case_to_change(services, officer, reference)
    if noted == "return given":
        answer = ANSWER | {"purpose": "return", "recipient": "iom_country"}
        consents.note_consent(services, changed, answer)
    elif noted:
        consents.note_consent(services, changed, ANSWER | {"answer": noted})
    if let:
        what = ("justice", "police") if let == "police" else ("referral", "iom_finland")
        day = services.now().date() + timedelta(days=7)
        asked = override.propose(services, changed, OverrideRequest(*what, WHY, day))
        if let != "proposed":
            override.decide(services, second, asked, is_approved=True)
    if is_stopped:
        withdrawal.stop_case(services, changed)
    is_shared = not is_stopped and (
        noted in {"given", "return given"} or let in {"referral", "police"}
    )

    browser = signed_in("INTAKE", "third")
    for path in (page_of(made), f"/cases/{reference}"):
        text = browser.get(path).text

        if is_shared:
            assert "Until then nothing is shared" not in text
            assert "Nothing is shared before" not in text
        if not is_stopped and let == "police" and noted != "given":
            assert "Police or prosecutor: justice" in text
        if is_stopped:
            assert "is allowed" not in text
