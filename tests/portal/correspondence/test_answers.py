"""Check the pages of answers.

Every step without script, errors beside fields, nothing by itself.
"""

import html
import re

import pytest

from intake.core.services import Services
from intake.outbox import stop_list, unproven_limits
from intake.outbox.addressees import Trust, recipient_hash
from intake.outbox.guard import MAX_TO_UNVERIFIED_BY_A_PERSON
from intake.outbox.unproven_limits import BY_A_PERSON
from portal.text.reasons import REASONS
from storage.accounts.users import Role
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission
from tests.intake.documents.held import Held, seed_held
from tests.intake.outbox.test_stop_list import stopped_submission
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.support.rows import Planter

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
# A caseworker answers in their own cases only (`test_rights`).
ALLOWED = frozenset({Role.INTAKE, Role.CASH})


@pytest.fixture
def page(services: Services) -> str:
    """Give the path of the answer page of a submission."""
    return page_of(services, seed_held(services))


def page_of(services: Services, held: Held) -> str:
    with services.database.reading() as session:
        submission = session.get_one(Submission, held.submission_id)
    return f"/submissions/{submission.reference}/answer"


def answers_of(services: Services) -> list[OutboxMessage]:
    with services.database.reading() as session:
        return session.query(OutboxMessage).filter(OutboxMessage.kind.like("ANS%")).all()


def chosen(page: str, code: str = "call_us", language: str = "sv") -> str:
    return f"{page}?code={code}&answer_language={language}"


def form_of(browser: Browser, path: str) -> dict[str, str]:
    """Return the hidden fields of the page's form, as a browser would send them."""
    fields = dict(HIDDEN.findall(browser.get(path).text.partition("answer-form")[2]))
    return {name: html.unescape(value) for name, value in fields.items() if name != "csrf_token"}


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_decide_may_answer(
    services: Services, signed_in: SignIn, role: Role
) -> None:
    programme = "cash" if role is Role.CASH else "referrals"
    reference = samples.seed(services, programme=programme).reference
    browser = signed_in(role)
    expected = 200 if role in ALLOWED else 404

    assert browser.get(f"/submissions/{reference}/answer").status_code == expected
    # A caseworker's list holds what concerns their own cases.
    may_list = role in ALLOWED | {Role.CASEW}
    assert browser.get("/stopped-addresses").status_code == (200 if may_list else 404)


def test_another_programme_is_not_there(signed_in: SignIn, page: str) -> None:
    assert signed_in("CASH").get(page).status_code == 404


def test_choosing_comes_first_and_every_field_has_a_label(signed_in: SignIn, page: str) -> None:
    text = signed_in("INTAKE").get(page).text

    for field, name in (("code", "code"), ("language", "answer_language")):
        assert f'<label for="{field}">' in text
        assert f'<select id="{field}" name="{name}"' in text
    assert "What leaves" not in text
    assert text.count("<h1") == 1


def test_the_message_body_is_shown_before_anything_is_sent(
    services: Services, signed_in: SignIn, page: str
) -> None:
    text = signed_in("INTAKE").get(chosen(page)).text

    assert "What leaves" in text
    assert "koordinator@region.example" in text
    assert "Ring oss gärna: +358 40 628 1182" in text
    assert "Vid fara ring 112" in text
    assert '<label for="more">' in text
    assert answers_of(services) == []


def test_sending_leads_back_to_the_submission(
    services: Services, signed_in: SignIn, page: str
) -> None:
    browser = signed_in("INTAKE")
    fields = form_of(browser, chosen(page))

    answer = browser.post(page, chosen(page), more="", step="send", **fields)

    assert answer.status_code == 303
    assert answer.location == page.replace("/answer", "#receipts")
    (row,) = answers_of(services)
    assert (row.kind, row.state) == ("ANS1", "due")


def test_the_same_form_twice_sends_one_mail(
    services: Services, signed_in: SignIn, page: str
) -> None:
    browser = signed_in("INTAKE")
    fields = form_of(browser, chosen(page))

    for _ in range(2):
        answer = browser.post(page, chosen(page), more="", step="send", **fields)
        assert answer.status_code == 303

    assert len(answers_of(services)) == 1


