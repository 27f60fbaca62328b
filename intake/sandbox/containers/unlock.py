"""Turn a locked file into the same file without its password.

A PDF stays a PDF; an encrypted office file comes out as the file that it holds; an archive comes
out as a plain ZIP of the same members. The answer says no more of a wrong password than that it is
wrong.
"""

import io
import zipfile
from collections.abc import Callable, Sequence

import pikepdf

from . import openers

Answer = tuple[dict[str, object], list[bytes]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def load_unlocker() -> Callable[[dict[str, object], Sequence[bytes]], Answer]:
    """Return the operation; `openers.load_openers` and the PDF reader have loaded its parsers."""
    return unlock


def unlock(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with `is_open` and one blob: the file without its password, or nothing."""
    content = blobs[0]
    opened = _pdf(content, arguments) if b"%PDF-" in content[:1024] else _other(content, arguments)
    return {"is_open": opened is not None}, [opened or b""]


def _pdf(content: bytes, arguments: dict[str, object]) -> bytes | None:
    (password,) = _passwords(arguments)
    target = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content), password=password, suppress_warnings=True) as pdf:
            pdf.save(target, encryption=False)
    except (pikepdf.PasswordError, pikepdf.PdfError, ValueError):
        return None
    return target.getvalue()


def _other(content: bytes, arguments: dict[str, object]) -> bytes | None:
    head, children = openers.unpack(arguments, [content])
    described = head["children"]
    if head["state"] != "opened" or not isinstance(described, list) or not children:
        return None
    if content.startswith(OLE):
        return children[0] if len(children) == 1 else None
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, (child, member) in enumerate(zip(described, children, strict=True), start=1):
            # Names repeat in some archives, and a ZIP with two of one name would be held.
            name = str(child["claimed_name"]) or "member"
            archive.writestr(zipfile.ZipInfo(f"{number}/{name}"), member)
    return target.getvalue()


def _passwords(arguments: dict[str, object]) -> list[str]:
    passwords = arguments["passwords"]
    return [str(word) for word in passwords] if isinstance(passwords, list) else []
