"""Define the errors that several use cases raise, and pass on those of storage."""

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


class FieldsInvalid(IntakeError):
    """A form's fields cannot be used as they are; `errors` is {field: sentence}."""

    reason = "fields_invalid"
    status = 400

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


__all__ = [
    "AddressInvalid",
    "BlobDamaged",
    "Conflict",
    "FieldsInvalid",
    "IntakeError",
    "KeyUnavailable",
    "NotFound",
    "ReferenceInvalid",
    "SettingInvalid",
    "StorageFull",
    "StorageUnavailable",
]
