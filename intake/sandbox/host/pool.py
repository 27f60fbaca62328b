"""Share out several jails to threads.

A jail serves one request at a time, so there are as many as requests should run side by side.
"""

import queue
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..protocol import pdf, rendition, results, unpacked
from ..protocol import signatures as signed
from ..protocol.charsets import NOTHING_CHOSEN
from ..protocol.duties import ALL_DUTIES, DUTY_OF, Duty
from ..protocol.limits import Limits, TimeLeft
from .jail import Document, Jail


@dataclass(frozen=True)
class _Family:
    """Hold the jails of the same duties, and which of them are free."""

    duties: Collection[Duty]
    jails: tuple[Jail, ...]
    free: "queue.LifoQueue[Jail]" = field(default_factory=queue.LifoQueue)


class JailPool:
    """Hand each request to a free jail, or let it wait for one; threads may share the pool.

    There are `size` jails for each of the `families` of duties: a request goes to the first that
    has its duty, and waits for that one's jails only. The jail used last is handed out first, so
    that an idle system keeps one process of a family warm.
    """

    def __init__(
        self,
        size: int,
        *,
        limits: Limits | None = None,
        allow_reduced: bool,
        niceness: int = 0,
        families: Sequence[Collection[Duty]] = (ALL_DUTIES,),
    ) -> None:
        self._families: list[_Family] = []
        for duties in families:
            jails = tuple(
                Jail(limits=limits, allow_reduced=allow_reduced, niceness=niceness, duties=duties)
                for _ in range(size)
            )
            family = _Family(duties, jails)
            for jail in jails:
                family.free.put(jail)
            self._families.append(family)

    @property
    def _jails(self) -> list[Jail]:
        return [jail for family in self._families for jail in family.jails]

    @property
    def mode(self) -> str:
        """Say what walls the running jails have: the weakest counts."""
        modes = {jail.mode for jail in self._jails}
        return next((mode for mode in ("reduced", "bubblewrap") if mode in modes), "not started")

    def start(self) -> None:
        """Start every jail; raise JailUnavailable when one cannot be started."""
        for jail in self._jails:
            jail.start()

    def close(self) -> None:
        """End every jail; each waits for the request that it is serving."""
        for jail in self._jails:
            jail.close()

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> results.OpenedMail:
        """Return the facts and the leaves of a raw message; see `Jail.open_mail`."""
        with self._jail("open_mail") as jail:
            return jail.open_mail(raw, charsets=charsets, left=left)

    def read_header(self, raw_header: bytes) -> results.MailFacts:
        """Return the facts of the first 256 KiB of a message, for when opening it failed."""
        with self._jail("read_header") as jail:
            return jail.read_header(raw_header)

    def check_signed_parts(self, raw: bytes, *, left: TimeLeft | None = None) -> dict[str, str]:
        """Return what came of checking the signatures of parts; see `Jail.check_signed_parts`."""
        with self._jail("check_signed_parts") as jail:
            return jail.check_signed_parts(raw, left=left)

    def read_delivery_report(self, raw: bytes) -> results.DeliveryReport:
        """Return what a message says about the delivery of another one."""
        with self._jail("read_delivery_report") as jail:
            return jail.read_delivery_report(raw)

    def signatures(self, raw: bytes) -> signed.ClaimedSignatures:
        """Return whom a message's DKIM signatures name."""
        with self._jail("signatures") as jail:
            return jail.signatures(raw)

    def check_signatures(
        self, raw: bytes, records: Mapping[str, bytes], at_seconds: int
    ) -> tuple[signed.SignatureResult, ...]:
        """Verify those signatures whose key records are given; see `Jail.check_signatures`."""
        with self._jail("check_signatures") as jail:
            return jail.check_signatures(raw, records, at_seconds)

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> results.Inspection:
        """Return what the parsers say about one document."""
        with self._jail("inspect") as jail:
            return jail.inspect(content, claimed_type, claimed_name, left=left)

    def inspect_many(self, documents: Sequence[Document]) -> list[results.Inspection]:
        """Return an inspection for each document in order; see `Jail.inspect_many`."""
        with self._jail("inspect") as jail:
            return jail.inspect_many(documents)

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int = rendition.DEFAULT_DPI,
        max_pages: int = rendition.DEFAULT_MAX_PAGES,
        original: rendition.Original | None = None,
        left: TimeLeft | None = None,
    ) -> rendition.Rendition:
        """Return one document as images of its pages; see `rendering.render`."""
        with self._jail("render") as jail:
            return jail.render(
                content,
                detected_type,
                dpi=dpi,
                max_pages=max_pages,
                original=original,
                left=left,
            )

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        passwords: Sequence[str] = (),
        keys: unpacked.Keys = unpacked.NO_KEYS,
        limits: unpacked.UnpackLimits = unpacked.DEFAULT_LIMITS,
        left: TimeLeft | None = None,
    ) -> unpacked.Unpacked:
        """Return what one container holds, one level deep; passwords and keys are only tried."""
        with self._jail("unpack") as jail:
            return jail.unpack(
                content,
                detected_type,
                claimed_name,
                passwords=passwords,
                keys=keys,
                limits=limits,
                left=left,
            )

    def form_fields(self, content: bytes) -> pdf.PdfFacts:
        """Return the fields of a PDF's form and its pages' sizes."""
        with self._jail("form_fields") as jail:
            return jail.form_fields(content)

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return a file without its password, or None when the password does not open it."""
        with self._jail("unlock") as jail:
            return jail.unlock(content, detected_type, password)

    @contextmanager
    def _jail(self, operation: str) -> Iterator[Jail]:
        duty = DUTY_OF[operation]
        free = next(family.free for family in self._families if duty in family.duties)
        jail = free.get()
        try:
            yield jail
        finally:
            free.put(jail)
