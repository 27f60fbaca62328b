"""Parse untrusted bytes where they can do no harm, and check what comes out.

The one door to every parser of what strangers send: `Jail` and `JailPool` on the host start a
process that sees no network, no environment and no file of the project, and hand it bytes over
pipes. This folder is all of the project that the jail sees, so its modules import each other
relatively, the standard library and the parsers, and nothing else.

On the host: `protocol`, `checks.results` and `host.jail`. In the jail: `protocol`, `worker` and
everything that parses.
"""

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
