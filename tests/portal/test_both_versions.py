"""Both versions: two officers on one thing, and the second one sees both and loses nothing."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from intake import accounts
from intake.services import Services
from storage.case_messages import CaseMessage
from storage.cases import Case
from storage.document_kinds import of_documents
from storage.outbox import OutboxMessage
from storage.submissions import Submission
from tests.browser import mixed
from tests.intake.held import seed_held
from tests.intake.papers import seed_case
from tests.portal import readings, samples, seen_case
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.conftest import Browser
from tests.portal.triage_forms import page_of

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
AREA = re.compile(r'<textarea id="(\w+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass(frozen=True)
class Two:
    """Two officers of one role, both signed in."""

    first: Browser
    second: Browser


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services that all tests of this file share: each seeds its own submission."""
    built = build_services(tmp_path_factory.mktemp("both"), Clock())
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def desks(services: Services) -> dict[str, Two]:
    """Give two officers of each programme: passwords are slow on purpose, so once for all."""
    app = build_app(services)
    accounts.create_with_password(services, "casew@iom.example", "CASEW", None, PASSWORD)
    return {role: Two(officer(services, app, role, 1), officer(services, app, role, 2))
            for role in ("INTAKE", "CASH")}  # fmt: skip


@pytest.fixture
def two(desks: dict[str, Two]) -> Two:
    """Give two intake officers."""
    return desks["INTAKE"]


def officer(services: Services, app: Flask, role: str, number: int) -> Browser:
    email = f"{role.lower()}{number}@iom.example"
    accounts.create_with_password(services, email, role, None, PASSWORD)
    browser = Browser(app)
    assert browser.sign_in(email).status_code == 303
    return browser


def version_on(browser: Browser, page: str) -> str:
    found = VERSION.search(browser.get(page).text)
    assert found is not None, page
    return found.group(1)


