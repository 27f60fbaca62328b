"""Give somebody with a fresh single-use link, for the tests of what that person meets."""

import pytest
from flask import Flask

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from tests.portal import samples
from tests.portal.correspondence.links import Person, case_reference, make_link, person_with
from tests.support.people import plant_user


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an officer who signs in nowhere."""
    return plant_user(services, "INTAKE")


@pytest.fixture
def reference(services: Services) -> str:
    """Give the reference of a case."""
    return case_reference(services, samples.seed(services).submission_id)


@pytest.fixture
def person(app: Flask, services: Services, officer: SignedInUser, reference: str) -> Person:
    """Give somebody with a fresh link."""
    return person_with(app, make_link(services, officer, reference))
