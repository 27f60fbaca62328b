"""Let an officer answer a coordinator's question that names no person.

The answer stays in the service. What was refused comes back with what was typed, the error
beside its field.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.core.typed_text import tidy
from intake.correspondence import case_messages, question_recall
from intake.correspondence import questions as question_answers
from intake.correspondence.answers import AnswerDraft
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.checked_words import TextRefused
from intake.correspondence.message_recall import TakenBackAlready
from intake.outbox.undo_send import HasLeft
from portal.cases.page import Refused
from portal.text import answers, cases
from portal.triage.edit_conflict import seen_version
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
            seen_version=seen_version(),
        )
    except ChangedMeanwhile as error:
        # What was written meanwhile stands above the form now, which keeps the officer's words.
        return _page(reference, Refused({"message": changed(error)}), error.status, is_anew=True)
    except TextRefused as error:
        tidied = AnswerDraft("", "", tidy(draft.text))
        found = tuple(answers.shown(tidied, error.findings))
        return _page(reference, Refused({"message": error.public}, findings=found), error.status)
    except MessageInvalid as error:
        return _page(reference, Refused({"message": error.public}), error.status)
    notice = None if untold else "message"
    return redirect(
        url_for("questions.show", reference=reference, said=notice, untold=untold, _anchor="said"),
        303,
    )


@questions.post("/submissions/<reference>/question/take-back")
@requires(Permission.TRIAGE)
def take_back(reference: str) -> ResponseReturnValue:
    """Take one's own answer back before it leaves; its text stands in its field again."""
    services = session.services()
    opened = gate.submission_to_change(services, session.viewer(), reference)
    try:
        text = question_recall.take_back(services, opened, request.form.get("taken", ""))
    except (HasLeft, TakenBackAlready) as error:
        return _page(reference, Refused(whole=error.public), error.status)
    return _page(reference, taken_back=text)


def changed(error: ChangedMeanwhile) -> str:
    """Say who wrote about a question meanwhile, and that nothing was sent."""
    by = (error.change.by if error.change is not None else "") or "Somebody"
    return (
        f"{by} wrote about this question meanwhile: it stands above. Nothing was sent. Send yours "
        "as well, change it, or leave it."
    )


def _page(
    reference: str,
    refused: Refused | None = None,
    status: int = 200,
    *,
    taken_back: str = "",
    is_anew: bool = False,
) -> ResponseReturnValue:
    """Show a question with what was typed; `taken_back` is the text of an answer that was.

    `is_anew` makes the form anew from what stands now.
    """
    typed = taken_back or request.form.get("message", "")
    services, viewer = session.services(), session.viewer()
    question = question_answers.read_question(
        services, gate.submission_to_change(services, viewer, reference)
    )
    page = render_template(
        "correspondence/question.html",
        question=question,
        version=(None if is_anew else seen_version()) or question.version,
        refused=refused or Refused(),
        typed=typed,
        # The form keeps its id over an error, so that what is sent again is the same message.
        message_id=request.form.get("message_id") or case_messages.new_message_id(),
        digest=MessageDraft("", typed).digest,
        most_chars=case_messages.MAX_CHARS,
        notice=cases.NOTICES["answer_taken_back"] if taken_back else _notice(),
        sent=question_recall.read_undoable(
            services, gate.submission_to_read(services, viewer, reference)
        ),
        written=cases.NOTICES["answered"],
    )
    return page, status


def _notice() -> str:
    if request.method != "GET":
        return ""
    untold = request.args.get("untold", "")
    if untold in cases.UNTOLD:
        return cases.untold(untold)
    return cases.NOTICES["answer"] if request.args.get("said") == "message" else ""
