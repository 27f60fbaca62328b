"""Check sharing.

Consents as data, what is withheld and its banner, for two officers and bad input.
"""

import re
from collections.abc import Iterator

import pytest

from intake.accounts import accounts
from intake.core.services import Services
from storage import audit
from storage.cases.consents import CaseConsent, CaseWithholding
from storage.mail import outbox
from storage.submissions.submissions import Submission
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.cases import seen_case
from tests.portal.cases.seen_case import Seen
from tests.portal.conftest import Browser

CONSENT = {
    "recipient": "iom_finland", "name": "", "purpose": "referral", "answer": "given",
    "given_on": "2026-11-20", "expires_on": "", "method": "signed", "language": "en",
    "interpreter": "yes", "explained_by": "coordinator", "document": "",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script> the brother"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services that all tests of this file share."""
    built = build_services(tmp_path_factory.mktemp("sharing"), Clock())
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def browsers(services: Services) -> dict[str, Browser]:
    """Give two intake officers, a protection officer who reads, and a cash officer who does not."""
    app = build_app(services)
    found = {}
    for name, role in (("one", "INTAKE"), ("two", "INTAKE"), ("prot", "PROT"), ("cash", "CASH")):
        accounts.create_with_password(services, f"{name}@iom.example", role, None, PASSWORD)
        found[name] = Browser(app)
        assert found[name].sign_in(f"{name}@iom.example").status_code == 303
    return found


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case of one submission."""
    return seen_case.seed_case(services)


def rows(case: Seen, table: type[CaseConsent] | type[CaseWithholding]) -> list[object]:
    with case.services.database.reading() as session:
        return list(session.query(table).filter_by(case_id=case.case_id))


def card(browser: Browser, case: Seen, name: str) -> str:
    page = browser.get(case.path).text
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def test_what_is_withheld_stands_above_every_page_that_shares(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browser = browsers["one"]
    answer = browser.post(f"{case.path}/withheld", case.path, from_whom="family", withheld=HOSTILE)
    assert answer.status_code == 303

    submission = f"/submissions/{case.submission}"
    for page in (case.path, submission, f"{submission}/confirmation", f"{submission}/answer"):
        text = browser.get(page).text
        banner = text.partition('id="withheld-banner"')[2].partition("</section>")[0]
        assert "From family members:" in banner, page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; the brother" in banner
        assert "<script>alert" not in text
    with case.services.database.reading() as session:
        events = audit.of_subject(session, "case", case.case_id)
    assert "brother" not in str([event.detail for event in events])


def test_what_is_withheld_no_more_leaves_the_banner_and_keeps_its_row(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browser = browsers["one"]
    browser.post(f"{case.path}/withheld", case.path, from_whom="partner", withheld="Her address")
    end = re.search(r'action="([^"]+/withheld/\w+/end)"', browser.get(case.path).text)
    assert end is not None

    assert browser.post(end.group(1), case.path).status_code == 303

    assert "withheld-banner" not in browser.get(case.path).text
    assert len(rows(case, CaseWithholding)) == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"from_whom": "", "withheld": "x"}, "Choose from whom"),
        ({"from_whom": "nobody", "withheld": "Her number"}, "Choose from whom"),
        ({"from_whom": "family", "withheld": " "}, "Write what must be withheld"),
        ({"from_whom": "family", "withheld": "w" * 501}, "Write what must be withheld"),
    ],
)
def test_a_slip_comes_back_with_what_was_typed(
    browsers: dict[str, Browser], case: Seen, fields: dict[str, str], error: str
) -> None:
    answer = browsers["one"].post(f"{case.path}/withheld", case.path, **fields)

    assert answer.status_code == 400
    assert error in answer.text
    assert fields["withheld"].strip() in answer.text
    assert rows(case, CaseWithholding) == []


def test_two_officers_withhold_and_neither_is_lost(
    browsers: dict[str, Browser], case: Seen
) -> None:
    version = re.search(r'name="version" value="(\d+)"', browsers["two"].get(case.path).text)
    assert version is not None
    path = f"{case.path}/withheld"
    browsers["one"].post(path, case.path, from_whom="family", withheld="The flight")

    answer = browsers["two"].post(
        path, case.path, from_whom="police", withheld="The shelter", version=version.group(1)
    )

    assert answer.status_code == 409
    assert "From family members: The flight" in answer.text
    assert "The shelter</textarea>" in answer.text


def test_a_consent_is_noted_with_all_that_proves_it(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browser = browsers["one"]

    assert browser.post(f"{case.path}/consents", case.path, **CONSENT).status_code == 303

    shown = card(browser, case, "consents")
    for words in ("IOM Finland", "assessing the referral", "Given", "signed", "English",
                  "with an interpreter", "explained by the coordinator"):  # fmt: skip
        assert words in shown, words
    glance = browser.get(f"/submissions/{case.submission}").text
    assert re.search(r"<dt>Consent</dt><dd><bdi>Given</bdi>", glance)


def test_a_withdrawal_needs_no_reason_and_shows_in_the_summary(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browser = browsers["one"]
    browser.post(f"{case.path}/consents", case.path, **CONSENT)
    form = re.search(r'action="([^"]+/withdraw)"', browser.get(case.path).text)
    assert form is not None

    assert browser.post(form.group(1), case.path).status_code == 303

    assert "Withdrawn" in card(browser, case, "consents")
    glance = browser.get(f"/submissions/{case.submission}").text
    assert '<div class="grave"><dt>Consent</dt>' in glance
    assert len(rows(case, CaseConsent)) == 1


def test_a_newer_answer_ends_the_older_of_the_same_recipient_only(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browser, path = browsers["one"], f"{case.path}/consents"
    for changes in ({}, {"recipient": "ngo", "name": "TEST House"}, {"answer": "refused"}):
        browser.post(path, case.path, **{**CONSENT, **changes})

    shown = card(browser, case, "consents")

    assert shown.count("mark danger") == 1
    assert "TEST House" in shown
    assert len(rows(case, CaseConsent)) == 3


def test_a_consent_that_has_run_out_says_so(browsers: dict[str, Browser], case: Seen) -> None:
    fields = {**CONSENT, "given_on": "2025-01-01", "expires_on": "2026-11-23"}

    browsers["one"].post(f"{case.path}/consents", case.path, **fields)

    assert "Expired" in card(browsers["one"], case, "consents")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"purpose": "anything"}, "Choose one of the answers."),
        ({"recipient": ""}, "Choose one of the answers."),
        ({"recipient": "ngo", "name": " "}, "a consent names it"),
        ({"given_on": ""}, "Give the day on which the person answered."),
        ({"given_on": "2026-13-01"}, "Give a day"),
        ({"given_on": "2026-11-25"}, "still to come"),
        ({"expires_on": "2026-11-01"}, "Give a day after the answer"),
        ({"document": "0" * 32}, "Choose a document of this case."),
        ({"name": "n" * 121}, "Write up to 120 characters."),
    ],
)
def test_a_consent_that_cannot_be_meant_is_not_noted(
    browsers: dict[str, Browser], case: Seen, changes: dict[str, str], error: str
) -> None:
    answer = browsers["one"].post(f"{case.path}/consents", case.path, **{**CONSENT, **changes})

    assert answer.status_code == 400
    assert error in answer.text
    assert rows(case, CaseConsent) == []


def test_two_officers_note_one_consent_and_the_second_sees_both(
    browsers: dict[str, Browser], case: Seen
) -> None:
    version = re.search(r'name="version" value="(\d+)"', browsers["two"].get(case.path).text)
    assert version is not None
    path = f"{case.path}/consents"
    browsers["one"].post(path, case.path, **CONSENT)

    answer = browsers["two"].post(
        path, case.path, version=version.group(1), **{**CONSENT, "answer": "refused"}
    )

    assert answer.status_code == 409
    assert "IOM Finland: given, Fri 20 Nov 2026" in answer.text
    assert "IOM Finland: refused, 2026-11-20" in answer.text


def test_readers_see_and_change_nothing_and_others_see_nothing(
    browsers: dict[str, Browser], case: Seen
) -> None:
    browsers["one"].post(f"{case.path}/withheld", case.path, from_whom="family", withheld="Her day")

    assert "Her day" in browsers["prot"].get(case.path).text
    for name in ("prot", "cash"):
        for form in ("withheld", "consents", f"withheld/{'0' * 32}/end", "consents/x/withdraw"):
            assert browsers[name].post(f"{case.path}/{form}", "/queues").status_code == 404
    assert (
        browsers["one"].post(f"{case.path}/withheld/{'0' * 32}/end", case.path).status_code == 404
    )


def test_one_click_stops_what_would_leave_and_one_lets_it_go_on(
    services: Services, browsers: dict[str, Browser]
) -> None:
    case = seen_case.seed_case(services)
    seen_case.register(services, case)
    browser = browsers["one"]
    browser.post(f"{case.path}/consents", case.path, **CONSENT)
    seen_case.send(browser, case, "message", message="Kan ni skicka mer?")
    submission = f"/submissions/{case.submission}"

    stopped = browser.post(f"{case.path}/stop", case.path)

    assert stopped.location == f"{case.path}?said=stopped#said"
    assert case.row().state == "WITHDRAWN"
    assert case.row().next_reminder_at is None
    page = browser.get(case.path).text
    assert "The person has withdrawn." in page
    assert "Suspended" in card(browser, case, "consents")
    with services.database.reading() as session:
        sent = {
            row.kind: (row.state, row.reason)
            for row in outbox.of_submission(session, submission_id(services, case))
        }
    assert sent["MSG1"] == ("suppressed", "person_withdrew")
    assert sent["R1"] == ("sent", "")
    assert "No mail tells the coordinator of it" in browser.get(case.path).text
    said = seen_case.send(browser, case, "message", message="Kan ni skicka en kopia?")
    assert "No mail leaves: The person has withdrawn." in said
    assert "Call instead" not in said
    for page in (f"{submission}/answer", f"{submission}/confirmation"):
        assert "The person has withdrawn" in browser.get(page).text
    page = browser.get(f"{case.path}/go-on").text
    (waiting,) = re.findall(r'name="holds" value="([0-9a-f]{32})"', page)
    assert "checked" not in page
    unshown = browser.post(f"{case.path}/go-on", f"{case.path}/go-on")
    assert (unshown.status_code, case.row().state) == (409, "WITHDRAWN")
    assert "Please look at the list again." in unshown.text
    fields = {"shown": waiting, "holds": waiting}
    assert browser.post(f"{case.path}/go-on", f"{case.path}/go-on", **fields).status_code == 303
    assert case.row().state == "RECEIVED"
    assert "Given" in card(browser, case, "consents")
    assert browser.get(f"{case.path}/go-on").location == case.path
    assert browser.post(f"{case.path}/go-on", case.path, **fields).status_code == 409


def submission_id(services: Services, case: Seen) -> str:
    with services.database.reading() as session:
        return session.query(Submission).filter_by(reference=case.submission).one().id
