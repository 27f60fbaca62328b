"""Build the parts of a process from its settings; `wsgi.py` calls this.

Nothing connects here. The first start of an embedded installation makes its own keys; in
production they must exist.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from intake.core import office_clock
from intake.core.errors import SettingInvalid
from intake.core.services import Services, WorkQueue
from intake.inspection.scanner import Clamd
from intake.inspection.yara_rules import BuiltInRules
from intake.outbox.message import ReceiptTexts
from intake.pipeline import engine
from intake.pipeline.worker_services import WorkerServices
from intake.recognition.models import Readers
from intake.sandbox import Duty, JailPool, Limits
from intake.sandbox.host.office_converter import OfficeConverter
from intake.sandbox.protocol.unpacked import Keys, SmimeKey
from intake.senders.authenticity.dns import ResolverAddress, TxtResolver
from intake.senders.authenticity.organisational_domain import load_organisations
from intake.senders.identify import OwnCheckTools
from storage import schema
from storage.blobs.blobs import Backend, BlobStore
from storage.blobs.bucket import open_bucket
from storage.blobs.folder import FolderBackend
from storage.crypto.keys import Keyring, load_master_key, make_secret_file, read_secret
from storage.database import Database, open_database

if TYPE_CHECKING:
    from intake.core.settings import Settings

JAILS = 2
RENDERERS = 2
# Drawing has a lower priority than opening and scanning: receipt and queue come before pictures.
RENDERERS_NICENESS = 15
# The receipt waits for this check, so a message that takes longer counts as not checked.
SIGNATURE_LIMITS = Limits(cpu_seconds=3, wall_seconds=5.0)


def build_services(
    settings: "Settings",
    *,
    make_queue: Callable[[Database], WorkQueue] = engine.IntakeQueue,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Services:
    """Open database, blobs and keys. Raises SettingInvalid with the setting's name."""
    make_embedded_keys(settings)
    database = open_database(settings.database_url)
    return Services(
        settings=settings,
        database=database,
        blobs=BlobStore(_backend(settings)),
        keyring=Keyring(load_master_key(settings.master_key_file)),
        queue=make_queue(database),
        offices=office_clock.load_offices(),
        now=now,
    )


def build_worker_services(services: Services, mail_texts: Path) -> WorkerServices:
    """Build what a worker needs; the jails start at their first use."""
    settings = services.settings
    renderers = JailPool(
        RENDERERS,
        allow_reduced=not settings.is_production,
        niceness=RENDERERS_NICENESS,
        families=((Duty.PICTURES,),),
    )
    office = OfficeConverter(renderers)
    return WorkerServices(
        services=services,
        jails=JailPool(
            JAILS,
            allow_reduced=not settings.is_production,
            families=((Duty.MAIL,), (Duty.DOCUMENTS,)),
        ),
        renderers=renderers,
        office=office if office.is_available() else None,
        keys=_mail_keys(settings),
        rules=BuiltInRules.load(),
        scanner=Clamd(settings.clamd_url) if settings.clamd_url else None,
        texts=ReceiptTexts(mail_texts),
        readers=Readers(settings.data_dir),
        organisation=load_organisations(),
        own_check=_own_check(settings),
    )


def prepare_storage(services: Services) -> None:
    """Migrate our tables and the engine's, and make the system's key when there is none."""
    schema.upgrade(services.database)
    engine.prepare(services.settings.database_url)
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


def _own_check(settings: "Settings") -> OwnCheckTools | None:
    if settings.dns_resolver is None:
        return None
    signers = JailPool(
        1,
        limits=SIGNATURE_LIMITS,
        allow_reduced=not settings.is_production,
        families=((Duty.SIGNATURES,),),
    )
    return OwnCheckTools(signers, TxtResolver(ResolverAddress(*settings.dns_resolver)).ask)


def _mail_keys(settings: "Settings") -> Keys:
    files = settings.mail_keys
    smime: tuple[SmimeKey, ...] = ()
    if files.smime_key_file is not None and files.smime_certificate_file is not None:
        key, certificate = files.smime_key_file, files.smime_certificate_file
        smime = (SmimeKey(key.read_text("ascii"), certificate.read_text("ascii")),)
    pgp = files.pgp_key_file
    return Keys(smime=smime, pgp=(pgp.read_text("utf-8"),) if pgp is not None else ())


def _backend(settings: "Settings") -> Backend:
    if settings.blobs_url.startswith("file://"):
        return FolderBackend(Path(unquote(urlsplit(settings.blobs_url).path)))
    return open_bucket(settings.blobs_url, settings.s3_endpoint)
