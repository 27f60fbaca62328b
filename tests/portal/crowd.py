"""Many people of a served portal at once: accounts with sessions, and no password to be hashed."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import session as cookie_session
from flask_wtf.csrf import generate_csrf

from intake import drafting
from intake.accounts import SignedInUser
from intake.building import read_secret_key
from portal.app import create_app
from storage.users import Role, UserSession, token_hash
from tests.portal.building import stub_health
from tests.portal.upload_server import Caller, PortalServer
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
    drafts = [drafting.start(server.services, each.user) for each in coordinators]
    return Crowd(coordinators, drafts, _caller(server, app, "Intake officer 1", Role.INTAKE))


# Any: the application as Flask types it says nothing of its session's serializer.
def _caller(server: PortalServer, app: Any, label: str, role: Role) -> Caller:
    services, now, token = server.services, server.services.now(), secrets.token_urlsafe(32)
    region = "VAST" if role is Role.COORD else None
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, now)
        row = planter.user(label=label, role=role, region=region, totp_confirmed_at=now)
        session.add(
            UserSession(
                token_hash=token_hash(token),
                user_id=row.id,
                created_at=now,
                seen_at=now,
                factor_at=now,
            )
        )
    user = SignedInUser(row.id, label, role, region, has_factor=True)
    with app.test_request_context(base_url=services.settings.public_url):
        form_token = generate_csrf()
        cookie_session["token"] = token
        value = app.session_interface.get_signing_serializer(app).dumps(dict(cookie_session))
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={value}"
    return Caller(server, services, user, cookie=cookie, token=form_token)
