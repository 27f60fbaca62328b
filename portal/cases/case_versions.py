"""Case versions: what stands now beside what was written, for the forms of a case's page."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from intake.access.edit_conflicts import Change
from intake.cases.views import CaseView, EventKind
from portal.text import cases
from portal.triage import edit_conflict
from portal.triage.edit_conflict import Line, Versions

NOBODY = "Nobody"
# What a coordinator and the office wrote to each other.
SHARED = (EventKind.TO_COORDINATOR, EventKind.FROM_COORDINATOR)


def message(case: CaseView, change: Change | None) -> ResponseReturnValue:
    """Show what was written to or by the coordinator meanwhile, beside her own message."""
    newest = next((event for event in case.events if event.kind in SHARED), None)
    label = cases.title(newest) if newest is not None else "Message"
    both = Versions(
        case.reference,
        "write to the coordinator",
        _back(case, "timeline"),
        (Line(label, (newest.text or "") if newest else "", request.form.get("message", "")),),
        texts={"message": "Your message to the coordinator"},
        replace="Send mine as well",
        keep="Leave it at that",
    )
    return edit_conflict.show(both, change)


def owner(case: CaseView, change: Change | None) -> ResponseReturnValue:
    """Show who owns the case now, beside whom she would have given it to."""
    labels = {colleague.id: colleague.label for colleague in case.colleagues}
    now = case.owner.label if case.owner is not None else NOBODY
    to = labels.get(request.form.get("to", ""), NOBODY)
    both = Versions(
        case.reference,
        "hand the case over",
        _back(case, "owner"),
        (Line("Owner", now, to),),
        changes={"owner": case.owner.id if case.owner is not None else ""},
    )
    return edit_conflict.show(both, change)


def _back(case: CaseView, anchor: str) -> str:
    return url_for("cases.show", reference=case.reference, _anchor=anchor)
