"""Parse untrusted bytes where they can do no harm, and check what comes out."""

# This is the one door to every parser of what strangers send. On the host, `Jail` and `JailPool`
# start a process that sees no network, no environment and no file of the project but this folder,
# and hand it bytes over pipes. Because the jail sees nothing else of the project, the modules here
# import only each other (relatively), the standard library and the parsers. The host runs `host`,
# `checks` and `protocol`; the jail runs `protocol`, `worker` and everything that parses.

from .host.jail import Document, Jail
from .host.pool import JailPool
from .protocol.duties import ALL_DUTIES, Duty
from .protocol.errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from .protocol.limits import Limits
from .protocol.pdf import FormField, PdfFacts
from .protocol.rendition import PageImage, Rendition
from .protocol.results import Inspection, MailFacts, OpenedMail, Part, Role, State
from .protocol.unpacked import Child, Keys, SmimeKey, Unpacked, UnpackLimits

__all__ = [
    "ALL_DUTIES",
    "Child",
    "Document",
    "Duty",
    "FormField",
    "Inspection",
    "Jail",
    "JailError",
    "JailPool",
    "JailUnavailable",
    "Keys",
    "Limits",
    "MailFacts",
    "OpenedMail",
    "OutputRefused",
    "PageImage",
    "ParseCrash",
    "ParseTimeout",
    "Part",
    "PdfFacts",
    "Rendition",
    "Role",
    "SmimeKey",
    "State",
    "UnpackLimits",
    "Unpacked",
]
