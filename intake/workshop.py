"""What the two steps need beyond the common services: the jail, the scanners, the texts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from intake.authenticity.own_check import SignatureJail
from intake.jail.unpacked import NO_KEYS, Keys

if TYPE_CHECKING:
    from intake.authenticity.own_check import Ask
    from intake.authenticity.suffixes import Organisation
    from intake.jail.answers import Inspection, MailFacts, OpenedMail
    from intake.jail.delivery import DeliveryReport
    from intake.jail.office_converter import OfficeConverter
    from intake.jail.pdf_facts import PdfFacts
    from intake.jail.rendition import Rendition
    from intake.jail.unpacked import Unpacked
    from intake.readers import Readers
    from intake.receipts import ReceiptTexts
    from intake.rules import BuiltInRules
    from intake.scanner import Scanner
    from intake.services import Services

# A step that fails this often on one submission hands it to a person (architecture.md §4).
MOST_ATTEMPTS = 3


class Jails(Protocol):
    """The sandbox, as the steps see it. Every method may raise JailError."""

    @property
    def mode(self) -> str:
        """Tell how strong the walls are: `bubblewrap` or `reduced`."""

    def start(self) -> None:
        """Start the jails. Raises JailUnavailable."""

    def close(self) -> None:
        """End the jails."""

    def open_mail(self, raw: bytes) -> "OpenedMail":
        """Parse a whole message."""

    def read_header(self, raw_header: bytes) -> "MailFacts":
        """Parse a header block alone."""

    def read_delivery_report(self, raw: bytes) -> "DeliveryReport":
        """Read what a message says about the delivery of another one."""

    def unpack(
        self, content: bytes, detected_type: str, claimed_name: str, *, keys: Keys = NO_KEYS
    ) -> "Unpacked":
        """Open one container one level; `keys` are tried on what is encrypted to us."""

    def render(self, content: bytes, detected_type: str) -> "Rendition":
        """Turn one document into pictures of its pages."""

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> "Inspection":
        """Judge one document's type and structure."""

    def form_fields(self, content: bytes) -> "PdfFacts":
        """Read a PDF's form and the sizes of its pages."""


class Signers(SignatureJail, Protocol):
    """The jail that reads and verifies signatures; slower than the others' bounds allow."""

    def start(self) -> None:
        """Start the jail. Raises JailUnavailable."""

    def close(self) -> None:
        """End the jail."""


@dataclass(frozen=True)
class OwnCheckTools:
    """What our own check of who wrote needs: a jail, and somebody to ask for records."""

    signers: Signers
    ask: "Ask"


@dataclass(frozen=True)
class Workshop:
    """Everything that a worker's steps use; `scanner` is None where none is configured.

    `renderers` are jails of their own, so that a document that is slow to draw never
    keeps a message from being opened. `office` is None where LibreOffice is not installed,
    `own_check` where no resolver is configured.
    """

    services: "Services"
    jails: Jails
    renderers: Jails
    office: "OfficeConverter | None"
    rules: "BuiltInRules"
    scanner: "Scanner | None"
    texts: "ReceiptTexts"
    readers: "Readers"
    organisation: "Organisation"
    own_check: OwnCheckTools | None = None
    keys: Keys = NO_KEYS
