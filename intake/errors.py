"""The errors that the use cases raise, beside those of storage."""

from storage.errors import (
    BlobDamaged,
    Conflict,
    IntakeError,
    KeyUnavailable,
    NotFound,
    SettingInvalid,
    StorageFull,
    StorageUnavailable,
)


class ReferenceInvalid(IntakeError):
    """A reference code is malformed or its check digit is wrong."""

    reason = "reference_invalid"
    public = "This is not a reference of ours. Please compare it with your receipt."
    status = 404


class AddressInvalid(IntakeError):
    """A mail address cannot be used."""

    reason = "address_invalid"
    public = "This is not a mail address."
    status = 400


__all__ = [
    "AddressInvalid",
    "BlobDamaged",
    "Conflict",
    "IntakeError",
    "KeyUnavailable",
    "NotFound",
    "ReferenceInvalid",
    "SettingInvalid",
    "StorageFull",
    "StorageUnavailable",
]
