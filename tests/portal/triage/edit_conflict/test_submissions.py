"""Check edit conflicts about a submission: type, state, filing, extracted values, legal dates."""

import re
from datetime import date

from intake.core.services import Services
from storage.cases.cases import Case
from storage.documents.document_types import of_documents
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.triage import extracted_values
from tests.portal.triage.edit_conflict.two_officers import (
    Two,
    form_on,
    race,
    replaced,
    submission_of,
    version_on,
)
from tests.portal.triage.forms import page_of


def test_a_type_shows_both_and_is_replaced(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    form = extracted_values.ids_of(services, made)[1]
    path = f"/documents/{form}/kind"

    answer = race(two, page_of(made), path, {"kind": "CONS-SHARE"}, {"kind": "RISK-ASM"})

    assert "Type corrected by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Consent" in answer.text
    assert "Risk" in answer.text
    with services.database.reading() as session:
        assert [each.document_type for each in of_documents(session, [form])] == ["CONS-SHARE"]
    assert replaced(two.second, answer, page_of(made)).status_code == 303
    with services.database.reading() as session:
        assert [each.document_type for each in of_documents(session, [form])] == ["RISK-ASM"]


def test_the_same_type_said_twice_is_no_quarrel(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    form = extracted_values.ids_of(services, made)[1]
    same = {"kind": "CONS-SHARE"}

    answer = race(two, page_of(made), f"/documents/{form}/kind", same, same)

    assert answer.status_code == 303


def test_two_officers_on_two_documents_do_not_meet(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    _letter, form, risk = extracted_values.ids_of(services, made)[:3]
    seen = version_on(two.second, page_of(made))
    two.first.post(f"/documents/{form}/kind", page_of(made), kind="CONS-SHARE")

    answer = two.second.post(
        f"/documents/{risk}/kind", page_of(made), kind="REF-FORM", version=seen
    )

    assert answer.status_code == 303


def test_what_is_held_is_not_confirmed_unseen(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)

    answer = race(
        two,
        page_of(made),
        f"{page_of(made)}/hold",
        {"why": "consent_missing"},
        {"why": "sender_unsure"},
    )

    assert "Held: Consent is missing." in answer.text
    assert "Who sent it is not sure: call back" in answer.text
    path = f"{page_of(made)}/close-without"
    closed = two.second.post(path, page_of(made), why="internal", version="1")
    assert submission_of(services, made).state == "QUEUED"
    assert "Close it all the same" in closed.text
    assert replaced(two.second, closed, page_of(made)).status_code == 303
    assert submission_of(services, made).state == "CONFIRMED"


def test_a_hold_is_replaced_by_another(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    path = f"{page_of(made)}/hold"

    answer = race(two, page_of(made), path, {"why": "consent_missing"}, {"why": "sender_unsure"})

    assert replaced(two.second, answer, page_of(made)).status_code == 303
    assert "who sent it" in two.first.get(page_of(made)).text.lower()


def test_what_cannot_be_done_any_more_offers_no_replacement(services: Services, two: Two) -> None:
    made = mixed.guessed(services, 1)

    answer = race(two, page_of(made), f"{page_of(made)}/new-case", {}, {})

    assert answer.status_code == 409
    assert "Take theirs back, and file it as I said" in answer.text
    handed = two.second.post(f"{page_of(made)}/hand-on", page_of(made), version="1")
    assert "What you wanted cannot be done as it stands now." in handed.text


def test_a_filing_is_taken_back_and_made_anew(services: Services, two: Two) -> None:
    made = mixed.guessed(services, 1)
    guess = re.search(r'name="case" value="([^"]+)"', two.second.get(page_of(made)).text)
    assert guess is not None
    two.first.post(f"{page_of(made)}/new-case", page_of(made))

    answer = two.second.post(f"{page_of(made)}/case", page_of(made), case=guess.group(1))
    again = replaced(two.second, answer, page_of(made))

    assert again.status_code == 303
    case_id = submission_of(services, made).case_id
    with services.database.reading() as session:
        assert session.get_one(Case, case_id).reference == guess.group(1)


def test_a_slip_does_not_take_the_colleagues_filing_back(services: Services, two: Two) -> None:
    made = mixed.guessed(services, 1)
    two.first.post(f"{page_of(made)}/new-case", page_of(made))
    filed = submission_of(services, made).case_id
    answer = two.second.post(f"{page_of(made)}/case", page_of(made), case="K7M-4QX-9T")
    address, fields = (
        form_on(answer) if "instead_of" in answer.text else (page_of(made) + "/case", {})
    )

    again = two.second.post(address, page_of(made), **fields)

    assert again.status_code == 404
    assert submission_of(services, made).case_id == filed


def test_opposite_words_on_an_extracted_value_meet(services: Services, two: Two) -> None:
    made = mixed.dated(services, 1)
    form = extracted_values.ids_of(services, made)[1]
    found = extracted_values.add_value(services, form, "trial", "2027-02-01")
    path = f"{page_of(made)}/aids/{found}"

    answer = race(two, page_of(made), path, {"answer": "yes"}, {"answer": "no"})

    assert "Reading confirmed by <bdi>Intake officer 1</bdi>" in answer.text
    assert replaced(two.second, answer, page_of(made)).status_code == 303


def test_opposite_words_on_a_person_meet(services: Services, two: Two) -> None:
    made = mixed.arabic(services, 1)
    person = extracted_values.add_person(services, made, "TEST Applicant Three", "1990")
    path = f"{page_of(made)}/people/{person}"

    answer = race(two, page_of(made), path, {"answer": "no"}, {"answer": "yes"})

    assert "Person dismissed by <bdi>Intake officer 1</bdi>" in answer.text
    assert replaced(two.second, answer, page_of(made)).status_code == 303


def test_two_days_of_one_kind_meet(services: Services, two: Two) -> None:
    made = samples.seed(services)
    path, known = f"{page_of(made)}/dates", f"{page_of(made)}/known"
    theirs, mine = {"kind": "trial", "day": "2026-12-14"}, {"kind": "trial", "day": "2026-12-15"}

    answer = race(two, known, path, theirs, mine)

    assert "Mon 14 Dec 2026" in answer.text
    assert "2026-12-15" in answer.text
    assert replaced(two.second, answer, known).status_code == 303


def test_a_day_that_was_noted_again_is_not_taken_off_unseen(services: Services, two: Two) -> None:
    made = samples.seed(services)
    day = extracted_values.add_date(services, made, "trial", date(2026, 12, 14))
    seen = version_on(two.second, page_of(made))
    known = f"{page_of(made)}/known"
    two.first.post(f"{page_of(made)}/dates", known, kind="trial", day="2026-12-14")

    answer = two.second.post(f"{page_of(made)}/dates/{day}/end", page_of(made), version=seen)

    assert "Take Mon 14 Dec 2026 off" in answer.text
    assert replaced(two.second, answer, known).status_code == 303
