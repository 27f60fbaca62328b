"""Check that a step back is offered only to who may take it."""

import pytest

from intake.core import audit
from intake.core.services import Services
from storage.accounts.users import User
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases.cases import Case
from storage.cases.filing_acts import FilingAct
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal.conftest import SignIn
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of


def give(services: Services, made: Seeded, *, item_to: str = "", case_to: str = "") -> None:
    """Assign a submission's item, or its case, to the account of a role."""
    with services.database.transaction() as session:
        ids = {user.role: user.id for user in session.query(User)}
        submission = session.get_one(Submission, made.submission_id)
        if item_to:
            item = session.get_one(QueueItem, made.item_id)
            item.claimed_by, item.claimed_at = ids[item_to], services.now()
        session.get_one(Case, submission.case_id).owner_id = ids.get(case_to)


def test_a_decision_about_what_is_closed_is_offered_to_its_readers_alone(
    services: Services, signed_in: SignIn
) -> None:
    made = mixed.clean(services, 1)
    owner, officer = signed_in("CASEW"), signed_in("INTAKE")
    give(services, made, case_to="CASEW")
    paper = extracted_values.ids_of(services, made)[1]
    owner.post(f"/documents/{paper}/kind", page_of(made), kind="MED-REC")

    pages = {name: each.get(page_of(made)).text for name, each in
             {"owner": owner, "officer": officer}.items()}  # fmt: skip

    assert key(pages["owner"], "z").startswith("Undo: 1 type set")
    assert "Undo" not in key(pages["officer"], "z")


@pytest.mark.parametrize(("role", "is_offered"), [("CASEW", False), ("INTAKE", True)])
def test_an_act_of_filing_is_offered_to_who_may_change_its_case(
    services: Services, signed_in: SignIn, role: str, *, is_offered: bool
) -> None:
    made = mixed.clean(services, 2)
    browsers = {each: signed_in(each) for each in ("CASEW", "INTAKE")}
    give(services, made, item_to=role, case_to="INTAKE" if role == "CASEW" else "CASEW")
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        user_id = {user.role: user.id for user in session.query(User)}[role]
        act = FilingAct(
            id=new_id(), submission_id=submission.id, batch=new_id(), act="accepted",
            to_case_id=submission.case_id, state_before="HOLDING", at=services.now(),
            user_id=user_id,
        )  # fmt: skip
        session.add(act)
        subject = ("submission", submission.id)
        batch = {"batch": act.batch}
        audit.note(services, session, f"user:{user_id}", Act.SUBMISSION_ACCEPTED, subject, batch)

    page = browsers[role].get(page_of(made)).text

    assert key(page, "z").startswith("Undo: filed") is is_offered


@pytest.mark.parametrize(("owner", "is_offered"), [("INTAKE", False), ("CASEW", True)])
def test_a_confirmation_is_taken_back_by_who_may_still_decide(
    services: Services, signed_in: SignIn, owner: str, *, is_offered: bool
) -> None:
    made = mixed.clean(services, 3)
    _colleague, browser = signed_in("INTAKE"), signed_in("CASEW")
    give(services, made, item_to="CASEW", case_to=owner)

    path = f"{page_of(made)}/close-without?queue=Q2"
    answer = browser.post(path, page_of(made), why="internal")
    page = browser.get(answer.location).text

    assert f"{made.reference}</bdi> closed without a written confirmation." in page
    assert key(page, "z").startswith("Undo") is is_offered
