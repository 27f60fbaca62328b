"""Check security: headers, form tokens, hosts, and that looking changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from intake.accounts import accounts
from intake.core.services import Services
from portal.web.policy import ROLES, Permission, policy_of
from portal.web.security import HEADERS, SAFE_METHODS
from storage.accounts import users
from storage.accounts.users import Role
from storage.tables import METADATA
from tests.portal import samples
from tests.portal.building import HOST, PASSWORD, Clock, build_app, build_services
from tests.portal.conftest import Browser, SignIn
from tests.portal.documents import copies
from tests.support.invited import mailed_letter

PAGES = ("/", "/sign-in", "/invitation/x", "/nothing", "/healthz", "/static/portal.css", "/queues")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    is_static = path.startswith("/static")
    assert answer.headers["Cache-Control"] == ("public, max-age=300" if is_static else "no-store")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("role", ["INTAKE"])
def test_staff_pages_are_never_kept(services: Services, signed_in: SignIn, role: str) -> None:
    reference = samples.seed(services).reference
    browser = signed_in(role)

    for path in ("/", "/queues", "/queues/Q2", f"/submissions/{reference}", "/health"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


def test_over_tls_the_cookie_is_bound_to_the_host(tmp_path: Path, clock: Clock) -> None:
    services = build_services(tmp_path, clock, f"https://{HOST}")
    answer = build_app(services).test_client().get("/sign-in", base_url=f"https://{HOST}")
    services.database.close()

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-avrr=")
    for wanted in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert wanted in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_over_tls_forms_work_without_a_referrer(tmp_path: Path, clock: Clock) -> None:
    services = build_services(tmp_path, clock, f"https://{HOST}")
    client = build_app(services).test_client()
    page = client.get("/sign-in", base_url=f"https://{HOST}").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None

    answer = client.post(
        "/sign-in",
        base_url=f"https://{HOST}",
        data={"csrf_token": found.group(1), "email": "a@b.example", "password": "x"},
    )
    services.database.close()

    assert answer.status_code == 401


def test_the_cookie_holds_no_name(browser: Browser, make_user: Callable[..., object]) -> None:
    make_user("INTAKE")

    cookies = browser.sign_in("intake@iom.example").headers.getlist("Set-Cookie")

    assert {cookie.partition("=")[0] for cookie in cookies} == {"avrr", "avrr-known"}
    assert [cookie for cookie in cookies if "intake" in cookie.lower()] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": f"{HOST}.evil.example"},
        {"Host": f"evil.example#{HOST}"},
        {"Host": ""},
        {"Host": f"{HOST}@evil.example"},
        {"Host": "localhost"},
    ],
)
def test_an_unknown_host_is_refused(app: Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().get("/sign-in", headers=headers)

    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"])
def test_forwarding_headers_change_no_link(browser: Browser, name: str) -> None:
    plain = browser.get("/queues").location

    forged = browser.get("/queues", headers={name: "evil.example"}).location

    assert forged == plain == "/sign-in?next=/queues"


FORWARDING = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "Forwarded",
              "X-Host", "X-Original-Host", "X-Forwarded-Prefix")  # fmt: skip


@pytest.mark.parametrize("name", FORWARDING)
def test_an_invitations_link_is_of_the_settings_alone(
    services: Services, signed_in: SignIn, name: str
) -> None:
    admin = signed_in("ADMIN")
    page = "/admin/people/invite"
    token = re.search(r'name="csrf_token" value="([^"]+)"', admin.get(page).text)
    assert token is not None

    answer = admin.client.post(
        page,
        base_url=f"http://{HOST}",
        headers={name: "host=evil.example" if name == "Forwarded" else "evil.example"},
        data={"csrf_token": token.group(1), "email": "new@iom.example", "role": "CASH"},
    )

    assert answer.status_code == 200
    with services.database.reading() as session:
        (invited,) = users.of_role(session, Role.CASH, limit=2)
    letter = mailed_letter(services, invited.id)
    assert f"http://{HOST}/invitation/".encode() in letter
    assert b"evil" not in letter


def unsafe_routes(app: Flask, role: str) -> list[tuple[str, str]]:
    """Return method and path of each way in which a role may change something."""
    return [
        (method, re.sub(r"<[^>]+>", "0" * 32, rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - SAFE_METHODS)
        if _is_open_to(role, policy_of(app, rule.endpoint))
    ]


def _is_open_to(role: str, permission: Permission | None) -> bool:
    return permission is Permission.PUBLIC or (permission is not None and role in ROLES[permission])


@pytest.mark.parametrize("role", ["INTAKE", "COORD", "MGR", "ADMIN"])
def test_every_unsafe_route_refuses_a_form_without_token(
    app: Flask, signed_in: SignIn, role: str
) -> None:
    browser = signed_in(role)
    routes = unsafe_routes(app, role)

    statuses = {
        (method, path): browser.client.open(
            path, method=method, base_url=f"http://{HOST}"
        ).status_code
        for method, path in routes
    }

    assert len(routes) >= 5
    # A link is opened before the form behind it is read, and this one is none.
    dead_link = ("POST", f"/send/{'0' * 32}")
    assert statuses == dict.fromkeys(routes, 400) | {dead_link: 404}


@pytest.mark.parametrize("role", ["INTAKE", "COORD", "MGR", "ADMIN"])
def test_every_unsafe_route_refuses_another_site(app: Flask, signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)

    for method, path in unsafe_routes(app, role):
        for site in ("cross-site", "same-site"):
            answer = browser.client.open(
                path, method=method, base_url=f"http://{HOST}", headers={"Sec-Fetch-Site": site}
            )
            assert answer.status_code == 400


def browser_is_nobody(browser: Browser) -> bool:
    """Tell whether nobody is signed in."""
    return browser.get("/queues").status_code == 303


def test_an_old_sign_in_page_keeps_the_address(browser: Browser) -> None:
    browser.get("/sign-in")

    answer = browser.post("/sign-in", csrf_token="old", email="anna@iom.example", password="x")

    assert answer.status_code == 400
    assert "open too long" in answer.text
    assert 'value="anna@iom.example"' in answer.text


def test_an_old_form_says_that_nothing_was_changed(signed_in: SignIn) -> None:
    answer = signed_in("INTAKE").post(f"/items/{'0' * 32}/claim", csrf_token="old")

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text


def test_another_browsers_token_is_refused(app: Flask, make_user: Callable[..., object]) -> None:
    make_user("INTAKE")
    mine, theirs = Browser(app), Browser(app)
    mine.get("/sign-in")
    found = re.search(r'name="csrf_token" value="([^"]+)"', theirs.get("/sign-in").text)
    assert found is not None

    answer = mine.post(
        "/sign-in", csrf_token=found.group(1), email="intake@iom.example", password=PASSWORD
    )

    assert answer.status_code == 400
    assert browser_is_nobody(mine)


def snapshot(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, without what looking may write: the audit and presence."""
    with services.database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in METADATA.sorted_tables
            if table.name not in {"audit_events", "audit_mentions", "presence"}
        }


