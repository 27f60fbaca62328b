"""Run a whole installation of the project as its operator runs it: by its own commands.

It starts, kills and waits for the processes. What stands in the database is read by the use case
behind the command.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from intake.bootstrap import build_services
from intake.core.settings import read_settings
from intake.pipeline.work_queue import IntakeQueue
from intake.triage.read_submission import list_submissions
from intake.triage.submission_views import as_json
from storage.database import Session, open_database
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.submissions import Submission, SubmissionState
from tests.components.dovecot import Dovecot
from tests.components.server import descendants, free_port
from tests.support.learnt import lay_model

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "poll": ("mail", "poll"),
    "send": ("mail", "send"),
    "work": ("work",),
    "serve": ("serve",),
}
COORDINATOR = "coordinator@example.org"
ACTOR = "system:command"
MAX_LISTED = 10_000
# Long enough that looking does not keep the database from the processes that are watched.
LOOK_SECONDS = 0.2
ROUTED = (SubmissionState.QUEUED, SubmissionState.HOLDING)
AUTHSERV_ID = "mx.example.net"


class Installation:
    """One data folder with its processes; `environ` can be changed before a process starts."""

    def __init__(
        self,
        folder: Path,
        dovecot: Dovecot,
        *,
        user: str,
        smtp_url: str,
        clamd_url: str = "",
        database_url: str = "",
        **settings: str,
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        password_file = folder / "mail-password"
        password_file.write_text(dovecot.password)
        password_file.chmod(0o600)
        self.port = free_port()
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AVRR_")},
            "AVRR_DATA_DIR": str(folder / "var"),
            "AVRR_MAILBOX_REFERRALS_URL": dovecot.url(user),
            "AVRR_MAILBOX_REFERRALS_PASSWORD_FILE": str(password_file),
            "AVRR_MAILBOX_CASH_URL": dovecot.url(f"cash-{user}"),
            "AVRR_MAILBOX_CASH_PASSWORD_FILE": str(password_file),
            "AVRR_SMTP_URL": smtp_url,
            "AVRR_MAIL_FROM": "noreply@intake.example.net",
            "AVRR_MAIL_POLL_SECONDS": "2",
            "AVRR_UNDO_SECONDS": "0",
            "AVRR_LISTEN": f"127.0.0.1:{self.port}",
            "AVRR_CLAMD_URL": clamd_url,
            "AVRR_DATABASE_URL": database_url,
            **settings,
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, list[str]] = {}

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def prepare(self) -> None:
        """Make the tables, register the coordinator, and lay down the learnt model."""
        self.flask("db", "upgrade")
        self.flask("senders", "add", COORDINATOR, "--region", "VAST")
        services = build_services(read_settings(self.environ))
        try:
            lay_model(services)
        finally:
            services.database.close()

    def flask(self, *arguments: str, check: bool = True) -> str:
        """Run one command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=240,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *roles: str) -> None:
        """Start processes by role: poll, send, work, serve."""
        for role in roles:
            self.run(role, [sys.executable, "-m", "flask", *COMMANDS[role]])

    def run(self, role: str, command: list[str]) -> "subprocess.Popen[bytes]":
        """Start any command as one of the installation's processes."""
        log = (self.folder / f"{role}.log").open("ab")
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self._processes[role], self._commands[role] = process, command
        return process

    def pid(self, role: str) -> int:
        """Return the process id of a role."""
        return self._processes[role].pid

    def is_running(self, role: str) -> bool:
        """Tell whether a role's process lives."""
        process = self._processes.get(role)
        return process is not None and process.poll() is None

    def kill(self, role: str) -> None:
        """End a process as a power cut does: SIGKILL, its children included."""
        process = self._processes.pop(role)
        children = descendants(process.pid)
        process.kill()
        process.wait(timeout=10)
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def end(self, role: str) -> int:
        """Ask a process to stop and return its exit code."""
        process = self._processes.pop(role)
        process.terminate()
        try:
            return process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def stop(self) -> None:
        """End everything that runs."""
        for role in list(self._processes):
            if self.is_running(role):
                self.end(role)
            else:
                self._processes.pop(role)

    def log(self, role: str) -> str:
        """Return what a role has logged."""
        path = self.folder / f"{role}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def submissions(self) -> list[dict[str, Any]]:
        """Return what `flask submissions list --json` prints, without starting Python for it.

        The command itself is tested where the commands are.
        """
        services = build_services(read_settings(self.environ))
        try:
            return [as_json(view) for view in list_submissions(services, ACTOR, MAX_LISTED)]
        finally:
            services.database.close()

    def routed_and_due(self) -> tuple[int, int]:
        """Count the submissions that stand in queues, and the messages that are still due.

        Tests look again and again until both are right. A look at the list is an act: it is
        written into the audit trail and so keeps the processes from the database that are watched.
        """
        database = open_database(read_settings(self.environ).database_url)
        try:
            with database.reading() as session:
                return _count(session, Submission, *ROUTED), _count(
                    session, OutboxMessage, MessageState.DUE
                )
        finally:
            database.close()

    def health(self) -> dict[str, Any]:
        """Return `flask health --json`; a bad state is no failure of the command."""
        found: dict[str, Any] = json.loads(self.flask("health", "--json", check=False))
        return found

    def verify(self) -> str:
        """Return what `flask verify` says, orphans of any age included, while no worker runs.

        A blob is written before the row that names it, so one that is just being written belongs to
        nothing yet, and sweeping would take it away. Workers first do what is there; those that
        were stopped for this are started again.
        """
        wait_for(self._is_idle, "the worker has nothing to do", deadline_seconds=120)
        resting = self._workers()
        for role in resting:
            self.end(role)
        found = self.flask("verify", "--sweep", "--orphans-older-than", "0")
        for role in resting:
            self.run(role, self._commands[role])
        return found

    def _workers(self) -> list[str]:
        """Return the roles of the workers that run."""
        return [
            role
            for role, command in self._commands.items()
            if command[-1] == "work" and self.is_running(role)
        ]

    def _is_idle(self) -> bool:
        if not self._workers():
            return True
        database = open_database(read_settings(self.environ).database_url)
        try:
            return not IntakeQueue(database).unfinished()
        finally:
            database.close()


def wait_for(holds: Callable[[], bool], what: str, deadline_seconds: float = 60.0) -> None:
    """Wait until something holds. The deadline only ends a test that hangs."""
    end = time.monotonic() + deadline_seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(LOOK_SECONDS)


def all_routed(installation: Installation, number: int) -> Callable[[], bool]:
    """Return a condition: this many submissions stand in queues and nothing is due."""

    def holds() -> bool:
        routed, due = installation.routed_and_due()
        return routed >= number and due == 0

    return holds


def _count(session: Session, table: type[Submission] | type[OutboxMessage], *states: str) -> int:
    counted = select(func.count()).select_from(table).where(table.state.in_(states))
    return session.scalar(counted) or 0
