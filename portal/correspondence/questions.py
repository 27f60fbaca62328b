"""Let an officer answer a coordinator's question that names no person.

The answer stays in the service. What was refused comes back with what was typed, the error
beside its field.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.core.typed_text import tidy
from intake.correspondence import case_messages
from intake.correspondence import questions as question_answers
from intake.correspondence.answers import AnswerDraft
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.checked_words import TextRefused
from portal.cases.page import Refused
from portal.text import answers, cases
from portal.web import session
from portal.web.policy import Permission, requires

questions = Blueprint("questions", __name__)


@questions.get("/submissions/<reference>/question")
@requires(Permission.TRIAGE)
def show(reference: str) -> ResponseReturnValue:
    """Show a question with the messages about it."""
    return _page(reference)


@questions.post("/submissions/<reference>/question")
@requires(Permission.TRIAGE)
def answer(reference: str) -> ResponseReturnValue:
    """Answer a question, or show what must change before that."""
    draft = MessageDraft(request.form.get("message_id", ""), request.form.get("message", ""))
    confirmed = request.form.get("shown", "") if request.form.get("read") == "yes" else ""
    texts = session.services().texts
    try:
        untold = question_answers.answer_question(
            session.services(),
            texts,
            gate.submission_to_change(session.services(), session.viewer(), reference),
            draft,
            confirmed=confirmed,
        )
    except TextRefused as error:
        tidied = AnswerDraft("", "", tidy(draft.text))
        found = tuple(answers.shown(tidied, error.findings))
        return _page(reference, Refused({"message": error.public}, findings=found), error.status)
    except MessageInvalid as error:
        return _page(reference, Refused({"message": error.public}), error.status)
    notice = None if untold else "message"
    return redirect(url_for("questions.show", reference=reference, said=notice, untold=untold), 303)


def _page(reference: str, refused: Refused | None = None, status: int = 200) -> ResponseReturnValue:
    typed = request.form.get("message", "")
    page = render_template(
        "correspondence/question.html",
        question=question_answers.read_question(
            session.services(),
            gate.submission_to_change(session.services(), session.viewer(), reference),
        ),
        refused=refused or Refused(),
        typed=typed,
        # The form keeps its id over an error, so that what is sent again is the same message.
        message_id=request.form.get("message_id") or case_messages.new_message_id(),
        digest=MessageDraft("", typed).digest,
        most_chars=case_messages.MAX_CHARS,
        notice=_notice(),
    )
    return page, status


def _notice() -> str:
    if request.method != "GET":
        return ""
    untold = request.args.get("untold", "")
    if untold in cases.UNTOLD:
        return cases.untold(untold)
    return cases.NOTICES.get(request.args.get("said", ""), "")