def test_a_finding_that_blocks_stands_beside_its_field(
    services: Services, signed_in: SignIn, page: str
) -> None:
    browser = signed_in("INTAKE")
    fields = form_of(browser, chosen(page))
    words = "<b>Numret är 870501-1234"

    answer = browser.post(page, chosen(page), more=words, step="send", read="yes", **fields)

    assert answer.status_code == 400
    assert "Must change:" in answer.text
    assert "<mark><bdi>870501-1234</bdi></mark>" in answer.text
    assert "&lt;b&gt;Numret är 870501-1234</textarea>" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="send"' not in answer.text
    assert answers_of(services) == []


def test_a_warning_asks_for_a_confirmation(
    services: Services, signed_in: SignIn, page: str
) -> None:
    browser = signed_in("INTAKE")
    fields = form_of(browser, chosen(page))
    words = {"more": "Ring 070-123 45 67"}
    looked = browser.post(page, chosen(page), step="look", **fields, **words)
    shown = dict(HIDDEN.findall(looked.text.partition("answer-form")[2]))["shown"]
    fields = {**fields, "shown": shown}

    refused = browser.post(page, chosen(page), step="send", **fields, **words)
    sent = browser.post(page, chosen(page), step="send", read="yes", **fields, **words)

    assert (looked.status_code, refused.status_code, sent.status_code) == (200, 400, 303)
    assert '<label for="read">' in looked.text
    assert "Look at this:" in refused.text
    assert len(answers_of(services)) == 1


def test_words_that_were_not_looked_at_are_shown_first(
    services: Services, signed_in: SignIn, page: str
) -> None:
    browser = signed_in("INTAKE")
    fields = form_of(browser, chosen(page))

    answer = browser.post(page, chosen(page), more="Nya ord.", step="send", **fields)

    assert answer.status_code == 409
    assert "has changed since it was shown" in answer.text
    assert answer.text.count("Nya ord.") == 2
    assert answers_of(services) == []


def test_a_missing_language_is_said_beside_the_choice(signed_in: SignIn, page: str) -> None:
    answer = signed_in("INTAKE").get(chosen(page, language="ckb"))

    assert answer.status_code == 409
    assert "There is no Kurdish (Sorani) text of this answer yet" in answer.text
    assert "Kurdish (Sorani) (missing: needs a translator)" in answer.text
    assert 'aria-describedby="language-error"' in answer.text
    assert "What leaves" not in answer.text


def test_the_fixed_answer_takes_no_words(services: Services, signed_in: SignIn, page: str) -> None:
    browser = signed_in("INTAKE")
    path = chosen(page, "third_party_neutral", "en")
    fields = form_of(browser, path)

    assert "<textarea" not in browser.get(path).text
    browser.post(page, path, more="870501-1234", step="send", **fields)

    assert len(answers_of(services)) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?code=x&answer_language=sv",
        "?code=call_us&answer_language=x",
        "?code=closing&answer_language=sv",
        "",
    ],
)
def test_what_is_not_offered_chooses_nothing(signed_in: SignIn, page: str, query: str) -> None:
    answer = signed_in("INTAKE").get(page + query)

    assert answer.status_code == 200
    assert "What leaves" not in answer.text


@pytest.mark.parametrize(
    ("code", "what_to_do"),
    [
        ("dmarc_failed", "not one that stands in the mail."),
        ("too_many_to_this_address", "Answer in an hour, or call if it cannot wait."),
        ("too_many_to_this_domain", "Answer in an hour, or call if it cannot wait."),
        ("too_many_to_strangers", "Answer in an hour, or call if it cannot wait."),
    ],
)
def test_an_answer_that_may_not_leave_says_why_and_what_to_do(
    services: Services, signed_in: SignIn, page: str, code: str, what_to_do: str
) -> None:
    browser = signed_in("INTAKE")
    form = form_of(browser, chosen(page))
    refuse(services, code)

    text = browser.get(chosen(page)).text
    answer = browser.post(page, "/queues", **form, step="send")

    assert "No mail goes out. " in text
    assert "Write down the call" in text
    assert REASONS[code] in text
    assert what_to_do in html.unescape(text)
    assert f"{what_to_do} Nothing was sent." in html.unescape(answer.text)
    assert answer.status_code == 409
    assert answers_of(services) == []


