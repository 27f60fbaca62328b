"""Check assignment: what an officer sees and decides, how it is taken back, and what is refused."""

import re
from datetime import date

import pytest

from intake.access import gate
from intake.cases import withdrawal
from intake.cases.withdrawal import CasesStayApart
from intake.core.services import Services
from storage.cases.cases import Case
from storage.documents.document_types import of_documents
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of, press
from tests.support.people import plant_user


def row_of(services: Services, made: Seeded) -> Submission:
    with services.database.reading() as session:
        return session.get_one(Submission, made.submission_id)


def case_of(services: Services, made: Seeded) -> str | None:
    case_id = row_of(services, made).case_id
    with services.database.reading() as session:
        return session.get_one(Case, case_id).reference if case_id else None


def post(browser: Browser, made: Seeded, form: str, **fields: str) -> tuple[int, str]:
    answer = browser.post(f"{page_of(made)}/{form}", page_of(made), **fields)
    return answer.status_code, answer.text


def test_holding_mail_is_filed_typed_and_confirmed(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)
    browser = signed_in("INTAKE")
    guess = re.search(r'name="case" value="([^"]+)"', browser.get(page_of(made)).text)
    assert guess is not None

    accepted = browser.post(f"{page_of(made)}/case", page_of(made), case=guess.group(1))
    after = browser.get(page_of(made)).text
    post(browser, made, "kinds")
    confirmed = browser.post(f"{page_of(made)}/close-without", page_of(made), why="internal")

    assert accepted.status_code == 303
    assert accepted.location == f"{page_of(made)}#done"
    assert "Given a case" in after
    assert key(after, "z").startswith("Undo: filed")
    assert key(after, "y").startswith("Accept 1 type")
    assert confirmed.location == f"/queues?done={made.reference}#done"
    assert case_of(services, made) == guess.group(1)
    assert row_of(services, made).state == "CONFIRMED"
    shown = browser.get(page_of(made)).text
    assert "Closed without a written confirmation: it is internal, and nobody waits" in shown


def test_filing_is_taken_back(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)
    browser = signed_in("INTAKE")
    post(browser, made, "new-case")

    assert press(browser, made, "z") == 303
    assert (row_of(services, made).state, case_of(services, made)) == ("HOLDING", None)
    assert "Taken back: filed under its case" in browser.get(page_of(made)).text


def test_a_confirmation_leads_to_the_next_of_the_same_list(
    services: Services, signed_in: SignIn
) -> None:
    made = [mixed.clean(services, number) for number in range(3)]
    browser = signed_in("INTAKE")

    path = f"{page_of(made[1])}/close-without?queue=Q2&region=VAST"
    answer = browser.post(path, page_of(made[1]), why="internal")
    page = browser.get(answer.location).text

    assert answer.location == (
        f"{page_of(made[2])}?queue=Q2&region=VAST&done={made[1].reference}#done"
    )
    assert f"{made[1].reference}</bdi> closed without a written confirmation." in page
    assert f'action="{page_of(made[1])}/step-back?queue=Q2' in page
    assert press(browser, made[1], "z") == 303
    assert row_of(services, made[1]).state == "QUEUED"


