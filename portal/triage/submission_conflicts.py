"""Compare how a submission stands now with what an officer asked, for each form of triage.

Each comparison makes the lines of the page for an edit conflict, from the submission's view and the
form that was sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from flask import request

from intake.access.edit_conflicts import RecordedChange
from intake.cases.known.fields import KnownField, is_answer
from intake.queues import assignment
from intake.reference_data.checklists import FACT_VALUES
from intake.triage.known.known_facts import KnownFacts
from intake.triage.submission_views import SubmissionView
from portal.text import cases, triage
from portal.text import labels as words
from portal.text.known import readings
from portal.triage import next_steps, undo_offers
from portal.triage.edit_conflict import BothVersions, Line
from portal.web import session
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, SubmissionState

# Takes the submission's view, what was asked, and the address of its page; gives both versions.
Compare = Callable[[SubmissionView, str, str], BothVersions]
NOTHING = "Nothing"


def last(view: SubmissionView) -> RecordedChange | None:
    """Return what a person decided last about a submission."""
    event = next_steps.last_decision(view)
    if event is None:
        return None
    return RecordedChange(event.number, event.act, event.actor, event.at, event.detail)


def state_of_submission(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare where a submission stands, when what was asked cannot be done any more."""
    return _act(view, attempt, back, "")


