"""Check settings in production: what is demanded, and what is refused."""

import pytest

from intake.core.errors import SettingInvalid
from intake.core.settings import Settings, read_settings
from tests.support.environs import MAILBOX, PRODUCTION


def production(**changes: str | None) -> Settings:
    """Read complete production settings, with changes; None leaves one out."""
    environ = PRODUCTION | changes
    return read_settings({name: value for name, value in environ.items() if value is not None})


def test_complete_production_settings_are_accepted() -> None:
    settings = production()

    assert settings.is_production
    assert [mailbox.name for mailbox in settings.mailboxes] == ["referrals"]


@pytest.mark.parametrize(
    "name",
    [
        "AVRR_MASTER_KEY_FILE",
        "AVRR_SECRET_KEY_FILE",
        "AVRR_PUBLIC_URL",
        "AVRR_CLAMD_URL",
        "AVRR_AUTHSERV_ID",
        "AVRR_MAILBOX_REFERRALS_URL",
        "AVRR_SMTP_URL",
        "AVRR_MAIL_FROM",
    ],
)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_needs_what_embedded_only_may_lack(name: str, value: str | None) -> None:
    with pytest.raises(SettingInvalid, match=f"^{name}: "):
        production(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AVRR_PUBLIC_URL", "http://portal.example.org"),
        ("AVRR_SMTP_URL", "smtp://mail.example.org"),
        ("AVRR_MAILBOX_REFERRALS_URL", "imap://u@mail.example.org"),
    ],
)
def test_production_refuses_what_is_not_encrypted(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=f"^{name}: "):
        production(**{name: value})


def test_production_may_read_the_cash_mailbox_alone() -> None:
    settings = production(
        AVRR_MAILBOX_REFERRALS_URL=None,
        AVRR_MAILBOX_CASH_URL=MAILBOX,
        AVRR_MAILBOX_CASH_PASSWORD_FILE="/run/secrets/mail",
    )

    assert [mailbox.name for mailbox in settings.mailboxes] == ["cash"]
