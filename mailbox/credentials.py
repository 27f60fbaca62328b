"""Read a server's password from its file at each use, so that it can be changed while we run."""

from pathlib import Path

from mailbox.errors import MailboxUnavailable, Trouble


def read_password(path: Path | None) -> str:
    """Return the file's text without its line end; raises MailboxUnavailable without a file."""
    if path is None:
        raise MailboxUnavailable(Trouble.PASSWORD_MISSING)
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MailboxUnavailable(Trouble.PASSWORD_MISSING) from error
