"""Group what every use case needs: settings, database, files, keys, queue, hours and time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from intake.core.fair_line import FairLine
from intake.core.running_hashes import RunningHashes

if TYPE_CHECKING:
    from intake.core.office_clock import Office
    from intake.core.settings import Settings
    from storage.blobs.blobs import BlobStore
    from storage.crypto.keys import Keyring
    from storage.database import Database, Session


class WorkQueue(Protocol):
    """Passes submissions to the workers."""

    def enqueue(self, session: "Session", submission_id: str) -> None:
        """Start the submission's workflow when the transaction commits."""

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Start a further workflow, after the commit; False while one is waiting or running."""


# Two processes serve the portal: so 38 MiB at once, and nobody waits for more than a second or two.
# Each who waits holds one of the threads for pages, of which some must be left.
HASHED_AT_ONCE = 1
WAITING_TO_BE_HASHED = 28


def _hashing_line() -> FairLine:
    return FairLine(HASHED_AT_ONCE, WAITING_TO_BE_HASHED)


@dataclass(frozen=True)
class Services:
    """The parts of one process, built once (`intake.bootstrap`).

    `now` gives aware UTC times. `offices` are the dated rules of working time, oldest first.
    `hashes` is known to this process alone, and so is `hashing`, the line before every password
    that is hashed.
    """

    settings: "Settings"
    database: "Database"
    blobs: "BlobStore"
    keyring: "Keyring"
    queue: WorkQueue
    offices: "tuple[Office, ...]"
    now: Callable[[], datetime]
    hashes: RunningHashes = field(default_factory=RunningHashes)
    hashing: FairLine = field(default_factory=_hashing_line)
