"""Sign outgoing mail with DKIM (RFC 6376), relaxed/relaxed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import dkim

from intake.core.errors import SettingInvalid

if TYPE_CHECKING:
    from intake.core.settings import DkimSettings

Sign = Callable[[bytes], bytes]

# The list also names headers that a mail may lack: then nobody can add them later.
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
    """Read the key and return a function that signs a whole message (bytes).

    Without settings that function returns the message as it is.

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
        # dkimpy raises errors of many classes for a key that is none.
        raise SettingInvalid("AVRR_DKIM_KEY_FILE: this is no private key to sign with") from error
    return sign
