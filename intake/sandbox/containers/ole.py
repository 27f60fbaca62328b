"""Take packages and embedded documents out of an old office file (OLE compound file).

The file itself, with its macros, is inspected in `formats`.
"""

import io
import struct
from collections.abc import Callable

import olefile
from oletools.oleobj import OleNativeStream

from ..archives.inflate import BROKEN as BROKEN_STREAM
from ..archives.inflate import ZLIB, Stream
from ..archives.members import PARSER_ERRORS, Container, Gathering, held, unreadable
from .encrypted_office import is_encrypted, open_encrypted
from .outlook import PROPERTIES_STREAM, open_outlook

NATIVE_STREAM, PACKAGE_STREAM, CONTENTS_STREAM = "\x01ole10native", "package", "contents"
ENCRYPTED_STREAM = "EncryptedPackage"
SLIDES_STREAM = "PowerPoint Document"
# MS-PPT §2.3.1: version and instance, type, length; §2.10.34: an object, deflated in instance 1.
RECORD = struct.Struct("<HHL")
OBJECT_RECORD, DEFLATED_INSTANCE, SIZE_BYTES = 0x1011, 1, 4
MAX_STREAMS = 20_000


def open_ole(container: Container, gathering: Gathering) -> None:
    """Add the packages of an old office file; raises NotOpened.

    An Outlook message and an encrypted document have the same outer form, and get their own opener.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(container.content)) as ole:
            opener = _opener(ole, container.content)
            if opener is None:
                _add_streams(ole, gathering)
    except PARSER_ERRORS:
        raise unreadable("ole_damaged") from None
    if opener is not None:
        opener(container, gathering)


def _opener(
    ole: olefile.OleFileIO, content: bytes
) -> Callable[[Container, Gathering], None] | None:
    if ole.exists(PROPERTIES_STREAM):
        return open_outlook
    if ole.exists(ENCRYPTED_STREAM) or is_encrypted(content):
        return open_encrypted
    return None


def _add_streams(ole: olefile.OleFileIO, gathering: Gathering) -> None:
    names = ole.listdir(streams=True, storages=False)
    if len(names) > MAX_STREAMS:
        raise held("too_many_members")
    for path in names:
        last = path[-1].lower()
        if last not in (NATIVE_STREAM, PACKAGE_STREAM, CONTENTS_STREAM):
            continue
        gathering.expect([ole.get_size(path)])
        content = ole.openstream(path).read()
        if last == NATIVE_STREAM:
            add_native(content, gathering, is_bare=False)
        elif content:
            gathering.add("", content, unnamed="embedded file")
    if ole.exists(SLIDES_STREAM):
        _add_objects_of_slides(ole.openstream(SLIDES_STREAM).read(), gathering)


def add_native(content: bytes, gathering: Gathering, *, is_bare: bool) -> None:
    """Add the file of a package (MS-OLEDS §2.3.6), or the bytes of an object that is no package.

    `is_bare` says that the content lacks the length that else comes first, as in RTF.
    """
    try:
        native = OleNativeStream(bindata=content, package=is_bare)
    except PARSER_ERRORS:
        gathering.add("", content if is_bare else content[4:], unnamed="embedded object")
        return
    if native.is_link or native.data is None:
        gathering.flags.add("link_to_file_left_out")
        return
    data = bytes(native.data)
    defects = () if len(data) == native.actual_size else ("truncated",)
    gathering.add(_claimed_name(native), data, defects=defects, unnamed="embedded file")


def _claimed_name(native: OleNativeStream) -> str:
    """Return the package's first name that is not empty; of a path only the last step."""
    for claimed in (native.filename, native.src_path, native.temp_path):
        if isinstance(claimed, str) and (name := claimed.replace("\\", "/").rpartition("/")[2]):
            return name
    return ""


def _add_objects_of_slides(slides: bytes, gathering: Gathering) -> None:
    """Add the embedded objects of a presentation; they are old office files, to be opened next."""
    position = 0
    while position + RECORD.size <= len(slides):
        version, kind, size = RECORD.unpack_from(slides, position)
        position += RECORD.size
        if kind == OBJECT_RECORD:
            record = memoryview(slides)[position : position + size]
            content = _object_of(record, gathering, is_deflated=version >> 4 == DEFLATED_INSTANCE)
            gathering.add("", content, unnamed="embedded object")
        position += size


def _object_of(record: memoryview, gathering: Gathering, *, is_deflated: bool) -> bytes:
    if not is_deflated:
        return bytes(record)
    packed = Stream(record[SIZE_BYTES:])
    try:
        return gathering.read(packed.inflate(ZLIB), len(record))
    except BROKEN_STREAM:
        raise unreadable("ole_damaged") from None