def confirm(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for confirming; one that a colleague held can be confirmed all the same."""
    can = next_steps.open_acts(view).can_confirm
    return _act(view, attempt, back, "Confirm all the same" if can else "")


def close_without(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for closing without a confirmation, which a colleague's hold does not keep from."""
    can = next_steps.open_acts(view).can_write
    return _act(view, attempt, back, "Close it all the same" if can else "")


def hold(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for holding; it can be held for another reason, unless it is confirmed."""
    is_open = view.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    why = triage.HOLD_REASONS.get(request.form.get("why", ""), "")
    both = _act(view, attempt, back, "Hold it for my reason" if is_open else "")
    mine = Line(both.lines[0].label, both.lines[0].theirs, f"Held. {why}.")
    return BothVersions(both.reference, attempt, back, (mine,), replace=both.replace)


def resume(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for ending a hold; one that a colleague made anew can be ended too."""
    can = next_steps.is_on_hold(view)
    return _act(view, attempt, back, "End the hold all the same" if can else "")


def hand_on(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for handing on to the other programme."""
    can = next_steps.open_acts(view).can_hand_on
    return _act(view, attempt, back, "Transfer it all the same" if can else "")


def finish(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for finishing; what a colleague held can be finished all the same."""
    can = next_steps.open_acts(view).can_finish
    return _act(view, attempt, back, "Finish it all the same" if can else "")


def claimed_outcome() -> Outcome | None:
    """Return the end that the form names, None when it names none of ours."""
    claimed = request.form.get("outcome", "")
    return Outcome(claimed) if claimed in set(Outcome) else None


def open_again(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for taking an end back."""
    ended = next_steps.ended_of(view)
    can = ended is not None and ended.can_be_opened
    return _act(view, attempt, back, "Open it all the same" if can else "")


def filing(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare for filing; a colleague's act is taken back first, when it can be."""
    theirs = view.case_reference or "No case"
    case = request.form.get("case", "").strip()
    line = Line("Case", theirs, case or "A new case")
    act = next((act for act in reversed(view.triage.acts) if act.can_be_undone), None)
    can = act is not None and undo_offers.may_undo_filing(
        session.services(), session.viewer(), act.id
    )
    changes = {"instead_of": act.id} if act is not None and can and theirs != case else {}
    return BothVersions(
        view.reference,
        attempt,
        back,
        (line, Line("State", state_of(view), "Filed")),
        changes=changes,
        replace="Take theirs back, and file it as I said" if changes else "",
    )


def holder(to_id: str) -> Compare:
    """Compare who has a submission with the colleague to whom it was to be assigned."""
    return partial(_holder, to_id)


def _holder(to_id: str, view: SubmissionView, attempt: str, back: str) -> BothVersions:
    main = next((item for item in view.open_items if item.kind == TaskKind.SUBMISSION), None)
    theirs = (main.claimed_by or "Nobody") if main is not None else state_of(view)
    labels = {
        row.id: row.label
        for row in assignment.assignable_colleagues(session.services(), view.programme)
    }
    line = Line("Who has it", theirs, labels.get(to_id, "Somebody"))
    changes = {"holder": main.claimed_by_id or ""} if main is not None else {}
    button = "Assign it all the same" if main is not None else ""
    return BothVersions(view.reference, attempt, back, (line,), changes=changes, replace=button)


def type_of(document_id: str, names: Mapping[str, str]) -> Compare:
    """Compare the type of a document."""
    return partial(_type, document_id, names)


def _type(
    document_id: str, names: Mapping[str, str], view: SubmissionView, attempt: str, back: str
) -> BothVersions:
    types = view.triage.types_of(document_id)
    theirs = "\n".join(
        f"{triage.type_name(each.document_type, names)}{_pages(each.first_page, each.last_page)}"
        for each in types
    )
    form = request.form
    mine = triage.type_name(form.get("kind", ""), names)
    pages = _pages(form.get("first", ""), form.get("last", ""))
    return BothVersions(view.reference, attempt, back, (Line("Type", theirs, f"{mine}{pages}"),))


def extracted_value(value_id: str) -> Compare:
    """Compare what was decided about one extracted value."""
    return partial(_extracted_value, value_id)


def _extracted_value(value_id: str, view: SubmissionView, attempt: str, back: str) -> BothVersions:
    known = next((each for each in view.triage.extracted_values if each.id == value_id), None)
    label = readings.label(known) if known else "Reading"
    decided = {"confirmed": "Correct", "dismissed": "Incorrect"}
    theirs = decided.get(known.state if known else "", "Open")
    return BothVersions(view.reference, attempt, back, (Line(label, theirs, _right()),))


def told_facts(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare what a colleague noted of a referral with what was typed."""
    known = view.triage.summary.known if view.triage.summary is not None else KnownFacts()
    lines = []
    for asked, label in readings.ASKED.items():
        mine = request.form.get(asked.value, "").strip()
        stands = known.answers.get(asked)
        theirs = readings.answer(asked, stands.answer.value) if stands is not None else "Not known"
        code = readings.code_of(asked, mine)
        shown = readings.answer(asked, code) if is_answer(asked, code) else mine
        if mine and shown != theirs:
            lines.append(Line(label, theirs, shown))
    return BothVersions(
        view.reference, attempt, back, tuple(lines), texts={"detail": "Safe contact"}
    )


def person(person_id: str) -> Compare:
    """Compare what was decided about a person; a person who is not in the view was dismissed."""
    return partial(_person, person_id)


def _person(person_id: str, view: SubmissionView, attempt: str, back: str) -> BothVersions:
    known = next((each for each in view.triage.people if each.id == person_id), None)
    theirs = "Correct" if known is not None and known.is_confirmed else "Incorrect"
    label = known.name if known is not None else "Person"
    return BothVersions(view.reference, attempt, back, (Line(label, theirs, _right()),))


def dates(kind: str, day: str) -> Compare:
    """Compare the legal dates of one kind with the one that was typed."""
    return partial(_dates, kind, day)


def dates_of(date_id: str) -> Compare:
    """Compare a legal date that was to be ended."""
    return partial(_ended, date_id)


def _dates(kind: str, mine: str, view: SubmissionView, attempt: str, back: str) -> BothVersions:
    days = [triage.day(date.day) for date in view.triage.dates if date.kind == kind]
    line = Line(triage.legal_date(kind), "\n".join(days) or NOTHING, mine)
    return BothVersions(view.reference, attempt, back, (line,), replace="Note mine as well")


def _ended(date_id: str, view: SubmissionView, attempt: str, back: str) -> BothVersions:
    ended = next((date for date in view.triage.dates if date.id == date_id), None)
    if ended is None:
        return _act(view, attempt, back, "")
    mine = f"Take {triage.day(ended.day)} off"
    both = _dates(ended.kind, mine, view, attempt, back)
    return replace(both, replace="Take it off all the same")


def facts(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare what is known of a case."""
    lines = tuple(
        Line(
            cases.FACTS[fact],
            cases.FACT_WORDS.get(getattr(view.triage.case_facts, fact, ""), "Not known"),
            cases.FACT_WORDS.get(request.form.get(fact, ""), "Not known"),
        )
        for fact in FACT_VALUES
    )
    return BothVersions(view.reference, attempt, back, lines)


def decision(view: SubmissionView, attempt: str, back: str) -> BothVersions:
    """Compare a cash decision as a colleague noted it with what was typed."""
    row = view.triage.cash.row if view.triage.cash is not None else None
    lines = tuple(
        Line(
            label, _decided(name, getattr(row, name, None)), _decided(name, request.form.get(name))
        )
        for name, label in cases.DECISION_FIELDS.items()
    )
    return BothVersions(view.reference, attempt, back, lines)


def _decided(name: str, value: object) -> str:
    """Return a field of a cash decision; a country by its name, however it was written."""
    if name == "country" and value:
        code = readings.code_of(KnownField.COUNTRY, str(value))
        return readings.country(code) if is_answer(KnownField.COUNTRY, code) else str(value)
    return _plain(value)


def state_of(view: SubmissionView) -> str:
    """Return in one line where a submission stands, and why it is held."""
    state = words.submission_state(view.state, view.outcome)
    held = [item for item in view.open_items if item.reason.startswith(next_steps.HELD_PREFIX)]
    why = f". Held: {words.reason(held[0].reason)}" if held else ""
    case = f", in case {view.case_reference}" if view.case_reference else ""
    return f"{state}{case}{why}"


def _act(view: SubmissionView, attempt: str, back: str, button: str) -> BothVersions:
    mine = f"{attempt[:1].upper()}{attempt[1:]}"
    line = Line("The submission", state_of(view), mine)
    return BothVersions(view.reference, attempt, back, (line,), replace=button)


def _right() -> str:
    return "Correct" if request.form.get("answer") == "yes" else "Incorrect"


def _pages(first: object, last: object) -> str:
    if not first or not last:
        return ""
    return f", page {first}" if first == last else f", pages {first} to {last}"


def _plain(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(text.split()).upper() or "Not said"
