"""Take the parts out of winmail.dat, in which Outlook wraps a mail (MS-OXTNEF).

The objects are walked once here first, because the library copies the rest of the file for each of
them.
"""

import struct
from collections.abc import Iterator

from tnefparse import TNEF, mapi, properties
from tnefparse import tnef as library
from tnefparse.codepage import Codepage
from tnefparse.mapi import IMESSAGE_SIG, TNEFMAPI_Attribute, decode_mapi
from tnefparse.tnef import TNEFAttachment

from ..archives.members import PARSER_ERRORS, Container, Gathering, held, unreadable
from ..protocol.charsets import codec_of_page
from ..protocol.decoding import read
from . import outlook_text

SIGNATURE = b"\x78\x9f\x3e\x22"
HEAD_BYTES, CHECKSUM_BYTES = 6, 2
OBJECT = struct.Struct("<BLL")
MAX_COPIED_BYTES = 2 * 1024**3
# Each byte is one letter in it, and becomes the same byte again.
LOSSLESS, LAST_LETTER = "latin-1", "\xff"
BODY, UNPACKED, PAGE = (
    properties.MAPI_BODY,
    properties.MAPI_UNCOMPRESSED_BODY,
    properties.MAPI_BODY_HTML,
)
PACKED, INTERNET = properties.MAPI_RTF_COMPRESSED, properties.MAPI_INTERNET_CODEPAGE
LONG_NAME = properties.MAPI_ATTACH_LONG_FILENAME


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


class _KeptCodepage(Codepage):  # type: ignore[misc]  # the library has no types
    """Leave bytes as they are: one that is not in the code page would cost the whole mail."""

    def codepage(self) -> str:
        """Return the codec in which the library reads texts."""
        return LOSSLESS

    def decode(self, byte_str: object) -> object:
        """Return the bytes."""
        return byte_str


class _Tnef(TNEF):  # type: ignore[misc]  # the library has no types
    """Read a file that names no code page as well, each byte as one letter."""

    @property
    def codepage(self) -> str:
        """Return the codec in which the library reads texts."""
        return LOSSLESS

    @codepage.setter
    def codepage(self, codec: str | None) -> None:
        """Do nothing: what the file names is read from its own object."""

    @property
    def declared(self) -> str:
        """Return the charset of the texts as the file says it, empty where it does not."""
        said = [part.data for part in self.objects if part.name == TNEF.ATTOEMCODEPAGE]
        return codec_of_page(int.from_bytes(said[-1][:4], "little")) or "" if said else ""


def load_tnef() -> None:
    """Make the library stop at the end of the data, and leave texts to be read here."""
    vars(mapi)["logger"] = _EndsLoop()
    library.Codepage = _KeptCodepage


def open_tnef(container: Container, gathering: Gathering) -> None:
    """Add the texts and attachments; raises NotOpened.

    An attached message comes out as another winmail.dat.
    """
    _measure(container.content)
    try:
        tnef = _Tnef(container.content, do_checksum=True)
        if not all(part.good_checksum for part in tnef.objects):
            gathering.flags.add("bad_checksum")
        inner = _inner_messages(tnef)
        gathering.expect_count(len(tnef.attachments))
        _add_texts(gathering, *_texts(tnef))
        for attachment in tnef.attachments:
            _add_attachment(attachment, tnef.declared, inner, gathering)
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


def _texts(tnef: _Tnef) -> tuple[str, str, bytes]:
    """Return the body as plain text, as a page, and in RTF as it is packed; empty where it is not.

    A page of bytes is in a code page of its own ([MS-OXCMSG] §2.2.1.56.6), and what is said of the
    others is no more than likely: Outlook writes that of its computer. The library's own way to the
    RTF asks for a package that is not installed.
    """
    said = {found.name: found for part in _message_parts(tnef) for found in part}
    number = said[INTERNET].data if INTERNET in said else None
    in_page = codec_of_page(number) or "" if isinstance(number, int) else ""
    # The library keeps the last of these that a file has.
    plain = next((said[name] for name in (UNPACKED, BODY) if name in said), None)
    body = tnef.body if plain is None or isinstance(tnef.body, bytes) else _content(plain)
    page = _content(said[PAGE]) if PAGE in said else tnef.htmlbody
    packed = said[PACKED].data if PACKED in said else b""
    return (
        _as_text(body, tnef.declared or in_page),
        _as_text(page, in_page or tnef.declared),
        packed if isinstance(packed, bytes) else b"",
    )


def _message_parts(tnef: _Tnef) -> Iterator[list[TNEFMAPI_Attribute]]:
    for part in tnef.objects:
        if part.name == TNEF.ATTMAPIPROPS:
            yield decode_mapi(part.data, LOSSLESS)


def _content(found: TNEFMAPI_Attribute) -> object:
    """Return a text as the bytes that stand in the file, or as text where it is in Unicode."""
    data = found.data
    is_bytes = found.attr_type == mapi.SZMAPI_STRING and isinstance(data, str)
    return data.encode(LOSSLESS) if is_bytes else data


def _as_text(value: object, declared: str) -> str:
    """Return a body as text: it is bytes in a code page, text already or nothing."""
    if isinstance(value, bytes):
        return read(value.rstrip(b"\0"), declared, is_markup=True).text
    return value.rstrip("\0") if isinstance(value, str) else ""


def _add_texts(gathering: Gathering, plain: str, markup: str, packed_rtf: bytes) -> None:
    for text, media_type in ((plain, "text/plain"), (markup, "text/html")):
        if text:
            content = text.encode("utf-8", "replace")
            gathering.add("", content, role="body", claimed_type=media_type, unnamed="text")
    gathering.body_text = outlook_text.read_forms(gathering, plain, markup, packed_rtf)


def _inner_messages(tnef: TNEF) -> list[bytes]:
    """Return the attached messages whole: the library cuts zeros from their end."""
    found = []
    for part in tnef.objects:
        if part.name != TNEF.ATTATTACHMENT:
            continue
        for said in decode_mapi(part.data, LOSSLESS):
            raw = said.raw_data[0] if said.raw_data else b""
            is_object = said.name == properties.MAPI_ATTACH_DATA_OBJ
            if is_object and isinstance(raw, bytes) and raw.startswith(IMESSAGE_SIG):
                found.append(raw[len(IMESSAGE_SIG) :])
    return found


def _name_of(attachment: TNEFAttachment, declared: str) -> str:
    """Return an attachment's name; a title alone is in the code page of its sender's computer.

    The library would read such a title as UTF-8 ([MS-OXTNEF] §2.1.3.3.9 says otherwise).
    """
    said = [each for each in attachment.mapi_attrs if each.name == LONG_NAME]
    name = _content(said[0]) if said else vars(attachment)["_name"]
    if isinstance(name, str) and not name.isascii() and max(name) <= LAST_LETTER:
        name = name.encode(LOSSLESS)
    return _as_text(name, declared)


def _add_attachment(
    attachment: TNEFAttachment, declared: str, inner: list[bytes], gathering: Gathering
) -> None:
    name = _name_of(attachment, declared)
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
