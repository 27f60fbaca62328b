"""Take what an officer decides about a submission: its case, its types, its facts, its state.

Every view is one form of the triage page. It calls one use case of intake and leads back to the
page, which shows what was done and how to take it back.
"""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.documents import viewer
from intake.filing import case_actions
from intake.triage import confirm_facts, confirm_types, decisions, hold_ends, read_submission
from intake.triage.confirm_types import PageRange
from intake.triage.decisions import HoldReason
from intake.triage.endings import without_paper
from intake.triage.endings.without_paper import ClosedWithout
from portal.text.formatting import OFFICE
from portal.triage import page, submission_conflicts
from portal.triage.decide import act_on, following, next_of
from portal.triage.edit_conflict import seen_version
from portal.triage.page import TypedTold
from portal.web import session
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from storage.cases.filing_acts import FilingAct

__all__ = ["act_on", "triage"]
triage = Blueprint("triage", __name__)
MAX_DIGITS = 5
OTHER_DAY = "other"


@triage.post("/submissions/<reference>/case")
@requires(Permission.TRIAGE)
def accept(reference: str) -> ResponseReturnValue:
    """File a submission under a case: a candidate, or one whose reference was typed."""
    case = request.form.get("case", "").strip()
    return act_on(
        reference,
        f"file it under {case}",
        lambda user: case_actions.accept_submission_anew(
            session.services(),
            gate.submission_to_file(session.services(), user, reference),
            gate.case_to_file_into(session.services(), user, case),
            with_sender=_is_checked("with_sender"),
            instead_of=_act_to_undo(user),
        ),
        compare=submission_conflicts.filing,
    )


@triage.post("/submissions/<reference>/new-case")
@requires(Permission.TRIAGE)
def open_case(reference: str) -> ResponseReturnValue:
    """Open a new case for a submission."""
    return act_on(
        reference,
        "open a new case for it",
        lambda user: case_actions.open_case_anew(
            session.services(),
            gate.submission_to_file(session.services(), user, reference),
            with_sender=_is_checked("with_sender"),
            instead_of=_act_to_undo(user),
        ),
        compare=submission_conflicts.filing,
    )


@triage.post("/submissions/<reference>/split")
@requires(Permission.TRIAGE)
def split(reference: str) -> ResponseReturnValue:
    """Take a submission out of its case, into one of its own."""
    return act_on(
        reference,
        "take it out of its case",
        lambda user: case_actions.split_submission(
            session.services(),
            gate.submission_to_file(session.services(), user, reference),
            seen_case=request.form.get("case"),
        ),
    )


@triage.post("/submissions/<reference>/merge")
@requires(Permission.TRIAGE)
def merge(reference: str) -> ResponseReturnValue:
    """Merge the case that was seen on the page into another."""
    case, into = request.form.get("case", ""), request.form.get("into", "").strip()
    return act_on(
        reference,
        f"merge case {case} into {into}",
        lambda user: case_actions.merge_cases(
            session.services(),
            gate.case_to_file_into(session.services(), user, case, follows=False),
            gate.case_to_file_into(session.services(), user, into, follows=False),
            across_regions=_is_checked("across_regions"),
        ),
    )


@triage.post("/submissions/<reference>/kinds", endpoint="confirm_kinds")
@requires(Permission.TRIAGE)
def confirm_suggested_types(reference: str) -> ResponseReturnValue:
    """Confirm every suggested type."""
    return act_on(
        reference,
        "confirm the types",
        lambda user: confirm_types.confirm_types(
            session.services(), gate.submission_to_change(session.services(), user, reference)
        ),
    )


