"""Build real services on scratch storage, with a clock that tests set and a queue that records.

Nothing of ours is patched: the stand-ins have the signatures of what they stand for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from intake.bootstrap import build_services
from intake.core.services import Services
from intake.core.settings import read_settings
from intake.inspection.scanner import Scan, ScanOutcome
from intake.outbox.mail_texts import MailTexts
from intake.pipeline.worker_services import WorkerServices
from intake.sandbox.interface import Jails
from intake.senders.authenticity.organisational_domain import Organisation, load_organisations
from storage.database import Session
from tests.support.laid_tables import lay_tables
from tests.support.learnt import LearntReaders

if TYPE_CHECKING:
    from intake.inspection.yara_rules import BuiltInRules

MAIL_TEXTS = Path(__file__).parents[2] / "templates" / "mail"
# A Tuesday of the office's winter, 10:42 in Helsinki: the day of the receipt in requirement 117.
STARTED_AT = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)
# clamd's own words for a release whose signatures are of this morning.
SCANNER_RELEASE = "ClamAV 1.4.6/27500/Tue Nov 24 06:00:00 2026"


@dataclass
class Clock:
    """A clock that stands until a test sets it."""

    at: datetime = STARTED_AT

    def now(self) -> datetime:
        """Return the present moment of the test."""
        return self.at

    def advance(self, step: timedelta) -> None:
        """Let time pass."""
        self.at += step


@dataclass
class RecordingQueue:
    """A stand-in for the workflow queue: it keeps the ids of what would be worked on."""

    enqueued: list[str] = field(default_factory=list)
    rounds: list[tuple[str, str]] = field(default_factory=list)

    def enqueue(self, session: Session, submission_id: str) -> None:
        """Remember one submission."""
        self.enqueued.append(submission_id)

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Remember one further round."""
        self.rounds.append((submission_id, round_name))
        return True


@dataclass
class ScriptedScanner:
    """A stand-in for a malware scanner: it answers what a test says, and FOUND for given bytes."""

    answer: Scan = field(default_factory=lambda: Scan(ScanOutcome.CLEAN))
    answers_by_content: dict[bytes, Scan] = field(default_factory=dict)
    release: str | None = SCANNER_RELEASE

    def scan(self, content: bytes) -> Scan:
        """Answer by the script: the first listed bytes that occur decide."""
        for listed, answer in self.answers_by_content.items():
            if listed in content:
                return answer
        return self.answer

    def version(self) -> str | None:
        """Return the scanner's release, None when it is away."""
        return self.release


def make_services(
    folder: Path,
    database_url: str | None = None,
    now: Callable[[], datetime] | None = None,
    **environ: str,
) -> Services:
    """Build services on prepared storage below `folder`; `environ` are further settings.

    The caller closes `services.database`.
    """
    services = unprepared_services(folder, database_url, now, **environ)
    lay_tables(services.database)
    with services.database.transaction() as session:
        services.keyring.prepare(session, services.now())
    return services


def unprepared_services(
    folder: Path,
    database_url: str | None = None,
    now: Callable[[], datetime] | None = None,
    **environ: str,
) -> Services:
    """Build services whose tables do not exist yet."""
    settings = read_settings(settings_environ(folder, database_url, environ))
    return build_services(
        settings, make_queue=lambda _database: RecordingQueue(), now=now or Clock().now
    )


def settings_environ(
    folder: Path, database_url: str | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of a scratch installation."""
    database = {"AVRR_DATABASE_URL": database_url} if database_url else {}
    return {"AVRR_DATA_DIR": str(folder), "AVRR_UNDO_SECONDS": "0", **database, **(environ or {})}


def make_worker_services(
    services: Services, jails: Jails, *, scanner: ScriptedScanner | None = None
) -> WorkerServices:
    """Build what the worker's steps use, with the office's own texts and the built-in rules."""
    return WorkerServices(
        services=services,
        jails=jails,
        renderers=jails,
        office=None,
        rules=_built_in_rules(),
        scanner=scanner,
        texts=MailTexts(MAIL_TEXTS),
        readers=LearntReaders(services.settings.data_dir),
        organisation=_organisations(),
    )


# A worker loads these once for its life; a test process, which builds many, does the same.
@cache
def _built_in_rules() -> "BuiltInRules":
    from intake.inspection.yara_rules import BuiltInRules

    return BuiltInRules.load()


@cache
def _organisations() -> Organisation:
    return load_organisations()


def enqueued(services: Services) -> Sequence[str]:
    """Return the ids that were handed to the recording queue."""
    assert isinstance(services.queue, RecordingQueue)
    return services.queue.enqueued
