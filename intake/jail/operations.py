"""Know the operations that a child can be asked for, and what to load before the first.

Runs inside the jail; imports the parsers. Each takes the arguments and the blobs of a request and
returns the head and the blobs of the answer.
"""

import dataclasses
import platform
from collections.abc import Callable, Sequence

from . import documents, lockdown, mail, render, text, unlock, unpack

Answer = tuple[dict[str, object], list[bytes]]
Operation = Callable[[dict[str, object], Sequence[bytes]], Answer]


def load_operations() -> dict[str, Operation]:
    """Load all that a child will need, for it can open no file itself; return the operations."""
    lockdown.assemble_filter(platform.machine())
    text.load_codecs()
    inspector = documents.load_inspector()

    def inspect(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with what the parsers say about one document."""
        claimed_type, claimed_name = str(arguments["claimed_type"]), str(arguments["claimed_name"])
        return dataclasses.asdict(inspector.inspect(blobs[0], claimed_type, claimed_name)), []

    return {
        "open_mail": open_mail,
        "read_header": read_header,
        "inspect": inspect,
        "render": render.load_renderer().render,
        "unpack": unpack.load_openers(),
        "unlock": unlock.load_unlocker(),
    }


def open_mail(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the facts, the leaves' descriptions in order, and their bytes as blobs."""
    opened = mail.open_mail(blobs[0])
    parts = [
        {
            "path": leaf.path,
            "parent": leaf.parent,
            "role": leaf.role,
            "claimed_name": leaf.claimed_name,
            "claimed_type": leaf.claimed_type,
            "content_id": leaf.content_id,
            "defects": leaf.defects,
        }
        for leaf in opened.leaves
    ]
    head: dict[str, object] = {
        "facts": dataclasses.asdict(opened.facts),
        "parts": parts,
        "flags": opened.flags,
        "body_text": opened.body_text,
    }
    return head, [leaf.content for leaf in opened.leaves]


def read_header(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the facts of a header alone."""
    return {"facts": dataclasses.asdict(mail.read_header(blobs[0]))}, []
