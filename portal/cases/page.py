"""Show a case on one page: what came, who it is about, what is missing, what was said; its forms.

Each form calls one use case. What was refused comes back with what was typed, the error beside
its field. When the case was merged meanwhile, the page of the case that stands is shown with what
was typed, and nothing was changed. When a colleague was quicker, both versions are shown.
"""

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile, RecordedChange
from intake.access.find import CaseMoved
from intake.access.presence import Page
from intake.access.rights import NotOwn
from intake.cases import hand_over, read, withdrawal
from intake.cases.hand_over import HandOverInvalid
from intake.cases.views import CaseView, EventKind
from intake.core.typed_text import tidy
from intake.correspondence import case_messages, message_recall
from intake.correspondence.answers import AnswerDraft
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.checked_words import TextRefused
from intake.correspondence.message_recall import TakenBackAlready
from intake.outbox.undo_send import HasLeft
from intake.triage.known import of_case
from portal.cases import agenda
from portal.text import answers
from portal.text import cases as case_words
from portal.text.known import summary
from portal.triage import edit_conflict
from portal.triage import page as triage_page
from portal.triage.edit_conflict import BothVersions, Line
from portal.triage.presence import arrive
from portal.web import policy, session
from portal.web.policy import Permission, requires
from storage.cases.cases import CaseState

NOBODY = "Nobody"
# What a coordinator and the office wrote to each other.
SHARED = (EventKind.TO_COORDINATOR, EventKind.FROM_COORDINATOR)

# The fields of the page's forms; when one is refused, what was typed in them is shown again.
TYPED = (
    "message", "note", "to", "why", "from_whom", "withheld", "recipient", "name", "purpose",
    "answer", "given_on", "expires_on", "method", "language", "interpreter", "explained_by",
    "document",
)  # fmt: skip
cases = Blueprint("cases", __name__, url_prefix="/cases")


@dataclass(frozen=True)
class Refused:
    """Why a form was refused: {field: sentence}, a sentence for the whole, what was found."""

    fields: dict[str, str] = field(default_factory=dict)
    whole: str = ""
    findings: tuple[answers.ShownFinding, ...] = ()

    @property
    def can_be_confirmed(self) -> bool:
        """Tell whether it is enough that the writer confirms having read what was found."""
        return bool(self.findings) and not any(each.is_blocking for each in self.findings)


@cases.get("/<reference>")
@requires(Permission.CASES)
def show(reference: str) -> ResponseReturnValue:
    """Show a case; the reference of a merged case or of a submission leads on to its case."""
    try:
        current = read.standing_reference(
            session.services(), gate.case_to_read(session.services(), session.viewer(), reference)
        )
    except NotOwn:
        return redirect(url_for("glass.ask", reference=reference), 303)
    if current != reference:
        return redirect(url_for("cases.show", reference=current), 303)
    return page(reference)


@cases.post("/<reference>/message")
@requires(Permission.TRIAGE)
def message(reference: str) -> ResponseReturnValue:
    """Write to the coordinator, or show what must change before that."""
    draft = _draft("message")
    confirmed = request.form.get("shown", "") if request.form.get("read") == "yes" else ""
    texts = session.services().texts
    try:
        untold = case_messages.write_to_coordinator(
            session.services(),
            texts,
            gate.case_to_change(session.services(), session.viewer(), reference),
            draft,
            confirmed=confirmed,
            seen_version=edit_conflict.seen_version(),
        )
    except ChangedMeanwhile as error:
        return show_message_conflict(_read(reference), error.change)
    except TextRefused as error:
        tidied = AnswerDraft("", "", tidy(draft.text))
        found = tuple(answers.shown(tidied, error.findings))
        return page(reference, Refused({"message": error.public}, findings=found), error.status)
    except MessageInvalid as error:
        return page(reference, Refused({"message": error.public}), error.status)
    except CaseMoved as error:
        return moved(error)
    notice = None if untold else "message"
    return redirect(
        url_for("cases.show", reference=reference, said=notice, untold=untold, _anchor="said"), 303
    )


@cases.post("/<reference>/message/take-back")
@requires(Permission.TRIAGE)
def take_message_back(reference: str) -> ResponseReturnValue:
    """Take one's own message back before it leaves; its text stands in its field again."""
    try:
        text = message_recall.take_back(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            request.form.get("taken", ""),
        )
    except CaseMoved as error:
        return moved(error)
    except (HasLeft, TakenBackAlready) as error:
        return page(reference, Refused(whole=error.public), error.status)
    return page(reference, taken_back=text)


@cases.post("/<reference>/note")
@requires(Permission.TRIAGE)
def note(reference: str) -> ResponseReturnValue:
    """Write a note for the office."""
    try:
        case_messages.write_note(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            _draft("note"),
        )
    except MessageInvalid as error:
        return page(reference, Refused({"note": error.public}), error.status)
    except CaseMoved as error:
        return moved(error)
    return redirect(url_for("cases.show", reference=reference, said="note", _anchor="said"), 303)


@cases.post("/<reference>/read")
@requires(Permission.TRIAGE)
def mark_read(reference: str) -> ResponseReturnValue:
    """Note that the coordinator's messages were read."""
    try:
        case_messages.mark_read(
            session.services(), gate.case_to_change(session.services(), session.viewer(), reference)
        )
    except CaseMoved as error:
        return moved(error)
    return redirect(url_for("cases.show", reference=reference, said="read", _anchor="said"), 303)


