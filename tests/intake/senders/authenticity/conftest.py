"""Keys and the list of public suffixes, made once: both take a while."""

import pytest

from intake.senders.authenticity import load_organisations
from intake.senders.authenticity.organisational_domain import Organisation
from tests.intake.senders.authenticity.dns_zone import Zone
from tests.intake.senders.authenticity.signed_mail import DOMAIN, KEY_NAME, Key, make_key, record


@pytest.fixture(scope="session")
def key() -> Key:
    """Give the key of the registered sender's domain."""
    return make_key()


@pytest.fixture(scope="session")
def strange_key() -> Key:
    """Give the key of a stranger's domain."""
    return make_key()


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    """Give what finds a domain's organisation."""
    return load_organisations()


@pytest.fixture
def zone(key: Key, strange_key: Key, organisation: Organisation) -> Zone:
    """Give a zone with the registered domain's key, a sub-domain's and a stranger's."""
    return Zone(
        organisation,
        {
            KEY_NAME: [record(key)],
            f"s1._domainkey.mail.{DOMAIN}": [record(key)],
            "s1._domainkey.evil.example": [record(strange_key)],
        },
    )
