"""Build what a worker needs from its settings."""

from pathlib import Path
from typing import TYPE_CHECKING

from intake.core.services import Services
from intake.inspection.scanner import Clamd
from intake.inspection.yara_rules import BuiltInRules
from intake.outbox.mail_texts import MailTexts
from intake.pipeline.worker_services import WorkerServices
from intake.recognition.models import Readers
from intake.sandbox import Duty, JailPool, Limits
from intake.sandbox.host.office_converter import OfficeConverter
from intake.sandbox.protocol.unpacked import Keys, SmimeKey
from intake.senders.authenticity.dns import ResolverAddress, TxtResolver
from intake.senders.authenticity.organisational_domain import load_organisations
from intake.senders.identify import OwnCheckTools

if TYPE_CHECKING:
    from intake.core.settings import Settings

JAILS = 2
RENDERERS = 2
# Drawing has a lower priority than opening and scanning: receipt and queue come before pictures.
RENDERERS_NICENESS = 15
# The receipt waits for this check, so a message that takes longer counts as not checked.
SIGNATURE_LIMITS = Limits(cpu_seconds=3, wall_seconds=5.0)


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
        texts=MailTexts(mail_texts),
        readers=Readers(settings.data_dir),
        organisation=load_organisations(),
        own_check=_own_check(settings),
    )


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
