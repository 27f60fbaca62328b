"""Show one submission for triage, with the document that is looked at and what can be done now.

This module puts together what the template shows; the rules are in `next_steps` and `filters`. It
reads through intake, which audits each look at a submission and at a document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask import render_template, request
from markupsafe import Markup

from intake.access import gate
from intake.access.presence import Page
from intake.cases.known.fields import MAX_DETAIL_CHARS, KnownField
from intake.core import office_clock
from intake.correspondence import message_recall
from intake.documents import viewer as viewing
from intake.queues import assignment
from intake.reference_data import document_types
from intake.triage import hold_ends, read_first, read_submission
from intake.triage.endings import task_views
from intake.triage.endings.task_views import DoneTask
from intake.triage.known.known_facts import ReadingQuestion, open_questions
from intake.triage.known.readings import likely_countries
from portal.text import cases, labels
from portal.text.formatting import OFFICE
from portal.text.known import readings, summary
from portal.text.known.summary import Line
from portal.triage import next_steps, undo_offers
from portal.triage.filters import Workplace, workplace_of
from portal.triage.next_steps import Acts, Ended, Suggestion
from portal.triage.presence import Present, arrive
from portal.triage.undo_offers import Onward
from portal.web import policy, session
from portal.web.policy import Permission, may
from storage.audit_acts import Act
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Priority

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.correspondence.message_recall import UndoableMessage
    from intake.documents.viewer import PageView
    from intake.documents.views import DocumentView
    from intake.queues.colleagues import Colleague
    from intake.triage.endings.task_views import TaskView
    from intake.triage.submission_views import HistoryEvent, ItemView, SubmissionView
    from intake.triage.undoing.offers import Offer
    from portal.web.app_services import AppServices

# More pictures than anybody looks at here; the viewer shows all.
MAX_PAGES = 20
# Reasons of types that name the nearest one; so many types are offered as likely.
NEAREST, MAX_LIKELY = "nearest:", 8
MESSAGE_BODY = "letter"
INDENTATION = re.compile(r"\n[ \n]+")
# No space shows before what begins or ends a line of its own.
BEFORE_BLOCKS = re.compile(
    r">\n(?=</?(?:option|optgroup|li|dt|dd|div|dl|ul|ol|p|details|form|section|fieldset|legend)\b)"
)
# Stands in an address for a mail that tells of a message; other codes say why there is none.
MESSAGE_WRITTEN = "told"
TEXT_ROLES = frozenset({"body", "alternative"})
CALENDAR = "text/calendar"
SIGNED = Act.CONFIRMATION_SIGNED
# The acts after which the next of the list is opened.
ENDING = frozenset(
    {
        Act.SUBMISSION_CONFIRMED,
        Act.SUBMISSION_CLOSED_WITHOUT,
        Act.SUBMISSION_HANDED_ON,
        Act.SUBMISSION_FINISHED,
        Act.SUBMISSION_HELD,
        SIGNED,
    }
)


@dataclass(frozen=True)
class Finished:
    """What this officer finished just before, on another page; `act` is the code in the audit.

    `can_be_undone` tells that one key takes it back: what was handed on is the other programme's,
    who confirmed the last of a case that is not theirs may decide about it no more, and a signed
    confirmation leaves at `until`. `outcome` is how it ended without a case, else "". `number` is
    that of the step back, `paper` that of the signed confirmation; a mail tells of it if it
    `is_mailed`.
    """

    reference: str
    act: str
    can_be_undone: bool
    outcome: str = ""
    until: datetime | None = None
    number: int = 0
    paper: int = 0
    is_mailed: bool = False

    @property
    def is_signed(self) -> bool:
        """Tell whether it was confirmed in writing."""
        return self.act == SIGNED


@dataclass(frozen=True)
class TypedTask:
    """What was typed into the form of one task, and what was wrong with it by field."""

    item_id: str
    outcome: str = ""
    note: str = ""
    again_on: str = ""
    again_at: str = ""
    to: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypedTold:
    """What a form holds, as that of the fold «not known», and what was wrong with it by field."""

    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    max_detail: int = MAX_DETAIL_CHARS

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class TriagePage:
    """Everything that the template shows beside the submission itself.

    `selected` is None while the message body is looked at. `pages` are the first MAX_PAGES of the
    selected copy. `type_names` is {code: English name} in the order of the list in force.
    """

    selected: "DocumentView | None"
    pages: "tuple[PageView, ...]"
    acts: Acts
    suggestion: Suggestion | None
    undo: "Offer | None"
    undo_task: "TaskView | None"
    is_put_off: bool
    onward: Onward | None
    ended: Ended | None
    decision: "HistoryEvent | None"
    kept_back: "HistoryEvent | None"
    finished: Finished | None
    workplace: Workplace
    present: Present
    colleagues: "tuple[Colleague, ...]"
    main_item: "ItemView | None"
    summary: tuple[Line, ...]
    done_task: DoneTask | None
    typed: TypedTask
    typed_answers: TypedTold
    typed_hold: TypedTold
    typed_decision: TypedTold | None
    questions: tuple[ReadingQuestion, ...]
    must_read: bool
    shows_letter: bool
    type_names: Mapping[str, str] = field(repr=False)
    hold_ends: Mapping[int, datetime] = field(default_factory=dict)
    is_held: bool = False
    written: str = ""
    unsent: "UndoableMessage | None" = None

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the names that the fields for countries offer."""
        return likely_countries()

    def likely_types(self, submission: "SubmissionView", document_id: str) -> list[str]:
        """Return the likely types of a document: what was suggested, then what is missing."""
        found: list[str] = []
        for each in submission.triage.types_of(document_id):
            nearest = [code.partition(":")[2] for code in each.reasons if code.startswith(NEAREST)]
            found += [each.document_type, each.suggested_type, *nearest]
        missing = submission.triage.missing
        found += [item.type for item in missing.missing] if missing is not None else []
        return list(dict.fromkeys(found))[:MAX_LIKELY]

    def file_name(self, submission: "SubmissionView", document_id: str | None) -> str:
        """Return what a document that the viewer sees is called."""
        named = (each for each in submission.documents if each.id == document_id)
        found = next(named, None)
        return (found.name or labels.ROLES.get(found.role, "")) if found else "a document"

    def args(self, document_id: str | None = None) -> dict[str, str]:
        """Return where the officer works and what is looked at, as parts of an address.

        What a page shows first needs no name in its addresses, which makes it smaller.
        """
        if document_id is None and not request.args.get("document"):
            return self.workplace.args()
        shown = document_id or (self.selected.id if self.selected else MESSAGE_BODY)
        return {**self.workplace.args(), "document": shown}


