"""Conduct the demo: start every process, send ten arrivals, and print what happens to them.

Everything listens on loopback and lives in the data folder. Ctrl-C ends all of it, and the next
start finds the data again.
"""

import os
import select
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from intake.senders.register import add_sender
from mailbox.demo import arrivals, people
from mailbox.demo.arrivals import Arrival
from mailbox.demo.documents import LOCK_PASSWORD
from mailbox.demo.sample import SAMPLE_SENDER
from mailbox.demo.scanner import start_scanner
from mailbox.demo.servers import start_mail_servers
from mailbox.demo.smtp_server import AUTHSERV_ID
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
    from mailbox.demo.people import SignIn
    from mailbox.demo.scanner import DemoScanner
    from storage.database import Session
    from storage.submissions.submissions import Submission

ROLES = {
    "portal": ("serve",),
    "worker": ("work",),
    "poller": ("mail", "poll"),
    "sender": ("mail", "send"),
}
POLL_SECONDS = "0.5"
STOP_SECONDS = 1.5
SHOW_WITHIN_SECONDS = 90
# Every other state is one that an arrival passes through.
WAITING = frozenset({SubmissionState.RECEIVED, SubmissionState.DOCUMENTS})


@dataclass
class Story:
    """How many events of the first arrival were printed so far; `is_scanned` by a scanner."""

    started_at: float
    is_scanned: bool
    event_count: int = 0

    def tell(self, what: str, more: str = "") -> None:
        """Print one line with the seconds since the start."""
        print(f"  {time.monotonic() - self.started_at:5.1f} s  {what:<18} {more}", flush=True)


def conduct(services: "Services", *, root: Path, stop: Event) -> None:
    """Run the demo until `stop` is set; a failure to start is printed in one sentence."""
    settings = services.settings
    demo = settings.data_dir / "demo"
    private_files.make_folder(demo)
    signs_in = people.make_accounts(services, demo / "accounts.txt")
    add_sender(
        services, "demo", SAMPLE_SENDER, people.REGION, name=people.COORDINATOR, phone=people.NUMBER
    )
    print("Starting the mail server, portal, poller, worker and sender.", flush=True)
    with ExitStack() as stack:
        try:
            mail = stack.enter_context(
                start_mail_servers(
                    settings.data_dir,
                    imap_port=settings.mailboxes[0].port,
                    smtp_port=settings.smtp.port,
                )
            )
        except DemoUnavailable as error:
            print(error, file=sys.stderr)
            return
        scanner = None if settings.clamd_url else _scanner(stack, demo)
        clamd_url = settings.clamd_url or (scanner.url if scanner is not None else "")
        processes = {role: _start(role, root, demo, clamd_url) for role in ROLES}
        servers = [*mail.processes, *([scanner.process] if scanner is not None else [])]
        stack.callback(_stop_all, [*processes.values(), *servers])
        _show_arrivals(services, Story(time.monotonic(), bool(clamd_url)), stop)
        if not stop.is_set():
            _show_address(settings.public_url, signs_in, demo)
            _watch(processes, signs_in, stop)
        print("Stopping.", flush=True)
    print("Stopped. The data is kept; the next start continues with it.", flush=True)


def _scanner(stack: ExitStack, demo: Path) -> "DemoScanner | None":
    """Start clamd if it is there, and say which signatures it has."""
    scanner = start_scanner(demo / "clamd")
    if scanner is None:
        print("No scanner is set, and clamd is not installed or did not start.", flush=True)
        return None
    stack.enter_context(scanner)
    known = "the EICAR test file only" if scanner.is_for_test_file_only else "this machine's"
    print(f"Started clamd as the scanner; signatures: {known}.", flush=True)
    return scanner


