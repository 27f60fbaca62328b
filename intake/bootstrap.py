"""Build the parts of a process from its settings; `wsgi.py` calls this.

Nothing connects here; files of ours that others may read are closed to them. The first start of
an embedded installation makes its own keys; in production they must exist.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from intake.core import audit, office_clock
from intake.core.errors import SettingInvalid
from intake.core.services import Services, WorkQueue
from intake.oversight import open_files
from intake.pipeline import row_review, work_queue
from storage import schema
from storage.blobs.blobs import Backend, BlobStore
from storage.blobs.bucket import open_bucket
from storage.blobs.folder import FolderBackend
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, load_master_key, make_secret_file, read_secret
from storage.database import Database, open_database

if TYPE_CHECKING:
    from intake.core.settings import Settings


def build_services(
    settings: "Settings",
    *,
    make_queue: Callable[[Database], WorkQueue] = work_queue.IntakeQueue,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Services:
    """Open database, blobs and keys. Raises SettingInvalid with the setting's name."""
    open_files.close_to_others(settings)
    make_embedded_keys(settings)
    keyring = Keyring(load_master_key(settings.master_key_file))
    database = open_columns(open_database(settings.database_url), keyring)
    return Services(
        settings=settings,
        database=database,
        blobs=BlobStore(_backend(settings)),
        keyring=keyring,
        queue=make_queue(database),
        offices=office_clock.load_offices(),
        now=now,
    )


def prepare_storage(services: Services) -> None:
    """Migrate our tables with an old audit, the engine's and its rows; make the system's key."""
    schema.upgrade(services.database, then=partial(audit.key_old_chain, services))
    work_queue.prepare(services.settings.database_url)
    row_review.convert_old(services.database)
    with services.database.transaction() as session:
        services.keyring.prepare(session, services.now())


def read_secret_key(settings: "Settings") -> bytes:
    """Read the key that signs cookies."""
    return read_secret(settings.secret_key_file, "AVRR_SECRET_KEY_FILE")


def make_embedded_keys(settings: "Settings") -> None:
    """Make the keys of an embedded installation's first start.

    Raises SettingInvalid when there is a database already: only its own key opens it.
    """
    if settings.is_production:
        return
    database = urlsplit(settings.database_url)
    has_data = database.scheme == "sqlite" and Path(unquote(database.path)[1:]).is_file()
    if has_data and not settings.master_key_file.exists():
        raise SettingInvalid(
            "AVRR_MASTER_KEY_FILE: there is a database but not its key; restore the key file"
        )
    for path in (settings.master_key_file, settings.secret_key_file):
        if not path.exists():
            make_secret_file(path)


def _backend(settings: "Settings") -> Backend:
    if settings.blobs_url.startswith("file://"):
        return FolderBackend(Path(unquote(urlsplit(settings.blobs_url).path)))
    return open_bucket(settings.blobs_url, settings.s3_endpoint)
