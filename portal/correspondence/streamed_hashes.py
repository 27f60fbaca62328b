"""Hash the files of a form with SHA-256 while they come in, and keep nothing of them.

Werkzeug would write a large file to the temporary folder. This parser gives it a file object that
only counts and hashes what is written, so that nothing is ever stored.
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
        """Do nothing: the parser goes back to the beginning, and nobody will read from there."""
        return 0

    def hexdigest(self) -> str:
        """Return the SHA-256 of all that passed."""
        return self._digest.hexdigest()


class HashingParser(FormDataParser):
    """Parses a form, and hashes its files instead of keeping them."""

    def __init__(self, *_: Any, **options: Any) -> None:  # Any: whatever werkzeug configures
        super().__init__(**{**options, "stream_factory": _place})


def hash_files(request: Request, most_bytes: int) -> None:
    """Let the files of a request only be hashed; call it before anything reads the form."""
    request.form_data_parser_class = HashingParser
    request.max_content_length = most_bytes


def digest_of(file: FileStorage | None) -> str | None:
    """Return the SHA-256 of a file that was sent, in hexadecimal; None for none or an empty one."""
    # Any: the stream is declared as a real file; with `hash_files` it is a HashedFile.
    stream: Any = file.stream if file is not None else None
    if not isinstance(stream, HashedFile) or stream.size == 0:
        return None
    return stream.hexdigest()


def _place(**_: Any) -> IO[bytes]:  # Any: what is claimed of the file is of no interest
    # A HashedFile has only the methods that the parser uses.
    return cast("IO[bytes]", HashedFile())
