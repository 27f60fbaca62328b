"""Name every way in which a request to the jail can fail.

A reason is a short code for the log. No error ever carries content of a document, so that it may be
logged as it stands.
"""


class JailError(Exception):
    """Stand for any failure of a request to the jail; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JailUnavailable(JailError):
    """The jail could not be started: the machine's fault, not the document's. Try again later."""


class ParseTimeout(JailError):
    """The document used up its wall clock or its processor time."""


class ParseCrash(JailError):
    """The document's child died: a signal, no memory left, or an error that nobody foresaw."""


class OutputRefused(JailError):
    """An answer came out that is too large or is not shaped as agreed; none of it was used."""
