"""Hashed files: a form's file is read through for its SHA-256 and kept nowhere.

Werkzeug would write what is large to a temporary file. This parser gives it a place that only
counts and hashes what passes, so that nothing of it is ever stored.
"""

import hashlib
import io
from typing import IO, Any, cast

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser


class HashedFile(io.RawIOBase):
    """Takes bytes, keeps none of them, and knows their SHA-256."""

    def __init__(self) -> None:
        super().__init__()
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Say that bytes may be written."""
        return True

    def write(self, content: Any) -> int:  # Any: whatever buffer the parser hands over
        """Count and hash a piece."""
        self._digest.update(content)
        self.size += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Do nothing: the parser goes back to the beginning of what nobody will read."""
        return 0

    def hexdigest(self) -> str:
        """Return the SHA-256 of all that passed."""
        return self._digest.hexdigest()


class HashingParser(FormDataParser):
    """Parses a form without keeping its files."""

    def __init__(self, *_: Any, **wishes: Any) -> None:  # Any: whatever werkzeug configures
        super().__init__(**{**wishes, "stream_factory": _place})


def hash_files(request: Request, most_bytes: int) -> None:
    """Let a request's files be hashed only; call it before anything reads the form."""
    request.form_data_parser_class = HashingParser
    request.max_content_length = most_bytes


def digest_of(file: FileStorage | None) -> str | None:
    """Return the SHA-256 of a file that was sent, None for none or an empty one."""
    # Any: the stream's declared type is a real file's; here it is the place below.
    stream: Any = file.stream if file is not None else None
    if not isinstance(stream, HashedFile) or stream.size == 0:
        return None
    return stream.hexdigest()


def _place(**_: Any) -> IO[bytes]:  # Any: what is claimed of the file is of no interest
    # Only what the parser uses is there.
    return cast("IO[bytes]", HashedFile())
