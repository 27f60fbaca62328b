"""Check settings: complete defaults, and each wrong one stopped by its name."""

from pathlib import Path

import pytest

from intake.core.errors import SettingInvalid
from intake.core.settings import (
    DkimSettings,
    MailboxSettings,
    Settings,
    SmtpSettings,
    read_settings,
)
from tests.support.environs import MAILBOX, MAILBOX_PASSWORD, PRODUCTION


def production(**changes: str | None) -> Settings:
    """Read complete production settings, with changes; None leaves one out."""
    environ = PRODUCTION | changes
    return read_settings({name: value for name, value in environ.items() if value is not None})


def refusal(environ: dict[str, str]) -> str:
    """Return the name of the setting that stops the program."""
    with pytest.raises(SettingInvalid) as caught:
        read_settings(environ)
    return str(caught.value).partition(":")[0]


def test_nothing_set_gives_the_embedded_defaults() -> None:
    settings = read_settings({})

    here = Path("var").absolute()
    assert (settings.env, settings.is_production) == ("embedded", False)
    assert settings.data_dir == here
    assert settings.database_url == f"sqlite:///{here}/avrr.db"
    assert settings.blobs_url == f"file://{here}/blobs"
    assert settings.master_key_file == here / "master.key"
    assert settings.secret_key_file == here / "secret.key"
    assert (settings.listen_host, settings.listen_port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.mail_poll_seconds == 20
    assert settings.smtp == SmtpSettings("127.0.0.1", 1025, "none")
    assert (settings.mail_from, settings.authserv_id) == ("noreply@localhost", "")
    assert (settings.clamd_url, settings.s3_endpoint) == ("", "")
    assert settings.max_upload_bytes == 104_857_600
    assert settings.ocr_languages == ("eng", "swe", "ara", "fas")
    assert settings.dkim is None
    assert settings.own_addresses == {"noreply@localhost", "referrals", "cash"}


def test_both_mailboxes_are_the_embedded_servers_by_default() -> None:
    settings = read_settings({"AVRR_DATA_DIR": "/data"})

    assert [mailbox.name for mailbox in settings.mailboxes] == ["referrals", "cash"]
    assert settings.mailboxes[0] == MailboxSettings(
        name="referrals",
        host="127.0.0.1",
        port=1143,
        is_tls=False,
        user="referrals",
        folder="INBOX",
        password_file=Path("/data/mail-password"),
        may_idle=False,
    )


def test_the_data_folder_moves_everything_that_lies_in_it() -> None:
    settings = read_settings({"AVRR_DATA_DIR": "/data"})

    assert settings.database_url == "sqlite:////data/avrr.db"
    assert settings.blobs_url == "file:///data/blobs"
    assert settings.master_key_file == Path("/data/master.key")


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    assert read_settings({"AVRR_LISTEN": "", "AVRR_MAIL_FROM": "  "}) == read_settings({})


def test_links_follow_where_the_portal_listens() -> None:
    assert read_settings({"AVRR_LISTEN": "0.0.0.0:9000"}).public_url == "http://0.0.0.0:9000"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://u@h", ("h", 993, True, "u", "INBOX", True)),
        ("imap://u@h", ("h", 143, False, "u", "INBOX", True)),
        ("imaps://u@h:1993/A%2FB", ("h", 1993, True, "u", "A/B", True)),
        ("imaps://a%40b.example@h/INBOX?idle=no", ("h", 993, True, "a@b.example", "INBOX", False)),
        ("imaps://u@h/INBOX?idle=yes", ("h", 993, True, "u", "INBOX", True)),
    ],
)
def test_a_mailbox_is_read_from_its_address(url: str, expected: tuple[object, ...]) -> None:
    settings = read_settings({"AVRR_MAILBOX_REFERRALS_URL": url, **MAILBOX_PASSWORD})

    box = settings.mailboxes[0]
    assert (box.host, box.port, box.is_tls, box.user, box.folder, box.may_idle) == expected
    assert box.password_file == Path("/run/secrets/mail")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://h", "h", 25, "none"),
        ("smtp://h:2525", "h", 2525, "none"),
        ("smtp+starttls://h", "h", 587, "starttls"),
        ("smtps://h", "h", 465, "implicit"),
    ],
)
def test_the_way_out_is_read_from_its_address(url: str, host: str, port: int, tls: str) -> None:
    smtp = read_settings({"AVRR_SMTP_URL": url}).smtp

    assert (smtp.host, smtp.port, smtp.tls, smtp.password_file) == (host, port, tls, None)


