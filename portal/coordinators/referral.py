"""Show a coordinator one referral, with its signed papers and messages, and let them write."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.coordinators import referral as one_referral
from intake.correspondence import case_messages, questions
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.questions import PersonNamed
from portal.coordinators import words
from portal.text import referrals
from portal.web import session
from portal.web.policy import Permission, requires

conversations = Blueprint("conversations", __name__)


@conversations.get("/referrals/<reference>")
@requires(Permission.REFER)
def show(reference: str) -> str:
    """Show the signed papers and the messages of a referral."""
    return _page(reference)


@conversations.post("/referrals/<reference>/messages")
@requires(Permission.REFER)
def write(reference: str) -> ResponseReturnValue:
    """Write to the office; a text that was refused stands in its field again."""
    draft = MessageDraft(request.form.get("message_id", ""), request.form.get("message", ""))
    services, user = session.services(), session.viewer()
    try:
        if one_referral.is_question(services, gate.referral_to_read(services, user, reference)):
            questions.ask_further_question(
                services, gate.referral_to_add_to(services, user, reference), draft
            )
        else:
            case_messages.write_from_coordinator(
                services, gate.conversation_to_write(services, user, reference), draft
            )
    except (MessageInvalid, PersonNamed) as error:
        return _page(reference, draft, error.public), error.status
    return redirect(url_for("conversations.show", reference=reference, _anchor="messages"), 303)


def _page(reference: str, draft: MessageDraft | None = None, error: str = "") -> str:
    page = one_referral.read_referral(
        session.services(),
        gate.referral_to_read(session.services(), session.viewer(), reference),
        is_seen=session.is_seen(),
    )
    # The form keeps its id over an error, so that what is sent again is the same message.
    kept = draft or MessageDraft(case_messages.new_message_id(), "")
    return render_template(
        "coordinators/one.html",
        page=page,
        was_waiting=page.referral.waiting,
        draft=kept,
        error=error,
        most_chars=case_messages.MAX_CHARS,
        status=referrals.status,
        outcome=referrals.outcome,
        ended=referrals.ended,
        items=words.items,
        wording=words.wording,
    )
