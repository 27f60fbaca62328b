"""What the accounts' tests share: an address, wrong attempts, and what was audited."""

import pytest

from intake.accounts import sign_in
from intake.accounts.sign_in import SignInRefused
from intake.core.services import Services
from storage.audit import AuditEvent

BOTH_DATABASES = pytest.mark.parametrize(
    "services",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.components)],
    indirect=True,
)
EMAIL = "anna.berg@iom.example"


def acts(services: Services) -> list[str]:
    """Return what was audited, in order."""
    with services.database.reading() as session:
        return [event.act for event in session.query(AuditEvent).order_by(AuditEvent.sequence)]


def fail(services: Services, times: int, email: str = EMAIL, network: str = "192.0.2.1") -> None:
    """Try a wrong password several times."""
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(services, email, "wrong", network)


def attempt(services: Services, email: str = EMAIL, network: str = "192.0.2.1") -> None:
    """Count an attempt whose password is never compared: as a failure, without its work."""
    sign_in._reserve(services, email, network)
