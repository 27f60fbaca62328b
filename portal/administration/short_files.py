"""Keep a short file of a form in memory while it comes in, and only the size of a longer one.

Werkzeug would write a larger file to the temporary folder. This parser gives it a file object that
keeps the first bytes and counts the rest, so that a page can say that a file is too large.
"""

import io
from typing import IO, Any, cast

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser


class KeptStart(io.RawIOBase):
    """Takes bytes, and keeps them up to one more than is allowed."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most_bytes = most_bytes
        self.content = bytearray()

    def writable(self) -> bool:
        """Say that bytes may be written."""
        return True

    def write(self, content: Any) -> int:  # Any: whatever buffer the parser hands over
        """Keep what there is room for."""
        room = self._most_bytes + 1 - len(self.content)
        self.content += bytes(content)[:room]
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Do nothing: the parser goes back to the beginning, and nobody will read from there."""
        return 0


def keep_short(request: Request, most_bytes: int, most_body_bytes: int) -> None:
    """Keep files of a request up to a size; call it before anything reads the form."""

    class ShortParser(FormDataParser):
        """Parses a form, and keeps its files in memory."""

        def __init__(self, *_: Any, **options: Any) -> None:  # Any: whatever werkzeug configures
            def place(**_: Any) -> IO[bytes]:  # Any: what is claimed of the file
                # It has only the methods that the parser uses.
                return cast("IO[bytes]", KeptStart(most_bytes))

            super().__init__(**{**options, "stream_factory": place})

    request.form_data_parser_class = ShortParser
    request.max_content_length = most_body_bytes


def content_of(file: FileStorage | None) -> bytes:
    """Return what was kept of a file: one byte more than allowed when it is too large."""
    # Any: the stream is declared as a real file; with `keep_short` it is a KeptStart.
    stream: Any = file.stream if file is not None else None
    return bytes(stream.content) if isinstance(stream, KeptStart) else b""
