"""Check that a duty list names accounts that can act: in the form, for both people, and on Health.

Officers choose from a list; what an edition says besides is refused, and told of when it changes.
"""

import html
import re
from dataclasses import replace

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.oversight.health import check_health
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft, EditionInvalid
from storage.accounts.users import User
from storage.editions import Edition, EditionKind
from tests.intake.accounts.people.rows import plant_colleague
from tests.intake.duty.lists import TELEPHONE, put_in_force, shift
from tests.portal.administration.typed_form import send, typed_in
from tests.portal.building import START
from tests.portal.conftest import SignIn

FORM = "/admin/editions/duty/propose?code=warnings"


def draft(*accounts: str) -> EditionDraft:
    shifts = [shift(account=each, mail="") for each in accounts]
    content = {"source": "a test", "shifts": shifts, "telephones": [TELEPHONE]}
    return EditionDraft(
        EditionKind.DUTY, "warnings", "", START.date(), None, content, "Who is on duty changes."
    )


def refused(services: Services, who: SignedInUser, *accounts: str) -> str:
    with pytest.raises(EditionInvalid) as caught:
        editions.propose_edition(services, who, draft(*accounts))
    return " ".join(sentence for each in caught.value.faults.values() for sentence in each)


def test_the_form_offers_accounts_that_can_act(services: Services, signed_in: SignIn) -> None:
    plant_colleague(services, "Intake officer 7", name="Aino Test")
    gone = plant_colleague(services, "Intake officer 8")
    with services.database.transaction() as session:
        session.get_one(User, gone.id).disabled_at = services.now()
    put_in_force(services, shift(account="Intake officer 8"))

    officer = signed_in("INTAKE")
    fields = typed_in(officer.get(FORM).text) | {"do": "open:shifts.0"}
    page = send(officer, "/admin/editions/duty/rows", FORM, fields).text
    found = re.search(r'<select id="shifts[^"]*account".*?</select>', page, re.DOTALL)

    assert found is not None
    chosen = html.unescape(found.group(0))
    assert '<option value="Intake officer 7">Intake officer 7 (Aino Test)</option>' in chosen
    # What stands in force stays to be seen, until somebody else is chosen.
    assert '<option value="Intake officer 8" selected>' in chosen


@pytest.mark.parametrize("name", ["Intake officer 99", "Aino Test", "intake officer 7"])
def test_a_proposal_that_names_no_account_is_refused(services: Services, name: str) -> None:
    who = plant_colleague(services, "Intake officer 7", name="Aino Test")

    said = refused(services, who, "Intake officer 7", name)

    assert f"«{name}» is no account of an officer or a manager that can act now" in said
    assert editions.propose_edition(services, who, draft("Intake officer 7"))


def test_what_is_refused_stands_beside_its_field_and_the_summary_leads_there(
    services: Services, signed_in: SignIn
) -> None:
    plant_colleague(services, "Intake officer 7")
    put_in_force(services, shift(account="Intake officer 7", mail=""))
    officer = signed_in("INTAKE")
    fields = typed_in(officer.get(FORM).text) | {"do": "open:shifts.0"}
    opened = send(officer, "/admin/editions/duty/rows", FORM, fields).text
    account = next(each for each in typed_in(opened) if each.endswith(".account"))

    answer = send(
        officer,
        "/admin/editions/duty/propose",
        FORM,
        typed_in(opened) | {account: "Intake officer 99", "note": "TEST: who is on duty changes."},
    )

    assert answer.status_code == 400
    page = html.unescape(answer.text)
    said = "«Intake officer 99» is no account of an officer or a manager"
    summary = page.partition('role="alert"')[2].partition("</div>")[0]
    assert f'<a href="#{account}">{said}' in summary
    beside = page.partition(f'id="{account}-error"')[2].partition("</div>")[0]
    assert said in beside
    assert re.search(rf'<select id="{account}"[^>]*aria-invalid="true"', page)


def test_a_proposal_that_names_nobody_is_refused(services: Services) -> None:
    assert "It names nobody" in refused(services, plant_colleague(services, "Intake officer 7"))


def test_a_shift_without_an_account_is_refused_at_both_steps(
    services: Services, signed_in: SignIn
) -> None:
    who = plant_colleague(services, "Intake officer 7")
    alone = shift(mail="stranger@elsewhere.example")
    content = {"source": "a test", "shifts": [shift(account=who.label), alone]}
    asked = replace(draft(who.label), content=content | {"telephones": [TELEPHONE]})
    with pytest.raises(EditionInvalid) as caught:
        editions.propose_edition(services, who, asked)
    assert "choose an account for every shift" in " ".join(caught.value.faults["shifts.1.account"])
    # One that was proposed before the rule waits for its approval.
    edition = editions.propose_edition(services, who, draft(who.label))
    with services.database.transaction() as session:
        session.get_one(Edition, edition).content = asked.content
    manager, shown = signed_in("MGR"), f"/admin/editions/shown/{edition}"

    answer = manager.post(f"{shown}/approve", shown)

    assert answer.status_code == 400
    assert "choose an account for every shift" in html.unescape(answer.text)


def test_who_left_meanwhile_is_not_approved(services: Services, signed_in: SignIn) -> None:
    officer, seven = plant_colleague(services, "Intake officer 6"), "Intake officer 7"
    leaves = plant_colleague(services, seven)
    edition = editions.propose_edition(services, officer, draft(seven))
    with services.database.transaction() as session:
        session.get_one(User, leaves.id).disabled_at = services.now()
    manager, shown = signed_in("MGR"), f"/admin/editions/shown/{edition}"

    answer = manager.post(f"{shown}/approve", shown)

    assert answer.status_code == 400
    assert f"«{seven}» is no account" in html.unescape(answer.text)


def test_health_names_who_cannot_act_before_their_shift_begins(services: Services) -> None:
    plant_colleague(services, "Intake officer 7")
    week = shift(account="Intake officer 7", mail="")
    put_in_force(services, week, shift(account="Aino Test", days=["sun"]))

    duty = next(each for each in check_health(services).checks if each.name == "duty")

    assert duty.status == "degraded"
    assert "It names somebody who cannot act: Aino Test." in duty.detail
