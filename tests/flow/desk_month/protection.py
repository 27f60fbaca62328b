"""Protection officers: one asks others to decide about each sign of danger, the other decides.

Of two signs the second one decides about one and gives the other back, about which the first one
then decides.
"""

from dataclasses import dataclass, field

from tests.flow.desk_month.arrivals import Kind
from tests.flow.desk_month.forms import Form
from tests.flow.desk_month.officer import NOTE, SUBMISSION, Officer

QUEUE = ("/queues/Q12",)


@dataclass
class Asking(Officer):
    """Escalates each sign once, and decides about what comes back."""

    lists: tuple[str, ...] = QUEUE
    asked: set[str] = field(default_factory=set)

    def _report(self, task: Form, kind: Kind) -> bool:
        if ("outcome", "escalated") in task.buttons and task.action not in self.asked:
            self.asked.add(task.action)
            return self._send("escalate", task, {"outcome": "escalated", "note": NOTE, "to": ""})
        if ("outcome", "acted") in task.buttons:
            return False
        return super()._report(task, kind)


@dataclass
class Deciding(Officer):
    """Acts on what they were asked about, or gives it back; never does what others are to do."""

    lists: tuple[str, ...] = QUEUE
    given_back: set[str] = field(default_factory=set)

    def _do_what_is_offered(self, address: str, kind: Kind) -> None:
        page = self.seat.open(address)
        task = page.form("/done")
        match = SUBMISSION.search(address)
        if task is None or match is None or ("outcome", "acted") not in task.buttons:
            return
        arrival = self.house.truth[match[1]]
        back = page.form("/reopen")
        if arrival.number % 2 == 0 and address not in self.given_back and back is not None:
            self.given_back.add(address)
            self._send("give_back", back, {})
        else:
            self._send("act", task, {"outcome": "acted", "note": NOTE})
