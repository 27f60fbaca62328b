"""Offer a step back only to who may take it: what the step itself would ask is asked before."""

from typing import TYPE_CHECKING

from intake.access import gate
from intake.access.rights import OnlyToRead
from intake.core.errors import NotFound
from intake.outbox import undo_send
from intake.triage import take_back
from intake.triage.endings import finish
from portal.triage import next_steps
from portal.triage.next_steps import Undo, Way
from portal.web.policy import Permission, may

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.submission_views import SubmissionView


def offered(services: "Services", viewer: "SignedInUser", view: "SubmissionView") -> Undo | None:
    """Return the step that a viewer may take back now; None when there is none."""
    undo = next_steps.undo_of(view)
    if undo is None or not may_change(services, viewer, view.reference):
        return None
    if undo.way is Way.ACT and not may_undo_filing(services, viewer, undo.act_id):
        return None
    if undo.way is Way.DECISION:
        opened = gate.submission_to_change(services, viewer, view.reference)
        return undo if take_back.may_undo_decision(services, opened, undo.number) else None
    return undo


def may_change(services: "Services", viewer: "SignedInUser", reference: str) -> bool:
    """Tell whether a viewer may decide about a submission, and so take a state of it back."""
    try:
        gate.submission_to_change(services, viewer, reference)
    except (NotFound, OnlyToRead):
        return False
    return may(viewer, Permission.TRIAGE)


def may_open_again(services: "Services", viewer: "SignedInUser", reference: str) -> bool:
    """Tell whether a viewer may take the end of a submission back, and its mail has not left."""
    if not may_change(services, viewer, reference):
        return False
    return finish.can_be_opened(services, gate.submission_to_change(services, viewer, reference))


def until_paper_leaves(
    services: "Services", viewer: "SignedInUser", reference: str
) -> "datetime | None":
    """Return until when a viewer may take back the newest confirmation, None when they may not."""
    if not may_change(services, viewer, reference):
        return None
    opened = gate.submission_to_change(services, viewer, reference)
    open_sends = undo_send.read_undoable(services, opened)
    return next((each.until for each in open_sends if each.kind == undo_send.PAPER), None)


def may_undo_filing(services: "Services", viewer: "SignedInUser", act_id: str) -> bool:
    """Tell whether a viewer may undo an act of filing: of its submissions and its cases."""
    try:
        gate.filing_to_undo(services, viewer, act_id)
    except (NotFound, OnlyToRead):
        return False
    return may(viewer, Permission.TRIAGE)
