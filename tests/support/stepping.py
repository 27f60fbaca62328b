"""Take back what somebody did last, as their page would offer it."""

from intake.access.opened import OpenedToChange
from intake.core.services import Services
from intake.triage.undoing import offers, step_back
from storage.submissions.submissions import Submission


def offered(services: Services, opened: OpenedToChange[Submission]) -> int:
    """Return the number of the step that is offered, 0 for none."""
    step = offers.read_offer(services, opened).step
    return step.number if step is not None else 0


def undo_last(services: Services, opened: OpenedToChange[Submission]) -> None:
    """Take the newest step back. Raises NotTakenBack when there is none."""
    step_back.step_back(services, opened, offered(services, opened))
