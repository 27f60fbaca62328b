"""Decrypt an office document behind a password; it comes out as the one child of the container."""

import importlib
import io
import types
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import msoffcrypto
from cryptography.hazmat.backends import default_backend
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from ..archives.members import PARSER_ERRORS, Container, Gathering, locked
from ..protocol import signs

ERRORS = (
    *PARSER_ERRORS, DecryptionError, ExpatError, FileFormatError, InvalidKeyError, ParseError,
)  # fmt: skip
OLD_FORMATS = ("doc97", "ppt97", "xls97")
# Excel encrypts a protected workbook with this password and opens it without asking ([MS-OFFCRYPTO]
# §2.4.2.3). Whoever hides something from scanners does the same.
EXCEL_WORD = "VelvetSweatshop"


def load_decryption() -> None:
    """Load what the library loads at first use, and keep its scratch files in memory."""
    importlib.import_module("msoffcrypto.format.ooxml")
    for name in OLD_FORMATS:
        module = importlib.import_module(f"msoffcrypto.format.{name}")
        vars(module)["tempfile"] = types.SimpleNamespace(TemporaryFile=io.BytesIO)
    minidom.parseString(b"<a/>")  # noqa: S318 our own text
    default_backend()


def is_encrypted(content: bytes) -> bool:
    """Say whether an old office file is behind a password."""
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except ERRORS:
        return False


def open_encrypted(container: Container, gathering: Gathering) -> None:
    """Add the decrypted file; raises NotOpened when no password fits."""
    for password in (*container.passwords, EXCEL_WORD):
        target = io.BytesIO()
        try:
            document = msoffcrypto.OfficeFile(io.BytesIO(container.content))
            document.load_key(password=password)
            document.decrypt(target)
        except ERRORS:
            continue
        gathering.flags.add(signs.DECRYPTED)
        noted = (signs.STANDARD_PASSWORD,) if password == EXCEL_WORD else ()
        gathering.add(container.claimed_name, target.getvalue(), defects=noted, unnamed="document")
        return
    raise locked("wrong_password" if container.passwords else "password_needed")
