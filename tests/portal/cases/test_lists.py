"""Check the lists of one's own cases and of those that nobody owns: order, pages and rights."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.cases.ownership import own_cases, without_owner
from intake.core.services import Services
from storage.accounts.users import Role, User
from storage.base import new_id
from storage.submissions import submissions
from storage.submissions.queue_items import QueueItem
from tests.portal.cases.seen_case import Seen, seed_case
from tests.portal.cases.test_without_owner import change, owned
from tests.portal.conftest import Browser, SignIn
from tests.portal.triage.test_query_plans import listening, scans

MakeUser = Callable[..., SignedInUser]
CODE = re.compile(r'<h2>(?:<a class="code" href="/cases/|<bdi class="code">)([0-9A-Z-]+)')
HOLDERS = frozenset({Role.INTAKE, Role.CASH, Role.MGR})


def id_of(services: Services, role: str) -> str:
    with services.database.reading() as session:
        return next(user.id for user in session.query(User) if user.role == role)


def seeded(services: Services, role: str, number: int) -> list[Seen]:
    """Seed cases of the account of a role, each with an item that is due an hour after the last."""
    owner_id, found = id_of(services, role), []
    for hours in range(number):
        case = seed_case(services)
        change(services, case, owner_id=owner_id, state="CONFIRMED")
        with services.database.transaction() as session:
            (item,) = [each for each in session.query(QueueItem)
                       if each.submission_id == _submission_id(case)]  # fmt: skip
            item.due_at = services.now() + timedelta(hours=number - hours)
        found.append(case)
    return found


def _submission_id(case: Seen) -> str:
    with case.services.database.reading() as session:
        found = submissions.by_reference(session, case.submission)
    assert found is not None
    return found.id


def pages(browser: Browser, path: str) -> list[list[str]]:
    """Return the codes on each page of a list, followed to its end."""
    found, address = [], path
    while address:
        text = browser.get(address).text
        found.append(CODE.findall(text))
        more = re.search(r'class="more"><a href="([^"]+)"', text)
        address = more.group(1) if more else ""
    return found


def test_own_cases_come_by_what_is_due_and_without_it_last(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("CASEW")
    cases = seeded(services, "CASEW", 3)
    with services.database.transaction() as session:
        (item,) = [each for each in session.query(QueueItem)
                   if each.submission_id == _submission_id(cases[2])]  # fmt: skip
        item.closed_at = services.now()
    seed_case(services)

    text = browser.get("/cases/mine").text

    assert CODE.findall(text) == [cases[1].reference, cases[0].reference, cases[2].reference]
    assert "Nothing waits" in text


def test_what_hangs_on_the_case_itself_waits_in_it(services: Services, signed_in: SignIn) -> None:
    browser = signed_in("CASEW")
    late, early = seeded(services, "CASEW", 2)
    with services.database.transaction() as session:
        for item in session.query(QueueItem):
            item.closed_at = services.now()
        session.add(
            QueueItem(
                id=new_id(),
                case_id=late.case_id,
                programme="referrals",
                queue="Q5",
                kind="missing_documents",
                reason="documents_missing",
                priority="normal",
                opened_at=services.now(),
                due_at=services.now() + timedelta(days=2),
            )
        )

    text = browser.get("/cases/mine").text

    assert CODE.findall(text) == [late.reference, early.reference]
    assert "Documents are missing" in text.split(early.reference)[0]
    assert "in 2 d" in text


def test_a_long_list_is_paged_by_key_and_loses_nothing(
    services: Services, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("CASEW")
    cases = seeded(services, "CASEW", 5)
    monkeypatch.setattr(own_cases, "ROWS", 2)

    found = pages(browser, "/cases/mine")

    assert [len(page) for page in found] == [2, 2, 1]
    assert [code for page in found for code in page] == [case.reference for case in cases][::-1]


@pytest.mark.parametrize("after", ["x", "K7M-4QX-9T", "%3Cscript%3E", "'; DROP TABLE cases"])
def test_a_page_after_nothing_begins_anew(
    services: Services, signed_in: SignIn, after: str
) -> None:
    browser = signed_in("CASEW")
    (case,) = seeded(services, "CASEW", 1)

    assert case.reference in browser.get(f"/cases/mine?after={after}").text


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_cases_without_an_owner(services: Services, signed_in: SignIn, role: Role) -> None:
    case = seed_case(services, "cash" if role is Role.CASH else "referrals")
    change(services, case, state="CONFIRMED")
    browser = signed_in(role)

    answer = browser.get("/cases/without-owner")

    assert answer.status_code == (200 if role in HOLDERS else 404)
    assert (case.reference in answer.text) is (role in HOLDERS)


def test_a_manager_gives_a_case_to_an_officer(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    taker = make_user("INTAKE", "taker")
    case = seed_case(services)
    change(services, case, state="CONFIRMED")
    manager = signed_in("MGR")
    path = f"{case.path}/give"

    nobody = manager.post(path, "/cases/without-owner", to="")
    answer = manager.post(path, "/cases/without-owner", to=taker.id)
    again = manager.post(path, "/cases/without-owner", to=taker.id)

    assert nobody.status_code == 400
    assert "Choose who takes it." in nobody.text
    assert answer.status_code == 303
    assert case.row().owner_id == taker.id
    assert again.status_code == 409
    assert "Somebody has it by now" in again.text


@pytest.mark.parametrize("fields", [{"state": "RECEIVED"}, {"state": "CLOSED"}])
def test_a_case_that_needs_no_owner_is_given_to_nobody(
    services: Services, signed_in: SignIn, fields: dict[str, str]
) -> None:
    case = seed_case(services)
    change(services, case, **fields)
    officer = signed_in("INTAKE")

    answer = officer.post(f"{case.path}/give", "/cases/without-owner", to=id_of(services, "INTAKE"))

    assert answer.status_code == 409
    assert case.row().owner_id is None


def test_a_case_of_somebody_who_can_act_is_not_given_away(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    owner = make_user("CASEW", "owner")
    case = owned(services, owner)
    officer = signed_in("INTAKE")

    answer = officer.post(f"{case.path}/give", "/cases/without-owner", to=id_of(services, "INTAKE"))

    assert answer.status_code == 409
    assert case.row().owner_id == owner.id


def test_both_programmes_are_paged_through(
    services: Services, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [seed_case(services, name) for name in ("referrals", "cash") * 2]
    for case in cases:
        change(services, case, state="CONFIRMED")
    monkeypatch.setattr(without_owner, "ROWS", 1)

    found = pages(signed_in("MGR"), "/cases/without-owner")

    assert sorted(code for page in found for code in page) == sorted(
        case.reference for case in cases
    )


@pytest.mark.parametrize("path", ["/cases/mine", "/cases/without-owner"])
def test_no_query_grows_with_the_tables(services: Services, signed_in: SignIn, path: str) -> None:
    browser = signed_in("INTAKE")
    seeded(services, "INTAKE", 2)
    browser.get(path)
    with listening(services) as few:
        browser.get(path)
    seeded(services, "INTAKE", 6)
    with listening(services) as many:
        browser.get(path)

    assert len(few) == len(many)
    if path == "/cases/mine":
        assert scans(services, many) == set()
