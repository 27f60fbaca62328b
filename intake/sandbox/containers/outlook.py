"""Take the parts out of an Outlook message file (MS-OXMSG).

The storages are read here by their properties: the library's own message class knows neither
messages in messages nor properties that are missing.
"""

import io

import olefile
from oxmsg.domain import constants as c
from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from ..archives.members import PARSER_ERRORS, Container, Gathering, held, unreadable
from ..mail.parameters import is_type
from ..protocol.decoding import read
from ..protocol.results import MAX_BODY_CHARS, MAX_DEPTH
from ..protocol.text import paragraphs
from . import outlook_text
from .outlook_to_mail import OutlookMail, Piece, write_mail

PROPERTIES_STREAM = "__properties_version1.0"
EMBEDDED_STORAGE = "__substg1.0_3701000D"
RTF_BODY_STREAM = "__substg1.0_10090102"
ROOT_HEADER_BYTES, EMBEDDED_HEADER_BYTES, ATTACHMENT_HEADER_BYTES = 32, 24, 8
CONTENT_ID = 0x3712
BROKEN = (*PARSER_ERRORS, UnrecognizedCodePageError, UnsupportedEncodingError)


def open_outlook(container: Container, gathering: Gathering) -> None:
    """Add the forms of the body and the attachments; raises NotOpened.

    A message that is attached is written as mail (RFC 5322) first.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(container.content)) as ole:
            root = Storage.from_ole(ole)
        mail = _read(root, ROOT_HEADER_BYTES, gathering, 0)
    except BROKEN:
        raise unreadable("mail_damaged") from None
    if mail.text:
        content = mail.text.encode("utf-8", "replace")
        gathering.add("", content, role="body", claimed_type="text/plain", unnamed="text")
    if mail.html:
        gathering.add("", mail.html, role="body", claimed_type="text/html", unnamed="text")
    markup = read(mail.html, is_markup=True).text
    content_ids = {each for piece in mail.pieces for each in (piece.content_id, piece.name)}
    text = outlook_text.read_forms(gathering, mail.text, markup, mail.packed_rtf, content_ids)
    gathering.body_text = paragraphs(f"{mail.summary()}\n\n{text}".strip("\n"), MAX_BODY_CHARS)
    for piece in mail.pieces:
        _add_piece(piece, gathering)


def _add_piece(piece: Piece, gathering: Gathering) -> None:
    is_message = piece.media_type == "message/rfc822"
    gathering.add(
        piece.name,
        piece.content,
        role="message" if is_message else "attachment",
        claimed_type=piece.media_type,
        defects=("rebuilt",) if is_message else (),
        unnamed="message" if is_message else "attachment",
    )


def _read(storage: Storage, header_bytes: int, gathering: Gathering, depth: int) -> OutlookMail:
    if depth > MAX_DEPTH:
        raise held("too_deep")
    properties = Properties(storage, properties_header_offset=header_bytes)
    attachments = list(storage.iter_attachment_storages())
    gathering.expect_count(len(attachments))
    html = _bytes(properties, c.PID_HTML)
    return OutlookMail(
        claimed_from=_sender(properties),
        subject=_text(properties, c.PID_SUBJECT),
        date=_date(properties),
        text=_text(properties, c.PID_BODY),
        html=html or _text(properties, c.PID_BODY_HTML).encode("utf-8", "replace"),
        pieces=tuple(_piece(attachment, gathering, depth) for attachment in attachments),
        packed_rtf=_packed_rtf(storage),
    )


def _piece(storage: Storage, gathering: Gathering, depth: int) -> Piece:
    properties = Properties(storage, properties_header_offset=ATTACHMENT_HEADER_BYTES)
    name = next(
        (
            text
            for pid in (c.PID_ATTACH_LONG_FILENAME, c.PID_ATTACH_FILENAME, c.PID_DISPLAY_NAME)
            if (text := _text(properties, pid))
        ),
        "",
    )
    inner = next((one for one in storage.storages if one.name == EMBEDDED_STORAGE), None)
    if inner is not None and any(one.name == PROPERTIES_STREAM for one in inner.streams):
        mail = _read(inner, EMBEDDED_HEADER_BYTES, gathering, depth + 1)
        return Piece(f"{name}.eml" if name else "", "message/rfc822", write_mail(mail))
    if inner is not None:
        gathering.flags.add("embedded_object_left_out")
    claimed = _text(properties, c.PID_ATTACH_MIME_TAG).lower()
    media_type = claimed if is_type(claimed) else "application/octet-stream"
    # A message under any other name would be opened as the rebuilt one.
    media_type = "application/octet-stream" if media_type == "message/rfc822" else media_type
    content = _bytes(properties, c.PID_ATTACH_DATA_BINARY)
    if not content and inner is None:
        gathering.flags.add("attachment_without_content")
    return Piece(name, media_type, content, _text(properties, CONTENT_ID).strip("<> "))


def _packed_rtf(storage: Storage) -> bytes:
    """Return the body in RTF as it is packed, empty when there is none."""
    streams = (stream for stream in storage.streams if stream.name == RTF_BODY_STREAM)
    found = next(streams, None)
    return found.bytes_ if found is not None else b""


def _text(properties: Properties, pid: int) -> str:
    """Return a text property, or an empty text when it is missing or cannot be read."""
    try:
        return properties.str_prop_value(pid) or ""
    except BROKEN:
        return ""


def _bytes(properties: Properties, pid: int) -> bytes:
    try:
        return properties.binary_prop_value(pid) or b""
    except BROKEN:
        return b""


def _sender(properties: Properties) -> str:
    name = _text(properties, c.PID_SENDER_NAME) or _text(properties, c.PID_SENT_REPRESENTING_NAME)
    address = _text(properties, c.PID_SENDER_SMTP_ADDRESS) or _text(
        properties, c.PID_SENDER_EMAIL_ADDRESS
    )
    return f"{name} <{address}>" if address else name


def _date(properties: Properties) -> str:
    try:
        moment = properties.date_prop_value(c.PID_CLIENT_SUBMIT_TIME)
        return moment.isoformat(" ", "minutes") if moment is not None else ""
    except BROKEN:
        return ""
