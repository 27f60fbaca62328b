"""DKIM signatures on outgoing mail (RFC 6376), relaxed/relaxed. Imports dkimpy only."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import dkim

from intake.core.errors import SettingInvalid

if TYPE_CHECKING:
    from intake.core.settings import DkimSettings

Sign = Callable[[bytes], bytes]

# Also those that a mail may lack: listing them forbids adding them later.
SIGNED_HEADERS = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"auto-submitted",
    b"reply-to",
    b"cc",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
]


def load_signer(settings: "DkimSettings | None") -> Sign:
    """Read the key and return what signs a message; without settings nothing is signed.

    Raises SettingInvalid when the key cannot sign: a wrong key must show at the start,
    not as receipts that land in spam.
    """
    if settings is None:
        return lambda content: content
    try:
        key = settings.key_file.read_bytes()
    except OSError as error:
        raise SettingInvalid("AVRR_DKIM_KEY_FILE: the file cannot be read") from error

    def sign(content: bytes) -> bytes:
        header = dkim.sign(
            content,
            selector=settings.selector.encode(),
            domain=settings.domain.encode(),
            privkey=key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=SIGNED_HEADERS,
        )
        return bytes(header) + content

    try:
        sign(b"From: start@localhost\r\nSubject: start\r\n\r\nstart\r\n")
    except Exception as error:
        # dkimpy lets many kinds of error through for a key that is not one.
        raise SettingInvalid("AVRR_DKIM_KEY_FILE: this is no private key to sign with") from error
    return sign
