"""Check that what an officer typed stands in its form again when they take it back.

It does for every kind of mail that officers send, without script, and for who typed it alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from intake.core.services import Services
from intake.correspondence import case_messages
from intake.outbox import stop_list
from intake.senders.register import add_sender
from storage.documents.quarantine import QuarantineAct
from storage.mail.outbox import BY_OFFICERS, MailKind, OutboxMessage
from storage.submissions.submissions import Submission
from tests.flow.desk_month.forms import Fields, Form, Page
from tests.intake.confirmations.papers import seed_case
from tests.intake.documents.held import FACTS, Held, seed_held
from tests.portal.cases import seen_case
from tests.portal.conftest import Browser, SignIn

UNDO_SECONDS = 30
# Several paragraphs, marks that HTML and mail have a meaning for, and two directions.
WORDS = "Tack för att ni hör av er.\n\n.<b>“Vi”</b> & ni = vi\nشكرا جزيلا لكم"
WHY = "The seal of <the> “court” cannot be read."


@dataclass
class Desk:
    """An officer with a browser, and a page on which they have typed something and sent it.

    `typed` are the fields that must come back, in the forms whose addresses end in `endings`.
    """

    services: Services
    browser: Browser
    path: str = ""
    typed: Fields = field(default_factory=dict)
    endings: tuple[str, ...] = ()

    def page(self, address: str) -> Page:
        """Open a page."""
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return Page(answer.text, address)

    def send(self, form: Form, **changes: str) -> str:
        """Send a form as it stands but for some fields; return the page that answers."""
        fields = {name: text for name, text in form.fields.items() if name != "csrf_token"}
        answer = self.browser.post(form.action, self.path, **(fields | changes))
        assert answer.status_code in {200, 303}, answer.text
        return answer.text

    def form(self, address: str, ending: str) -> Form:
        """Return a form of a page."""
        found = self.page(address).form(ending)
        assert found is not None, ending
        return found

    def press_z(self) -> str:
        """Press what stands under `z` on the page; return the page that answers."""
        forms = (self.page(self.path).form(each) for each in ("/step-back", "/take-back"))
        return self.send(next(each for each in forms if each is not None))


def held(desk: Desk) -> tuple[Held, str]:
    """Seed a registered sender's mail with held documents; return it and its address."""
    add_sender(desk.services, "operator", str(FACTS["from_address"]), "VAST")
    made = seed_held(desk.services, with_case=False, state="HOLDING", queue="Q3", kind="submission")
    with desk.services.database.reading() as session:
        reference = session.get_one(Submission, made.submission_id).reference
    return made, f"/submissions/{reference}"


def sent_answer(desk: Desk, step: str) -> Held:
    made, desk.path = held(desk)
    desk.typed = {"more": WORDS, "code": "call_us", "answer_language": "sv"}
    desk.endings = ("/answer",)
    send_answer(desk, step)
    return made


def send_answer(desk: Desk, step: str, words: str = WORDS) -> None:
    here = f"{desk.path}/answer?code=call_us&answer_language=sv"
    first = next(each for each in desk.page(here).forms if "shown" in each.fields)
    looked = Page(desk.send(first, step="look", more=words), here)
    desk.send(next(each for each in looked.forms if "shown" in each.fields), step=step)


def answer(desk: Desk) -> str:
    sent_answer(desk, "send")
    return desk.press_z()


def answer_that_finishes(desk: Desk) -> str:
    sent_answer(desk, "finish")
    return desk.press_z()


def end_with_an_answer(desk: Desk) -> str:
    sent_answer(desk, "finish")
    return desk.send(desk.form(desk.path, "/open-again"))


def confirmed(desk: Desk) -> None:
    case = seed_case(desk.services)
    desk.path = f"/submissions/{case.reference}"
    desk.typed = {
        "next_step": WORDS, "next_step_on": "2026-12-04", "deputy": "O. Ogren, extension",
        "remark": f"{WORDS} again",
    }  # fmt: skip
    desk.endings = ("/confirmation",)
    here = f"{desk.path}/confirmation"
    looked = Page(desk.send(desk.form(here, "/confirmation"), step="look", **desk.typed), here)
    form = looked.form("/confirmation")
    assert form is not None
    assert form.fields | desk.typed == form.fields
    desk.send(form, step="sign", read="yes")


def confirmation(desk: Desk) -> str:
    confirmed(desk)
    return desk.press_z()


def other_copies(desk: Desk) -> str:
    made, desk.path = held(desk)
    asked = [made.document(name) for name in ("skadad.pdf", "pass.pdf")]
    ids = [each.id for each in sorted(asked, key=lambda each: each.position)]
    # One form has all of them, sent to the address of the first.
    first, *others = ids
    desk.typed = {"reason": WHY} | {f"reason-{each}": f"{WHY} {each}" for each in others}
    desk.endings = (f"/documents/{first}/ask",)
    for each in ids:
        reason = desk.typed.get(f"reason-{each}", WHY)
        desk.browser.post(f"/documents/{each}/ask", desk.path, reason=reason)
    return desk.press_z()


def message(desk: Desk) -> str:
    case = seen_case.seed_case(desk.services)
    seen_case.register(desk.services, case)
    desk.path, desk.endings, desk.typed = case.path, ("/message",), {"message": WORDS}
    desk.send(
        desk.form(case.path, "/message"), message=WORDS, message_id=case_messages.new_message_id()
    )
    return desk.press_z()


