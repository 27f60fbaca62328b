"""Start and stop the demo's mail servers: pymap for IMAP, our own program for SMTP.

pymap needs the standard library's `mailbox`, which ours hides. So it runs as a process of its own
whose working folder is its data, where it cannot see this project. Mail is kept in Maildirs and is
still there after the next start.
"""

import base64
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from intake.core.settings import EMBEDDED_IMAP_PORT, EMBEDDED_SMTP_PORT, MAIL_PASSWORD_FILE
from mailbox.demo import follow_parent
from mailbox.demo.smtp_server import LOOPBACK, SmtpServerConfig
from mailbox.errors import DemoUnavailable
from storage.crypto.keys import make_secret_file

START_SECONDS = 20.0
STOP_SECONDS = 8.0
USERS = ("referrals", "cash")
# The office's own names stand beside the plain ones, so that a demo mail looks real.
ADDRESSES = {
    "referrals@localhost": "referrals",
    "avrrtippsweden@localhost": "referrals",
    "cash@localhost": "cash",
    "iomhelsinkiavrsweden@localhost": "cash",
}

_ROOT = Path(__file__).parents[2]
_SMTP_PROGRAM = "from mailbox.demo.smtp_server import main; main()"
# This runs outside the project, where nothing of ours can be imported, so the text of
# follow_parent.py is put into it. The first argument is the parent's process id.
_PYMAP_PROGRAM = """
{lifeline}
import sys
follow_parent(int(sys.argv.pop(1)))
os.umask(0o077)
from pymap.main import main
main()
"""


@dataclass
class DemoMail:
    """The two running servers; `stop` ends them, and so does leaving the context."""

    imap_port: int
    smtp_port: int
    password_file: Path
    sent_folder: Path
    processes: list[subprocess.Popen[bytes]]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Say whether both processes live."""
        return all(process.poll() is None for process in self.processes)

    def stop(self) -> None:
        """End both servers; kill what does not end in time."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start_mail_servers(
    data_dir: Path,
    *,
    imap_port: int = EMBEDDED_IMAP_PORT,
    smtp_port: int = EMBEDDED_SMTP_PORT,
    addresses: dict[str, str] | None = None,
) -> DemoMail:
    """Start both on loopback and return once they answer. Raises DemoUnavailable.

    `addresses` maps the addresses that are ours (lower case) to a user of USERS;
    mail to any other address lands in `<data_dir>/demo/sent/<n>.eml`.
    """
    for port in (imap_port, smtp_port):
        _check_free(port)
    demo = data_dir / "demo"
    maildirs = demo / "mail"
    maildirs.mkdir(mode=0o700, parents=True, exist_ok=True)
    mail = DemoMail(imap_port, smtp_port, data_dir / MAIL_PASSWORD_FILE, demo / "sent", [])
    make_secret_file(mail.password_file)
    _write_users(maildirs, mail.password_file.read_text(encoding="ascii").strip())
    config = SmtpServerConfig(
        port=smtp_port,
        imap_port=imap_port,
        password_file=str(mail.password_file),
        sent_folder=str(mail.sent_folder),
        addresses=ADDRESSES if addresses is None else addresses,
        parent_pid=os.getpid(),
    )
    try:
        for command, folder in (
            (_pymap_command(imap_port, maildirs), maildirs),
            ([sys.executable, "-c", _SMTP_PROGRAM, config.to_json()], _ROOT),
        ):
            mail.processes.append(_start(command, folder, demo / "servers.log"))
        for port in (imap_port, smtp_port):
            _wait_for_answer(port, mail)
    except BaseException:
        mail.stop()
        raise
    return mail


def _pymap_command(port: int, maildirs: Path) -> list[str]:
    program = _PYMAP_PROGRAM.format(
        lifeline=Path(follow_parent.__file__).read_text(encoding="utf-8")
    )
    return [
        *(sys.executable, "-c", program, str(os.getpid())),
        *("--host", LOOPBACK, "--port", str(port), "--no-tls"),
        *("maildir", str(maildirs)),
    ]


def _write_users(maildirs: Path, password: str) -> None:
    """Write pymap's passwd and shadow files, with a fast hash.

    pymap's own hash of 500,000 rounds takes 0.3 seconds at each login; a random password of 256
    bits needs no slow hash.
    """
    salt = os.urandom(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1_000)
    hashed = f"$pbkdf2-sha256$1000${_base64(salt)}${_base64(digest)}"
    users = "".join(f"{user}:x::::{user}:\r\n" for user in USERS)
    shadow = "".join(f"{user}:{hashed}:::::::\r\n" for user in USERS)
    for name, text in (("passwd", users), ("shadow", shadow), ("group", "")):
        path = maildirs / f"pymap-etc-{name}"
        path.touch(mode=0o600)
        path.write_text(text, encoding="ascii", newline="")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _start(command: Sequence[str], folder: Path, log_path: Path) -> subprocess.Popen[bytes]:
    # Neither process may find modules elsewhere than in its own working folder.
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONSAFEPATH", "PYTHONHOME"}
    }
    with log_path.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches the parent alone, which then stops its children in order.
            start_new_session=True,
        )


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise DemoUnavailable(
                f"port {port} is taken: is another demo running? Stop it first"
            ) from error


def _wait_for_answer(port: int, mail: DemoMail) -> None:
    until = time.monotonic() + START_SECONDS
    while mail.is_running and time.monotonic() < until:
        with (
            suppress(OSError),
            socket.create_connection((LOOPBACK, port), timeout=START_SECONDS) as connection,
        ):
            if connection.recv(64):
                return
        time.sleep(0.05)
    log = mail.sent_folder.parent / "servers.log"
    raise DemoUnavailable(f"the mail servers did not start; see {log}")
