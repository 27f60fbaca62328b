"""Give the portal's tests services, an application, and people who are signed in to it."""

import re
import secrets
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from intake.accounts import accounts, passwords, second_factor
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from portal.web.session import TOKEN as TOKEN_FIELD
from storage.accounts.users import User
from tests.portal.building import HOST, PASSWORD, Clock, build_app, build_services
from tests.support.lent_engines import give_back, lend
from tests.support.people import plant_session

if TYPE_CHECKING:
    from flask.testing import FlaskClient

OUR_SCRIPT = re.compile(r'<script src="/static/\w+\.js\?v=[0-9a-f]{12}" defer></script>')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """A browser: keeps cookies, and sends forms with the token of the page they stand on."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=f"http://{HOST}", headers=headers, buffered=True)

    def post(self, path: str, page: str | None = None, **fields: str) -> TestResponse:
        """Send a form with the token of the `page` it stands on; without a page, without token."""
        if page is not None:
            found = TOKEN.search(self.get(page).text)
            assert found is not None, f"no form on {page}"
            fields["csrf_token"] = found.group(1)
        return self.client.post(path, base_url=f"http://{HOST}", data=fields)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Fill in the sign-in form."""
        return self.post("/sign-in", "/sign-in", email=email, password=password)


SignIn = Callable[..., Browser]


@pytest.fixture
def clock() -> Clock:
    """Give the clock of all services."""
    return Clock()


@pytest.fixture
def undo_seconds(request: pytest.FixtureRequest) -> str:
    """Give how long officers can take back what they sent: a file may say `UNDO_SECONDS`."""
    return str(getattr(request.module, "UNDO_SECONDS", 0))


@pytest.fixture
def services(tmp_path: Path, clock: Clock, undo_seconds: str) -> Iterator[Services]:
    """Give real services on a scratch database."""
    built = build_services(tmp_path, clock, undo_seconds=undo_seconds, open_it=lend)
    yield built
    give_back(built.database)


@pytest.fixture
def app(services: Services) -> Flask:
    """Give the application."""
    return build_app(services)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Give a browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def make_user(services: Services) -> Callable[..., SignedInUser]:
    """Give a maker of accounts: role, and an address made from it."""

    def make(role: str, name: str = "") -> SignedInUser:
        region = "VAST" if role.startswith("COORD") else None
        invitation = accounts.invite_account(
            services, f"{name or role.lower()}@iom.example", role, region
        )
        with services.database.transaction() as session:
            user = session.get_one(User, invitation.user_id)
            user.password_hash = _hash_of_all()
            user.invitation_hash = user.invitation_expires_at = None
        return accounts.signed_in_user(user)

    return make


@pytest.fixture
def signed_in(
    app: Flask, services: Services, clock: Clock, make_user: Callable[..., SignedInUser]
) -> SignIn:
    """Give a maker of browsers in which somebody of a role is signed in, by code where needed.

    The session is planted: comparing a password takes long, and signing in has tests of its own.
    """

    def sign_in(role: str, name: str = "") -> Browser:
        user = make_user(role, name)
        is_proved = second_factor.is_needed(services.settings, user.role)
        if is_proved:
            secret = second_factor.begin_enrolment(services, "no session", user.id).secret
            code = pyotp.TOTP(secret).at(clock.at)
            second_factor.confirm_enrolment(services, "no session", user.id, code)
        token, now = secrets.token_urlsafe(), services.now()
        with services.database.transaction() as session:
            plant_session(session, user.id, token, now, is_factor_proved=is_proved)
        browser = Browser(app)
        with browser.client.session_transaction(base_url=f"http://{HOST}") as kept:
            kept[TOKEN_FIELD] = token
        return browser

    return sign_in


@cache
def _hash_of_all() -> str:
    return passwords.make_hash(PASSWORD)