def test_looking_changes_nothing_but_the_audit(
    app: Flask, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    seeded = samples.seed(services)
    token = accounts.invite_account(services, "new@iom.example", "CASH", None).url_token
    values = {"queue": "Q2", "reference": seeded.reference, "token": token}
    values |= {"item_id": seeded.item_id, "filename": "portal.css", "number": "1"}
    values["document_id"] = copies.documents_of(services, seeded.submission_id)[1].id
    copies.add_copy(services, values["document_id"])
    browser = signed_in("INTAKE")
    before = snapshot(services)

    for rule in app.url_map.iter_rules():
        path = re.sub(
            r"<(?:[^:>]+:)?([^>]+)>", lambda match: values.get(match.group(1), "0" * 32), rule.rule
        )
        for method in ("GET", "HEAD"):
            browser.client.open(path, method=method, base_url=f"http://{HOST}", buffered=True)

    assert snapshot(services) == before
    clock.move(timedelta(minutes=2))
    browser.get("/queues")
    changed = {name for name, rows in snapshot(services).items() if rows != before[name]}
    assert changed == {"sessions"}


def test_a_large_form_is_refused(browser: Browser) -> None:
    answer = browser.client.post(
        "/sign-in", base_url=f"http://{HOST}", data={"email": "x" * 100_000}
    )

    assert answer.status_code == 413
    assert "too large" in answer.text


def test_many_parts_are_refused(browser: Browser) -> None:
    answer = browser.client.post(
        "/sign-in",
        base_url=f"http://{HOST}",
        data={f"field{number}": "x" for number in range(60)},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 413
