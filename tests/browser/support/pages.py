"""Serve the portal with sample rows, and open its pages in Debian's Chromium.

Used by the browser tests and by `make screenshots`.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from werkzeug.serving import make_server

from intake.access import gate
from intake.accounts import accounts
from intake.core.services import Services
from intake.documents import quarantine
from intake.queues import assignment
from intake.senders.register import add_sender
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskReport
from storage.mail import senders
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.intake.correspondence.conversations import TEXTS
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.correspondence import links
from tests.portal.documents import copies
from tests.portal.samples import HISTORY, Part
from tests.portal.triage.tasks.asked import ask

Scheme = Literal["light", "dark"]
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OFFICER = "officer@iom.example"
COORDINATOR = "coordinator@iom.example"
WIDTHS = (360, 1440)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Site:
    """A served portal, and the paths of its pages by name: for strangers and for the officer."""

    url: str
    public: dict[str, str]
    officer: dict[str, str]


@contextmanager
def serve(
    folder: Path, fill: "Callable[[Services], tuple[dict[str, str], dict[str, str]]] | None" = None
) -> Iterator[Site]:
    """Serve the portal with sample rows on a free port of this machine; `fill` puts in others."""
    services = build_services(folder, Clock(), "http://127.0.0.1")
    site_of = (fill or sample)(services)
    with running(services, build_app(services)) as url:
        yield Site(url, *site_of)


@dataclass(frozen=True)
class Planted:
    """A folder with rows, the key that opens it, and the paths that `fill` returned."""

    folder: Path
    master_key: bytes
    paths: tuple[dict[str, str], dict[str, str]]


def plant(
    folder: Path, fill: "Callable[[Services], tuple[dict[str, str], dict[str, str]]]"
) -> Planted:
    """Put rows into a folder that is never served: each test that changes them has a copy."""
    master_key = os.urandom(32)
    services = build_services(folder, Clock(), "http://127.0.0.1", master_key=master_key)
    try:
        return Planted(folder, master_key, fill(services))
    finally:
        services.database.close()


@contextmanager
def serve_copy(planted: Planted, folder: Path) -> Iterator[Site]:
    """Serve the portal with a copy of planted rows; `folder` must not exist yet.

    Its clock stands, so whatever was sent can be taken back.
    """
    shutil.copytree(planted.folder, folder)
    services = build_services(
        folder, Clock(), "http://127.0.0.1", undo_seconds="30", master_key=planted.master_key
    )
    with running(services, build_app(services)) as url:
        yield Site(url, *planted.paths)


@contextmanager
def running(services: Services, app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine, and close its services at the end.

    With `TESTS_ANSWER_LATE_MS`, each answer comes up to so many milliseconds late: a test that
    reads what has not arrived yet then fails nearly always, and not once in twenty runs.
    """
    server = make_server("127.0.0.1", 0, app, threaded=True)
    if latest := int(os.environ.get("TESTS_ANSWER_LATE_MS", "0")):
        app.before_request(lambda: time.sleep(random.uniform(0, latest / 1000)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        services.database.close()


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium so that it contacts nobody outside."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


def open_context(
    browser: Browser,
    *,
    width: int = 1440,
    scheme: Scheme = "light",
    has_script: bool = True,
    locale: str = "en",
) -> BrowserContext:
    """Give a fresh browser window of a width, which asks for pages in a language."""
    return browser.new_context(
        locale=locale,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=has_script,
        device_scale_factor=1,
    )


def sign_in(page: Page, site: Site, email: str = OFFICER) -> None:
    """Fill in the sign-in form, by its labels."""
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def sample(services: Services) -> tuple[dict[str, str], dict[str, str]]:
    """Put in people and submissions; return the paths of strangers' and the officer's pages."""
    accounts.create_with_password(services, OFFICER, "INTAKE", None, PASSWORD)
    accounts.create_with_password(services, COORDINATOR, "COORD", "VAST", PASSWORD)
    other = accounts.create_with_password(services, "second@iom.example", "INTAKE", None, PASSWORD)
    plain = samples.seed(services)
    samples.seed(
        services,
        due_in=timedelta(minutes=48),
        age=timedelta(minutes=72),
        priority="urgent",
        reason="registered_sender_and_reference",
    )
    taken = samples.seed(
        services,
        due_in=-timedelta(hours=1, minutes=5),
        age=timedelta(days=1, hours=2),
        parts=samples.REFERRAL_PARTS[:2],
    )
    assignment.claim_item(services, gate.item_to_change(services, other, taken.item_id))
    hostile = _seed_hostile(services)
    bare = _seed_bare(services)
    samples.seed(
        services,
        queue="Q1",
        priority="emergency",
        reason="sender_says_urgent",
        due_in=timedelta(hours=1, minutes=40),
    )
    desk = _seed_desk(services)
    triage_pages = _seed_triage(services)
    invitation = accounts.invite_account(services, "new@iom.example", "CASH", None)
    case = links.case_reference(services, plain.submission_id)
    link = links.make_link(services, other, case)
    public = {
        "home": "/",
        "sign-in": "/sign-in",
        "invitation": f"/invitation/{invitation.url_token}",
        "invitation-over": "/invitation/no-such-token",
        "not-found": "/nothing-here",
        "send-papers": urlsplit(link.url).path,
        "send-over": "/send/no-such-link",
    }
    officer = {
        "welcome": "/",
        "queues": "/queues",
        "all-open": "/queues/all",
        "mine": "/queues/mine",
        "due-soon": "/queues/soon",
        "queue": "/queues/Q2",
        "queue-to-match": "/queues/Q3",
        "queue-empty": "/queues/Q6",
        "queue-narrow": "/queues/Q2?region=VAST&holder=nobody",
        "search": "/search",
        "submission": f"/submissions/{plain.reference}",
        "submission-hostile": f"/submissions/{hostile.reference}",
        "submission-bare": f"/submissions/{bare.reference}",
        **desk,
        **triage_pages,
        "triage-tasks": _seed_tasks(services),
        "case": f"/cases/{case}",
        "links": f"/links/{case}",
        "health": "/health",
        "staff-not-found": "/queues/Q99",
    }
    return public, officer


def _seed_triage(services: Services) -> dict[str, str]:
    """Put in one submission of each sort that officers meet; return their pages by name."""
    made = {
        "triage-clean": mixed.clean(services, 5),
        "triage-guessed": mixed.guessed(services, 6),
        "triage-untold": mixed.untold(services, 7),
        "triage-dated": mixed.dated(services, 8),
        "triage-arabic": mixed.arabic(services, 9),
        "triage-call-back": mixed.call_back(services, 10),
    }
    return {name: f"/submissions/{seeded.reference}" for name, seeded in made.items()}


def _seed_tasks(services: Services) -> str:
    """Put in a submission with tasks that are open and one that is done; return its page."""
    number = "+46 40 12 34 56"
    add_sender(services, "test", "main@region.example", "SYD", name="N. N.", phone=number)
    made = samples.seed(services, region="SYD", subject="Remiss med frågor")
    doer = accounts.create_with_password(services, "caller@iom.example", "INTAKE", None, PASSWORD)
    with services.database.transaction() as session:
        (entry,) = senders.of_region(session, "SYD")
        session.get_one(Submission, made.submission_id).sender_id = entry.id
    for kind in (TaskKind.CALL_SENDER, TaskKind.PROTECTION_SIGN, TaskKind.COORDINATOR_WROTE):
        ask(services, made, kind)
    done = gate.task_to_do(services, doer, ask(services, made, TaskKind.RECEIPT_BOUNCED))
    do_task.do_task(services, TEXTS, done, TaskReport("told_another_way", f"Called. {'w' * 120}"))
    return f"/submissions/{made.reference}"


def _seed_bare(services: Services) -> samples.Seeded:
    """Put in a submission that was only stored so far."""
    return samples.seed(
        services,
        queue=None,
        state="RECEIVED",
        parts=(),
        subject="",
        body_text="",
        history=HISTORY[:1],
        sender="",
        verdict=None,
        sender_reasons=[],
        item_count=None,
        reason=None,
        priority="unknown",
        with_case=False,
    )


def _seed_desk(services: Services) -> dict[str, str]:
    """Put in a submission of all kinds, with copies; return its pages by name."""
    seeded = samples.seed(services, parts=samples.DESK_PARTS, subject="Remiss och bilagor")
    rows = copies.documents_of(services, seeded.submission_id)
    letter, consent, photo = rows[1], rows[2], rows[7]
    copies.add_copy(services, letter.id)
    copies.add_copy(services, consent.id, copies.TEXTS[:2], ocr_state="due")
    copies.add_copy(services, photo.id, ("",), reason="too_many_pages", size=(877, 620))
    copies.add_failed_copy(services, rows[8].id, "no_copy_timeout")
    second = accounts.create_with_password(services, "third@iom.example", "INTAKE", None, PASSWORD)
    infected = rows[5]
    quarantine.ask_release(
        services,
        gate.document_to_change(services, second, infected.id),
        "The region needs the annex today.",
    )
    viewer = f"/documents/{letter.id}"
    return {
        "submission-desk": f"/submissions/{seeded.reference}",
        "viewer": viewer,
        "viewer-beside": f"{viewer}?beside={consent.id}",
        "viewer-photo": f"/documents/{photo.id}",
        "viewer-held": f"/documents/{rows[3].id}",
        "quarantine": "/quarantine",
    }


def _seed_hostile(services: Services) -> samples.Seeded:
    return samples.seed(
        services,
        queue="Q3",
        state="HOLDING",
        priority="unknown",
        verdict="unknown",
        reason="sender_unknown",
        sender_reasons=["address_not_registered"],
        sender=f"{'a' * 60}@{'b' * 60}.example",
        subject="موضوع الرسالة " + samples.CANARY,
        body_text="السلام عليكم،\n\nأرسل لكم الوثائق المطلوبة.\n"
        + samples.CANARY
        + "\n"
        + "w" * 300,
        with_case=False,
        flags=["duplicate_header", "boundary_reused"],
        parts=(
            Part("x" * 200 + ".pdf", "INFECTED", "malware:Win.Test.EICAR_HDB-1"),
            Part(samples.DANGEROUS_NAME, "UNREADABLE", "pdf_cannot_be_opened"),
        ),
    )
