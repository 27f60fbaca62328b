"""An officer who works the desk off through its pages, and knows what each arrival is.

They do what the pages offer: they read, finish, report what came of tasks, file, sign and close.
They look at no table. What a page does not offer stays where it is, and is found at the end.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.flow.desk_month.arrivals import NO_CASE, Kind
from tests.flow.desk_month.forms import Fields, Form, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.flow.desk_month.house import House, Seat

CASE = re.compile(r"/cases/[0-9A-Z-]{10}(?=#|$)")
SUBMISSION = re.compile(r"/submissions/([0-9A-Z-]{10})(?=[?#]|$)")
ENDS = {
    Kind.SPAM: "not_for_us",
    Kind.ROBOT: "automatic",
    Kind.ABSENCE: "automatic",
    Kind.BOUNCE: "automatic",
    Kind.WRONG_DOOR: "redirected",
    Kind.THIRD_PARTY: "answered",
    Kind.FORGED: "forged",
    Kind.LOOK_ALIKE: "forged",
    Kind.HELPLINE: "nothing_to_do",
    Kind.TRY_OUT: "nothing_to_do",
    Kind.DANGER: "answered",
}
# What came of a task, in the order in which an officer would report it.
OF_FORGED = ("reached_forged", "no_number", "slip", "left", "no_sign")
OF_OTHERS = (
    "reached_genuine", "told_another_way", "read", "received_another_way", "no_sign", "slip",
    "seen_to",
    "no_number", "left",
)  # fmt: skip
NOTE = "Told by telephone."
MAX_ROUNDS = 12
# What the page of a case says where nobody noted an answer, and as long as it is held for one.
UNANSWERED, HELD = "No consent recorded.", "It waits since"
SAID_NO = {"recipient": "iom_finland", "purpose": "referral", "answer": "refused", "language": "sv"}


def reasons_of(closing: Form) -> list[str]:
    """Return the reasons for which a form closes: those offered, or the one of its button."""
    offered = closing.choices.get("why", [])
    own = closing.fields.get("why")
    return [*offered, own] if own else offered


@dataclass
class Officer:
    """Works at a seat; `done` counts their acts by name, `spent` their requests by kind.

    `lists` leave out what a colleague has.
    """

    house: "House"
    seat: "Seat"
    lists: tuple[str, ...] = ("/queues/all?holder=me", "/queues/all?holder=nobody")
    done: Counter[str] = field(default_factory=Counter)
    spent: Counter[Kind] = field(default_factory=Counter)

    def work_off(self) -> None:
        """Open each thing that waits, until nothing changes any more."""
        self.seat.sign_in()
        stuck: set[str] = set()
        for _ in range(MAX_ROUNDS):
            waiting = [each for each in self._waiting() if each not in stuck]
            for reference in waiting:
                acts = self.done.total()
                self._handle(reference)
                if self.done.total() == acts:
                    stuck.add(reference)
            if not waiting:
                return

    def look_at(self, references: "Iterable[str]") -> None:
        """Do what can be done about some submissions; a case that is named waits for papers."""
        self.seat.sign_in()
        for reference in references:
            if reference in self.house.truth:
                self._handle(reference)

    def take_what_waits(self) -> list[str]:
        """Take what nobody has and leave it undone; return the ids of the items."""
        self.seat.sign_in()
        taken = []
        for reference in self._waiting():
            form = self.seat.open(f"/submissions/{reference}").form("/claim")
            if form is not None and self._send("claim", form, {}):
                taken.append(form.action.split("/")[2])
        return taken

    def go_away(self, first_on: str, last_on: str) -> None:
        """Choose the first colleague of the list as deputy, and set an absence (days)."""
        form = self.seat.open("/absences").form("/absences/deputy")
        assert form is not None
        self._send("deputy", form, {"deputy": next(filter(None, form.choices["deputy"]))})
        form = self.seat.open("/absences").form("/absences")
        assert form is not None
        self._send("absence", form, {"first_on": first_on, "last_on": last_on})

    def take_over(self) -> list[str]:
        """Take over all that waits with colleagues who are away; return the items' ids."""
        self.seat.sign_in()
        forms = [each for each in self.seat.open("/absences").forms if "/items/" in each.action]
        return [each.action.split("/")[3] for each in forms if self._send("cover", each, {})]

    def _waiting(self) -> list[str]:
        found: dict[str, None] = {}
        for path in self.lists:
            here: str | None = path
            while here is not None:
                page = self.seat.open(here)
                found |= dict.fromkeys(
                    match[1] for link in page.links if (match := SUBMISSION.search(link))
                )
                here = next((each for each in page.links if "after=" in each), None)
        return list(found)

    def _handle(self, reference: str) -> None:
        kind, requests = self.house.truth[reference].kind, self.seat.requests
        self._do_what_is_offered(f"/submissions/{reference}", kind)
        self.spent[kind] += self.seat.requests - requests

    def _do_what_is_offered(self, address: str, kind: Kind) -> None:
        """Do all that the page of a submission offers for what it is."""
        page = self.seat.open(address)
        while (task := page.form("/done")) is not None and self._report(task, kind):
            page = self.seat.open(address)
        if kind in NO_CASE:
            self._finish(page, ENDS[kind])
        else:
            self._to_its_case(address, page, kind)

    def _report(self, task: Form, kind: Kind) -> bool:
        """Report what came of a task; False when the page refuses it."""
        offered = [value for name, value in task.buttons if name == "outcome"]
        wanted = OF_FORGED if kind in {Kind.FORGED, Kind.LOOK_ALIKE} else OF_OTHERS
        outcome = next((each for each in wanted if each in offered), None)
        if outcome is None:
            return False
        return self._send("task", task, {"outcome": outcome, "note": NOTE})

    def _finish(self, page: Page, outcome: str) -> bool:
        forms = [each for each in page.forms if each.action.partition("?")[0].endswith("/finish")]
        form = next((each for each in forms if outcome in each.choices.get("outcome", ())), None)
        form = form or next((each for each in forms if each.fields.get("outcome") == outcome), None)
        return form is not None and self._send(outcome, form, {"outcome": outcome})

    def _to_its_case(self, address: str, page: Page, kind: Kind) -> None:
        """File it where it is not filed yet, then confirm it in writing or say why not."""
        filing = page.form("/case") or page.form("/new-case")
        is_filed = page.form("/close-without") is not None or page.form("/confirm") is not None
        if not is_filed and filing is not None:
            self._send("file", filing, {})
            page = self.seat.open(address)
        kinds = page.form("/kinds")
        if kinds is not None and self._send("types", kinds, {}):
            page = self.seat.open(address)
        closing = page.form("/close-without")
        if closing is None or (kind is Kind.NO_CONSENT and self._is_held(page)):
            return
        reasons = reasons_of(closing)
        covered = next((each for each in reasons if each.startswith("covered")), None)
        if kind is Kind.WITHDRAWAL or "withdrawn" in reasons:
            self._withdraw(closing, address)
        elif covered is not None:
            self._send("close", closing, {"why": covered})
        else:
            self._sign(address)

    def _is_held(self, page: Page) -> bool:
        """Ask the person once, who says no; tell whether the case waits for their consent."""
        address = next(filter(CASE.search, page.links)).partition("#")[0]
        shown = self.seat.open(address)
        form = shown.form("/consents")
        if UNANSWERED in shown.text and form is not None:
            day = self.house.clock.at.date().isoformat()
            self._send("consent", form, {**SAID_NO, "given_on": day})
            shown = self.seat.open(address)
        return HELD in shown.text

    def _withdraw(self, closing: Form, address: str) -> None:
        """Stop all that leaves about the person, then close what asked for it."""
        page = self.seat.open(address)
        case = next(filter(CASE.search, page.links), None)
        if case is not None:
            stop = self.seat.open(case.partition("#")[0]).form("/stop")
            if stop is not None:
                self._send("stop", stop, {})
                page = self.seat.open(address)
        closing = page.form("/close-without") or closing
        if "withdrawn" in reasons_of(closing):
            self._send("close", closing, {"why": "withdrawn"})

    def _sign(self, address: str) -> None:
        page = self.seat.open(f"{address}/confirmation")
        form = page.form("/confirmation")
        if form is not None and ("step", "sign") in form.buttons:
            self._send("sign", form, {"step": "sign"})

    def _send(self, name: str, form: Form, fields: Fields) -> bool:
        answer = self.seat.send(form.action, {**form.fields, **fields})
        is_taken = answer.status_code in {302, 303}
        if is_taken:
            self.done[name] += 1
        return is_taken
