"""Group what the worker's steps use beyond the common services: jails, scanner, texts, models."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.inspection.tools import InspectionTools
from intake.safe_copies.tools import CopyTools
from intake.sandbox.protocol.unpacked import NO_KEYS, Keys
from intake.senders.identify import OwnCheckTools, SenderTools

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.inspection.scanner import Scanner
    from intake.inspection.yara_rules import BuiltInRules
    from intake.outbox.mail_texts import MailTexts
    from intake.recognition.models import Readers
    from intake.sandbox.host.office_converter import OfficeConverter
    from intake.sandbox.interface import Jails
    from intake.senders.authenticity.organisational_domain import Organisation

# A step that fails this often on one submission hands it to a person (requirement 129).
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class WorkerServices:
    """Everything that a worker's steps use; `scanner` is None where none is configured.

    `renderers` are separate jails, so that a document that is slow to draw never delays the
    opening of a message. `office` is None where LibreOffice is not installed, `own_check` where no
    resolver is configured.
    """

    services: "Services"
    jails: "Jails"
    renderers: "Jails"
    office: "OfficeConverter | None"
    rules: "BuiltInRules"
    scanner: "Scanner | None"
    texts: "MailTexts"
    readers: "Readers"
    organisation: "Organisation"
    own_check: OwnCheckTools | None = None
    keys: Keys = NO_KEYS

    @property
    def inspection(self) -> InspectionTools:
        """Return what inspecting documents may use."""
        return InspectionTools(self.services, self.jails, self.rules, self.scanner, self.keys)

    @property
    def copies(self) -> CopyTools:
        """Return what making safe copies may use."""
        return CopyTools(self.services, self.renderers, self.office)

    @property
    def senders(self) -> SenderTools:
        """Return what judging a sender may use."""
        return SenderTools(self.services, self.organisation, self.own_check)
