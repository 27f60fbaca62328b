"""Check signing in: the first page, sign-in, sign-out, invitations, and where one lands."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from intake.accounts import accounts
from intake.core.services import Services
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.coordinators.support import make_coordinator

PROGRAMME_WORDS = (
    "trafficking",
    "prostitution",
    "victim",
    "avrr",
    "asylum",
    "return",
    "cash",
    "iom",
)
MakeUser = Callable[..., accounts.SignedInUser]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/invitation/x"])
def test_public_pages_are_neutral(browser: Browser, path: str) -> None:
    page = browser.get(path).text.lower()

    assert [word for word in PROGRAMME_WORDS if word in page] == []


def test_the_first_page_names_the_emergency_numbers(browser: Browser) -> None:
    page = browser.get("/").text

    for number in ("112", "114 14", "020-39 00 00"):
        assert number in page


def test_signing_in_leads_where_one_wanted_to_go(browser: Browser, make_user: MakeUser) -> None:
    make_user("INTAKE")

    answer = browser.post(
        "/sign-in",
        "/sign-in?next=/queues/Q2",
        next="/queues/Q2",
        email="intake@iom.example",
        password=PASSWORD,
    )

    assert (answer.status_code, answer.location) == (303, "/queues/Q2")
    assert browser.get("/queues/Q2").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\n",
    ],
)
def test_signing_in_never_leads_elsewhere(
    browser: Browser, make_user: MakeUser, target: str
) -> None:
    make_user("INTAKE")

    answer = browser.post(
        "/sign-in", "/sign-in", next=target, email="intake@iom.example", password=PASSWORD
    )

    assert answer.location == "/queues/all"


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("INTAKE", "/queues/all"),
        ("CASEW", "/queues/all"),
        ("CASH", "/queues/all"),
        ("PROT", "/queues/all"),
        ("MGR", "/"),
        ("ADMIN", "/"),
        ("HELP", "/"),
    ],
)
def test_who_works_off_the_queues_starts_at_all_that_is_open(
    browser: Browser, make_user: MakeUser, role: str, start: str
) -> None:
    make_user(role)
    email = f"{role.lower()}@iom.example"

    answer = browser.post("/sign-in", "/sign-in", email=email, password=PASSWORD)

    assert answer.location == start


def test_wrong_unknown_and_disabled_are_the_same_page(
    app: Flask, services: Services, make_user: MakeUser
) -> None:
    from storage.accounts.users import User

    make_user("INTAKE", "known")
    make_user("INTAKE", "gone")
    with services.database.transaction() as session:
        for user in session.query(User).filter(User.label == "Intake officer 2"):
            user.disabled_at = services.now()

    answers = []
    for email, password in (
        ("known@iom.example", "wrong"),
        ("stranger@iom.example", PASSWORD),
        ("gone@iom.example", PASSWORD),
    ):
        answer = Browser(app).sign_in(email, password)
        shown = answer.text.replace(email, "ADDRESS").split('name="csrf_token"')
        answers.append((answer.status_code, shown[0], shown[1].partition(">")[2]))

    assert answers[0][0] == 401
    assert answers[0] == answers[1] == answers[2]


def test_a_refused_sign_in_keeps_the_address_and_marks_the_field(browser: Browser) -> None:
    page = browser.sign_in("anna@iom.example", "wrong").text

    assert 'value="anna@iom.example"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Error: Sign in" in page
    assert "wrong" not in page.replace('class="field wrong"', "")


def test_too_many_attempts_get_plain_words(browser: Browser) -> None:
    for _ in range(10):
        browser.sign_in("anna@iom.example", "wrong")

    answer = browser.sign_in("anna@iom.example", "wrong")

    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text


def test_the_limit_counts_networks_not_forwarding_headers(browser: Browser) -> None:
    for number in range(11):
        page = browser.get("/sign-in").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        answer = browser.client.post(
            "/sign-in",
            base_url=f"http://{HOST}",
            data={"csrf_token": token, "email": "anna@iom.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )

    assert answer.status_code == 429


def test_a_new_token_is_given_at_sign_in(browser: Browser, make_user: MakeUser) -> None:
    make_user("INTAKE")
    browser.get("/sign-in")
    planted = browser.client.get_cookie("avrr", domain=HOST)

    browser.sign_in("intake@iom.example")

    fresh = browser.client.get_cookie("avrr", domain=HOST)
    assert planted is not None
    assert fresh is not None
    assert planted.value != fresh.value
    browser.client.set_cookie("avrr", planted.value, domain=HOST)
    assert browser.get("/queues").status_code == 303


def test_signing_in_again_ends_the_session_before(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")
    old = browser.client.get_cookie("avrr", domain=HOST)
    assert old is not None
    token = browser.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    browser.post("/sign-in", csrf_token=token, email="intake@iom.example", password=PASSWORD)

    other = Browser(app)
    other.client.set_cookie("avrr", old.value, domain=HOST)
    assert other.get("/queues").status_code == 303
    assert browser.get("/queues").status_code == 200


def test_signing_out_ends_the_session_on_the_server(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")
    stolen = browser.client.get_cookie("avrr", domain=HOST)
    assert stolen is not None

    answer = browser.post("/sign-out", "/queues")

    assert "You are signed out" in answer.text
    thief = Browser(app)
    thief.client.set_cookie("avrr", stolen.value, domain=HOST)
    assert thief.get("/queues").status_code == 303


def test_signing_out_is_never_a_link(signed_in: SignIn) -> None:
    assert signed_in("INTAKE").get("/sign-out").status_code == 405


def test_an_idle_session_leads_back_to_the_sign_in(signed_in: SignIn, clock: Clock) -> None:
    browser = signed_in("INTAKE")

    clock.move(timedelta(minutes=15))

    assert browser.get("/queues/Q2").location == "/sign-in?next=/queues/Q2"


def test_a_forged_cookie_is_nobody(browser: Browser) -> None:
    browser.client.set_cookie("avrr", "eyJ0b2tlbiI6ICJ4In0.x.x", domain=HOST)

    assert browser.get("/queues").status_code == 303


def test_a_link_from_a_mail_does_not_sign_anybody_out(browser: Browser) -> None:
    answer = browser.get("/queues/Q2", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200
    assert 'content="0; url=/queues/Q2"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_an_invitation_is_accepted_once(browser: Browser, services: Services) -> None:
    token = accounts.invite_account(services, "new@iom.example", "INTAKE", None).url_token
    path = f"/invitation/{token}"

    first = browser.post(path, path, password=PASSWORD, password_again=PASSWORD)

    # The first password signs in at once: nobody types it a third time.
    assert (first.status_code, first.location) == (303, "/queues/all")
    browser.post("/sign-out", "/account")
    assert browser.get(path).status_code == 404
    assert browser.sign_in("new@iom.example").status_code == 303


def test_a_weak_or_mistyped_password_is_explained(browser: Browser, services: Services) -> None:
    path = (
        f"/invitation/{accounts.invite_account(services, 'a@iom.example', 'MGR', None).url_token}"
    )

    short = browser.post(path, path, password="short", password_again="short")
    differing = browser.post(path, path, password=PASSWORD, password_again="other")

    assert (short.status_code, differing.status_code) == (400, 400)
    assert "at least 15 characters" in short.text
    assert "differ" in differing.text
    assert PASSWORD not in differing.text


def test_dead_and_unknown_invitations_are_the_same_page(
    browser: Browser, services: Services, clock: Clock
) -> None:
    token = accounts.invite_account(services, "a@iom.example", "MGR", None).url_token
    clock.move(timedelta(hours=72))

    expired, unknown = browser.get(f"/invitation/{token}"), browser.get("/invitation/unknown")

    assert (expired.status_code, expired.text) == (unknown.status_code, unknown.text)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("HELP", "Answers the helpline."),
        ("COORD", "New referral"),
        ("ADMIN", "Invite people, renew and close accounts."),
        ("INTAKE", "All incoming mail waits there"),
    ],
)
def test_home_says_what_there_is_for_a_role(signed_in: SignIn, role: str, words: str) -> None:
    assert words in signed_in(role).get("/").text


def test_who_has_not_given_the_code_yet_was_not_signed_out(
    app: Flask, services: Services, clock: Clock
) -> None:
    west = make_coordinator(app, services, clock)
    browser = Browser(app)
    browser.post("/sign-in", "/sign-in", email=west.email, password=PASSWORD)

    page = browser.get("/sign-in?next=/referrals").text

    assert "Sign in to open the page you asked for." in page
    assert "signed out" not in page.split("</form>")[0]