def form_on(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Return where the form of the page of both versions leads, and all that it holds."""
    assert answer.status_code == 409, answer.text
    form = answer.text.partition("versions-form")[0].rpartition("<form")[2]
    address = re.search(r'action="([^"]+)"', form)
    assert address is not None
    rest = answer.text.partition("versions-form")[2]
    fields = {name: html.unescape(value) for name, value in FIELD.findall(rest)}
    fields |= {name: html.unescape(text) for name, text in AREA.findall(rest)}
    fields.pop("csrf_token")
    return html.unescape(address.group(1)), fields


def replaced(browser: Browser, answer: TestResponse, page: str) -> TestResponse:
    """Press the button that sends hers again."""
    address, fields = form_on(answer)
    return browser.post(address, page, **fields)


def race(
    two: Two, page: str, path: str, theirs: dict[str, str], mine: dict[str, str]
) -> TestResponse:
    """Let both open a page, the first one send hers, and then the second one hers."""
    seen = version_on(two.second, page)
    first = two.first.post(path, page, version=version_on(two.first, page), **theirs)
    assert first.status_code == 303, first.text
    return two.second.post(path, page, version=seen, **mine)


def submission_of(services: Services, made: samples.Seeded) -> Submission:
    with services.database.reading() as session:
        return session.get_one(Submission, made.submission_id)


def test_a_type_shows_both_and_is_replaced(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    form = readings.ids_of(services, made)[1]
    path = f"/documents/{form}/kind"

    answer = race(two, page_of(made), path, {"kind": "CONS-SHARE"}, {"kind": "RISK-ASM"})

    assert "Type corrected by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Consent" in answer.text
    assert "Risk" in answer.text
    with services.database.reading() as session:
        assert [each.kind for each in of_documents(session, [form])] == ["CONS-SHARE"]
    assert replaced(two.second, answer, page_of(made)).status_code == 303
    with services.database.reading() as session:
        assert [each.kind for each in of_documents(session, [form])] == ["RISK-ASM"]


def test_the_same_type_said_twice_is_no_quarrel(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    form = readings.ids_of(services, made)[1]
    same = {"kind": "CONS-SHARE"}

    answer = race(two, page_of(made), f"/documents/{form}/kind", same, same)

    assert answer.status_code == 303


def test_two_officers_on_two_documents_do_not_meet(services: Services, two: Two) -> None:
    made = mixed.clean(services, 1)
    _letter, form, risk = readings.ids_of(services, made)[:3]
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
    confirmed = two.second.post(f"{page_of(made)}/confirm", page_of(made), version="1")
    assert submission_of(services, made).state == "QUEUED"
    assert "Confirm all the same" in confirmed.text
    assert replaced(two.second, confirmed, page_of(made)).status_code == 303
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


def test_opposite_words_on_a_reading_meet(services: Services, two: Two) -> None:
    made = mixed.dated(services, 1)
    form = readings.ids_of(services, made)[1]
    aid = readings.add_aid(services, form, "trial", "2027-02-01")
    path = f"{page_of(made)}/aids/{aid}"

    answer = race(two, page_of(made), path, {"answer": "yes"}, {"answer": "no"})

    assert "Reading confirmed by <bdi>Intake officer 1</bdi>" in answer.text
    assert replaced(two.second, answer, page_of(made)).status_code == 303


def test_opposite_words_on_a_person_meet(services: Services, two: Two) -> None:
    made = mixed.arabic(services, 1)
    person = readings.add_person(services, made, "TEST Applicant Three", "1990")
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
    day = readings.add_date(services, made, "trial", date(2026, 12, 14))
    seen = version_on(two.second, page_of(made))
    known = f"{page_of(made)}/known"
    two.first.post(f"{page_of(made)}/dates", known, kind="trial", day="2026-12-14")

    answer = two.second.post(f"{page_of(made)}/dates/{day}/end", page_of(made), version=seen)

    assert "Take Mon 14 Dec 2026 off" in answer.text
    assert replaced(two.second, answer, known).status_code == 303


def test_facts_show_line_by_line_what_differs(services: Services, two: Two) -> None:
    made = samples.seed(services)
    known = f"{page_of(made)}/known"

    answer = race(two, known, f"{page_of(made)}/facts", {"age": "child"}, {"age": "adult"})

    assert answer.text.count("(differs)") == 1
    assert replaced(two.second, answer, known).status_code == 303
    assert '<option value="adult" selected>' in two.first.get(known).text


def test_a_cash_decision_read_otherwise_shows_both(
    services: Services, desks: dict[str, Two]
) -> None:
    made, two = samples.seed(services, programme="cash"), desks["CASH"]
    theirs = {"country": "AFG", "decided_on": "2020-05-04", "amount_sek": "60 000"}
    mine = {**theirs, "amount_sek": "75 000"}

    answer = race(two, page_of(made), f"{page_of(made)}/decision", theirs, mine)

    assert "60000" in answer.text
    assert "75000" in answer.text
    assert replaced(two.second, answer, page_of(made)).status_code == 303
    assert "75 000 SEK" in two.first.get(page_of(made)).text


def test_two_messages_to_a_coordinator_meet(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)
    seen_case.with_coordinator(services, case)
    forms: list[Callable[[], dict[str, str]]] = [
        lambda: dict(seen_case.HIDDEN.findall(two.first.get(case.path).text)),
        lambda: dict(seen_case.HIDDEN.findall(two.second.get(case.path).text)),
    ]
    theirs = {"message_id": forms[0]()["message_id"], "message": "Tack, vi har det."}
    mine = {"message_id": forms[1]()["message_id"], "message": "Kan ni ringa oss?"}

    answer = race(two, case.path, f"{case.path}/message", theirs, mine)

    assert "Tack, vi har det." in answer.text
    assert form_on(answer)[1]["message"].strip() == "Kan ni ringa oss?"
    assert replaced(two.second, answer, case.path).status_code == 303
    with services.database.reading() as session:
        assert session.query(CaseMessage).filter_by(case_id=case.case_id).count() == 2


def test_two_notes_are_both_kept(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)

    seen_case.send(two.first, case, "note", note="The first note.")
    seen_case.send(two.second, case, "note", note="The second note.")

    page = two.first.get(case.path).text
    assert "The first note." in page
    assert "The second note." in page


def test_two_hand_overs_meet(services: Services, two: Two) -> None:
    case = seen_case.seed_case(services)
    options = re.findall(
        r'<option value="(\w{32})">([^<]+)</option>', two.first.get(case.path).text
    )
    ids = {label: account for account, label in options}
    theirs = {"to": ids["Caseworker 1"], "why": "absence", "owner": ""}
    mine = {"to": ids["Intake officer 2"], "why": "workload", "owner": ""}

    answer = race(two, case.path, f"{case.path}/owner", theirs, mine)

    assert "Handed over by <bdi>Intake officer 1</bdi>" in answer.text
    assert replaced(two.second, answer, case.path).status_code == 303
    assert case.row().owner_id == ids["Intake officer 2"]


def test_a_second_signature_is_not_made_unseen(services: Services, two: Two) -> None:
    case = seed_case(services)
    page = f"/submissions/{case.reference}/confirmation"
    theirs = signing(two.first, page, "Vi ringer er.", "")
    mine = signing(two.second, page, "Vi skriver till er.", "Vi behöver mer tid.")
    assert two.first.post(page, page, step="sign", **theirs).status_code == 303

    answer = two.second.post(page, page, step="sign", **mine)

    assert "Confirmed in writing by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Vi ringer er." in answer.text
    again = replaced(two.second, answer, page)
    assert again.status_code == 200
    assert "Vi behöver mer tid." in again.text
    whole = {**mine, **hidden(again.text)}
    assert two.second.post(page, page, step="sign", **whole).status_code == 303


def test_a_second_answer_is_neither_lost_nor_sent_unseen(services: Services, two: Two) -> None:
    held = seed_held(services)
    with services.database.reading() as session:
        reference = session.get_one(Submission, held.submission_id).reference
    page = f"/submissions/{reference}/answer"
    chosen = f"{page}?code=call_us&language=sv"
    theirs = {**hidden(two.first.get(chosen).text), "more": ""}
    mine = hidden(two.second.post(page, page, code="call_us", language="sv", more="Ring mig.").text)
    assert two.first.post(page, page, step="send", **theirs).status_code == 303

    answer = two.second.post(page, page, step="send", more="Ring mig.", **mine)

    assert "Answer sent by <bdi>Intake officer 1</bdi>" in answer.text
    assert "Ring oss gärna" in answer.text
    assert form_on(answer)[1]["more"].strip() == "Ring mig."
    again = replaced(two.second, answer, page)
    assert "Ring mig." in again.text
    whole = {**mine, **hidden(again.text), "more": "Ring mig."}
    assert two.second.post(page, page, step="send", **whole).status_code == 303
    with services.database.reading() as session:
        kinds = session.query(OutboxMessage.kind).filter(OutboxMessage.kind.like("ANS%"))
        assert {kind for (kind,) in kinds} == {"ANS1", "ANS2"}


def hidden(text: str) -> dict[str, str]:
    fields = dict(FIELD.findall(text.partition("answer-form")[2]))
    return {name: html.unescape(value) for name, value in fields.items() if name != "csrf_token"}


def signing(browser: Browser, page: str, step: str, remark: str) -> dict[str, str]:
    """Look at a confirmation with some words; return the form that would sign it."""
    words = {"next_step": step, "next_step_on": "", "deputy": "", "remark": remark}
    shown = browser.post(page, page, step="look", version=version_on(browser, page), **words)
    return {**words, **hidden(shown.text)}