def show(
    viewer: "SignedInUser",
    view: "SubmissionView",
    *,
    typed: TypedTask | None = None,
    answers: TypedTold | None = None,
    hold: TypedTold | None = None,
    decision: TypedTold | None = None,
) -> str:
    """Return the page of a submission that was opened for a reader.

    What was wrong in a form (`typed` is a task's, `answers` the told ones) is shown there again.
    """
    services = session.services()
    selected = _selected(view.documents, request.args.get("document", ""))
    main = next((item for item in view.open_items if item.kind == TaskKind.SUBMISSION), None)
    page = TriagePage(
        selected=selected,
        pages=_pages(services, viewer, selected),
        acts=next_steps.open_acts(view),
        suggestion=next_steps.next_suggestion(view),
        undo=undo_offers.of_page(viewer, view),
        undo_task=undo_offers.task_of_page(viewer, view),
        is_put_off=undo_offers.is_put_off(view),
        onward=undo_offers.onward(services, viewer, view, workplace_of(request.args).queue),
        ended=next_steps.ended_of(view),
        decision=next_steps.last_decision(view),
        kept_back=next_steps.kept_back_of(view),
        finished=finished(services, viewer),
        workplace=workplace_of(request.args),
        colleagues=_colleagues(services, viewer, view, main),
        main_item=main,
        present=arrive(Page.SUBMISSION, view.reference),
        summary=summary.lines(view, services.now()),
        done_task=done_task(services, viewer),
        typed=typed or _nothing_typed(services),
        typed_answers=answers or _what_is_told(services, view),
        typed_hold=hold or TypedTold({}),
        typed_decision=decision,
        questions=_questions(view),
        must_read=read_first.must_be_read(view.priority, view.body_text),
        shows_letter=selected is None or is_message_body(selected),
        type_names=type_names(services),
        hold_ends=hold_ends.usual_ends(services, _not_moved(view, main)),
        is_held=next_steps.is_on_hold(view),
        written=_written(request.args.get("wrote", "")),
        unsent=_unsent(services, viewer, view),
    )
    may_here = policy.while_reading(viewer, may_act=view.may_act)
    return render_template("triage/page.html", submission=view, page=page, may_here=may_here)


def _not_moved(view: "SubmissionView", main: "ItemView | None") -> datetime | None:
    """Return the time that a hold does not move: an emergency's own, or what was promised."""
    is_own = main is not None and view.priority == Priority.EMERGENCY
    if main is not None and is_own:
        return main.due_at
    promised, now = view.promised_at, session.services().now()
    return promised if promised is not None and promised > now else None


def finished(services: "Services", viewer: "SignedInUser") -> Finished | None:
    """Return what the address names as finished, if that was this officer's newest act on it."""
    reference = request.args.get("done", "")
    own = read_submission.newest_act_of(services, viewer.actor, reference) if reference else None
    if own is None or own.act not in ENDING:
        return None
    offer = undo_offers.of_other(services, viewer, reference)
    step = offer.step if offer is not None else None
    is_this = step is not None and step.act == own.act
    return Finished(
        reference,
        own.act,
        is_this,
        outcome=str(own.detail.get("outcome", "")),
        until=offer.until if offer is not None and is_this else None,
        number=step.number if step is not None and is_this else 0,
        paper=int(own.detail.get("number", 0)),
        is_mailed=own.detail.get("mail") == "written",
    )


