"""Check the pages of confirmations: compose, preview, sign and read."""

import hashlib
import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.confirmations import confirm
from intake.core.services import Services
from intake.senders.register import add_sender
from storage.accounts.users import Role, User, UserSession
from storage.cases import cases
from storage.submissions import submissions
from tests.intake.confirmations.papers import Case, seed_case
from tests.intake.documents.held import FACTS
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.triage.forms import key
from tests.support.people import plant_user

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
# A caseworker signs in their own cases only, and a manager reads with a reason (`test_rights`).
SIGNERS = frozenset({Role.INTAKE, Role.CASH})
READERS = SIGNERS | {Role.PROT}
CONSENT = {
    "purpose": "referral",
    "recipient": "iom_finland",
    "answer": "given",
    "method": "signed",
    "interpreter": "yes",
    "explained_by": "coordinator",
    "given_on": "2026-11-20",
}
WORDS = {"next_step": "Vi hör av oss.", "next_step_on": "", "deputy": "", "remark": ""}


@pytest.fixture
def case(services: Services) -> Case:
    """Give scenario 1, from a registered sender."""
    add_sender(services, "operator", str(FACTS["from_address"]), "VAST")
    return seed_case(services)


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an officer who signs without the pages."""
    return plant_user(services)


def page_of(case: Case) -> str:
    return f"/submissions/{case.reference}/confirmation"


def hidden(text: str) -> dict[str, str]:
    """Return the hidden fields of the page's form, as a browser would send them."""
    found = dict(HIDDEN.findall(text.partition("answer-form")[2]))
    return {name: html.unescape(value) for name, value in found.items() if name != "csrf_token"}


def looked(browser: Browser, case: Case, **changes: str) -> dict[str, str]:
    """Look at the preview of some words, and return the form that would sign it."""
    words = {**WORDS, **changes}
    answer = browser.post(page_of(case), page_of(case), step="look", **words)
    assert answer.status_code == 200
    return {**words, **hidden(answer.text)}


def prove_factor(services: Services) -> None:
    """Give everybody who is signed in a second factor that was proved just now."""
    with services.database.transaction() as session:
        for account in session.query(User):
            account.totp_confirmed_at = services.now()
        for row in session.query(UserSession):
            row.factor_at = services.now()


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_decide_may_sign_and_only_readers_may_open(
    services: Services, signed_in: SignIn, officer: SignedInUser, role: Role
) -> None:
    case = seed_case(services, programme="cash" if role is Role.CASH else "referrals")
    signer = replace(officer, role=role if role is Role.CASH else Role.INTAKE)
    paper_id = case.sign(signer)
    browser = signed_in(role)
    prove_factor(services)

    assert browser.get(page_of(case)).status_code == (200 if role in SIGNERS else 404)
    answer = browser.get(f"/confirmations/{paper_id}.pdf")
    assert answer.status_code == (200 if role in READERS else 404)


def test_the_page_shows_the_whole_paper_before_it_is_signed(signed_in: SignIn, case: Case) -> None:
    text = signed_in("INTAKE").get(page_of(case)).text

    for name in ("next_step", "next_step_on", "deputy", "remark"):
        assert f'<label for="{name}">' in text
    assert "except: no. 3 (could not be opened: locked with a password)" in text
    assert "Läsbara: 5 av 6." in text
    assert "\u202e" not in text
    assert text.count("<h1") == 1
    assert case.papers() == []


def test_who_signs_sees_that_nobody_knows_of_a_consent_until_it_is_noted(
    signed_in: SignIn, services: Services, case: Case
) -> None:
    browser = signed_in("INTAKE")
    unclear = browser.get(page_of(case)).text
    with services.database.reading() as session:
        submission = submissions.by_reference(session, case.reference)
        assert submission is not None
        of_case = cases.by_id(session, submission.case_id)
        assert of_case is not None
    path = f"/cases/{of_case.reference}"
    browser.post(f"{path}/consents", path, **CONSENT)

    assert "Consent not clear" in unclear
    assert "Consent not clear" not in browser.get(page_of(case)).text


def test_what_was_shown_is_signed_and_can_be_saved(signed_in: SignIn, case: Case) -> None:
    browser = signed_in("INTAKE")
    form = looked(browser, case, remark="Tack.", next_step_on="2026-11-30")

    answer = browser.post(page_of(case), page_of(case), step="sign", **form)

    assert answer.status_code == 303
    assert answer.location == f"/submissions/{case.reference}#done"
    (row,) = case.papers()
    page = browser.get(answer.location).text
    assert "Confirmed in writing" in page
    # Here nothing waits before it leaves, so the page says why nothing can be taken back.
    assert key(page, "z").startswith("Nothing more can be taken back: this has left.")
    saved = browser.get(f"/confirmations/{row.id}.pdf")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert saved.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(saved.data).hexdigest() == case.digest(row)
    assert f"/confirmations/{row.id}.pdf" in browser.get(page_of(case)).text


def test_signing_opens_the_next_of_the_same_list(
    services: Services, signed_in: SignIn, case: Case
) -> None:
    following = samples.seed(services, due_in=timedelta(days=1), region="VAST")
    browser = signed_in("INTAKE")
    place = "?queue=Q2&region=VAST"
    page = browser.get(f"/submissions/{case.reference}{place}").text
    address = re.search(r'href="([^"]+)" data-key="r"', page)
    assert address is not None
    shown = browser.get(html.unescape(address.group(1))).text
    action = re.search(r'action="([^"]+)" class="answer-form', shown)
    assert action is not None
    form = {**WORDS, **hidden(shown)} | {"next_step": text_of(shown, "next_step")}
    form["next_step_on"] = value_of(shown, "next_step_on")

    path = html.unescape(action.group(1))
    answer = browser.post(path, page_of(case), step="sign", **form)

    assert answer.location == (
        f"/submissions/{following.reference}{place}&done={case.reference}#done"
    )
    assert f"{case.reference}</bdi> Confirmation signed." in browser.get(answer.location).text
    assert len(case.papers()) == 1


