"""Read multipart forms as they come (RFC 7578): one part after the other, no file held whole.

The parser is werkzeug's own, without its storing. A text field is small and comes as a value. A
file comes as an iterator over its bytes; the caller reads it before asking for the next part, and
what the caller leaves unread is dropped. Nothing is written to disk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

READ_BYTES = 64 * 1024
# For a part's header block or what stands before the first part: usually a few hundred bytes.
MAX_BUFFERED_BYTES = 4 * READ_BYTES
MAX_FIELDS = 50
MAX_FILES = 100
MAX_TEXT_BYTES = 64 * 1024
# The characters of a media type, without its parameters (RFC 6838 §4.2).
MEDIA_TYPE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}"
)


@dataclass(frozen=True)
class TextPart:
    """A field with its value; the value is a stranger's text."""

    name: str
    value: str


@dataclass(frozen=True)
class FilePart:
    """A file whose bytes are still on their way; without a chosen file `claimed_name` is empty."""

    name: str
    claimed_name: str
    claimed_type: str
    content: Iterator[bytes]


def read_parts(body: IO[bytes], boundary: str) -> Iterator[TextPart | FilePart]:
    """Yield the parts of a form in the order in which they were sent.

    Raises BadRequest for a body that is no multipart form or ends too early, and
    RequestEntityTooLarge for too many parts or too much text.
    """
    reader = _Reader(body, boundary)
    fields = files = text_bytes = 0
    while not isinstance(event := reader.next_event(), Epilogue):
        if isinstance(event, Field):
            fields += 1
            value = reader.text(MAX_TEXT_BYTES - text_bytes)
            text_bytes += len(value)
            _check_counts(fields, files)
            yield TextPart(event.name or "", value.decode("utf-8", "replace"))
        elif isinstance(event, File):
            files += 1
            _check_counts(fields, files)
            content = reader.data()
            claimed_type = media_type(event.headers.get("Content-Type", ""))
            yield FilePart(event.name or "", event.filename, claimed_type, content)
            for _unread in content:
                pass


def media_type(claimed: str) -> str:
    """Return a claimed media type without its parameters; empty for a text of another shape.

    >>> media_type("text/plain; charset=x"), media_type("a\0b")
    ('text/plain', '')
    """
    found = MEDIA_TYPE.match(claimed.strip())
    return found.group().lower() if found is not None else ""


def _check_counts(fields: int, files: int) -> None:
    if fields > MAX_FIELDS or files > MAX_FILES:
        raise RequestEntityTooLarge


class _Reader:
    """The decoder with the connection behind it."""

    def __init__(self, body: IO[bytes], boundary: str) -> None:
        self._body = body
        self._decoder = MultipartDecoder(
            boundary.encode("ascii", "replace"),
            MAX_BUFFERED_BYTES,
            max_parts=MAX_FIELDS + MAX_FILES,
        )

    def next_event(self) -> Event:
        while True:
            try:
                event = self._decoder.next_event()
            except ValueError as error:
                # The form is cut, or it is none, or bytes of a header are no text.
                raise BadRequest from error
            if not isinstance(event, NeedData):
                return event
            # The decoder takes None, not empty bytes, as the end.
            self._decoder.receive_data(self._body.read(READ_BYTES) or None)

    def data(self) -> Iterator[bytes]:
        """Yield the bytes of the part that has just begun, to its end."""
        while True:
            event = self.next_event()
            if not isinstance(event, Data):
                raise BadRequest
            if event.data:
                yield event.data
            if not event.more_data:
                return

    def text(self, most_bytes: int) -> bytes:
        value = bytearray()
        for data in self.data():
            value += data
            if len(value) > most_bytes:
                raise RequestEntityTooLarge
        return bytes(value)
