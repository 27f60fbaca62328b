"""Conduct the demo: start every process, send a sample referral, and print what happens to it.

Everything listens on loopback and lives in the data folder. Ctrl-C ends all of it, and the next
start finds the data again.
"""

import os
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from intake.accounts import accounts
from intake.core.errors import Conflict
from intake.senders.register import add_sender
from mailbox.demo.sample import SAMPLE_SENDER, send_sample
from mailbox.demo.servers import start_mail_servers
from mailbox.errors import DemoUnavailable
from storage import audit, private_files
from storage.audit_acts import Act
from storage.cases import cases
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

ROLES = {
    "portal": ("serve",),
    "worker": ("work",),
    "poller": ("mail", "poll"),
    "sender": ("mail", "send"),
}
ACCOUNTS = (
    ("intake@demo.example", "INTAKE"),
    ("cash@demo.example", "CASH"),
    ("admin@demo.example", "ADMIN"),
    ("manager@demo.example", "MGR"),
)
DEMO_REGION = "VAST"
POLL_SECONDS = "0.5"
STOP_SECONDS = 20
SHOW_WITHIN_SECONDS = 60


@dataclass
class Story:
    """How many events of the sample were printed so far."""

    started_at: float
    event_count: int = 0

    def tell(self, what: str, more: str = "") -> None:
        """Print one line with the seconds since the start."""
        print(f"  {time.monotonic() - self.started_at:5.1f} s  {what:<18} {more}", flush=True)


def conduct(services: "Services", *, root: Path, stop: Event) -> None:
    """Run the demo until `stop` is set; a failure to start is printed in one sentence."""
    settings = services.settings
    demo = settings.data_dir / "demo"
    private_files.make_folder(demo)
    passwords = _accounts(services, demo / "accounts.txt")
    add_sender(services, "demo", SAMPLE_SENDER, DEMO_REGION)
    story = Story(time.monotonic())
    print(
        "Starting the mail server, the portal, the poller, the worker and the sender.", flush=True
    )
    with ExitStack() as stack:
        try:
            stack.enter_context(start_mail_servers(settings.data_dir))
        except DemoUnavailable as error:
            print(error, file=sys.stderr)
            return
        processes = {role: _start(role, root, demo) for role in ROLES}
        stack.callback(_stop_all, list(processes.values()))
        known = _known(services)
        reference = _first_reference(services)
        send_sample(settings.smtp.port, services.now(), reference=reference or "")
        kind = f"an addition to {reference}" if reference else "a first referral, four documents"
        story.tell("mail arrived", f"from the demo coordinator: {kind}")
        _follow(services, known, story, stop)
        _show_address(settings.public_url, passwords, demo)
        _watch(processes, stop)
    print("Stopped. The data is kept; the next start continues with it.", flush=True)


def _accounts(services: "Services", path: Path) -> dict[str, str]:
    """Make the demo's accounts once; their random passwords are kept for the next start."""
    passwords: dict[str, str] = {}
    if path.exists():
        lines = path.read_text(encoding="ascii").splitlines()
        passwords = dict(line.split(" ", 1) for line in lines if " " in line)
    for email, role in ACCOUNTS:
        if email not in passwords:
            passwords[email] = secrets.token_urlsafe(15)
            with suppress(FileNotFoundError):
                path.unlink()
            path.touch(mode=0o600)
            path.write_text("".join(f"{e} {p}\n" for e, p in passwords.items()), encoding="ascii")
        with suppress(Conflict):
            # The account exists from an earlier start, with the same password.
            accounts.create_with_password(services, email, role, None, passwords[email])
    return passwords


def _start(role: str, root: Path, demo: Path) -> "subprocess.Popen[bytes]":
    environ = {
        "AVRR_MAIL_POLL_SECONDS": POLL_SECONDS,
        # Nothing stands between this machine's browser and the portal.
        "AVRR_TRUSTED_PROXIES": "0",
        **os.environ,
    }
    with private_files.open_to_append(demo / f"{role}.log") as log:
        # setpriv makes every end of this process, even SIGKILL, end its children too.
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "flask", *ROLES[role]],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _stop_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _known(services: "Services") -> set[str]:
    with services.database.reading() as session:
        return {submission.id for submission in submissions.newest(session, limit=10_000)}


def _first_reference(services: "Services") -> str | None:
    """Return a reference of the sample's case from an earlier start."""
    with services.database.reading() as session:
        for submission in reversed(submissions.newest(session, limit=10_000)):
            if submission.case_id is not None:
                return submission.reference
    return None


def _follow(services: "Services", known: set[str], story: Story, stop: Event) -> None:
    """Print each step of the new submission as it is recorded."""
    deadline = time.monotonic() + SHOW_WITHIN_SECONDS
    while not stop.wait(0.05) and time.monotonic() < deadline:
        with services.database.reading() as session:
            arrived = [s for s in submissions.newest(session, limit=5) if s.id not in known]
            if arrived and _tell(session, arrived[-1], story):
                return
    if not stop.is_set():
        print("  The sample is still on its way; the logs are in the data folder.", flush=True)


def _tell(session: "Session", submission: "Submission", story: Story) -> bool:
    """Print what is new about a submission; True when its receipt was sent."""
    events = audit.of_subject(session, "submission", submission.id)
    for event in events[story.event_count :]:
        if event.act == Act.SUBMISSION_RECEIVED:
            story.tell("stored", f"encrypted and on disk, reference {submission.reference}")
        elif event.act == Act.SUBMISSION_OPENED:
            story.tell("opened", f"{event.detail['documents']} parts, in the sandbox")
        elif event.act == Act.SUBMISSION_INSPECTED:
            states = ", ".join(f"{n} {state}" for state, n in event.detail["states"].items())
            story.tell("scanned", states)
        elif event.act in {Act.SUBMISSION_FILED, Act.SUBMISSION_HELD}:
            case = cases.by_id(session, submission.case_id)
            story.tell("filed", f"to case {case.reference}" if case else "in the holding queue")
            item = queue_items.of_submission(session, submission.id)[0]
            story.tell("queued", f"{item.queue} {Queue(item.queue).name.lower().replace('_', ' ')}")
    story.event_count = len(events)
    sent = [row for row in outbox.of_submission(session, submission.id) if row.state == "sent"]
    is_routed = submission.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    if is_routed and sent:
        story.tell("receipt sent", f"R1, {sent[0].message_id}")
    return is_routed and bool(sent)


def _show_address(public_url: str, passwords: dict[str, str], demo: Path) -> None:
    print(f"\nOpen {public_url}\n")
    for email, role in ACCOUNTS:
        print(f"  {role:<8} {email:<22} {passwords[email]}")
    print(f"\nThe receipts that left are in {demo / 'sent'}; send mail of your own to")
    print("referrals@localhost through 127.0.0.1:1025. Ctrl-C stops all of it.", flush=True)


def _watch(processes: "dict[str, subprocess.Popen[bytes]]", stop: Event) -> None:
    """Wait for the end; a process that ends by itself is named."""
    named: set[str] = set()
    while not stop.wait(0.5):
        for role, process in processes.items():
            if process.poll() is not None and role not in named:
                named.add(role)
                print(f"The {role} has ended with {process.returncode}; see its log.", flush=True)