@cases.post("/<reference>/owner")
@requires(Permission.TRIAGE)
def change_owner(reference: str) -> ResponseReturnValue:
    """Hand the case to a colleague."""
    form = request.form
    try:
        hand_over.hand_over(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            to_id=form.get("to", ""),
            reason=form.get("why", ""),
            seen_owner_id=form.get("owner", ""),
            even_if_away=form.get("away") == "yes",
        )
    except HandOverInvalid as error:
        return page(reference, Refused(error.errors), error.status)
    except CaseMoved as error:
        return moved(error)
    except ChangedMeanwhile as error:
        return show_owner_conflict(_read(reference), error.change)
    return redirect(url_for("cases.show", reference=reference, said="owner", _anchor="said"), 303)


def moved(error: CaseMoved) -> ResponseReturnValue:
    """Show the case that another was merged into, with what was typed for the merged one."""
    return page(error.reference, Refused(whole=error.public), error.status)


def page(
    reference: str,
    refused: Refused | None = None,
    status: int = 200,
    *,
    taken_back: str = "",
) -> ResponseReturnValue:
    """Show a case with what was typed; `refused` says why a form of the page was refused.

    `taken_back` is the text of a message that was just taken back.
    """
    services = session.services()
    opened = gate.case_to_read(services, session.viewer(), reference)
    case = read.read_case(services, opened)
    typed = {name: request.form.get(name, "") for name in TYPED}
    typed["message"] = taken_back or typed["message"]
    may_act = case.may_act and not case.ending.is_over
    shown = render_template(
        "cases/case.html",
        case=case,
        stop=_stop_of(case),
        version=edit_conflict.seen_version() or case.version,
        present=arrive(Page.CASE, case.reference),
        may_here=policy.while_reading(session.viewer(), may_act=may_act),
        may_reopen=policy.while_reading(session.viewer(), may_act=case.may_act)["triage"],
        refused=refused or Refused(),
        typed=typed,
        # Each form keeps its id over an error, so that what is sent again is the same message.
        ids={
            name: request.form.get(f"{name}_id") or case_messages.new_message_id()
            for name in ("message", "note")
        },
        digest=MessageDraft("", typed["message"]).digest,
        most_chars=case_messages.MAX_CHARS,
        type_names=triage_page.type_names(services),
        page_words=case_words,
        known=summary.of_case(
            of_case.read_known(services, opened),
            {each.id: each.name or "" for each in case.documents},
        ),
        next_things=agenda.next_things(case, services.now()),
        case_words=case_words,
        notice=case_words.NOTICES["taken_back"] if taken_back else _notice(),
        sent=_unsent(case),
    )
    return shown, status


def _unsent(case: "CaseView") -> message_recall.UndoableMessage | None:
    """Return the viewer's message that has not left yet."""
    services = session.services()
    opened = gate.case_to_read(services, session.viewer(), case.reference)
    return message_recall.read_undoable(services, opened)


def _stop_of(case: "CaseView") -> withdrawal.Stop | None:
    """Return the stop of a case whose person withdrew."""
    if case.state != CaseState.WITHDRAWN:
        return None
    services = session.services()
    opened = gate.case_to_read(services, session.viewer(), case.reference)
    return withdrawal.read_stop(services, opened)


def _read(reference: str) -> "CaseView":
    return read.read_case(
        session.services(), gate.case_to_read(session.services(), session.viewer(), reference)
    )


def _notice() -> str:
    """Return the sentence for what was done just before; a code that is none of ours says nothing.

    A page that answers a form says nothing here: it says what was refused.
    """
    if request.method != "GET":
        return ""
    untold = request.args.get("untold", "")
    if untold in case_words.UNTOLD:
        return case_words.untold(untold)
    return case_words.NOTICES.get(request.args.get("said", ""), "")


def _draft(name: str) -> MessageDraft:
    return MessageDraft(request.form.get(f"{name}_id", ""), request.form.get(name, ""))


def show_message_conflict(case: CaseView, change: RecordedChange | None) -> ResponseReturnValue:
    """Show what the coordinator or a colleague wrote meanwhile, beside the officer's message."""
    newest = next((event for event in case.events if event.kind in SHARED), None)
    label = case_words.title(newest) if newest is not None else "Message"
    both = BothVersions(
        case.reference,
        "write to the coordinator",
        _back(case, "timeline"),
        (Line(label, (newest.text or "") if newest else "", request.form.get("message", "")),),
        texts={"message": "Your message to the coordinator"},
        replace="Send mine as well",
        keep="Leave it at that",
    )
    return edit_conflict.show(both, change)


def show_owner_conflict(case: CaseView, change: RecordedChange | None) -> ResponseReturnValue:
    """Show who owns the case now, beside the colleague whom the officer chose."""
    labels = {colleague.id: colleague.label for colleague in case.colleagues}
    now = case.owner.label if case.owner is not None else NOBODY
    to = labels.get(request.form.get("to", ""), NOBODY)
    both = BothVersions(
        case.reference,
        "hand the case over",
        _back(case, "owner"),
        (Line("Owner", now, to),),
        changes={"owner": case.owner.id if case.owner is not None else ""},
    )
    return edit_conflict.show(both, change)


def _back(case: CaseView, anchor: str) -> str:
    return url_for("cases.show", reference=case.reference, _anchor=anchor)
