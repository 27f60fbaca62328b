"""Check threat B60: what stands in the engine's tables is data, and never runs.

A real worker runs as its own process on a database into which somebody wrote pickles.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from intake.arrivals.accept import MailArrival, accept_mail
from intake.bootstrap import prepare_storage
from intake.core.services import Services
from intake.oversight.health import Check, check_health
from intake.oversight.verify import verify_storage
from intake.pipeline import work_queue
from intake.sandbox import JailPool
from storage.operations import engine_rows
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Submission
from tests.flow.installation import ROUTED, wait_for
from tests.intake.pipeline.planted_rows import (
    LABELS,
    Payload,
    labels,
    plant_everywhere,
    swap_arguments,
    waiting,
)
from tests.samples.mail.mails import referral
from tests.support.building import (
    RecordingQueue,
    make_services,
    make_worker_services,
    settings_environ,
)
from tests.support.desk import Desk
from tests.support.fixtures import BOTH
from tests.support.learnt import lay_model

ROOT = Path(__file__).parents[3]
LONG_AGO = timedelta(minutes=20)


@pytest.fixture(params=BOTH, ids=["sqlite", "postgresql"])
def old_services(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """Give services with the engine's own queue, whose mail came twenty minutes ago."""
    url = request.getfixturevalue("database_url") if request.param != "sqlite" else None
    built = make_services(tmp_path / "var", url, lambda: datetime.now(UTC) - LONG_AGO)
    queue = work_queue.IntakeQueue(built.database)
    lay_model(built)
    yield replace(built, queue=queue)
    queue.close()
    built.database.close()


def mail(number: int) -> bytes:
    """Return one of several mails."""
    return referral(message_id=f"<{number}@example.org>", token=str(number))


def accept(services: Services, number: int = 1) -> str:
    """Store a mail and return its submission's id."""
    arrival = MailArrival(
        "referrals",
        Place("referrals", "INBOX", 7, number),
        mail(number),
        "aa" * 32,
    )
    return accept_mail(services, arrival).submission_id


@contextmanager
def working(services: Services, folder: Path) -> Iterator[Path]:
    """Run `flask work` as its own process; give the file that it logs into."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AVRR_")}
    settings = services.settings
    environ = others | settings_environ(settings.data_dir, settings.database_url)
    log = folder / "work.log"
    with log.open("wb") as target:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "work"],
            cwd=ROOT,
            env=environ,
            stdout=target,
            stderr=target,
        )
        try:
            yield log
        finally:
            process.terminate()
            process.wait(timeout=60)


def engine_check(services: Services) -> Check:
    """Return what health says about the engine now."""
    present = replace(services, now=lambda: datetime.now(UTC))
    return next(check for check in check_health(present).checks if check.name == "engine")


def is_routed(services: Services, *submission_ids: str) -> bool:
    """Tell whether submissions are before a person."""
    with services.database.reading() as session:
        found = session.scalar(
            select(func.count())
            .select_from(Submission)
            .where(Submission.id.in_(submission_ids), Submission.state.in_(ROUTED))
        )
    return found == len(submission_ids)


def test_a_pickle_in_any_text_of_the_engine_never_runs(
    old_services: Services, tmp_path: Path
) -> None:
    trace = tmp_path / "ran"
    trace.mkdir()
    with working(old_services, tmp_path) as log:
        wait_for(lambda: engine_check(old_services).status == "ok", "the worker lives", 120)
        # Planted beside a running worker, which claims most rows before it looks for foreign ones.
        submission_id = accept(old_services)
        planted = plant_everywhere(old_services.database, submission_id, trace)
        wait_for(lambda: is_routed(old_services, submission_id), "the mail is before a person", 120)
        wait_for(lambda: waiting(old_services.database) == 0, "every planted row was met", 120)
        # The rest stands in no queue of the worker, which looks for such rows from time to time.
        wait_for(lambda: "event=engine_rows_refused" in log.read_text(), "the rest is met", 120)
    met = log.read_text()
    with working(old_services, tmp_path) as log:
        wait_for(lambda: engine_check(old_services).status == "degraded", "health says it", 120)
        found = engine_check(old_services).detail

    assert len(planted) > 100
    assert [path.name for path in trace.iterdir()] == []
    assert "event=engine_pickle_refused" in met
    assert "event=engine_values_refused table=workflow_schedules column=context" in log.read_text()
    assert "were not read: somebody else has written to the database" in found
    named = " ".join(verify_storage(old_services).faults)
    for table, (_, columns) in engine_rows.VALUES.items():
        for column in columns:
            assert f"the engine's {table}.{column} of " in named


def test_a_submission_whose_row_was_swapped_for_a_pickle_is_worked_anew(
    old_services: Services, tmp_path: Path
) -> None:
    """The ledger knows it: no planted row can keep a mail from a person."""
    ran = tmp_path / "ran"
    swapped = {}
    for number, label in enumerate(LABELS, start=1):
        submission_id = accept(old_services, number)
        swapped[submission_id] = label
        swap_arguments(old_services.database, submission_id, label, Payload(ran))

    with working(old_services, tmp_path) as log:
        wait_for(lambda: is_routed(old_services, *swapped), "all mails are before a person", 120)

    assert not ran.exists()
    assert "event=engine_rows_refused workflows=4" in log.read_text()


def test_work_of_the_last_release_goes_on_after_the_upgrade(
    old_services: Services, jails: JailPool, tmp_path: Path
) -> None:
    unqueued = replace(old_services, queue=RecordingQueue())
    desk = Desk(make_worker_services(unqueued, jails))
    waits, begun = desk.accept(mail(1)), desk.open(mail(2))
    url = old_services.settings.database_url
    command = [sys.executable, "-m", "tests.intake.pipeline.last_release", url, waits, begun]
    left = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120)
    assert left.returncode == 9, left.stderr
    assert labels(old_services.database) == {"py_pickle"}

    prepare_storage(old_services)
    converted = labels(old_services.database)
    with working(old_services, tmp_path) as log:
        wait_for(lambda: is_routed(old_services, waits, begun), "both are before a person", 120)

    assert converted == {"portable_json"}
    # They went on as they stood, and were not put in anew by the ledger.
    assert "event=submission_started_again" not in log.read_text()
    assert verify_storage(old_services).faults == ()