def _start(role: str, root: Path, demo: Path, clamd_url: str) -> "subprocess.Popen[bytes]":
    environ = {
        "AVRR_MAIL_POLL_SECONDS": POLL_SECONDS,
        # Nothing stands between this machine's browser and the portal.
        "AVRR_TRUSTED_PROXIES": "0",
        "AVRR_AUTHSERV_ID": AUTHSERV_ID,
        "AVRR_DEMO": "yes",
        **({"AVRR_CLAMD_URL": clamd_url} if clamd_url else {}),
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
    """End every process at once; what is not done by then is killed, and loses nothing by it.

    Every step of the work is committed before the next begins.
    """
    for process in processes:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _show_arrivals(services: "Services", story: Story, stop: Event) -> None:
    """Send what arrives at this start and print what becomes of it.

    The first start sends ten of all kinds, a later one an addition to the first case.
    """
    now, port = services.now(), services.settings.smtp.port
    known = {row.id for row in _newest(services)}
    reference = _first_reference(services)
    first = arrivals.addition(now, reference) if reference else arrivals.first_referral(now)
    first.send(port)
    story.tell("mail arrived", f"from the demo coordinator: {first.shows}")
    _follow(services, known, story, stop)
    if reference or stop.is_set():
        return
    filed = _first_reference(services)
    if filed is not None:
        people.give_case(services, filed)
    others = arrivals.others(now, filed or "")
    print(f"\nSending {len(others)} others, of all kinds.", flush=True)
    known = {row.id for row in _newest(services)}
    for arrival in others:
        arrival.send(port)
    _follow_others(services, known, others, stop)


def _newest(services: "Services") -> "list[Submission]":
    with services.database.reading() as session:
        return submissions.newest(session, limit=10_000)


def _first_reference(services: "Services") -> str | None:
    """Return a reference of the first case from this or an earlier start."""
    filed = [row for row in reversed(_newest(services)) if row.case_id is not None]
    return filed[0].reference if filed else None


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


def _follow_others(
    services: "Services", known: set[str], others: list[Arrival], stop: Event
) -> None:
    """Wait until each of the others has its place, and print where it stands."""
    deadline = time.monotonic() + SHOW_WITHIN_SECONDS
    by_place: dict[str, Submission] = {}
    while not stop.wait(0.2) and time.monotonic() < deadline:
        with services.database.reading() as session:
            rows = [row for row in submissions.newest(session, limit=100) if row.id not in known]
            by_place = {row.message_id_hash or row.id: row for row in rows}
            if len(rows) >= len(others) and all(row.state not in WAITING for row in rows):
                break
    with services.database.reading() as session:
        for arrival in others:
            hashed = services.keyring.lookup(session, "message-id", arrival.message["Message-ID"])
            row = by_place.get(hashed)
            place = _place(session, row) if row is not None else "still on its way"
            print(f"  {arrival.shows:<45} {place}", flush=True)


def _place(session: "Session", submission: "Submission") -> str:
    """Say where an arrival stands: its reference and queue, or that it is done."""
    waiting = queue_items.of_submission(session, submission.id)
    queues = sorted({_in_words(item.queue) for item in waiting})
    return f"{submission.reference}  {', '.join(queues) or 'needs nobody'}"


def _in_words(queue: str) -> str:
    return Queue(queue).name.lower().replace("_", " ")


def _tell(session: "Session", submission: "Submission", story: Story) -> bool:
    """Print what is new about a submission; True when its receipt was sent."""
    events = audit.of_subject(session, "submission", submission.id)
    # The row was read before the events, and may be older than what they say.
    session.refresh(submission)
    for event in events[story.event_count :]:
        if event.act == Act.SUBMISSION_RECEIVED:
            story.tell("stored", f"encrypted and on disk, reference {submission.reference}")
        elif event.act == Act.SUBMISSION_OPENED:
            story.tell("opened", f"{event.detail['documents']} parts, in the sandbox")
        elif event.act == Act.SUBMISSION_INSPECTED:
            states = ", ".join(f"{n} {state}" for state, n in event.detail["states"].items())
            if story.is_scanned:
                story.tell("scanned", states)
            else:
                story.tell("not scanned", f"no scanner is set; {states}")
        elif event.act in {Act.SUBMISSION_FILED, Act.SUBMISSION_HELD}:
            case = cases.by_id(session, submission.case_id)
            story.tell("filed", f"to case {case.reference}" if case else "in the holding queue")
            item = queue_items.of_submission(session, submission.id)[0]
            story.tell("queued", _in_words(item.queue))
    story.event_count = len(events)
    sent = [row for row in outbox.of_submission(session, submission.id) if row.state == "sent"]
    is_routed = submission.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    if is_routed and sent:
        story.tell("receipt sent", sent[0].message_id)
    return is_routed and bool(sent)


def _show_address(public_url: str, signs_in: "list[SignIn]", demo: Path) -> None:
    print(f"\nOpen {public_url} and sign in as one of these:\n")
    for each in signs_in:
        print(f"  {each.person.email:<36} {each.password}")
        print(f"      {each.person.can_try}")
        if each.factor:
            print(f"      asks for a code: {each.code()} now; the key for an app: {each.factor}")
    print(f"\nThe locked file opens with {LOCK_PASSWORD}, as its sender says on the telephone.")
    print(f"The receipts that left are in {demo / 'sent'}; send mail of your own to")
    print("referrals@localhost through 127.0.0.1:1025.")
    more = "Enter prints a fresh code of the coordinator; " if sys.stdin.isatty() else ""
    print(f"{more}Ctrl-C stops all of it.", flush=True)


def _watch(
    processes: "dict[str, subprocess.Popen[bytes]]", signs_in: "list[SignIn]", stop: Event
) -> None:
    """Wait for the end; a process that ends by itself is named, and Enter prints a fresh code."""
    named: set[str] = set()
    while not stop.wait(0.2):
        for role, process in processes.items():
            if process.poll() is not None and role not in named:
                named.add(role)
                print(f"The {role} has ended with {process.returncode}; see its log.", flush=True)
        if sys.stdin.isatty() and select.select([sys.stdin], [], [], 0)[0]:
            sys.stdin.readline()
            for each in signs_in:
                if each.factor:
                    print(f"  {each.person.email}: {each.code()}", flush=True)
