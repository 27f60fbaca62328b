"""Judge an office file, whichever of its four forms it has: OOXML, ODF, OLE or RTF.

A format that staff may be shown is clean, active or held by its findings. Any other format is held
whatever is in it, and the findings say what is in it.
"""

from ..office import ole, ooxml, opendocument, packages, rtf
from ..protocol.results import Inspection
from .media_types import (
    MACRO_FORMATS,
    SHOWN_MACRO_FORMATS,
    SHOWN_OFFICE,
    SHOWN_OLD_OFFICE,
)
from .severity import ACTIVE, judge

COMPOUND = frozenset({ole.WORD, ole.EXCEL, ole.SLIDES, ole.ENCRYPTED, ole.OTHER})
ODF = packages.ODF
XPS = "application/vnd.ms-xpsdocument"
PACKAGE = "application/vnd.openxmlformats-"


def is_office(detected_type: str) -> bool:
    """Say whether `inspect_office` judges this media type."""
    return (
        detected_type in COMPOUND
        or detected_type in MACRO_FORMATS
        or detected_type in (XPS, "text/rtf")
        or detected_type.startswith((PACKAGE, ODF))
    )


def inspect_office(content: bytes, detected_type: str) -> Inspection:
    """Return what is in an office file: locked, unreadable, held, active or clean."""
    try:
        found = _find(content, detected_type)
    except packages.Refused as error:
        return _refused(detected_type, error.reason)
    except (*packages.BROKEN, *ole.BROKEN):
        return Inspection(detected_type, "unreadable", "office_cannot_be_opened", (), None)
    if "locked" in found:
        findings = tuple(sorted(found - {"locked"}))
        return Inspection(detected_type, "locked", "password_needed", findings, None)
    if detected_type in MACRO_FORMATS:
        found.add("office_macro_format")
    if detected_type in SHOWN_OLD_OFFICE:
        found.add("office_old_format")
    if detected_type in SHOWN_OFFICE | SHOWN_MACRO_FORMATS | SHOWN_OLD_OFFICE:
        return judge(detected_type, found)
    return Inspection(detected_type, "held", held_reason(found), tuple(sorted(found)), None)


def held_reason(findings: set[str]) -> str:
    """Return the code under which a format is held that is not shown to anyone."""
    if ACTIVE & findings:
        return "office_kind_not_allowed_active"
    return "office_kind_not_allowed"


def _refused(detected_type: str, reason: str) -> Inspection:
    if reason == "password_needed":
        return Inspection(detected_type, "locked", reason, (), None)
    return Inspection(detected_type, "held", reason, (), None)


def _find(content: bytes, detected_type: str) -> set[str]:
    if detected_type == "text/rtf":
        return rtf.find_in_rtf(content)
    if detected_type in COMPOUND:
        return ole.find_in_compound(content)
    if detected_type.endswith(packages.FLAT):
        return opendocument.find_in_flat(content)
    if detected_type.startswith(ODF):
        found = opendocument.find_in_opendocument(content)
    else:
        found = ooxml.find_in_office(content)
    return found | {"polyglot"} if packages.has_neighbours(content) else found
