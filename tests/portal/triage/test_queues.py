"""Check queues and a submission: the work list, taking and giving back, and a stranger's words."""

import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage import audit
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import OUR_SCRIPT, SignIn
from tests.portal.samples import Part

CANARIES = [
    samples.CANARY,
    "<svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "<style>body{display:none}</style>",
    "\x00<b>\x1b[31m",
]


def test_the_overview_shows_counts_and_due_times(services: Services, signed_in: SignIn) -> None:
    samples.seed(services)
    samples.seed(services, due_in=timedelta(hours=5))

    page = signed_in("INTAKE").get("/queues").text

    assert "in 3 h 20 min" in page
    assert "Tue 24 Nov 14:02" in page
    assert "2 open." in page


def test_an_empty_queue_says_so(signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")

    assert "Nothing waits here" in browser.get("/queues/Q1").text
    assert "Nothing waits. Whatever arrives" in browser.get("/queues").text


def test_a_late_due_time_says_so_in_words(services: Services, signed_in: SignIn) -> None:
    samples.seed(services, due_in=-timedelta(minutes=20))

    assert "20 min late" in signed_in("INTAKE").get("/queues/Q2").text


def test_taking_and_giving_back(services: Services, signed_in: SignIn) -> None:
    item = samples.seed(services)
    browser = signed_in("INTAKE")

    taken = browser.post(f"/items/{item.item_id}/claim", "/queues/Q2", back="/queues/Q2")

    assert (taken.status_code, taken.location) == (303, "/queues/Q2")
    assert 'data-do="give_back"' in browser.get("/queues/Q2").text
    browser.post(f"/items/{item.item_id}/release", "/queues/Q2", back="/queues/Q2")
    assert 'data-do="take"' in browser.get("/queues/Q2").text


def test_second_claim_is_refused_and_says_who_has_it(services: Services, signed_in: SignIn) -> None:
    item = samples.seed(services)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    path = f"/items/{item.item_id}/claim"
    first.post(path, "/queues/Q2", back="/queues/Q2")

    answer = second.post(path, "/queues/Q2", back="/queues/Q2")

    assert answer.status_code == 409
    assert "Intake officer 1</bdi> has this one already" in answer.text
    assert 'href="/queues/Q2"' in answer.text


def test_going_back_never_leads_elsewhere(services: Services, signed_in: SignIn) -> None:
    item = samples.seed(services)

    answer = signed_in("INTAKE").post(
        f"/items/{item.item_id}/claim", "/queues/Q2", back="//evil.example"
    )

    assert answer.location == "/queues"


def test_a_submission_shows_its_parts_and_receipts(services: Services, signed_in: SignIn) -> None:
    reference = samples.seed(services).reference

    page = signed_in("INTAKE").get(f"/submissions/{reference}").text

    for words in (
        "<bdi>Remiss återvändande.pdf</bdi>",
        "Active content",
        "Locked with a password.",
        "4 pages",
        "1.4 MB",
        "koordinator@region.example",
        "Receipt",
        "Filed and queued",
        samples.BODY.splitlines()[2],
    ):
        assert words in page


def test_looking_is_audited_and_shown(services: Services, signed_in: SignIn) -> None:
    seeded = samples.seed(services)
    browser = signed_in("INTAKE")

    assert "You are the first" in browser.get(f"/submissions/{seeded.reference}").text
    assert "You are the first" not in browser.get(f"/submissions/{seeded.reference}").text

    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", seeded.submission_id)
        assert audit.check_chain(session, services.keyring) == []
    assert [event.act for event in events].count("submission.viewed") == 2


@pytest.mark.parametrize("canary", CANARIES)
def test_a_strangers_words_are_shown_and_do_nothing(
    services: Services, signed_in: SignIn, canary: str
) -> None:
    reference = samples.seed(
        services,
        subject=canary,
        body_text=canary,
        sender=canary,
        flags=[canary],
        parts=(Part(canary, "HELD", canary, canary, findings=(canary,)),),
    ).reference

    page = signed_in("INTAKE").get(f"/submissions/{reference}").text
    page = OUR_SCRIPT.sub("", page)

    for active in ("<script", "<svg", "<img", "<style", "onmouseover='", "\x00", "\x1b"):
        assert active not in page
    assert 'href="javascript' not in page
    assert "49" not in page.partition('class="subject"')[2].partition("</p>")[0]


def test_a_name_cannot_turn_itself_around(services: Services, signed_in: SignIn) -> None:
    reference = samples.seed(services, parts=(Part("invoice\u202efdp.exe", "HELD", ""),)).reference

    page = signed_in("INTAKE").get(f"/submissions/{reference}").text

    assert "\u202e" not in page
    assert "<bdi>invoice\ufffdfdp.exe</bdi>" in page


def test_titles_and_addresses_hold_no_personal_data(services: Services, signed_in: SignIn) -> None:
    reference = samples.seed(services, subject="Anna Berg").reference

    page = signed_in("INTAKE").get(f"/submissions/{reference}").text

    assert f"<title>{reference} – Document service</title>" in page


def test_an_unknown_code_shows_as_itself(services: Services, signed_in: SignIn) -> None:
    reference = samples.seed(services, parts=(Part("a.bin", "HELD", "some_new_code"),)).reference

    assert "Reason: some new code." in signed_in("INTAKE").get(f"/submissions/{reference}").text


def test_what_was_confirmed_is_said_on_the_overview_and_can_be_taken_back(
    services: Services, signed_in: SignIn
) -> None:
    made = mixed.clean(services, 1)
    browser = signed_in("INTAKE")
    page = f"/submissions/{made.reference}"

    confirmed = browser.post(f"{page}/close-without", page, why="internal")
    overview = browser.get(confirmed.location).text
    number = re.search(r'name="number" value="(\d+)"', overview)
    assert number is not None
    taken_back = browser.post(f"{page}/step-back", confirmed.location, number=number.group(1))

    assert confirmed.location == f"/queues?done={made.reference}#done"
    assert f"{made.reference}</bdi> closed without a written confirmation." in overview
    assert f'action="{page}/step-back"' in overview
    assert taken_back.status_code == 303
