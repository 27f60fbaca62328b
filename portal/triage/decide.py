"""Carry out what an officer decides about a submission, and lead on.

What was done leads back to the page, or on to the next of the same list; what was refused is
said on a page of its own, with what was asked and how the submission stands now.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.accounts.accounts import SignedInUser
from intake.accounts.people.assignees import AssigneeAway
from intake.cases.withdrawal import CasesStayApart, SubmissionStays
from intake.core.errors import Conflict, FieldsInvalid, IntakeError, NotFound
from intake.filing.case_actions import AloneInCase
from intake.filing.undo import MailLeft
from intake.outbox.undo_send import EndsWithIt, HasLeft
from intake.queues import work_list
from intake.triage import read_submission
from intake.triage.decisions import NotFiledYet, SaidForged
from intake.triage.endings.do_task import TaskNotReopened
from intake.triage.endings.outcomes import HasOtherEnd, LegalDateOpen, ProtectionOpen
from intake.triage.endings.without_paper import NotCovered
from intake.triage.issued_papers import ConfirmationIssued
from intake.triage.read_first import LetterUnread
from intake.triage.undoing.step_back import NotTakenBack
from portal.triage import edit_conflict, submission_conflicts
from portal.triage.filters import workplace_of
from portal.triage.submission_conflicts import Compare
from portal.web import kept_form, session

# The part of the page that says what was done; it takes the focus, so that it is read out.
DONE = "done"
LETTER = "letter"
# No colleague caused these conflicts: their own sentence says more than two versions would.
SAYS_WHY = (
    NotFiledYet,
    SaidForged,
    ConfirmationIssued,
    NotCovered,
    HasLeft,
    EndsWithIt,
    HasOtherEnd,
    ProtectionOpen,
    LegalDateOpen,
    CasesStayApart,
    SubmissionStays,
    AloneInCase,
    NotTakenBack,
    MailLeft,
    TaskNotReopened,
)
# What a person types into the forms of acts; their page of refusals has it again, to be mended.
TYPED = {
    "case": "Reference of the case",
    "into": "Merge the whole case into",
    "first": "First page",
    "last": "Last page",
}
CONFLICT = Conflict.status
# What an act returns, of which a page may be made.
Done = TypeVar("Done")
PAGE, LIST, LISTS = "staff.submission", "staff.queue", "staff.queues"


def act_on(
    reference: str,
    attempt: str,
    do: Callable[[SignedInUser], Done],
    onward: str | None = None,
    compare: Compare = submission_conflicts.state_of_submission,
    instead: Callable[[Done], ResponseReturnValue | None] | None = None,
) -> ResponseReturnValue:
    """Do one thing about a submission and lead on: to `onward`, else back to the page.

    `attempt` says what was asked, as in «You wanted to …»; `compare` puts both versions beside
    each other when a colleague was quicker. `instead` makes a page of what `do` returned, which is
    the answer; where it makes none, this leads on. Errors of status 500 and above are not caught,
    nor FieldsInvalid, for which a form shows what was typed again.
    """
    try:
        done = do(session.viewer())
    except IntakeError as error:
        # The page that asks first whether it shall be so answers for every form.
        if error.status >= 500 or isinstance(error, FieldsInvalid | AssigneeAway):
            raise
        if isinstance(error, Conflict) and not isinstance(error, SAYS_WHY):
            return _both(reference, attempt, error, compare)
        return _refused(reference, attempt, error)
    shown = instead(done) if instead is not None else None
    if shown is not None:
        return shown
    return redirect(onward or _address(PAGE, _here(reference), DONE), 303)


def following(reference: str) -> str:
    """Return the address of what comes after a submission in the officer's list, or of the list."""
    place = workplace_of(request.args)
    done = {"done": reference}
    if not place.queue:
        return _address(LISTS, done, DONE)
    after = work_list.next_reference(
        session.services(), session.viewer(), place.queue, place.filter, reference
    )
    if after is None:
        return _address(LIST, {**place.args(), **done}, DONE)
    return _address(PAGE, {"reference": after, **place.args(), **done}, DONE)


def next_of(reference: str) -> str:
    """Return the address of what comes after a submission that stays in the officer's list."""
    gate.submission_to_read(session.services(), session.viewer(), reference)
    place = workplace_of(request.args)
    if not place.queue:
        return url_for(LISTS)
    after = work_list.next_reference(
        session.services(), session.viewer(), place.queue, place.filter, reference
    )
    if after in {None, reference}:
        return _address(LIST, place.args())
    return _address(PAGE, {"reference": after or reference, **place.args()})


def after_signing(reference: str) -> str:
    """Return what comes after a confirmation in the officer's list; without one, its submission.

    It is asked before the act: what is signed leaves the list.
    """
    if workplace_of(request.args).queue:
        return following(reference)
    return _address(PAGE, _here(reference), DONE)


def place_args() -> dict[str, str]:
    """Return where the officer works and which document is shown, as parts of an address."""
    document = request.args.get("document", "")
    chosen = {"document": document} if document.isalnum() else {}
    return {**workplace_of(request.args).args(), **chosen}


def lead_to_letter(reference: str, attempt: str, error: LetterUnread) -> ResponseReturnValue:
    """Refuse an act about an emergency whose letter was not shown, and lead to the letter."""
    return _refused(reference, attempt, error)


def _refused(reference: str, attempt: str, error: IntakeError) -> ResponseReturnValue:
    """Say what was refused and how it stands; raises NotFound when the viewer may not read it."""
    view = read_submission.read_submission(
        session.services(), gate.submission_to_read(session.services(), session.viewer(), reference)
    )
    is_unread = isinstance(error, LetterUnread)
    page = render_template(
        "triage/refused.html",
        submission=view,
        attempt=attempt,
        is_unknown=isinstance(error, NotFound),
        text=error.public,
        reason=error.reason,
        status=error.status,
        again=_typed() if error.status < CONFLICT or isinstance(error, NotFound) else (),
        hidden=[pair for pair in kept_form.kept_fields() if pair[0] not in TYPED],
        action=request.full_path.rstrip("?"),
        back=_address(PAGE, _here(reference), LETTER if is_unread else None),
        leads="Read the letter" if is_unread else "See how it stands",
    )
    return page, error.status


def _typed() -> tuple[tuple[str, str, str], ...]:
    """Return (name, label, what was typed) of the fields of a refused form that a person types."""
    sent = [(name, label, request.form.get(name, "")) for name, label in TYPED.items()]
    return tuple(each for each in sent if each[2].strip())


def _both(reference: str, attempt: str, error: Conflict, compare: Compare) -> ResponseReturnValue:
    """Show how it stands beside what was asked; raises NotFound when the viewer may not read it."""
    view = read_submission.read_submission(
        session.services(), gate.submission_to_read(session.services(), session.viewer(), reference)
    )
    change = (
        error.change if isinstance(error, ChangedMeanwhile) else submission_conflicts.last(view)
    )
    both = compare(view, attempt, _address(PAGE, _here(reference)))
    return edit_conflict.show(both, change)


def _here(reference: str) -> dict[str, str]:
    return {"reference": reference, **place_args()}


def _address(endpoint: str, values: Mapping[str, str], anchor: str | None = None) -> str:
    parts: dict[str, Any] = dict(values)  # Any: url_for has its own options among them
    return url_for(endpoint, _anchor=anchor, **parts)
