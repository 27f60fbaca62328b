"""Ask a jail for one thing at a time, and check what comes back.

This is the one door to every parser of untrusted bytes (requirement 132).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..checks import pdf as form_field_checks
from ..checks import results
from ..checks import signatures as signature_checks
from ..checks import unpacked as unpacked_checks
from ..protocol import pdf, rendition, unpacked
from ..protocol import results as answers
from ..protocol import signatures as signed
from ..protocol.charsets import NOTHING_CHOSEN
from ..protocol.errors import JailError, JailUnavailable, ParseCrash, ParseTimeout
from ..protocol.limits import TimeLeft
from . import rendering
from .process import Answer, JailProcess, Request

__all__ = ["Answer", "Document", "Jail"]


@dataclass(frozen=True)
class Document:
    """Hold one document to inspect, with what its sender says about it."""

    content: bytes
    claimed_type: str
    claimed_name: str


class Jail(JailProcess):
    """Run the parsers in a process that can reach nothing; one request at a time.

    The steps of one inspection are given the same `left`, so that all of them together end in time.
    A step for which nothing is left raises ParseTimeout as one that used it up.
    """

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> answers.OpenedMail:
        """Return the facts and the leaves of a raw message.

        `charsets` are codecs in which parts are read whatever they declare, by their paths.
        """
        head, blobs = self._request("open_mail", {"charsets": dict(charsets)}, [raw], left)
        return results.read_opened_mail(head, blobs)

    def read_header(self, raw_header: bytes) -> answers.MailFacts:
        """Return the facts of the first 256 KiB of a message, for when opening it failed."""
        # One byte more, so that the reader sees that there was more.
        cut = raw_header[: answers.MAX_HEADER_BYTES + 1]
        head, _ = self._request("read_header", {}, [cut])
        return results.read_facts(head)

    def check_signed_parts(self, raw: bytes, *, left: TimeLeft | None = None) -> dict[str, str]:
        """Return what came of checking the signatures of parts in a message, by their paths.

        Each is one of `signs.OF_A_SIGNATURE`; a signature that is not named was not checked.
        """
        head, _ = self._request("check_signed_parts", {}, [raw], left)
        return results.read_checked(head)

    def read_delivery_report(self, raw: bytes) -> answers.DeliveryReport:
        """Return what a message says about the delivery of another one."""
        head, _ = self._request("read_delivery_report", {}, [raw])
        return results.read_delivery_report(head)

    def signatures(self, raw: bytes) -> signed.ClaimedSignatures:
        """Return whom a message's DKIM signatures name; only the header goes to the jail."""
        head, _ = self._request("signatures", {}, [raw[: answers.MAX_HEADER_BYTES + 1]])
        return signature_checks.read_claims(head)

    def check_signatures(
        self, raw: bytes, records: Mapping[str, bytes], at_seconds: int
    ) -> tuple[signed.SignatureResult, ...]:
        """Verify those signatures whose key records are given.

        `records` hold the published key by `DkimClaim.key_name`, b"" where none is published;
        `at_seconds` is Unix time, against which the signatures may have expired.
        """
        asked, blobs = signature_checks.question(records, at_seconds)
        head, _ = self._request("check_signatures", asked, [raw, *blobs])
        return signature_checks.read_results(head)

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> answers.Inspection:
        """Return what the parsers say about one document; raise JailError when it fails."""
        asked = _inspection(Document(content, claimed_type, claimed_name))
        head, _ = self._request(asked.operation, asked.arguments, asked.blobs, left)
        return results.read_inspection(head)

    def inspect_many(self, documents: Sequence[Document]) -> list[answers.Inspection]:
        """Return an inspection for each document in order, one child each.

        A document whose child fails is `held` with the failure as its reason (`parse_timeout`,
        `parse_crash`, `output_refused`), so that one bomb does not cost the other documents
        their answer. Only JailUnavailable is raised.
        """
        inspections = []
        for outcome in self._outcomes([_inspection(document) for document in documents]):
            try:
                if isinstance(outcome, JailError):
                    raise outcome
                inspections.append(results.read_inspection(outcome[0]))
            except JailUnavailable:
                raise
            except JailError as error:
                inspections.append(_held(error))
        return inspections

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
        return rendering.render(
            lambda arguments, blobs, share: self._request("render", arguments, blobs, share),
            content,
            detected_type,
            dpi=dpi,
            max_pages=max_pages,
            batch_seconds=min(self._limits.cpu_seconds, self._limits.wall_seconds) / 2,
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
        """Return what one container holds, one level deep; passwords and keys are only tried.

        A key goes only to a child of its own, and only for a message that is locked for its kind.
        """
        asked = unpacked.question(detected_type, claimed_name, passwords, unpacked.NO_KEYS, limits)
        opened = self._unpack(asked, content, left)
        fitting = keys.for_lock(opened.reason) if opened.state == "locked" else unpacked.NO_KEYS
        if fitting == unpacked.NO_KEYS:
            return opened
        asked = unpacked.question(detected_type, claimed_name, (), fitting, limits)
        decrypted = self._unpack(asked, content, left)
        if not decrypted.children:
            return decrypted
        *around, plain = decrypted.children
        asked = unpacked.question(
            "", plain.claimed_name, (), unpacked.NO_KEYS, limits, is_decrypted=True
        )
        contents = self._unpack(asked, plain.content, left)
        flags = tuple(sorted({*decrypted.flags, *contents.flags}))
        children = (*around, *contents.children) if contents.state == "opened" else ()
        return replace(contents, children=children, flags=flags)

    def _unpack(
        self, asked: dict[str, object], content: bytes, left: TimeLeft | None
    ) -> unpacked.Unpacked:
        head, blobs = self._request("unpack", asked, [content], left)
        return unpacked_checks.read_unpacked(head, blobs)

    def form_fields(self, content: bytes) -> pdf.PdfFacts:
        """Return the fields of a PDF's form and its pages' sizes."""
        head, _ = self._request("form_fields", {}, [content])
        return form_field_checks.read_pdf_facts(head)

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return a file without its password, or None when the password does not open it."""
        asked = unpacked.question(
            detected_type, "", (password,), unpacked.NO_KEYS, unpacked.DEFAULT_LIMITS
        )
        head, blobs = self._request("unlock", asked, [content])
        return unpacked_checks.read_unlocked(head, blobs)


def _inspection(document: Document) -> Request:
    claims: dict[str, object] = {
        "claimed_type": document.claimed_type,
        "claimed_name": document.claimed_name,
    }
    return Request("inspect", claims, [document.content])


def _held(error: JailError) -> answers.Inspection:
    """Return the inspection of a document whose child failed."""
    names = {ParseTimeout: "parse_timeout", ParseCrash: "parse_crash"}
    reason = names.get(type(error), "output_refused")
    return answers.Inspection("application/octet-stream", "held", reason, (error.reason,), None)