def link(desk: Desk) -> str:
    case = seen_case.seed_case(desk.services)
    desk.path = f"/links/{case.reference}"
    desk.typed = {"note": "The <sister> of “the person”", "address": "sister@safe.example"}
    desk.endings = (desk.path,)
    desk.send(desk.form(desk.path, desk.path), safe="yes", **desk.typed)
    return desk.send(desk.form(desk.path, "/withdraw"))


WAYS: dict[str, tuple[MailKind, Callable[[Desk], str]]] = {
    "an answer": (MailKind.ANSWER, answer),
    "an answer that finishes": (MailKind.ANSWER, answer_that_finishes),
    "an end with its answer": (MailKind.ANSWER, end_with_an_answer),
    "a confirmation": (MailKind.CONFIRMATION, confirmation),
    "a question for other copies": (MailKind.RESEND_REQUEST, other_copies),
    "a message": (MailKind.NOTICE, message),
    "a link": (MailKind.LINK, link),
}


@pytest.fixture
def desk(services: Services, signed_in: SignIn) -> Desk:
    """Give an officer at their desk."""
    return Desk(services, signed_in("INTAKE"))


def test_every_kind_that_officers_send_is_tried() -> None:
    assert {kind for kind, _way in WAYS.values()} == set(BY_OFFICERS)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_typed_stands_in_its_form_again(desk: Desk, way: str) -> None:
    kind, take_back = WAYS[way]

    shown = take_back(desk)

    page = Page(shown, desk.path)
    for ending in desk.endings:
        forms = [each for each in page.forms if each.action.partition("?")[0].endswith(ending)]
        assert any(form.fields | desk.typed == form.fields for form in forms), (ending, forms)
    assert 'role="status"' in shown
    with desk.services.database.reading() as session:
        assert session.query(OutboxMessage).filter(OutboxMessage.kind.startswith(kind)).all() == []


def test_who_opens_a_colleagues_end_again_is_shown_nothing_of_theirs(
    desk: Desk, signed_in: SignIn
) -> None:
    sent_answer(desk, "finish")
    other = Desk(desk.services, signed_in("INTAKE", "second"), desk.path)

    form = other.form(desk.path, "/open-again")
    answered = other.browser.post(form.action, desk.path, version=form.fields["version"])

    assert answered.status_code == 303
    assert "Tack" not in answered.text


def test_after_a_colleague_answered_with_the_same_number_it_is_theirs(
    desk: Desk, signed_in: SignIn
) -> None:
    sent_answer(desk, "finish")
    desk.press_z()
    other = Desk(desk.services, signed_in("INTAKE", "second"), desk.path)
    send_answer(other, "finish", "Hemliga ord av kollegan, som är mycket längre än de första.")

    form = desk.form(desk.path, "/open-again")
    answered = desk.browser.post(form.action, desk.path, version=form.fields["version"])

    assert answered.status_code == 303
    assert "Hemliga" not in answered.text


def test_a_second_press_says_why_and_shows_nothing(desk: Desk) -> None:
    confirmed(desk)
    form = desk.form(desk.path, "/step-back")
    desk.send(form)

    twice = desk.browser.post(form.action, desk.path, number=form.fields["number"])

    assert twice.status_code == 409
    assert "Tack" not in twice.text


def test_words_are_not_lost_where_the_form_cannot_be_sent_any_more(desk: Desk) -> None:
    made = sent_answer(desk, "send")
    form = desk.form(desk.path, "/step-back")
    with desk.services.database.transaction() as session:
        address = str(FACTS["from_address"])
        stop_list.stop_address(desk.services, session, address, "bounce_hard", made.submission_id)

    shown = desk.send(form)

    assert "What you had written" in shown
    assert "Tack för att ni hör av er." in shown


def test_several_other_copies_come_back_as_one_form_that_asks_for_all_again(desk: Desk) -> None:
    shown = other_copies(desk)
    (form,) = [each for each in Page(shown, desk.path).forms if each.action.endswith("/ask")]
    (other,) = [name for name in desk.typed if name != "reason"]

    desk.typed[other] = "short"
    refused = desk.browser.post(form.action, desk.path, **(form.fields | {other: "short"}))
    with desk.services.database.reading() as session:
        asked = session.query(QuarantineAct).filter_by(act="ask_to_resend").count()
    done = desk.browser.post(form.action, desk.path, **form.fields)

    again = Page(refused.text, desk.path).form("/ask")
    assert (refused.status_code, asked, done.status_code) == (400, 0, 303)
    assert again is not None
    assert (again.fields["reason"], again.fields[other]) == (WHY, "short")
    assert refused.text.count('aria-invalid="true"') == 1
    with desk.services.database.reading() as session:
        rows = session.query(QuarantineAct).filter_by(act="ask_to_resend").all()
        mails = session.query(OutboxMessage).filter_by(kind="ASK").all()
    assert len({each.document_id for each in rows}) == len(rows) == 2
    assert len(mails) <= 1


def test_what_comes_back_can_be_sent_once_more(desk: Desk) -> None:
    shown = confirmation(desk)

    form = Page(shown, desk.path).form("/confirmation")
    assert form is not None
    desk.send(form, step="sign", read="yes")

    assert 'id="done"' in desk.browser.get(desk.path).text
    assert Page(desk.press_z(), desk.path).form("/confirmation") is not None