def test_the_last_of_a_list_leads_back_to_it(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    browser = signed_in("INTAKE")

    path = f"{page_of(made)}/close-without?queue=Q2"
    answer = browser.post(path, page_of(made), why="internal")

    assert answer.location == f"/queues/Q2?done={made.reference}#done"
    page = browser.get(answer.location).text
    assert "Nothing waits here" in page
    assert key(page, "z").startswith("Undo")


def test_a_hold_is_made_and_ended(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    browser = signed_in("INTAKE")

    post(browser, made, "hold", why="consent_missing")
    held = browser.get(page_of(made)).text

    assert "Consent is missing." in held
    assert key(held, "z").startswith("Undo: hold")
    assert key(held, "h") == ""
    assert made.reference in browser.get("/queues/Q4").text
    assert post(browser, made, "resume")[0] == 303
    assert made.reference in browser.get("/queues/Q2").text
    assert post(browser, made, "hold", why="because")[0] == 400


def test_a_hold_opens_the_next_one_and_says_until_when(
    services: Services, signed_in: SignIn
) -> None:
    made, following = mixed.clean(services, 1), mixed.clean(services, 2)
    browser = signed_in("INTAKE")
    path = f"{page_of(made)}/hold?queue=Q2"

    answer = browser.post(path, page_of(made), why="consent_missing", until="3")
    after = browser.get(answer.location).text
    held = browser.get(page_of(made)).text

    assert answer.location == f"{page_of(following)}?queue=Q2&done={made.reference}#done"
    assert f"{made.reference}</bdi> held." in after
    assert key(after, "z").startswith("Undo")
    assert re.search(r"on hold until <time[^>]+><bdi>\w{3} \d+ \w{3} 0?\d:00", held)
    assert "consent is missing</span>" in held
    assert "End the hold" in held


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "other"},
        {"until": "other", "until_on": "x", "until_at": "09:00"},
        {"until": "other", "until_on": "2020-01-01", "until_at": "09:00"},
        {"until": "1", "until_on": "2999-01-01", "until_at": "09:00"},
        {"until_on": "2026-12-01", "until_at": "<b>"},
    ],
)
def test_a_hold_without_an_end_is_refused_and_says_what_is_asked(
    services: Services, signed_in: SignIn, wrong: dict[str, str]
) -> None:
    made = mixed.clean(services, 1)

    status, text = post(signed_in("INTAKE"), made, "hold", why="consent_missing", **wrong)

    assert status == 400
    assert "Say until when it waits" in text
    assert row_of(services, made).state == "QUEUED"


def test_a_submission_that_is_handed_on_is_not_there_any_more(
    services: Services, signed_in: SignIn
) -> None:
    made, following = mixed.guessed(services, 1), mixed.guessed(services, 2)
    browser = signed_in("INTAKE")

    answer = browser.post(f"{page_of(made)}/hand-on?queue=Q3", page_of(made))
    page = browser.get(answer.location).text

    assert answer.location.startswith(page_of(following))
    assert "transferred to the other programme." in page
    assert key(page, "z") == ""
    assert browser.get(page_of(made)).status_code == 404


def test_a_type_is_corrected_for_some_pages(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    form = extracted_values.ids_of(services, made)[1]
    browser = signed_in("INTAKE")
    path = f"/documents/{form}/kind?document={form}"

    answer = browser.post(path, page_of(made), kind="CONS-SHARE", first="2", last="2")

    assert answer.location == f"{page_of(made)}?document={form}#done"
    with services.database.reading() as session:
        ranges = [
            (k.first_page, k.last_page, k.document_type) for k in of_documents(session, [form])
        ]
    assert ranges == [(1, 1, "REF-FORM"), (2, 2, "CONS-SHARE")]
    assert "Type corrected" in browser.get(page_of(made)).text


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [("NO-SUCH", "", ""), ("", "", ""), ("UNK", "", ""), ("REF-FORM", "2", "9"),
     ("REF-FORM", "x", "1"), ("REF-FORM", "1", "")],
)  # fmt: skip
def test_a_type_that_does_not_fit_changes_nothing(
    services: Services, signed_in: SignIn, kind: str, first: str, last: str
) -> None:
    made = mixed.clean(services, 1)
    form = extracted_values.ids_of(services, made)[1]

    answer = signed_in("INTAKE").post(
        f"/documents/{form}/kind", page_of(made), kind=kind, first=first, last=last
    )

    assert answer.status_code == 400
    assert "Please choose a type from the list" in answer.text
    assert f'href="{page_of(made)}"' in answer.text
    with services.database.reading() as session:
        assert [each.decided_at for each in of_documents(session, [form])] == [None]


def test_what_was_read_is_confirmed_or_dismissed(services: Services, signed_in: SignIn) -> None:
    made = mixed.dated(services, 1)
    form = extracted_values.ids_of(services, made)[1]
    wrong = extracted_values.add_value(services, form, "trial", "2027-02-01")
    browser = signed_in("INTAKE")
    post(browser, made, "kinds")
    page = browser.get(page_of(made)).text
    right = re.search(r'/aids/(\w+)[^>]*>(?:(?!</form>).)*data-key="y"', page, re.DOTALL)
    assert right is not None
    assert key(page, "y").startswith("Accept: Reflection period ends")

    post(browser, made, f"aids/{right.group(1)}", answer="yes")
    post(browser, made, f"aids/{wrong}", answer="no")

    page = browser.get(page_of(made)).text
    assert "Sat 28 Nov 2026" in page
    assert "in 4 days · confirmed" in re.sub(r"<[^>]+>", "", page)
    assert "2027-02-01" not in page
    assert key(page, "y") == ""


