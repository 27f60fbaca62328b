"""Name what goes wrong between us and a mail server."""

from enum import StrEnum
from pathlib import PurePath
from traceback import extract_tb

from intake.core.errors import IntakeError


class Trouble(StrEnum):
    """Why a server could not be used: a code for the log and the health page."""

    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_LOST = "connection_lost"
    LOGIN_REFUSED = "login_refused"
    PASSWORD_MISSING = "password_missing"  # noqa: S105 - a code, not a secret
    TLS_FAILED = "tls_failed"
    TLS_REFUSED = "tls_refused"
    TIMEOUT = "timeout"
    FOLDER_MISSING = "folder_missing"
    PROTOCOL_ERROR = "protocol_error"
    LIST_UNREADABLE = "list_unreadable"


class MailboxUnavailable(IntakeError):
    """The connection to an IMAP or SMTP server cannot be made or used any longer.

    `reason` is one of the codes of Trouble. The server's own words are dropped:
    they may hold an address.
    """

    reason = "mailbox_unavailable"
    status = 503

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"the mail server cannot be used: {trouble}", reason=trouble)


class CommandRefused(IntakeError):
    """The IMAP server said no to one command; the connection goes on."""

    reason = "command_refused"


class AnswerUnreadable(CommandRefused):
    """The IMAP server's answer to one command cannot be read; the connection goes on."""

    reason = "answer_unreadable"


class DemoUnavailable(IntakeError):
    """The demo's mail servers did not start; the message says what to do."""

    reason = "demo_unavailable"


def place_of(error: BaseException) -> str:
    """Return class and place of an unforeseen error, such as `KeyError at imap.py:120`.

    Its message and its traceback may quote a server or a mail, so neither may be logged.
    """
    frames = extract_tb(error.__traceback__)
    where = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return f"{type(error).__name__} at {where}"
