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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from intake.bootstrap import build_services
from intake.core.references import normalise
from intake.core.services import Services
from intake.core.settings import read_settings
from intake.oversight import health
from intake.pipeline.work_queue import IntakeQueue
from intake.senders.register import add_sender
from intake.triage.read_submission import list_submissions
from intake.triage.submission_views import as_json
from storage.audit import AuditEvent
from storage.database import Database, Session, open_database
from storage.documents.documents import Document
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
        self._databases: dict[str, Database] = {}

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def prepare(self, *senders: str) -> None:
        """Make the tables, register the coordinator, and lay down the learnt model.

        Further senders are registered by the use case behind the command, without starting Python
        for each.
        """
        self.flask("db", "upgrade")
        self.flask("senders", "add", COORDINATOR, "--region", "VAST")
        with self._services() as services:
            for address in senders:
                add_sender(services, "operator", address, "VAST")
            lay_model(services)

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

        The command itself is tested where the commands are. The list opens every sealed value: what
        is looked at again and again is asked of the counts below.
        """
        with self._services() as services:
            return [as_json(view) for view in list_submissions(services, ACTOR, MAX_LISTED)]

    def arrived(self) -> int:
        """Count the submissions."""
        with self._reading() as session:
            return session.scalar(select(func.count()).select_from(Submission)) or 0

    def routed_and_due(self) -> tuple[int, int]:
        """Count the submissions that stand in queues, and the messages that are still due.

        Tests look again and again until both are right. A look at the list is an act: it is
        written into the audit trail and so keeps the processes from the database that are watched.
        """
        with self._reading() as session:
            return _count(session, Submission, *ROUTED), _count(
                session, OutboxMessage, MessageState.DUE
            )

    def document_states(self) -> set[str]:
        """Return the states of all documents."""
        with self._reading() as session:
            return set(session.scalars(select(Document.state).distinct()))

    def receipt_states(self) -> list[str]:
        """Return the states of all messages about submissions, one of each message."""
        about = OutboxMessage.submission_id.is_not(None)
        with self._reading() as session:
            return list(session.scalars(select(OutboxMessage.state).where(about)))

    def acts_on(self, reference: str) -> set[str]:
        """Return the codes of what was done to a submission."""
        with self._reading() as session:
            found = select(Submission.id).where(Submission.reference == normalise(reference))
            acts = select(AuditEvent.act).where(AuditEvent.subject_id.in_(found)).distinct()
            return set(session.scalars(acts))

    def checks(self) -> dict[str, str]:
        """Return the status of each check of health by its name, without starting Python for it."""
        with self._services() as services:
            return {check.name: check.status for check in health.check_health(services).checks}

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
        wait_for(self._is_idle, "the worker has nothing to do", deadline_seconds=300)
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

    @contextmanager
    def _services(self) -> Iterator[Services]:
        services = build_services(read_settings(self.environ))
        try:
            yield services
        finally:
            services.database.close()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Give a session; the engine is kept for its compiled queries, but no connection is."""
        url = read_settings(self.environ).database_url
        if url not in self._databases:
            self._databases[url] = open_database(url)
        database = self._databases[url]
        try:
            with database.reading() as session:
                yield session
        finally:
            database.engine.dispose()


def wait_for(holds: Callable[[], bool], what: str, deadline_seconds: float = 180.0) -> None:
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
