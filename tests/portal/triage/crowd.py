"""Sign many people in to a served portal at once: accounts with sessions, no password hashed."""

import secrets
from dataclasses import dataclass

from flask import Flask
from flask import session as cookie_session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts as drafting
from intake.bootstrap import read_secret_key
from intake.core.services import Services
from portal.app import create_app
from storage.accounts.users import Role, UserSession, token_hash
from storage.base import new_id
from storage.crypto.sealing import seal
from tests.portal.building import stub_health
from tests.portal.coordinators.upload_server import Caller, PortalServer
from tests.support.rows import Planter


@dataclass(frozen=True)
class Crowd:
    """Coordinators with a draft each, and an officer who works meanwhile."""

    coordinators: list[Caller]
    drafts: list[str]
    officer: Caller


def gather(server: PortalServer, count: int) -> Crowd:
    """Plant an officer and so many coordinators, all of them signed in."""
    app = create_app(
        server.services,
        secret_key=read_secret_key(server.services.settings),
        check_health=stub_health,
    )
    coordinators = [
        _caller(server, app, f"Coordinator {number}", Role.COORD) for number in range(count)
    ]
    drafts = [drafting.start_draft(server.services, each.user) for each in coordinators]
    return Crowd(coordinators, drafts, _caller(server, app, "Intake officer 1", Role.INTAKE))


def plant_session(
    services: Services, app: Flask, label: str, role: Role, region: str | None = None
) -> tuple[SignedInUser, str, str]:
    """Store an account with a session; return it with its cookie's value and a form token."""
    now, token = services.now(), secrets.token_urlsafe(32)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, now)
        user_id = new_id()
        key = services.keyring.system(session)
        address = seal(key, f"users.email:{user_id}", f"{user_id}@iom.example")
        row = planter.user(
            id=user_id,
            email=address,
            label=label,
            role=role,
            region=region,
            totp_confirmed_at=now,
        )
        session.add(
            UserSession(
                token_hash=token_hash(token),
                user_id=row.id,
                created_at=now,
                seen_at=now,
                factor_at=now,
            )
        )
    with app.test_request_context(base_url=services.settings.public_url):
        form_token = generate_csrf()
        cookie_session["token"] = token
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer is not None
        value = serializer.dumps(dict(cookie_session))
    return SignedInUser(row.id, label, role, region, has_factor=True), str(value), form_token


def _caller(server: PortalServer, app: Flask, label: str, role: Role) -> Caller:
    region = "VAST" if role is Role.COORD else None
    user, value, form_token = plant_session(server.services, app, label, role, region)
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={value}"
    return Caller(server, server.services, user, cookie=cookie, token=form_token)
