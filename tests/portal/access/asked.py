"""Ask for everything in the access matrix; tell what is due to whom, and what must not be said."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from portal.web.policy import ROLES, Permission, policy_of
from tests.portal.access import things
from tests.portal.access.lot import Lot
from tests.portal.access.people import Viewer
from tests.portal.access.person import is_led_to_sign_in
from tests.portal.access.world import World

STRANGER = "stranger"
# A deputy goes on with what the coordinator has sent, but not with the coordinator's drafts.
STANDING_IN = {
    ("COORD-DEP-standing-in", lot, endpoint): True
    for lot in ("west", "question")
    for endpoint in ("referrals.add_documents", "conversations.show", "conversations.write")
}
EXCEPTIONS = STANDING_IN | {
    # Those who read the message body learn that a closed document came, and none of its words.
    ("INTAKE", "health", "documents.viewer"): True,
    ("PROT", "health", "documents.viewer"): True,
    # Those who let a list leave cannot take it; those who may know of an opening cannot end it.
    **{
        (name, "list", f"bulk_exports.{endpoint}"): False
        for name in ("MGR", "DPO")
        for endpoint in ("take", "take_sheet")
    },
    ("PROT", "opening", "glass.give_back"): False,
    # Who acts for somebody does not say when they are back.
    ("INTAKE", "absence", "absences.end"): False,
    # A manager settles what nobody was warned of, and nothing else that stands in a queue.
    **{("MGR", lot, "duty.settle"): False for lot in ("west", "south", "cash")},
    # They give a case an owner in every programme that they read, and open none by that.
    **{("MGR", lot, "case_lists.give"): True for lot in ("south", "cash")},
    # They read what stands in other queues, and neither take nor do it.
    **{
        ("PROT", lot, endpoint): False
        for lot in ("west", "south", "cash")
        for endpoint in ("staff.claim", "staff.release", "tasks.do", "tasks.reopen")
    },
}
# Blueprints whose things are in one lot only: a question without a person, and a link's draft.
ONLY_OF = {
    "questions": "question",
    "link_papers": "link",
    "link_uploads": "link",
    "absences": "absence",
}
# Endpoints that lead on to the form with which somebody may open what is not their own.
LEADS_ON = {"staff.submission", "cases.show"}
ASKS_WHY = {"glass.ask", "glass.open_it"}
# Open, and yet answered so: what is asked for is not there yet, or this machine has no jail.
UNUSUAL = {
    "second_factor.picture": 404,
    "answers.lift": 404,
    # The cases of a lot have an owner, or nobody confirmed them yet.
    "case_lists.give": 409,
    "own_account.end_session": 404,
    "quarantine.unlock": 503,
}
# What forms and queries name beside the address: {endpoint: {field: which of a lot's values}}.
NAMED_IN_FORMS = {
    "triage.accept": {"case": "cases.reference"},
    "triage.merge": {"case": "cases.reference", "into": "cases.reference"},
    "documents.viewer": {"beside": "document_id"},
    "upload_links.withdraw": {"link": "upload_links.link"},
    "sharing.note_consent": {"document": "document_id"},
    "phone_notes.write": {"case": "cases.reference"},
    "work_acts.several": {"item": "ticked"},
    "drafts.keep": {"remove": "upload_id"},
}
# What forms choose from a list: without a choice the view would answer that before anything else.
CHOSEN = {
    "triage.hold": {"why": "sender_unsure"},
    "triage.close_without": {"why": "internal"},
    "work_acts.several": {"do": "take"},
    "sharing.note_consent": things.CONSENT,
    "case_matters.answer_reading": {"field": "country", "answer": "keep"},
    "phone_notes.write": {
        "note_id": "0" * 32,
        "priority": "normal",
        "call_back": "no",
        "text": "She asked when somebody will call.",
    },
}


@dataclass(frozen=True)
class Asked:
    """One way to ask: a rule, filled with the values of one lot, or of None when it names none."""

    endpoint: str
    method: str
    path: str
    permission: Permission | None
    lot: Lot | None

    def is_open_to(self, viewer: Viewer | None) -> bool:
        """Tell whether this person must be answered."""
        if self.permission is None or not has(viewer, self.permission):
            return False
        if self.lot is None or self.method == "OPTIONS":
            return True
        if self.endpoint in ASKS_WHY:
            return self.lot.is_opened_by_reason_of(viewer)
        blueprint = self.endpoint.partition(".")[0]
        if ONLY_OF.get(blueprint, self.lot.name) != self.lot.name:
            return False
        if self.permission is Permission.PUBLIC:
            return True
        name = viewer.name if viewer is not None else STRANGER
        key = (name, self.lot.name, self.endpoint)
        return EXCEPTIONS.get(key, self.lot.is_reached_by(viewer))

    def is_refused(self, viewer: Viewer | None, answer: TestResponse) -> bool:
        """Tell whether an answer refuses as it must when it is not open to this person."""
        if viewer is None and self.permission is not Permission.PUBLIC:
            return is_led_to_sign_in(answer)
        if self.endpoint in LEADS_ON and self.lot and self.lot.is_opened_by_reason_of(viewer):
            return answer.status_code == 303 and answer.location.startswith("/break-glass/")
        return answer.status_code == 404

    def __str__(self) -> str:
        """Return how a failing test names this way to ask."""
        return f"{self.method} {self.endpoint} of {self.lot.name if self.lot else 'nobody'}"


def everything(app: Flask, world: World) -> list[Asked]:
    """Return every way to ask that the application's map of addresses has."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            permission = policy_of(app, rule.endpoint)
            for lot in world.lots_for(rule.endpoint, rule.arguments):
                values = world.values(lot, rule.endpoint, rule.arguments)
                missing = set(rule.arguments) - set(values)
                assert not missing, f"{rule}: say in access_world what {missing} stands for"
                built = rule.build(values, append_unknown=False)
                assert built is not None, f"{rule} takes no {values}"
                found += [
                    Asked(rule.endpoint, method, built[1], permission, lot)
                    for method in sorted(rule.methods or ())
                ]
    return found


def filled_in(asked: Asked) -> dict[str, str]:
    """Return the fields of a form that names things of the same lot as its address."""
    values = asked.lot.values if asked.lot is not None else {}
    named = NAMED_IN_FORMS.get(asked.endpoint, {})
    fields = {field: values[key] for field, key in named.items() if key in values}
    return fields | CHOSEN.get(asked.endpoint, {})


def leaks(world: World, viewer: Viewer | None, text: str, path: str) -> bool:
    """Tell whether an answer says anything that its reader must not see."""
    for lot in world.lots:
        is_theirs = lot.is_reached_by(viewer) or _is_excepted(viewer, lot)
        if not is_theirs and lot.words in text:
            return True
        codes = () if is_theirs or has(viewer, Permission.AUDIT) else lot.codes
        if any(code in text and code not in path for code in codes):
            return True
        is_officer = viewer is not None and has(viewer, Permission.CASES)
        if lot.office_words in text and not (is_theirs and is_officer):
            return True
    return False


def has(viewer: Viewer | None, permission: Permission) -> bool:
    """Tell whether a person has a permission; without a person only the public one."""
    if permission is Permission.PUBLIC:
        return True
    return viewer is not None and viewer.role in ROLES[permission]


def _is_excepted(viewer: Viewer | None, lot: Lot) -> bool:
    return viewer is not None and any(key[:2] == (viewer.name, lot.name) for key in STANDING_IN)
