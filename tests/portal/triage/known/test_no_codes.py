"""Check that the page of a submission shows words, in every state that can be planted.

What counts as a code is said in `page_codes`.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from intake.core.services import Services
from intake.queues.tasks import QUEUE_OF_KIND
from portal.text import labels, triage
from storage.audit_acts import Act
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Outcome, SubmissionState
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.text.page_codes import codes_of
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of
from tests.portal.triage.known import every_history
from tests.portal.triage.known.test_filled import ZONE
from tests.portal.triage.known.test_told import ANSWERS, tell
from tests.portal.triage.tasks.asked import ask


def read_everything(services: Services) -> Seeded:
    """Plant a submission of which every kind of reading was made, with every doubt."""
    parts = (Part("", "CLEAN", "", "text/plain", 9, role="body"), Part("TEST a.pdf", "CLEAN"))
    made = samples.seed(services, parts=parts)
    document_id = extracted_values.ids_of(services, made)[1]
    extracted_values.add_kind(
        services, document_id, "PRM-REFL",
        ("title:Beslut", "word:samtycke", "learnt:bedomning", "learnt:parts_of_words", "mrz",
         "form:195011", "field:namn", "nearest:ID-PASS", "two_kinds_close", "page_marks"),
    )  # fmt: skip
    every_history.read_all(services, document_id)
    extracted_values.add_value(services, document_id, "mrz", ZONE, is_checked=True,
                               reasons=("td3", "confused_sign_proved_by_digits"))  # fmt: skip
    for kind in triage.DATES:
        extracted_values.add_date(services, made, kind, date(2026, 12, 4))
    extracted_values.add_person(services, made, "TEST Person", "1987-05")
    extracted_values.set_language(services, made, "ckb")
    return made


def told(services: Services) -> Seeded:
    """Plant a submission whose history has every act with every detail that acts record."""
    made = samples.seed(services, region="SYD", flags=["misdirected_cash", "duplicate_boundary"])
    every_history.note_all(services, made)
    return made


def in_state(state: str, **options: object) -> Callable[[Services], Seeded]:
    """Return a planter of a submission in a state."""
    return lambda services: samples.seed(services, state=state, **options)


def with_tasks(services: Services) -> Seeded:
    """Plant a submission with every kind of task."""
    made = samples.seed(services, region="SYD")
    for kind in TaskKind:
        if kind in QUEUE_OF_KIND:
            ask(services, made, kind)
    return made


def first_of(plant: Callable[[Services, int], Seeded], services: Services) -> Seeded:
    """Plant the first of a sort of the busy morning."""
    return plant(services, 1)


def of_verdict(verdict: str, *reasons: str) -> Callable[[Services], Seeded]:
    return lambda services: samples.seed(services, verdict=verdict, sender_reasons=list(reasons))


PLANTERS: dict[str, Callable[[Services], Seeded]] = {
    **{sort: partial(first_of, plant) for sort, plant in mixed.PLANTERS.items()},
    **{f"state {state}": in_state(state) for state in SubmissionState},
    **{f"ended {each}": in_state("CLOSED", outcome=each, with_case=False, queue=None)
       for each in Outcome},
    **{f"queue {queue}": in_state("HOLDING", queue=queue.value, with_case=False)
       for queue in Queue if queue is not Queue.QUARANTINE},
    **{f"priority {each}": in_state("QUEUED", priority=each) for each in labels.PRIORITY_MARKS},
    "every part": lambda services: samples.seed(services, parts=samples.DESK_PARTS),
    "every reading": read_everything,
    "every act": told,
    "every task": with_tasks,
    "cash": in_state("QUEUED", programme="cash", queue="Q9"),
    "stranger": of_verdict("unknown", "address_not_registered", "signature_key_missing"),
    "look-alike": of_verdict("unverified", "look_alike", "looks_like_registered_domain"),
    "no region": in_state("QUEUED", region=None),
}  # fmt: skip


@pytest.mark.parametrize("sort", PLANTERS)
def test_no_code_stands_on_the_page(services: Services, signed_in: SignIn, sort: str) -> None:
    made = PLANTERS[sort](services)
    browser = signed_in("CASH" if sort == "cash" else "INTAKE")

    for document in ("", "letter"):
        page = browser.get(f"{page_of(made)}?document={document}")
        assert page.status_code == 200
        assert codes_of(page.text) == []


def test_no_code_stands_there_after_acts(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")

    tell(browser, made, **ANSWERS)
    assert codes_of(browser.get(page_of(made)).text) == []
    wrong = browser.post(f"{page_of(made)}/told", page_of(made), country="Atlantis")
    assert codes_of(wrong.text) == []
    assert codes_of(browser.get(f"{page_of(made)}/known").text) == []


def test_every_act_of_the_trail_is_planted() -> None:
    assert frozenset(Act) == every_history.ACTS
