"""Take the parts out of winmail.dat, in which Outlook wraps a mail (MS-OXTNEF).

The objects are walked once here first, because the library copies the rest of the file for each of
them.
"""

import struct

from tnefparse import TNEF, mapi, properties
from tnefparse import tnef as library
from tnefparse.codepage import Codepage
from tnefparse.mapi import IMESSAGE_SIG, decode_mapi
from tnefparse.tnef import TNEFAttachment

from ..archives.members import PARSER_ERRORS, Container, Gathering, held, unreadable
from ..protocol.charsets import WESTERN, WIDE, codec_of
from ..protocol.decoding import read
from . import outlook_text

SIGNATURE = b"\x78\x9f\x3e\x22"
HEAD_BYTES, CHECKSUM_BYTES = 6, 2
OBJECT = struct.Struct("<BLL")
MAX_COPIED_BYTES = 2 * 1024**3


class _EndsLoop:
    """Replace the library's log to end a loop of up to four billion rounds.

    After the end of the data the library goes on counting properties, and only warns each time. So
    the first warning raises an error, which the library itself catches.
    """

    def warning(self, *_: object) -> None:
        """Raise ValueError."""
        raise ValueError

    def debug(self, *_: object, **__: object) -> None:
        """Say nothing."""

    error = debug


class _KnownCodepage(Codepage):  # type: ignore[misc]  # the library has no types
    """Name a codec that is loaded: a number that is no code page would cost the whole mail."""

    def codepage(self) -> str:
        """Return the codec, that of Western Europe for a number which is none or not of bytes."""
        codec = codec_of(super().codepage())
        return WESTERN if codec is None or codec in WIDE else codec


class _Tnef(TNEF):  # type: ignore[misc]  # the library has no types
    """Read a file that names no code page as well."""

    _codec: str = WESTERN

    @property
    def codepage(self) -> str:
        """Return the codec of the file's texts."""
        return self._codec

    @codepage.setter
    def codepage(self, codec: str | None) -> None:
        self._codec = codec or WESTERN


def load_tnef() -> None:
    """Make the library stop at the end of the data, and read in codecs that are loaded."""
    vars(mapi)["logger"] = _EndsLoop()
    library.Codepage = _KnownCodepage


def open_tnef(container: Container, gathering: Gathering) -> None:
    """Add the texts and attachments; raises NotOpened.

    An attached message comes out as another winmail.dat.
    """
    _measure(container.content)
    try:
        tnef = _Tnef(container.content, do_checksum=True)
        if not all(part.good_checksum for part in tnef.objects):
            gathering.flags.add("bad_checksum")
        codepage = str(tnef.codepage or "")
        inner = _inner_messages(tnef)
        gathering.expect_count(len(tnef.attachments))
        packed = _packed_rtf(tnef)
        texts = _as_text(tnef.body, codepage), _as_text(tnef.htmlbody, codepage)
        _add_texts(gathering, *texts, packed)
        for attachment in tnef.attachments:
            _add_attachment(attachment, inner, gathering)
    except PARSER_ERRORS:
        raise unreadable("mail_damaged") from None


def _measure(content: bytes) -> None:
    """Refuse a file of so many small objects that copying the rest for each would never end."""
    position, copied = HEAD_BYTES, 0
    while position + OBJECT.size < len(content):
        copied += len(content) - position
        if copied > MAX_COPIED_BYTES:
            raise held("too_many_members")
        size = OBJECT.unpack_from(content, position)[2]
        position += OBJECT.size + size + CHECKSUM_BYTES


def _as_text(value: object, codepage: str) -> str:
    """Return a body as text; the library gives text, bytes in the file's code page or nothing."""
    if isinstance(value, bytes):
        return read(value.rstrip(b"\0"), codepage, is_markup=True).text
    return value.rstrip("\0") if isinstance(value, str) else ""


def _add_texts(gathering: Gathering, plain: str, markup: str, packed_rtf: bytes) -> None:
    for text, media_type in ((plain, "text/plain"), (markup, "text/html")):
        if text:
            content = text.encode("utf-8", "replace")
            gathering.add("", content, role="body", claimed_type=media_type, unnamed="text")
    gathering.body_text = outlook_text.read_forms(gathering, plain, markup, packed_rtf)


def _packed_rtf(tnef: TNEF) -> bytes:
    """Return the body in RTF as it is packed, empty when there is none.

    The library's own way asks for a package that is not installed.
    """
    for part in tnef.objects:
        if part.name == TNEF.ATTMAPIPROPS:
            for found in decode_mapi(part.data, tnef.codepage):
                if found.name == properties.MAPI_RTF_COMPRESSED and isinstance(found.data, bytes):
                    return found.data
    return b""


def _inner_messages(tnef: TNEF) -> list[bytes]:
    """Return the attached messages whole: the library cuts zeros from their end."""
    found = []
    for part in tnef.objects:
        if part.name != TNEF.ATTATTACHMENT:
            continue
        for said in decode_mapi(part.data, tnef.codepage):
            raw = said.raw_data[0] if said.raw_data else b""
            is_object = said.name == properties.MAPI_ATTACH_DATA_OBJ
            if is_object and isinstance(raw, bytes) and raw.startswith(IMESSAGE_SIG):
                found.append(raw[len(IMESSAGE_SIG) :])
    return found


def _name_of(attachment: TNEFAttachment) -> str:
    """Return an attachment's name; a title alone is in the code page of its sender's computer.

    The library reads such a title as UTF-8 ([MS-OXTNEF] §2.1.3.3.9 says otherwise), and one «å»
    would cost the whole mail.
    """
    try:
        return attachment.long_filename() or ""
    except UnicodeDecodeError as error:
        return error.object.decode(attachment.codepage, "replace").strip("\0")


def _add_attachment(attachment: TNEFAttachment, inner: list[bytes], gathering: Gathering) -> None:
    name = _name_of(attachment)
    content = attachment.data if isinstance(attachment.data, bytes) else b""
    if hasattr(attachment, "embed"):
        whole = next((one for one in inner if one.startswith(content)), content)
        gathering.add(
            name,
            whole,
            role="message",
            claimed_type="application/ms-tnef",
            unnamed="message",
        )
        return
    gathering.add(name, content)