def done_task(services: "Services", viewer: "SignedInUser") -> DoneTask | None:
    """Return the task that the address names as done, if it was this officer who did it."""
    done_id = request.args.get("did", "")
    return task_views.done_by(services, viewer.actor, done_id) if done_id.isalnum() else None


def _nothing_typed(services: "Services") -> TypedTask:
    """Return an empty form, in which a call is tried again when the office opens next."""
    again = office_clock.working_days_after(services.offices, services.now(), 1)
    local = again.astimezone(OFFICE)
    return TypedTask("", again_on=local.date().isoformat(), again_at=local.strftime("%H:%M"))


def _written(code: str) -> str:
    """Return what became of a message that was just written; a code that is none says nothing."""
    if code in cases.UNTOLD:
        return cases.untold(code)
    return cases.NOTICES["message"] if code == MESSAGE_WRITTEN else ""


def _unsent(
    services: "Services", viewer: "SignedInUser", view: "SubmissionView"
) -> "UndoableMessage | None":
    """Return the message that the viewer wrote just before, as long as it can be taken back."""
    if not view.case_reference or not _written(request.args.get("wrote", "")):
        return None
    opened = gate.case_to_read(services, viewer, view.case_reference)
    return message_recall.read_undoable(services, opened)


def _what_is_told(services: "Services", view: "SubmissionView") -> TypedTold:
    """Return the form with what is known already; who said it is said anew each time."""
    summary_of = view.triage.summary
    answers = summary_of.known.answers if summary_of is not None else {}
    values = {
        asked.value: readings.name_of(asked, each.answer.value) for asked, each in answers.items()
    }
    contact = answers.get(KnownField.SAFE_CONTACT)
    today = office_clock.office_day(services.offices, services.now())
    detail = contact.answer.detail if contact is not None else ""
    return TypedTold({**values, "detail": detail, "said_on": today.isoformat()})


def _questions(view: "SubmissionView") -> tuple[ReadingQuestion, ...]:
    if view.triage.summary is None:
        return ()
    return open_questions(view.triage.summary.known, view.triage.extracted_values)


def type_names(services: "AppServices") -> dict[str, str]:
    """Return the document types in force today as {code: English name}, in their order."""
    listed = document_types.in_force(services.taxonomies, services.now().date())
    return {code: known.english for code in listed.codes() if (known := listed.by_code(code))}


def unindented(markup: str) -> Markup:
    """Take the indentation out of markup: the page is loaded all day, over slow connections too.

    Only for markup of ours without running text, as the spaces of a message body must stay.
    """
    lines = INDENTATION.sub("\n", markup)
    return Markup(BEFORE_BLOCKS.sub(">", lines))  # noqa: S704 - a template's own output


def is_message_body(document: "DocumentView") -> bool:
    """Tell whether a document is the message body, which is shown as text."""
    return document.role in TEXT_ROLES and not document.copy.is_ready


def _colleagues(
    services: "Services",
    viewer: "SignedInUser",
    view: "SubmissionView",
    main: "ItemView | None",
) -> "tuple[Colleague, ...]":
    """Return to whom the submission can be assigned; empty when it is not open, and for readers."""
    if main is None or not may(viewer, Permission.TRIAGE):
        return ()
    return assignment.assignable_colleagues(services, view.programme)


def _selected(documents: "tuple[DocumentView, ...]", wanted: str) -> "DocumentView | None":
    """Return the document to look at: the wanted one, else the first paper, else a text.

    A nameless text inside a letter, such as a gateway's footer, stands in the letter: it comes
    behind it. So does the calendar entry of a mail that carries papers.
    """
    if wanted == MESSAGE_BODY:
        return None
    by_id = {document.id: document for document in documents}
    shown = [document for document in documents if document.copy.is_ready]
    papers = [document for document in shown if not _stands_in_letter(document)]
    papers.sort(key=lambda document: document.detected_type == CALENDAR)
    texts = [document for document in documents if is_message_body(document)]
    return by_id.get(wanted, next(iter(papers + texts + shown), None))


def _stands_in_letter(document: "DocumentView") -> bool:
    is_text = (document.detected_type or "").startswith("text/")
    return document.role == "inline" and not document.name and is_text


def _pages(
    services: "Services", viewer: "SignedInUser", selected: "DocumentView | None"
) -> "tuple[PageView, ...]":
    if selected is None or not selected.copy.is_ready:
        return ()
    opened = viewing.document_view(services, gate.document_to_read(services, viewer, selected.id))
    return opened.pages[:MAX_PAGES]
