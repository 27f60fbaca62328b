"""Check error pages: each status has its page, and nothing of the inside shows."""

import logging

import pytest
from flask import Flask, abort
from markupsafe import escape

from intake.core.errors import (
    BlobDamaged,
    Conflict,
    IntakeError,
    KeyUnavailable,
    NotFound,
    StorageFull,
    StorageUnavailable,
)
from portal.web import app_services
from portal.web.error_pages import PAGES, PAGES_OF_REASONS
from portal.web.policy import public
from tests.portal.conftest import Browser, SignIn


def break_home(app: Flask, error: Exception | int) -> None:
    """Let the home page fail."""

    @public
    def failing() -> str:
        if isinstance(error, int):
            abort(error)
        raise error

    app.view_functions["entrance.home"] = failing


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_status_has_its_page(app: Flask, browser: Browser, status: int) -> None:
    break_home(app, status) if status != 507 else break_home(app, StorageFull())

    answer = browser.get("/")

    assert answer.status_code == status
    assert PAGES[status][0] in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StorageUnavailable("secret"), 503),
        (StorageFull("secret"), 507),
        (Conflict("secret"), 409),
        (NotFound("secret"), 404),
        (BlobDamaged("secret"), 409),
        (KeyUnavailable("secret"), 410),
        (IntakeError("secret"), 500),
        (RuntimeError("secret"), 500),
    ],
)
def test_our_errors_become_pages_without_their_detail(
    app: Flask, browser: Browser, error: Exception, status: int
) -> None:
    break_home(app, error)

    answer = browser.get("/")

    assert answer.status_code == status
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def of_kind(kind: type[Conflict]) -> list[type[Conflict]]:
    """Return a kind of error and all that are made of it, at any depth."""
    return [kind, *(each for made in kind.__subclasses__() for each in of_kind(made))]


SAYS_WHY = sorted(
    {
        each
        for each in of_kind(Conflict)
        if each.public != Conflict.public
        and each.status == Conflict.status
        and each.reason not in PAGES_OF_REASONS
        and each.__module__.startswith("intake")
    },
    key=lambda each: each.__qualname__,
)


@pytest.mark.parametrize("kind", SAYS_WHY, ids=lambda each: each.__name__)
def test_what_was_not_done_says_why_itself(
    app: Flask, browser: Browser, kind: type[Conflict]
) -> None:
    class Raised(kind):  # type: ignore[misc,valid-type]  # the kind is a value here
        def __init__(self) -> None:
            Exception.__init__(self)

    break_home(app, Raised())

    answer = browser.get("/")

    assert answer.status_code == 409
    assert "Somebody else was quicker" not in answer.text
    assert str(escape(kind.public)) in answer.text


def test_there_are_many_that_say_why() -> None:
    assert len(SAYS_WHY) > 20


def test_a_database_that_does_not_answer_still_gives_a_page(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")
    app_services.of_app(app).database.close()
    database = app_services.of_app(app).settings.data_dir / "avrr.db"
    database.rename(database.with_suffix(".gone"))
    database.mkdir()

    assert browser.get("/queues").status_code == 503
    assert browser.client.get("/healthz", base_url="http://portal.test").status_code == 503


def test_an_error_is_logged_without_the_path(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    @public
    def failing(token: str) -> str:
        raise RuntimeError("inside")

    app.view_functions["entrance.invitation"] = failing
    with caplog.at_level(logging.ERROR):
        browser.get("/invitation/very-secret-token")

    assert "endpoint=entrance.invitation" in caplog.text
    assert "very-secret-token" not in caplog.text


def test_a_wrong_method_names_the_right_ones(browser: Browser) -> None:
    answer = browser.client.delete("/sign-in", base_url="http://portal.test")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_liveness_is_for_anybody(browser: Browser) -> None:
    answer = browser.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_is_in_plain_words(signed_in: SignIn) -> None:
    page = signed_in("ADMIN").get("/health").text

    assert "Malware scanner" not in page or "Built-in rules only" in page
    assert "The server refuses the connection." in page
    assert "since" in page
