"""Define the error tree of the whole project, at its lowest layer.

Each class carries a `reason` code for the log, a `public` sentence that may be shown to whoever
caused it, and a `status` for pages.
"""


class IntakeError(Exception):
    """Base of every error that this project raises on purpose."""

    reason = "intake_error"
    public = "Something went wrong. Nothing that you sent was lost."
    status = 500

    def __init__(self, detail: str = "", *, reason: str | None = None) -> None:
        super().__init__(detail or self.public)
        if reason is not None:
            self.reason = reason


class StorageUnavailable(IntakeError):
    """The database or the blob store cannot take a write now: locked, full or away.

    Nothing was stored; the caller leaves the message where it was and tries again.
    """

    reason = "storage_unavailable"
    public = "The service cannot store anything at the moment. Please try again shortly."
    status = 503


class StorageFull(StorageUnavailable):
    """No space is left; RFC 4918 §11.5 gives the status."""

    reason = "storage_full"
    status = 507


class DatabaseDamaged(StorageUnavailable):
    """The database holds what its program cannot read; the message is for the operator alone."""

    reason = "database_damaged"


class Conflict(IntakeError):
    """A row that must be unique is there already, or changed under us."""

    reason = "conflict"
    public = "Somebody else was quicker. Please look at the newest state."
    status = 409


class ValueNotStorable(IntakeError):
    """A text or number is none that the database takes, such as a text with a NUL (threat B28)."""

    reason = "value_not_storable"
    public = "A sign in what was sent cannot be kept. Nothing was changed."
    status = 400


class NotFound(IntakeError):
    """There is no such thing, or it is not for this reader: the answer is the same."""

    reason = "not_found"
    public = "There is nothing here."
    status = 404


class BlobDamaged(IntakeError):
    """Stored bytes do not match their authentication tag, length or SHA-256."""

    reason = "blob_damaged"
    public = "This document failed its integrity check and is not shown."
    status = 409


class KeyUnavailable(IntakeError):
    """The master key does not open this data key, or the data key was destroyed."""

    reason = "key_unavailable"
    public = "This content cannot be opened: its key is not available."
    status = 410


class ValueDamaged(KeyUnavailable):
    """A sealed value is not what was written, or was written under another key."""

    reason = "value_damaged"


class SettingInvalid(IntakeError):
    """A setting is missing or wrong; the message starts with its name."""

    reason = "setting_invalid"
