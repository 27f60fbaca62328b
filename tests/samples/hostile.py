"""List all hostile mail, for the tests that let everything in at once.

A test of one trick takes that trick's list from its own module.
"""

from tests.samples.files.parser_bombs import PARSER_BOMBS
from tests.samples.mail.file_names import HOSTILE_FILE_NAMES, HOSTILE_NAMES
from tests.samples.mail.forged_senders import (
    BACKSCATTER,
    CANARIES,
    FORGED_SENDERS,
    FROM_VECTORS,
    FromVector,
)
from tests.samples.mail.header_injection import HEADER_INJECTION, INJECTED_ADDRESS
from tests.samples.mail.mime_ambiguity import MIME_AMBIGUITY
from tests.samples.mail.wire import Expects, HostileMail, Kind
from tests.samples.unstorable_text import UNSTORABLE_TEXT

HOSTILE: list[HostileMail] = [
    *MIME_AMBIGUITY,
    *PARSER_BOMBS,
    *FORGED_SENDERS,
    *BACKSCATTER,
    *HEADER_INJECTION,
    *HOSTILE_FILE_NAMES,
    *UNSTORABLE_TEXT,
]


def hostile(*kinds: Kind) -> list[HostileMail]:
    """List the hostile messages of the given kinds, in the order of `HOSTILE`."""
    return [sample for sample in HOSTILE if sample.kind in kinds]


__all__ = [
    "CANARIES",
    "FROM_VECTORS",
    "HOSTILE",
    "HOSTILE_NAMES",
    "INJECTED_ADDRESS",
    "Expects",
    "FromVector",
    "HostileMail",
    "Kind",
    "hostile",
]
