"""Take the embedded objects out of an RTF document.

The document itself is inspected in `formats`.
"""

from oletools.rtfobj import RtfObject, RtfObjParser

from ..archives.members import PARSER_ERRORS, Container, Gathering, unreadable
from ..office.rtf import has_objects
from ..protocol.text import decode


def open_rtf(container: Container, gathering: Gathering) -> None:
    """Add each embedded object, as raw bytes when it cannot be read; raises NotOpened."""
    if not has_objects(container.content):
        return
    try:
        parser = RtfObjParser(container.content)
        parser.parse()
    except PARSER_ERRORS:
        raise unreadable("rtf_damaged") from None
    gathering.expect_count(len(parser.objects))
    for found in parser.objects:
        _add_object(found, gathering)


def _add_object(found: RtfObject, gathering: Gathering) -> None:
    if found.is_package and found.olepkgdata:
        gathering.add(_text(found.filename), bytes(found.olepkgdata), unnamed="embedded file")
        return
    content = bytes(found.oledata or found.rawdata or b"")
    if content:
        gathering.add("", content, unnamed="embedded object")
    else:
        gathering.flags.add("empty_object_left_out")


def _text(name: object) -> str:
    text = decode(name, "utf-8") if isinstance(name, bytes) else str(name or "")
    return text.replace("\\", "/").rpartition("/")[2]