def test_the_way_out_may_need_a_password() -> None:
    environ = {"AVRR_SMTP_URL": "smtps://a%40b@h", "AVRR_SMTP_PASSWORD_FILE": "/run/secrets/smtp"}

    smtp = read_settings(environ).smtp

    assert (smtp.user, smtp.password_file) == ("a@b", Path("/run/secrets/smtp"))


def test_outgoing_mail_may_be_signed() -> None:
    environ = {
        "AVRR_MAIL_FROM": "noreply@example.org",
        "AVRR_DKIM_KEY_FILE": "/run/secrets/dkim",
        "AVRR_DKIM_SELECTOR": "s1",
    }

    assert read_settings(environ).dkim == DkimSettings(
        Path("/run/secrets/dkim"), "s1", "example.org"
    )


@pytest.mark.parametrize(
    ("value", "languages"), [("swe", ("swe",)), ("fin+chi_sim+ara", ("fin", "chi_sim", "ara"))]
)
def test_languages_of_scans_keep_their_order(value: str, languages: tuple[str, ...]) -> None:
    assert read_settings({"AVRR_OCR_LANGUAGES": value}).ocr_languages == languages


def test_our_own_addresses_are_known_in_lower_case() -> None:
    environ = {
        "AVRR_MAIL_FROM": "NoReply@Example.org",
        "AVRR_OWN_ADDRESSES": "Intake@example.org, help@example.org",
        "AVRR_MAILBOX_CASH_URL": "imaps://Cash%40Example.org@mail.example.org",
        "AVRR_MAILBOX_CASH_PASSWORD_FILE": "/run/secrets/mail",
    }

    assert read_settings(environ).own_addresses >= {
        "noreply@example.org",
        "intake@example.org",
        "help@example.org",
        "cash@example.org",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AVRR_ENV", "prod"),
        ("AVRR_ENV", "PRODUCTION"),
        ("AVRR_LISTEN", "8000"),
        ("AVRR_LISTEN", "localhost"),
        ("AVRR_LISTEN", "localhost:http"),
        ("AVRR_LISTEN", "localhost:0"),
        ("AVRR_LISTEN", "localhost:65536"),
        ("AVRR_LISTEN", "localhost:²"),
        ("AVRR_PUBLIC_URL", "portal.example.org"),
        ("AVRR_PUBLIC_URL", "ftp://portal.example.org"),
        ("AVRR_PUBLIC_URL", "https://"),
        ("AVRR_PUBLIC_URL", "https://portal.example.org/?a=b"),
        ("AVRR_PUBLIC_URL", "https://[portal"),
        ("AVRR_EXIT_URL", "http://weather.example"),
        ("AVRR_EXIT_URL", "javascript:alert(1)"),
        ("AVRR_WEBHOOK_SECRET_FILE", "/nowhere/at/all"),
        ("AVRR_UNDO_SECONDS", "soon"),
        ("AVRR_UNDO_SECONDS", "-1"),
        ("AVRR_UNDO_SECONDS", "nan"),
        ("AVRR_UNDO_SECONDS", "601"),
        ("AVRR_MAIL_POLL_SECONDS", "often"),
        ("AVRR_MAIL_POLL_SECONDS", "0"),
        ("AVRR_MAIL_POLL_SECONDS", "-1"),
        ("AVRR_MAIL_POLL_SECONDS", "nan"),
        ("AVRR_MAIL_POLL_SECONDS", "inf"),
        ("AVRR_MAIL_FROM", "noreply"),
        ("AVRR_MAIL_FROM", "No Reply <noreply@example.org>"),
        ("AVRR_MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("AVRR_OWN_ADDRESSES", "a@b.example, nonsense"),
        ("AVRR_REPLY_ADDRESS", "nonsense"),
        ("AVRR_REPLY_ADDRESS", "box+tag@b.example"),
        ("AVRR_REPLY_ADDRESS", f"{'b' * 26}@b.example"),
        ("AVRR_DNS_RESOLVER", "resolver.example"),
        ("AVRR_DNS_RESOLVER", "127.0.0.1:0"),
        ("AVRR_DNS_RESOLVER", "127.0.0.1:"),
        ("AVRR_CLAMD_URL", "/run/clamd.ctl"),
        ("AVRR_CLAMD_URL", "unix://"),
        ("AVRR_CLAMD_URL", "tcp://localhost"),
        ("AVRR_CLAMD_URL", "tcp://localhost:clamd"),
        ("AVRR_CLAMD_URL", "http://localhost:3310"),
        ("AVRR_CLAMD_URL", "tcp://localhost:99999"),
        ("AVRR_MAX_UPLOAD_BYTES", "0"),
        ("AVRR_MAX_UPLOAD_BYTES", "-1"),
        ("AVRR_MAX_UPLOAD_BYTES", "100M"),
        ("AVRR_MAX_UPLOAD_BYTES", "²"),
        ("AVRR_OCR_LANGUAGES", "English"),
        ("AVRR_OCR_LANGUAGES", "eng,swe"),
        ("AVRR_OCR_LANGUAGES", "eng+"),
        ("AVRR_OCR_LANGUAGES", "eng+eng"),
        ("AVRR_OCR_LANGUAGES", "eng+../../etc"),
        ("AVRR_SMTP_URL", "mail.example.org"),
        ("AVRR_SMTP_URL", "http://mail.example.org"),
        ("AVRR_SMTP_URL", "smtp://"),
        ("AVRR_SMTP_URL", "smtp://h:port"),
        ("AVRR_SMTP_URL", "smtp://h:99999"),
        ("AVRR_SMTP_URL", "smtp://u:secret@h"),
        ("AVRR_MAILBOX_REFERRALS_URL", "mail.example.org"),
        ("AVRR_MAILBOX_REFERRALS_URL", "pop3://u@h"),
        ("AVRR_MAILBOX_REFERRALS_URL", "imaps://h"),
        ("AVRR_MAILBOX_REFERRALS_URL", "imaps://u@"),
        ("AVRR_MAILBOX_REFERRALS_URL", "imaps://u@h:port"),
        ("AVRR_MAILBOX_REFERRALS_URL", "imaps://u:secret@h"),
        ("AVRR_MAILBOX_CASH_URL", "imaps://u:secret@h"),
        ("AVRR_MAILBOX_CASH_URL", "imaps://[u@h"),
        ("AVRR_SMTP_URL", "smtp://[h"),
    ],
)
def test_a_wrong_setting_stops_with_its_name(name: str, value: str) -> None:
    assert refusal({**MAILBOX_PASSWORD, name: value}) == name