def text_of(page: str, name: str) -> str:
    """Return what a text field of the page holds."""
    found = re.search(rf'<textarea id="{name}".*?>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found.group(1))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def test_a_referral_is_not_confirmed_by_a_plain_button(
    services: Services, signed_in: SignIn, case: Case
) -> None:
    browser = signed_in("INTAKE")
    page = f"/submissions/{case.reference}"

    answer = browser.post(f"{page}/confirm", page)

    assert answer.status_code == 409
    assert "Confirm it in writing, or close it without that and say why." in answer.text
    assert case.submission().state == "QUEUED"
    assert f'action="{page}/confirm' not in browser.get(page).text


def test_what_is_about_cash_is_confirmed_by_its_button(
    services: Services, signed_in: SignIn
) -> None:
    cash = seed_case(services, programme="cash")
    browser = signed_in("CASH")
    page = f"/submissions/{cash.reference}"
    shown = browser.get(page).text

    answer = browser.post(f"{page}/confirm", page)

    assert key(shown, "r").startswith("Confirm ")
    assert "close-without" not in shown
    assert answer.status_code == 303
    assert cash.submission().state == "CONFIRMED"


def test_a_form_sent_twice_signs_once(signed_in: SignIn, case: Case) -> None:
    browser = signed_in("INTAKE")
    form = looked(browser, case)

    for _ in range(2):
        assert browser.post(page_of(case), page_of(case), step="sign", **form).status_code == 303

    assert len(case.papers()) == 1


def test_words_that_were_not_looked_at_are_shown_first(signed_in: SignIn, case: Case) -> None:
    browser = signed_in("INTAKE")
    form = looked(browser, case)

    answer = browser.post(
        page_of(case), page_of(case), step="sign", **{**form, "remark": "Något nytt."}
    )

    assert answer.status_code == 409
    assert "has changed since it was shown" in answer.text
    assert "Något nytt.</textarea>" in answer.text
    assert case.papers() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"next_step": " "}, "Please say what happens next."),
        ({"next_step_on": "2026-13-40"}, "Please give a day, such as"),
        ({"next_step_on": "2026-11-01"}, "still to come"),
        ({"remark": "x" * 1001}, "at most 1000 characters"),
        ({"deputy": "x" * 121}, "at most 120 characters"),
    ],
)
def test_errors_stand_beside_their_fields_and_nothing_is_lost(
    signed_in: SignIn, case: Case, changes: dict[str, str], error: str
) -> None:
    browser = signed_in("INTAKE")
    words = {**WORDS, "remark": "<b>Kvar", **changes}

    answer = browser.post(page_of(case), page_of(case), step="look", **words)

    (name,) = changes
    assert answer.status_code == 400
    assert f'id="{name}-error"' in answer.text
    assert error in answer.text
    assert html.escape(words["remark"]) in answer.text
    assert 'value="sign"' not in answer.text


def test_a_number_in_the_remark_must_change(signed_in: SignIn, case: Case) -> None:
    browser = signed_in("INTAKE")

    answer = browser.post(
        page_of(case), page_of(case), step="look", **{**WORDS, "remark": "070-123 45 67"}
    )

    assert "Must change:" in answer.text
    assert "<mark><bdi>070-123 45 67</bdi></mark>" in answer.text
    assert 'value="sign"' not in answer.text


def test_hostile_words_and_names_stay_text(
    services: Services, signed_in: SignIn, case: Case
) -> None:
    hostile = seed_case(services, (samples.Part(samples.DANGEROUS_NAME, "CLEAN"),))
    browser = signed_in("INTAKE")

    text = browser.post(
        page_of(hostile), page_of(hostile), step="look", **{**WORDS, "remark": samples.CANARY}
    ).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "\u202e" not in text


def test_without_a_case_nothing_can_be_signed(services: Services, signed_in: SignIn) -> None:
    case = seed_case(services, with_case=False, state="HOLDING", queue="Q3")
    browser = signed_in("INTAKE")

    text = browser.get(page_of(case)).text

    assert "It cannot be confirmed yet." in text
    assert 'value="sign"' not in text


def test_the_signed_receipt_is_made_and_led_to(
    services: Services, signed_in: SignIn, case: Case
) -> None:
    browser = signed_in("INTAKE")

    answer = browser.post(f"/submissions/{case.reference}/signed-receipt", page_of(case))

    (row,) = case.papers()
    assert (answer.status_code, answer.location) == (303, f"/confirmations/{row.id}.pdf")
    assert row.kind == "R1"


def test_a_coordinator_reads_their_own_signed_paper_and_nobody_elses(
    services: Services, signed_in: SignIn, case: Case, officer: SignedInUser
) -> None:
    browser = signed_in("COORD")
    other = seed_case(services)
    with services.database.reading() as session:
        (coordinator,) = session.query(User).filter(User.role == "COORD").all()
    case.change(submitted_by=coordinator.id)
    prove_factor(services)

    own, foreign = case.sign(officer), other.sign(officer)

    assert browser.get(f"/confirmations/{own}.pdf").status_code == 200
    assert browser.get(f"/confirmations/{foreign}.pdf").status_code == 404
    assert browser.get("/confirmations/nothing.pdf").status_code == 404


def test_the_default_words_hold_nothing_to_look_at(signed_in: SignIn, case: Case) -> None:
    text = signed_in("INTAKE").get(page_of(case)).text

    assert "Look at this:" not in text
    assert confirm.PaperChanged.public not in text
