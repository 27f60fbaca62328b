"""Send a NUL wherever an address, a query or a form has room for one (threat B28).

PostgreSQL stores no NUL and says so by an error where SQLite finds nothing, so each is asked on
both. Every address comes from the application's own map.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from intake.core.services import Services
from portal.web.policy import ROLES, Permission, policy_of
from storage.errors import ValueNotStorable
from storage.submissions.submissions import Submission
from tests.portal.building import HOST, Clock, build_services
from tests.portal.conftest import TOKEN, Browser, SignIn

NUL = "a\0b"
WHERE = ("sqlite", pytest.param("postgresql", marks=pytest.mark.components))
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(params=WHERE)
def services(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """Give services on each kind of database."""
    is_postgresql = request.param == "postgresql"
    url = request.getfixturevalue("database_url") if is_postgresql else ""
    built = build_services(tmp_path, clock, database_url=url)
    yield built
    built.database.close()


class Everybody:
    """A browser for each role, made when it is first needed, that asks for any address."""

    def __init__(self, app: Flask, signed_in: SignIn) -> None:
        # As in production: an error is a page with 500, and no exception in the test.
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
        self.app, self._sign_in = app, signed_in
        self._browsers: dict[str, Browser] = {}

    def ask(self, rule: Rule, method: str, path: str, **sent: dict[str, str]) -> int:
        """Ask as somebody who may, with the token of a form; return the status."""
        browser = self._browser_for(rule)
        data = sent.get("data", {})
        if method not in SAFE:
            found = TOKEN.search(browser.get("/").text) or TOKEN.search(
                browser.get("/sign-in").text
            )
            assert found is not None
            data = {"csrf_token": found.group(1), **data}
        answer = browser.client.open(
            path,
            method=method,
            base_url=f"http://{HOST}",
            query_string=sent.get("query_string"),
            data=data if method not in SAFE else None,
        )
        return answer.status_code

    def _browser_for(self, rule: Rule) -> Browser:
        permission = policy_of(self.app, rule.endpoint)
        assert permission is not None
        if permission is Permission.PUBLIC:
            return self._browsers.setdefault("", Browser(self.app))
        role = min(ROLES[permission])
        if role not in self._browsers:
            self._browsers[role] = self._sign_in(role)
        return self._browsers[role]


@pytest.fixture
def everybody(app: Flask, signed_in: SignIn) -> Everybody:
    """Give browsers of all roles."""
    return Everybody(app, signed_in)


def asked(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield each address with each method that changes or shows something."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in {"static", "entrance.sign_out"}:
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"OPTIONS"}))


def filled(rule: Rule, app: Flask, text: str) -> str:
    """Return an address with a text in each of its parts, and 1 where it wants a number."""
    words = {name: text for name in rule.arguments if name != "number"}
    with app.test_request_context():
        built = rule.build(words | dict.fromkeys(rule.arguments - set(words), 1))
    assert built is not None
    return built[1]


def test_an_address_with_a_nul_is_none(app: Flask, everybody: Everybody) -> None:
    parts = [each for each in asked(app) if each[0].arguments - {"number", "filename"}]
    assert len(parts) > 80

    answers = {
        f"{method} {rule}": everybody.ask(rule, method, filled(rule, app, NUL))
        for rule, method in parts
    }

    assert {where: status for where, status in answers.items() if status != 404} == {}


def test_a_query_with_a_nul_is_refused(app: Flask, everybody: Everybody) -> None:
    names = ("after", "region", "holder", "document", "next", NUL)

    answers = {
        f"{rule} {name!r}": everybody.ask(
            rule, "GET", filled(rule, app, "a"), query_string={name: NUL}
        )
        for rule, method in asked(app)
        for name in names
        if method == "GET"
    }

    assert {where: status for where, status in answers.items() if status not in {400, 404}} == {}


def test_a_form_with_a_nul_is_refused(app: Flask, everybody: Everybody) -> None:
    answers = {
        f"{method} {rule}": everybody.ask(
            rule, method, filled(rule, app, "a"), data={"name": NUL, "act": NUL, "note": NUL}
        )
        for rule, method in asked(app)
        if method not in SAFE
    }

    assert {where: status for where, status in answers.items() if status not in {400, 404}} == {}


@pytest.mark.components
@pytest.mark.parametrize("services", ["postgresql"], indirect=True)
def test_what_comes_another_way_is_named_by_the_storage(services: Services) -> None:
    with pytest.raises(ValueNotStorable), services.database.reading() as session:
        session.get(Submission, NUL)