@pytest.mark.parametrize("value", [None, "", " "])
def test_production_must_say_how_many_proxies_there_are(value: str | None) -> None:
    with pytest.raises(SettingInvalid, match=r"^AVRR_TRUSTED_PROXIES: .* 0 included"):
        production(AVRR_TRUSTED_PROXIES=value)


def test_production_may_say_that_there_is_no_proxy() -> None:
    assert production(AVRR_TRUSTED_PROXIES="0").trusted_proxies == 0


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"AVRR_MAILBOX_REFERRALS_URL": MAILBOX}, "AVRR_MAILBOX_REFERRALS_PASSWORD_FILE"),
        ({"AVRR_MAILBOX_CASH_URL": MAILBOX}, "AVRR_MAILBOX_CASH_PASSWORD_FILE"),
        ({"AVRR_SMTP_URL": "smtps://u@h"}, "AVRR_SMTP_PASSWORD_FILE"),
        ({"AVRR_DKIM_KEY_FILE": "/key"}, "AVRR_DKIM_SELECTOR"),
    ],
)
def test_a_setting_that_another_one_needs_is_named(environ: dict[str, str], missing: str) -> None:
    assert refusal(environ) == missing


@pytest.mark.parametrize("url", ["imaps://u:s3cret@h", "smtp://u:s3cret@h"])
def test_a_password_is_never_repeated(url: str) -> None:
    name = "AVRR_SMTP_URL" if url.startswith("smtp") else "AVRR_MAILBOX_CASH_URL"

    with pytest.raises(SettingInvalid) as caught:
        read_settings({name: url})

    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "resolver"),
    [
        ("", None),
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_a_resolver_is_an_address_with_or_without_its_port(
    written: str, resolver: tuple[str, int] | None
) -> None:
    assert read_settings({"AVRR_DNS_RESOLVER": written}).dns_resolver == resolver


def test_the_address_for_replies_is_in_lower_case_or_empty() -> None:
    assert read_settings({}).reply_address == ""
    written = read_settings({"AVRR_REPLY_ADDRESS": "Box@Intake.example"})
    assert written.reply_address == "box@intake.example"
