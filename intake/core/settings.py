"""Read all settings once from the environment, into one frozen value that is complete.

Names and defaults are fixed, since operators' scripts use them. A wrong or missing setting raises
SettingInvalid, whose message starts with the setting's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote

from intake.core.environment import Reader, split
from intake.core.errors import SettingInvalid

EMBEDDED_IMAP_PORT = 1143
EMBEDDED_SMTP_PORT = 1025
MAIL_PASSWORD_FILE = "mail-password"  # noqa: S105 - a file's name, not a secret


@dataclass(frozen=True)
class MailboxSettings:
    """One mailbox to poll; `name` is its programme, `may_idle` allows IDLE (RFC 2177)."""

    name: str
    host: str
    port: int
    is_tls: bool
    user: str
    folder: str
    password_file: Path
    may_idle: bool


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes outgoing mail. `tls` is never lowered to what the server offers."""

    host: str
    port: int
    tls: Literal["none", "starttls", "implicit"]
    user: str = ""
    password_file: Path | None = None


@dataclass(frozen=True)
class DkimSettings:
    """The key that signs outgoing mail (RFC 6376)."""

    key_file: Path
    selector: str
    domain: str


@dataclass(frozen=True)
class MailKeys:
    """Our keys for mail that partners encrypt to us: S/MIME as PEM (RFC 8551), OpenPGP armoured
    (RFC 9580)."""

    smime_key_file: Path | None = None
    smime_certificate_file: Path | None = None
    pgp_key_file: Path | None = None


