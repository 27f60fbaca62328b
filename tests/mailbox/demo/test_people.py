"""Check the demo's accounts: made once, kept for the next start, and closed to other users."""

from pathlib import Path

import pyotp

from intake.core.services import Services
from mailbox.demo.people import PEOPLE, make_accounts
from storage.accounts.users import User


def test_a_second_start_finds_the_same_accounts(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "accounts.txt"
    first = make_accounts(services, path)
    second = make_accounts(services, path)

    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600
    with services.database.reading() as session:
        assert session.query(User).count() == len(PEOPLE)


def test_a_start_that_broke_off_before_the_second_factor_gets_one(
    tmp_path: Path, services: Services
) -> None:
    path = tmp_path / "accounts.txt"
    (before,) = (each for each in make_accounts(services, path) if each.factor)
    with services.database.transaction() as session:
        account = session.query(User).filter_by(role="COORD").one()
        account.totp_confirmed_at = account.totp_secret = account.totp_last_step = None

    (after,) = (each for each in make_accounts(services, path) if each.factor)

    assert after.factor != before.factor
    assert after.code() == pyotp.TOTP(after.factor).now()


def test_each_role_of_the_tour_has_an_account() -> None:
    roles = [each.role for each in PEOPLE]

    assert set(roles) == {"INTAKE", "COORD", "CASEW", "CASH", "MGR", "DPO", "ADMIN"}
    assert len(roles) == len(set(roles))
