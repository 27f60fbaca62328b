"""Describe the sandbox as the steps of the worker use it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from .protocol.charsets import NOTHING_CHOSEN
from .protocol.limits import TimeLeft
from .protocol.unpacked import NO_KEYS, Keys

if TYPE_CHECKING:
    from .protocol.pdf import PdfFacts
    from .protocol.rendition import Rendition
    from .protocol.results import DeliveryReport, Inspection, MailFacts, OpenedMail
    from .protocol.unpacked import Unpacked


class Jails(Protocol):
    """The sandbox, as the steps see it. Every method may raise JailError.

    `left` is what the steps of one inspection share; ParseTimeout is raised once it is used up.
    """

    @property
    def mode(self) -> str:
        """Say how strong the walls are: `bubblewrap` or `reduced`."""

    def start(self) -> None:
        """Start the jails. Raises JailUnavailable."""

    def close(self) -> None:
        """End the jails."""

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> "OpenedMail":
        """Parse a whole message; `charsets` are codecs chosen for parts, by their paths."""

    def read_header(self, raw_header: bytes) -> "MailFacts":
        """Parse a header block alone."""

    def check_signed_parts(self, raw: bytes, *, left: TimeLeft | None = None) -> Mapping[str, str]:
        """Check the signatures that stand beside signed parts; codes by the signatures' paths."""

    def read_delivery_report(self, raw: bytes) -> "DeliveryReport":
        """Read what a message says about the delivery of another one."""

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        keys: Keys = NO_KEYS,
        left: TimeLeft | None = None,
    ) -> "Unpacked":
        """Open one container one level; `keys` are tried on what is encrypted to us."""

    def render(self, content: bytes, detected_type: str) -> "Rendition":
        """Turn one document into pictures of its pages."""

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> "Inspection":
        """Judge one document's type and structure."""

    def form_fields(self, content: bytes) -> "PdfFacts":
        """Read a PDF's form and the sizes of its pages."""
