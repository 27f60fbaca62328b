"""Give coordinators with a second factor, half signed in, and without a factor."""

from collections.abc import Callable

import pytest
from flask import Flask

from intake.core.services import Services
from tests.portal.building import Clock
from tests.portal.conftest import Browser
from tests.portal.coordinators.support import Coordinator, make_coordinator


@pytest.fixture
def coordinator(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator with a factor, signed in."""
    return make_coordinator(app, services, clock)


@pytest.fixture
def half_way(app: Flask, coordinator: Coordinator) -> Browser:
    """Give a browser in which the password was right and the code is due."""
    browser = Browser(app)
    assert browser.sign_in(coordinator.email).location == "/sign-in/code?next=/"
    return browser


@pytest.fixture
def newcomer(app: Flask, make_user: Callable[..., object]) -> Browser:
    """Give a coordinator without a factor, signed in by password."""
    make_user("COORD")
    browser = Browser(app)
    assert browser.sign_in("coord@iom.example").status_code == 303
    return browser
