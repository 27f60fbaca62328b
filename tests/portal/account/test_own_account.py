"""Check one's own account.

Open sessions and how they are ended, and what happened to the account.
"""

import re
from datetime import timedelta

import pytest
from flask import Flask

from intake.core.services import Services
from storage import audit
from storage.accounts.users import User, UserSession
from tests.portal.building import HOST, Clock
from tests.portal.conftest import Browser, SignIn

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
END = re.compile(r'action="(/account/sessions/[0-9a-f]{32}/end)"')


def elsewhere(app: Flask, email: str = "intake@iom.example") -> Browser:
    """Sign in once more, in a browser that says that it is Firefox."""
    browser = Browser(app)
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert browser.sign_in(email).status_code == 303
    return browser


def is_signed_in(browser: Browser) -> bool:
    """Tell whether a browser still opens what is behind the sign-in."""
    return browser.get("/second-factor").status_code == 200


def acts(services: Services) -> list[str]:
    with services.database.reading() as session:
        user = session.query(User).one()
        return [event.act for event in audit.of_subject(session, "account", user.id)]


def test_every_open_browser_is_listed_and_this_one_first(app: Flask, signed_in: SignIn) -> None:
    here = signed_in("INTAKE")
    elsewhere(app)

    page = here.get("/account").text

    assert len(END.findall(page)) == 2
    first, _mark, second = page.partition("This browser")[2].partition("Firefox on Windows")
    assert "A browser" in page.partition("This browser")[0]
    assert first
    assert second


def test_another_session_is_ended_and_this_one_goes_on(
    app: Flask, services: Services, signed_in: SignIn
) -> None:
    here = signed_in("INTAKE")
    other = elsewhere(app)
    _own, theirs = END.findall(here.get("/account").text)

    answer = here.post(theirs, "/account")

    assert (answer.status_code, answer.location) == (303, "/account")
    assert not is_signed_in(other)
    page = here.get("/account").text
    assert "That browser is signed out." in page
    assert "That browser is signed out." not in here.get("/account").text
    assert "End all others" not in page
    assert acts(services)[-1] == "account.session_ended"


def test_ending_the_session_at_hand_leads_to_the_sign_in(signed_in: SignIn) -> None:
    here = signed_in("INTAKE")
    (own,) = END.findall(here.get("/account").text)

    here.post(own, "/account")

    assert here.get("/account").location == "/sign-in?next=/account"


def test_all_others_are_ended_at_once(app: Flask, services: Services, signed_in: SignIn) -> None:
    here = signed_in("INTAKE")
    others = [elsewhere(app), elsewhere(app)]

    here.post("/account/sessions/end-others", "/account")
    again = here.post("/account/sessions/end-others", "/account")

    assert [is_signed_in(each) for each in (here, *others)] == [True, False, False]
    assert again.status_code == 303
    assert "No other browser was open." in here.get("/account").text
    assert acts(services).count("account.sessions_ended") == 1


@pytest.mark.parametrize("sort", ["foreign", "ended", "unknown", "token"])
def test_a_session_of_somebody_else_is_not_there(
    services: Services, signed_in: SignIn, sort: str
) -> None:
    here, foreign = signed_in("INTAKE"), signed_in("CASH")
    with services.database.transaction() as session:
        rows = {row.user_id: row for row in session.query(UserSession)}
        by_role = {user.role: user.id for user in session.query(User)}
        own, theirs = rows[by_role["INTAKE"]], rows[by_role["CASH"]]
        session.add(
            UserSession(
                token_hash="0" * 64,
                user_id=own.user_id,
                created_at=services.now(),
                seen_at=services.now(),
                ended_at=services.now(),
                handle="1" * 32,
            )
        )
        handles = {"foreign": theirs.handle, "ended": "1" * 32, "unknown": "0" * 32}
        handles["token"] = own.token_hash

    answer = here.post(f"/account/sessions/{handles[sort]}/end", "/account")

    assert answer.status_code == 404
    assert is_signed_in(foreign)


def test_what_is_idle_or_old_is_not_listed(app: Flask, signed_in: SignIn, clock: Clock) -> None:
    here = signed_in("INTAKE")
    elsewhere(app)
    clock.move(timedelta(minutes=14))
    here.get("/account")
    clock.move(timedelta(minutes=2))

    page = here.get("/account").text

    assert len(END.findall(page)) == 1
    assert "Firefox on Windows" not in page


def test_the_account_tells_of_refused_attempts_and_of_no_network(
    app: Flask, signed_in: SignIn
) -> None:
    here = signed_in("INTAKE")
    signed_in("CASH")
    Browser(app).sign_in("intake@iom.example")
    Browser(app).sign_in("intake@iom.example", "a wrong but long password")
    Browser(app).sign_in("cash@iom.example", "a wrong but long password")

    log = here.get("/account").text.partition('id="log-ins"')[2]

    assert log.count("Sign-in refused") == 1
    assert log.count("Signed in") == 1
    assert "127.0.0.1" not in log


def test_the_page_names_neither_token_nor_hash(services: Services, signed_in: SignIn) -> None:
    here = signed_in("INTAKE")

    page = here.get("/account").text

    with services.database.reading() as session:
        assert session.query(UserSession).one().token_hash not in page
    cookie = here.client.get_cookie("avrr", domain=HOST)
    assert cookie is not None
    assert cookie.value not in page


def test_a_session_whose_factor_is_due_is_not_listed(app: Flask, signed_in: SignIn) -> None:
    here = signed_in("COORD")
    half_way = Browser(app)
    assert half_way.sign_in("coord@iom.example").location.startswith("/sign-in/code")

    assert len(END.findall(here.get("/account").text)) == 1
