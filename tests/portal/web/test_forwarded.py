"""Check that a forwarded address that is not believed is noticed, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from intake.core.services import Services
from portal.web.forwarded import NOTED_EVERY
from storage.operations.heartbeats import Heartbeat
from tests.portal.building import Clock, build_app
from tests.portal.conftest import Browser


def notes(services: Services) -> list[Heartbeat]:
    """Return what was noted for health."""
    with services.database.reading() as session:
        return session.query(Heartbeat).filter_by(role="forwarded").all()


@pytest.mark.parametrize(
    ("proxies", "headers", "is_noted"),
    [
        (0, {}, False),
        (0, {"X-Forwarded-For": "192.0.2.1"}, True),
        (0, {"Forwarded": "for=192.0.2.1"}, True),
        (0, {"X-Real-IP": "192.0.2.1"}, True),
        (1, {}, False),
        (1, {"X-Forwarded-For": "192.0.2.1"}, False),
        # Anybody may begin the list; only its end is believed.
        (1, {"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}, False),
        (2, {"X-Forwarded-For": "192.0.2.1"}, True),
        (2, {"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}, False),
    ],
)
def test_an_address_that_is_not_believed_is_noted(
    services: Services, proxies: int, headers: dict[str, str], is_noted: bool
) -> None:
    settings = replace(services.settings, trusted_proxies=proxies)
    browser = Browser(build_app(replace(services, settings=settings)))

    assert browser.get("/sign-in", headers).status_code == 200

    assert (notes(services) != []) is is_noted


def test_nobody_makes_us_write_more_than_once_a_minute(
    services: Services, app: Flask, clock: Clock
) -> None:
    browser = Browser(app)
    times = []

    for _ in range(4):
        browser.get("/sign-in", {"X-Forwarded-For": "192.0.2.1"})
        times.append(notes(services)[0].beat_at)
        clock.move(NOTED_EVERY / 2 + timedelta(seconds=1))

    assert len(set(times)) == 2