@dataclass(frozen=True)
class Settings:
    """Everything that the environment decides."""

    env: Literal["embedded", "production"]
    data_dir: Path
    database_url: str
    blobs_url: str
    master_key_file: Path
    secret_key_file: Path
    listen_host: str
    listen_port: int
    public_url: str
    mailboxes: tuple[MailboxSettings, ...]
    mail_poll_seconds: float
    smtp: SmtpSettings
    mail_from: str
    authserv_id: str
    clamd_url: str
    max_upload_bytes: int
    # Where «Leave this page» leads: a page that anybody may have open (requirement 50).
    exit_url: str = "https://en.ilmatieteenlaitos.fi"
    s3_endpoint: str = ""
    trusted_proxies: int = 0
    # Where replies to our mail go: `BOX+TAG@DOMAIN`, whose tag tells what is replied to.
    reply_address: str = ""
    # The resolver that we ask for keys and policies when our own server wrote no verdict.
    # None: we do not ask.
    dns_resolver: tuple[str, int] | None = None
    mail_keys: MailKeys = MailKeys()
    dkim: DkimSettings | None = None
    own_addresses: frozenset[str] = field(default_factory=frozenset)
    ocr_languages: tuple[str, ...] = ()
    # How long a sent mail waits before it leaves, so that the officer can undo the sending.
    undo_seconds: float = 30
    # Every page and paper then says that all data is invented.
    is_demo: bool = False
    # The secret that signs calls of the duty list's webhook; without it none is made.
    webhook_secret_file: Path | None = None

    def link_to_referral(self, reference: str) -> str:
        """Return the link of a mail to a coordinator: to one referral, behind the sign-in.

        It holds the reference, which the mail says anyway, and nothing else.
        """
        return f"{self.public_url}/sign-in?next=/referrals/{reference}"

    @property
    def is_production(self) -> bool:
        """Tell whether settings that only suit a demo are refused."""
        return self.env == "production"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingInvalid naming the first that is wrong."""
    read = Reader(environ)
    env = read.choice("AVRR_ENV", "embedded", ("embedded", "production"))
    data_dir = Path(read.text("AVRR_DATA_DIR", "./var")).absolute()
    host, port = read.listen("AVRR_LISTEN", "127.0.0.1:8000")
    mail_from = read.address("AVRR_MAIL_FROM", read.text("AVRR_MAIL_FROM", "noreply@localhost"))
    mailboxes = (
        _mailbox(read, "referrals", "AVRR_MAILBOX_REFERRALS", data_dir),
        _mailbox(read, "cash", "AVRR_MAILBOX_CASH", data_dir),
    )
    settings = Settings(
        env="production" if env == "production" else "embedded",
        data_dir=data_dir,
        database_url=read.text("AVRR_DATABASE_URL", f"sqlite:///{data_dir / 'avrr.db'}"),
        blobs_url=read.text("AVRR_BLOBS_URL", f"file://{data_dir / 'blobs'}"),
        s3_endpoint=read.text("AVRR_S3_ENDPOINT", ""),
        master_key_file=Path(read.text("AVRR_MASTER_KEY_FILE", str(data_dir / "master.key"))),
        secret_key_file=Path(read.text("AVRR_SECRET_KEY_FILE", str(data_dir / "secret.key"))),
        listen_host=host,
        listen_port=port,
        public_url=read.web_url("AVRR_PUBLIC_URL", f"http://{host}:{port}"),
        exit_url=read.exit_url("AVRR_EXIT_URL", "https://en.ilmatieteenlaitos.fi"),
        mailboxes=tuple(mailbox for mailbox in mailboxes if mailbox is not None),
        mail_poll_seconds=read.seconds("AVRR_MAIL_POLL_SECONDS", "20"),
        smtp=_smtp(read),
        mail_from=mail_from,
        authserv_id=read.text("AVRR_AUTHSERV_ID", "").lower(),
        clamd_url=read.clamd_url("AVRR_CLAMD_URL"),
        max_upload_bytes=read.count("AVRR_MAX_UPLOAD_BYTES", "104857600"),
        dkim=_dkim(read, mail_from),
        trusted_proxies=read.proxies("AVRR_TRUSTED_PROXIES"),
        reply_address=read.reply_address("AVRR_REPLY_ADDRESS"),
        dns_resolver=read.resolver("AVRR_DNS_RESOLVER"),
        mail_keys=_mail_keys(read),
        own_addresses=read.addresses("AVRR_OWN_ADDRESSES")
        | {mail_from}
        | {mailbox.user.lower() for mailbox in mailboxes if mailbox is not None},
        ocr_languages=read.languages("AVRR_OCR_LANGUAGES", "eng+swe+ara+fas"),
        undo_seconds=read.wait("AVRR_UNDO_SECONDS", "30"),
        is_demo=read.choice("AVRR_DEMO", "no", ("no", "yes")) == "yes",
        webhook_secret_file=read.file("AVRR_WEBHOOK_SECRET_FILE"),
    )
    if settings.is_production:
        _refuse_demo_settings(settings, environ)
        _refuse_unknown_callers(environ)
    return settings


def _refuse_demo_settings(settings: Settings, environ: Mapping[str, str]) -> None:
    """Refuse in production what only suits a demo (requirement 130)."""
    for name in ("AVRR_SECRET_KEY_FILE", "AVRR_MASTER_KEY_FILE"):
        if not environ.get(name, "").strip():
            raise SettingInvalid(f"{name}: must name an existing file in production")
    for name in ("AVRR_SMTP_URL", "AVRR_MAIL_FROM", "AVRR_PUBLIC_URL"):
        if not environ.get(name, "").strip():
            raise SettingInvalid(f"{name}: must be set in production")
    if not settings.public_url.startswith("https://"):
        raise SettingInvalid("AVRR_PUBLIC_URL: must be an https:// address in production")
    if settings.is_demo:
        raise SettingInvalid("AVRR_DEMO: must be no in production")
    if not settings.clamd_url:
        raise SettingInvalid("AVRR_CLAMD_URL: production needs a scanner")
    if not settings.authserv_id and settings.dns_resolver is None:
        raise SettingInvalid("AVRR_AUTHSERV_ID: production needs the name of our mail server")
    if not settings.mailboxes:
        raise SettingInvalid("AVRR_MAILBOX_REFERRALS_URL: production needs a mailbox")
    _refuse_open_lines(settings)


def _refuse_open_lines(settings: Settings) -> None:
    """Refuse mail that would travel without TLS."""
    for mailbox in settings.mailboxes:
        if not mailbox.is_tls:
            raise SettingInvalid(
                f"AVRR_MAILBOX_{mailbox.name.upper()}_URL: must be imaps:// in production"
            )
    if settings.smtp.tls == "none":
        raise SettingInvalid("AVRR_SMTP_URL: must ask for TLS in production")


def _refuse_unknown_callers(environ: Mapping[str, str]) -> None:
    """Refuse to start without knowing whose address a request has (threat W4)."""
    if not environ.get("AVRR_TRUSTED_PROXIES", "").strip():
        raise SettingInvalid(
            "AVRR_TRUSTED_PROXIES: must say in production how many proxies of ours stand before "
            "the portal, 0 included; with a wrong number all callers share one limit"
        )


def _mailbox(read: Reader, name: str, prefix: str, data_dir: Path) -> MailboxSettings | None:
    setting = f"{prefix}_URL"
    is_production = read.text("AVRR_ENV", "embedded") == "production"
    default = "" if is_production else f"imap://{name}@127.0.0.1:{EMBEDDED_IMAP_PORT}/INBOX?idle=no"
    value = read.text(setting, default)
    if not value:
        return None
    parts = split(setting, value)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise SettingInvalid(f"{setting}: must be imap://USER@HOST:PORT/FOLDER or imaps://…")
    if parts.password is not None:
        raise SettingInvalid(f"{setting}: the password belongs into {prefix}_PASSWORD_FILE")
    try:
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError as error:
        raise SettingInvalid(f"{setting}: the port is not a number") from error
    password = read.text(f"{prefix}_PASSWORD_FILE", "")
    if not password and read.is_set(setting):
        raise SettingInvalid(f"{prefix}_PASSWORD_FILE: must name the file with the password")
    return MailboxSettings(
        name=name,
        host=parts.hostname,
        port=port,
        is_tls=parts.scheme == "imaps",
        user=unquote(parts.username),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        password_file=Path(password or data_dir / MAIL_PASSWORD_FILE),
        may_idle=parse_qs(parts.query).get("idle", ["yes"]) != ["no"],
    )


def _smtp(read: Reader) -> SmtpSettings:
    setting = "AVRR_SMTP_URL"
    parts = split(setting, read.text(setting, f"smtp://127.0.0.1:{EMBEDDED_SMTP_PORT}"))
    ways: dict[str, tuple[Literal["none", "starttls", "implicit"], int]] = {
        "smtp": ("none", 25),
        "smtp+starttls": ("starttls", 587),
        "smtps": ("implicit", 465),
    }
    if parts.scheme not in ways or not parts.hostname:
        raise SettingInvalid(f"{setting}: must be smtp://, smtps:// or smtp+starttls://HOST:PORT")
    tls, usual_port = ways[parts.scheme]
    if parts.password is not None:
        raise SettingInvalid(f"{setting}: the password belongs into AVRR_SMTP_PASSWORD_FILE")
    password = read.text("AVRR_SMTP_PASSWORD_FILE", "")
    if parts.username and not password:
        raise SettingInvalid("AVRR_SMTP_PASSWORD_FILE: must name the file with the password")
    try:
        port = parts.port or usual_port
    except ValueError as error:
        raise SettingInvalid(f"{setting}: the port is not a number") from error
    return SmtpSettings(
        host=parts.hostname,
        port=port,
        tls=tls,
        user=unquote(parts.username or ""),
        password_file=Path(password) if password else None,
    )


def _dkim(read: Reader, mail_from: str) -> DkimSettings | None:
    key_file = read.text("AVRR_DKIM_KEY_FILE", "")
    if not key_file:
        return None
    selector = read.text("AVRR_DKIM_SELECTOR", "")
    if not selector:
        raise SettingInvalid("AVRR_DKIM_SELECTOR: must be set together with AVRR_DKIM_KEY_FILE")
    domain = read.text("AVRR_DKIM_DOMAIN", mail_from.rpartition("@")[2])
    return DkimSettings(Path(key_file), selector, domain)


def _mail_keys(read: Reader) -> MailKeys:
    keys = MailKeys(
        smime_key_file=read.file("AVRR_SMIME_KEY_FILE"),
        smime_certificate_file=read.file("AVRR_SMIME_CERTIFICATE_FILE"),
        pgp_key_file=read.file("AVRR_PGP_KEY_FILE"),
    )
    if (keys.smime_key_file is None) != (keys.smime_certificate_file is None):
        raise SettingInvalid(
            "AVRR_SMIME_KEY_FILE: must be set together with AVRR_SMIME_CERTIFICATE_FILE"
        )
    return keys