@triage.post("/documents/<document_id>/kind", endpoint="set_kind")
@requires(Permission.TRIAGE)
def set_type(document_id: str) -> ResponseReturnValue:
    """Set the type of a document, or of some of its pages."""
    services = session.services()
    reference = viewer.reference_of(
        services, gate.document_to_read(services, session.viewer(), document_id)
    )
    names = page.type_names(services)
    code = request.form.get("kind", "")
    return act_on(
        reference,
        f"set the type {names.get(code, '')}".strip(),
        lambda user: confirm_types.set_type(
            services,
            gate.document_to_change(services, user, document_id),
            code,
            names,
            _page_range(),
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.type_of(document_id, names),
    )


@triage.post("/submissions/<reference>/aids/<value_id>", endpoint="decide_aid")
@requires(Permission.TRIAGE)
def decide_value(reference: str, value_id: str) -> ResponseReturnValue:
    """Confirm or dismiss one extracted value."""
    is_right = request.form.get("answer") == "yes"
    return act_on(
        reference,
        "confirm what was read" if is_right else "dismiss what was read",
        lambda user: confirm_facts.decide_value(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            value_id,
            is_right=is_right,
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.extracted_value(value_id),
    )


@triage.post("/submissions/<reference>/people/<person_id>")
@requires(Permission.TRIAGE)
def decide_person(reference: str, person_id: str) -> ResponseReturnValue:
    """Confirm or dismiss a person whom a submission names."""
    is_right = request.form.get("answer") == "yes"
    return act_on(
        reference,
        "confirm a person" if is_right else "dismiss a person",
        lambda user: confirm_facts.decide_person(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            person_id,
            is_right=is_right,
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.person(person_id),
    )


@triage.post("/submissions/<reference>/dates/<date_id>/end")
@requires(Permission.TRIAGE)
def end_day(reference: str, date_id: str) -> ResponseReturnValue:
    """End a legal date, so that it raises nothing any more."""
    return act_on(
        reference,
        "take a date off the clocks",
        lambda user: confirm_facts.end_day(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            date_id,
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.dates_of(date_id),
    )


@triage.post("/submissions/<reference>/confirm")
@requires(Permission.TRIAGE)
def confirm(reference: str) -> ResponseReturnValue:
    """Confirm a submission about cash, and open the next of the same list."""
    onward = following(reference)
    return act_on(
        reference,
        "confirm it",
        lambda user: decisions.confirm_submission(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            seen_version=seen_version(),
        ),
        onward,
        submission_conflicts.confirm,
    )


@triage.post("/submissions/<reference>/close-without")
@requires(Permission.TRIAGE)
def close_without(reference: str) -> ResponseReturnValue:
    """Close a submission without a written confirmation, and open the next of the same list."""
    code, _dot, paper_id = request.form.get("why", "").partition(".")
    try:
        why = ClosedWithout(code)
    except ValueError:
        abort(400)
    onward = following(reference)
    return act_on(
        reference,
        "close it without a written confirmation",
        lambda user: without_paper.confirm_without_paper(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            why,
            paper_id=paper_id,
            seen_version=seen_version(),
        ),
        onward,
        submission_conflicts.close_without,
    )


@triage.post("/submissions/<reference>/hold")
@requires(Permission.TRIAGE)
def hold(reference: str) -> ResponseReturnValue:
    """Hold a submission for a known reason until a time, and open the next of the same list.

    The page comes again with what was typed when the end is none.
    """
    try:
        why = HoldReason(request.form.get("why", ""))
    except ValueError:
        abort(400)
    onward = following(reference)
    try:
        return act_on(
            reference,
            "hold it",
            lambda user: decisions.hold_submission(
                session.services(),
                gate.submission_to_change(session.services(), user, reference),
                why,
                until=hold_ends.checked_end(session.services(), _hold_end()),
                seen_version=seen_version(),
            ),
            onward,
            submission_conflicts.hold,
        )
    except hold_ends.HoldEndInvalid as error:
        services, viewer = session.services(), session.viewer()
        opened = gate.submission_to_read(services, viewer, reference)
        view = read_submission.read_submission(services, opened, shows_letter=True)
        typed = TypedTold(request.form.to_dict(), errors=error.errors)
        return page.show(viewer, view, hold=typed), error.status


@triage.post("/submissions/<reference>/resume")
@requires(Permission.TRIAGE)
def resume(reference: str) -> ResponseReturnValue:
    """End a hold."""
    return act_on(
        reference,
        "end its hold",
        lambda user: decisions.resume_submission(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.resume,
    )


@triage.post("/submissions/<reference>/hand-on")
@requires(Permission.TRIAGE)
def hand_on(reference: str) -> ResponseReturnValue:
    """Hand a submission on to the other programme, where this one does not see it any more."""
    onward = following(reference)
    return act_on(
        reference,
        "transfer it",
        lambda user: decisions.hand_on_submission(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            seen_version=seen_version(),
        ),
        onward,
        submission_conflicts.hand_on,
    )


@triage.get("/submissions/<reference>/next")
@requires(Permission.TRIAGE)
def go_on(reference: str) -> ResponseReturnValue:
    """Lead to what comes after a submission in the officer's list, or to the list."""
    return redirect(next_of(reference), 303)


def _hold_end() -> datetime | None:
    """Return the chosen end of a hold; the usual one when a form names none, None for no time."""
    form, usual = request.form, hold_ends.usual_ends(session.services())
    chosen, day = form.get("until", ""), form.get("until_on", "")
    if chosen != OTHER_DAY and "T" not in chosen and not day:
        return next((at for days, at in usual.items() if str(days) == chosen), usual[1])
    try:
        if "T" in chosen:
            named = datetime.fromisoformat(chosen)
            return named if named.tzinfo is not None else None
        on, at = date.fromisoformat(day), time.fromisoformat(form.get("until_at", ""))
    except ValueError:
        return None
    return datetime.combine(on, at.replace(tzinfo=None), OFFICE)


def _is_checked(name: str) -> bool:
    return request.form.get(name) == "yes"


def _page_range() -> PageRange | None:
    """Return the pages that a type was set for; None for the whole document.

    Raises DocumentTypeInvalid.
    """
    first, last = request.form.get("first", ""), request.form.get("last", "")
    if not first and not last:
        return None
    if not all(text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
               for text in (first, last)):  # fmt: skip
        raise confirm_types.DocumentTypeInvalid
    return PageRange(int(first), int(last))


def _act_to_undo(user: "SignedInUser") -> "OpenedToChange[list[FilingAct]] | None":
    """Open the act of filing that a form wants to be undone first, None when it names none."""
    act_id = request.form.get("instead_of")
    return gate.filing_to_undo(session.services(), user, act_id) if act_id else None