def refuse(services: Services, code: str) -> None:
    """Let the sender be one whom the outbox refuses for a reason."""
    address = "koordinator@region.example"
    with services.database.transaction() as session:
        (submission,) = session.query(Submission)
        submission.sender_verdict = "unverified"
        if code == "dmarc_failed":
            submission.sender_reasons = ["address_not_registered", code]
        if code == "too_many_to_this_address":
            planter = Planter(session, services.keyring, services.now())
            hashed = recipient_hash(services, session, address, Trust.UNVERIFIED)
            for number in range(MAX_TO_UNVERIFIED_BY_A_PERSON):
                planter.message(planter.submission(), kind=f"T{number}", recipient_hash=hashed)
        if code == "too_many_to_this_domain":
            for _ in range(BY_A_PERSON.to_domain):
                unproven_limits.note_answer(services, session, BY_A_PERSON, "region.example")
        if code == "too_many_to_strangers":
            for number in range(BY_A_PERSON.to_all):
                domain = f"other{number}.example"
                unproven_limits.note_answer(services, session, BY_A_PERSON, domain)


def test_an_enquirer_whom_nothing_proves_is_answered(
    services: Services, signed_in: SignIn, page: str
) -> None:
    with services.database.transaction() as session:
        (submission,) = session.query(Submission)
        submission.sender_verdict = "unknown"
        submission.sender_reasons = ["address_not_registered"]
    browser = signed_in("INTAKE")

    browser.post(page, chosen(page), **form_of(browser, chosen(page)), step="send")

    (row,) = answers_of(services)
    assert row.state == "due"


def test_a_stopped_sender_is_called(services: Services, signed_in: SignIn, page: str) -> None:
    with services.database.transaction() as session:
        row = session.query(OutboxMessage).first()
        assert row is not None
        assert row.submission_id is not None
        address = "koordinator@region.example"
        stop_list.stop_address(services, session, address, "bounce_hard", row.submission_id)

    text = signed_in("INTAKE").get(chosen(page)).text

    assert "No mail goes out. " in text
    assert "/stopped-addresses" in text
    assert "<select" not in text


def test_a_suggestion_tells_its_words_and_marks_its_answer(
    services: Services, signed_in: SignIn
) -> None:
    body = "Jag vill ha återvandringsbidraget, 350 000 kr <script>"
    held = seed_held(services, programme="cash", body_text=body)

    text = signed_in("CASH").get(page_of(services, held)).text

    assert "repatriation grant" in text
    assert "<bdi>350 000</bdi>" in text
    assert "<bdi>återvandringsbidraget</bdi>" in text
    assert "(350 000 kronor) (suggested)" in text
    # It is chosen already, and shown only when somebody asks for it.
    chosen = re.findall(r'<option value="(\w+)" selected>', text.partition('id="language"')[0])
    assert chosen == ["wrong_door_repatriation_grant"]
    assert "What leaves" not in text


def test_a_stop_is_listed_and_lifted(services: Services, signed_in: SignIn) -> None:
    reference = stopped_submission(services)
    browser = signed_in("INTAKE")
    text = browser.get("/stopped-addresses").text
    fields = dict(HIDDEN.findall(text))

    answer = browser.post(
        "/stopped-addresses/lift", "/stopped-addresses", address=fields["address"]
    )

    assert "anna@partner.example" in text
    assert reference in text
    assert answer.status_code == 303
    assert "No address is stopped." in browser.get("/stopped-addresses").text


def test_lifting_what_is_not_there_is_not_found(signed_in: SignIn) -> None:
    answer = signed_in("INTAKE").post("/stopped-addresses/lift", "/", address="0" * 64)

    assert answer.status_code == 404
