"""Parse untrusted bytes where they can do no harm, and check what comes out.

The one door to every parser of what strangers send: `Jail` and `JailPool` on the host start a
process that sees no network, no environment and no file of the project, and hand it bytes over
pipes. This folder is all of the project that the jail sees, so its modules import each other
relatively, the standard library and the parsers, and nothing else.

On the host: errors, duties, limits, frames, channel, launch, host, pool, answers, checks, text,
rendering, and for programs of the system confined, office_converter and ocr. In the jail:
inside, lockdown, operations and everything that parses.
"""

from .answers import Inspection, MailFacts, OpenedMail, Part, Role, State
from .duties import ALL_DUTIES, Duty
from .errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from .host import Document, Jail
from .limits import Limits
from .pdf_facts import FormField, PdfFacts
from .pool import JailPool
from .rendition import PageImage, Rendition
from .unpacked import Child, Keys, SmimeKey, Unpacked, UnpackLimits

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