def test_people_are_confirmed_and_dates_taken_off(services: Services, signed_in: SignIn) -> None:
    made = mixed.arabic(services, 1)
    person = extracted_values.add_person(services, made, "TEST Applicant Three", "1990")
    day = extracted_values.add_date(services, made, "trial", date(2027, 2, 1))
    browser = signed_in("INTAKE")

    post(browser, made, f"people/{person}", answer="yes")
    post(browser, made, f"dates/{day}/end")

    page = browser.get(page_of(made)).text
    assert '<bdi class="strong">TEST Applicant Three</bdi> <span class="also">born' in page
    assert "confirmed</span>" in page
    assert '<bdi class="strong">شخص تجريبي أول</bdi>' in page
    assert "1 Feb 2027" not in page


def test_a_second_confirmation_says_how_it_stands(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    post(first, made, "close-without", why="internal")

    # The second officer still sees the form; the token of any page of theirs will do.
    answer = second.post(f"{page_of(made)}/close-without", "/queues", why="internal")

    assert answer.status_code == 409
    assert (
        "You wanted to close it without a written confirmation. Nothing was changed" in answer.text
    )
    assert "As it stands now" in answer.text
    assert "Closed without a written confirmation by <bdi>Intake officer 1</bdi>" in answer.text
    assert "What you wanted cannot be done as it stands now." in answer.text


def test_without_a_case_nothing_is_confirmed(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)

    status, text = post(signed_in("INTAKE"), made, "close-without", why="internal")

    assert status == 409
    assert "It has no case yet" in text
    assert row_of(services, made).state == "HOLDING"


def test_a_mistyped_case_is_said(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)

    status, text = post(signed_in("INTAKE"), made, "case", case="K7M-4QX-9<b>")

    assert status == 404
    assert "You wanted to file it under K7M-4QX-9&lt;b&gt;. Nothing was changed." in text
    assert case_of(services, made) is None


def test_cases_are_split_and_merged(services: Services, signed_in: SignIn) -> None:
    made, other = mixed.clean(services, 1), mixed.clean(services, 2)
    browser = signed_in("INTAKE")
    mine, into = case_of(services, made), case_of(services, other)
    assert mine is not None
    assert into is not None

    merged = post(browser, made, "merge", case=mine, into=into)
    assert (merged[0], case_of(services, made)) == (303, into)
    split = post(browser, made, "split", case=into)

    assert split[0] == 303
    assert case_of(services, made) not in {mine, into}
    assert post(browser, made, "split", case=into)[0] == 409


def test_why_a_stopped_case_stays_apart_is_said(services: Services, signed_in: SignIn) -> None:
    made, other = mixed.clean(services, 1), mixed.clean(services, 2)
    browser = signed_in("INTAKE")
    mine, into = case_of(services, made), case_of(services, other)
    assert mine is not None
    assert into is not None
    withdrawal.stop_case(services, gate.case_to_change(services, plant_user(services), mine))

    status, page = post(browser, made, "merge", case=mine, into=into)

    assert status == 409
    assert CasesStayApart.public in page
    assert case_of(services, made) == mine


ACTS = {
    "case": {"case": "K7M-4QX-9T"}, "new-case": {}, "split": {}, "merge": {}, "step-back": {},
    "kinds": {}, "aids/x": {"answer": "yes"}, "people/x": {}, "dates/x/end": {},
    "confirm": {}, "hold": {"why": "consent_missing"}, "resume": {}, "hand-on": {},
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["CASH", "PROT", "MGR", "AUDIT"])
def test_who_may_not_decide_gets_nothing(
    services: Services, signed_in: SignIn, role: str, act: str
) -> None:
    made = mixed.guessed(services, 1)

    answer = signed_in(role).post(f"{page_of(made)}/{act}", "/", **ACTS[act])

    assert answer.status_code == 404
    assert "You wanted" not in answer.text
    assert row_of(services, made).state == "HOLDING"


@pytest.mark.parametrize("act", ACTS)
def test_looking_at_an_act_does_nothing(services: Services, signed_in: SignIn, act: str) -> None:
    made = mixed.clean(services, 1)

    assert signed_in("INTAKE").get(f"{page_of(made)}/{act}").status_code in {404, 405}
    assert row_of(services, made).state == "QUEUED"
