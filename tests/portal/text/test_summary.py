"""Check at a glance: all of requirement 37, without a document, and «not known» where it is not."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.cases.facts import set_facts
from intake.core.services import Services
from intake.core.submission_facts import ReferralForm
from intake.reference_data.checklists import CaseFacts
from intake.senders.register import add_sender
from intake.triage import read_submission
from portal.text.known import summary
from portal.text.known.summary import NOT_KNOWN
from storage.cases.cases import Case
from storage.crypto.sealing import seal
from storage.mail import senders
from storage.submissions.submissions import Submission, place
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.conftest import Browser
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of

ASKED_FOR = (
    "Programme", "Priority", "Legal date", "Age", "Return to", "Language", "Persons", "Minors",
    "Escort", "Health", "Consent", "Detained", "Safe contact", "Coordinator", "Deputy", "Missing",
)  # fmt: skip
FORM = ReferralForm(
    country="NGA",
    language="en",
    adults=1,
    children=2,
    consent="not_asked",
    safe_contact="coordinator",
    escort="no",
    detention="yes",
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services that all tests of this file share."""
    built = build_services(tmp_path_factory.mktemp("glance"), Clock())
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def officer(services: Services) -> SignedInUser:
    """Give an officer who reads."""
    return accounts.create_with_password(services, "one@iom.example", "INTAKE", None, PASSWORD)


def glanced(services: Services, officer: SignedInUser, made: Seeded) -> dict[str, tuple[str, str]]:
    """Return {label: (answer, tone)} of a submission."""
    view = read_submission.read_submission(
        services, gate.submission_to_read(services, officer, made.reference)
    )
    lines = summary.lines(view, services.now())
    return {line.label: (line.text, line.tone) for line in lines}


def write_form(services: Services, made: Seeded, form: ReferralForm) -> str | None:
    """Let a submission have come through the portal with a form; return the id of its case."""
    with services.database.transaction() as session:
        row = session.get_one(Submission, made.submission_id)
        key = services.keyring.open(session, row.data_key_id)
        row.submitted_by = "0" * 32
        row.facts = seal(
            key, place("submissions", "facts", row.id), json.dumps({"form": asdict(form)})
        )
        return row.case_id


def test_mail_that_says_nothing_shows_that_it_is_not_known(
    services: Services, officer: SignedInUser
) -> None:
    made = samples.seed(services, priority="unknown", age=timedelta(hours=2), with_case=False)

    shown = glanced(services, officer, made)

    assert tuple(shown) == ASKED_FOR
    assert shown["Priority"] == ("Unknown risk", "unknown")
    assert shown["Age"] == ("2 h", "")
    unknown = set(ASKED_FOR) - {"Programme", "Priority", "Age"}
    assert {label for label, line in shown.items() if line == (NOT_KNOWN, "unknown")} == unknown


def test_what_the_form_says_stands_there(services: Services, officer: SignedInUser) -> None:
    made = samples.seed(services)
    extracted_values.add_date(services, made, "trial", date(2026, 12, 14))
    write_form(services, made, FORM)

    shown = glanced(services, officer, made)

    assert shown["Return to"] == ("Nigeria", "")
    assert shown["Persons"] == ("1 adult · 2 children", "")
    assert shown["Minors"] == ("Yes", "grave")
    assert shown["Consent"] == ("Not asked yet", "grave")
    assert shown["Detained"] == ("Yes", "grave")
    assert shown["Escort"] == ("No", "")
    assert shown["Safe contact"] == ("Through the coordinator only", "")
    assert shown["Legal date"] == ("Trial in 20 days", "grave")


def test_a_later_mail_of_the_case_shows_what_its_form_said(
    services: Services, officer: SignedInUser
) -> None:
    first, later = samples.seed(services), samples.seed(services)
    case_id = write_form(services, first, FORM)
    with services.database.transaction() as session:
        session.get_one(Submission, later.submission_id).case_id = case_id

    assert glanced(services, officer, later)["Detained"] == ("Yes", "grave")


@pytest.mark.parametrize(
    ("children", "facts", "expected"),
    [
        (None, CaseFacts(), NOT_KNOWN),
        (0, CaseFacts(), "No"),
        (0, CaseFacts(age="child"), "Yes"),
        (None, CaseFacts(age="adult"), "No"),
        (None, CaseFacts(unaccompanied="yes"), "Yes"),
        (None, CaseFacts(unaccompanied="no"), NOT_KNOWN),
        (1, CaseFacts(age="adult"), "Yes"),
    ],
)
def test_nobody_is_grown_up_because_nobody_said(
    services: Services,
    officer: SignedInUser,
    children: int | None,
    facts: CaseFacts,
    expected: str,
) -> None:
    made = samples.seed(services)
    case_id = write_form(services, made, ReferralForm(children=children))
    assert case_id is not None
    with services.database.reading() as session:
        reference = session.get_one(Case, case_id).reference
    set_facts(services, gate.case_to_change(services, officer, reference), facts)

    assert glanced(services, officer, made)["Minors"][0] == expected


def test_the_coordinator_and_the_deputies_are_named_by_role(
    services: Services, officer: SignedInUser
) -> None:
    made = samples.seed(services)
    for name in ("principal", "deputy"):
        add_sender(services, "operator", f"{name}@region.example", "VAST")
    accounts.create_with_password(services, "principal@region.example", "COORD", "VAST", PASSWORD)
    with services.database.transaction() as session:
        entries = {
            name: senders.by_address_hash(
                session, services.keyring.lookup(session, "sender", f"{name}@region.example")
            )
            for name in ("principal", "deputy")
        }
        principal, deputy = entries["principal"], entries["deputy"]
        assert principal is not None
        assert deputy is not None
        deputy.deputy_for = principal.id
        session.get_one(Submission, made.submission_id).sender_id = principal.id

    shown = glanced(services, officer, made)

    assert shown["Coordinator"] == ("Coordinator 1, Väst", "")
    assert shown["Deputy"] == ("In the register, without an account, Väst", "")


def test_the_page_shows_what_is_known_and_folds_the_rest(
    services: Services, officer: SignedInUser
) -> None:
    made = samples.seed(services)
    browser = Browser(build_app(services))
    browser.sign_in("one@iom.example")

    page = browser.get(page_of(made)).text

    open_lines = page.partition('id="glance"')[2].partition("</section>")[0]
    folded = page.partition('id="not-known"')[2].partition("</summary>")[0]
    known = re.findall(r"<dt>([^<]+)</dt>", open_lines)
    assert known == ["Programme", "Priority", "Age", "Missing"]
    assert NOT_KNOWN not in open_lines
    assert "12 not known" in folded
    assert all(label in folded for label in set(ASKED_FOR) - set(known))


def test_a_passport_that_expires_in_years_is_no_clock(
    services: Services, officer: SignedInUser
) -> None:
    far, near = samples.seed(services), samples.seed(services)
    extracted_values.add_date(services, far, "passport_expiry", date(2032, 4, 11))
    extracted_values.add_date(services, near, "passport_expiry", date(2027, 2, 1))

    assert glanced(services, officer, far)["Legal date"] == (NOT_KNOWN, "unknown")
    assert glanced(services, officer, near)["Legal date"] == ("Passport expires in 69 days", "")
