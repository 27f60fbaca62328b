"""Load the operations that a child can be asked for.

The parsers are imported only when a duty needs them. An operation takes the arguments and the blobs
of a request and returns the head and the blobs of the answer. A new one is a row in
`duties.DUTY_OF` and a line in its duty's loader here.
"""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from ..protocol import charsets as known_charsets
from ..protocol.duties import Duty

if TYPE_CHECKING:
    from ..mail.parts import Leaf

Answer = tuple[dict[str, object], list[bytes]]
Operation = Callable[[dict[str, object], Sequence[bytes]], Answer]


def load_operations(duties: Collection[Duty]) -> dict[str, Operation]:
    """Load all that a child will need, since it can open no file; return the operations by name."""
    known_charsets.load_codecs()
    loaders: dict[Duty, Callable[[], dict[str, Operation]]] = {
        Duty.MAIL: _load_mail,
        Duty.SIGNATURES: _load_signatures,
        Duty.DOCUMENTS: _load_documents,
        Duty.LOCKS: _load_locks,
        Duty.PICTURES: _load_pictures,
    }
    operations: dict[str, Operation] = {}
    for duty in duties:
        operations |= loaders[duty]()
    return operations


def _load_mail() -> dict[str, Operation]:
    from ..mail import delivery_reports, message

    def open_mail(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with the facts, the leaves' descriptions in order, and their bytes as blobs."""
        opened = message.open_mail(blobs[0], _chosen(arguments.get("charsets")))
        head: dict[str, object] = {
            "facts": dataclasses.asdict(opened.facts),
            "parts": [_described(leaf) for leaf in opened.leaves],
            "flags": opened.flags,
            "body_text": opened.body_text,
            "pasted_sizes": opened.pasted_sizes,
        }
        return head, [leaf.content for leaf in opened.leaves]

    def read_header(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with the facts of a header alone."""
        return {"facts": dataclasses.asdict(message.read_header(blobs[0]))}, []

    def read_delivery_report(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with what a message says about another one's delivery."""
        return dataclasses.asdict(delivery_reports.read_delivery_report(blobs[0])), []

    return {
        "open_mail": open_mail,
        "read_header": read_header,
        "read_delivery_report": read_delivery_report,
    }


def _load_signatures() -> dict[str, Operation]:
    from ..mail import dkim

    return {
        "signatures": dkim.answer_signatures,
        "check_signatures": dkim.answer_checks,
    }


def _load_documents() -> dict[str, Operation]:
    from ..containers import mail, openers
    from ..formats import inspect_format, pdf_forms
    from ..mail import message

    inspector = inspect_format.load_inspector()

    def inspect(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with what the parsers say about one document."""
        claimed_type, claimed_name = str(arguments["claimed_type"]), str(arguments["claimed_name"])
        return dataclasses.asdict(inspector.inspect(blobs[0], claimed_type, claimed_name)), []

    def check_signed_parts(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with what came of checking the signatures in a mail, by their paths."""
        return {"checked": mail.check_signatures(message.open_mail(blobs[0]).signed)}, []

    return {
        "inspect": inspect,
        "unpack": openers.load_openers(),
        "check_signed_parts": check_signed_parts,
        "form_fields": pdf_forms.form_fields,
    }


def _load_locks() -> dict[str, Operation]:
    from ..containers import openers, unlock
    from ..formats import pdf

    pdf.load_pdf_readers()
    openers.load_openers()
    return {"unlock": unlock.load_unlocker()}


def _load_pictures() -> dict[str, Operation]:
    from ..render import renderer

    return {"render": renderer.load_renderer().render}


def _chosen(charsets: object) -> dict[str, str]:
    """Return the codecs that officers chose, by the paths of parts; only those that are loaded."""
    said = charsets if isinstance(charsets, dict) else {}
    return {str(path): codec for path, codec in said.items() if codec in known_charsets.NAMES}


def _described(leaf: "Leaf") -> dict[str, object]:
    return {
        "path": leaf.path,
        "parent": leaf.parent,
        "role": leaf.role,
        "claimed_name": leaf.claimed_name,
        "claimed_type": leaf.claimed_type,
        "content_id": leaf.content_id,
        "defects": leaf.defects,
    }
