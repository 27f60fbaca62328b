"""Take the content out of signed and encrypted OpenPGP mail (RFC 9580, RFC 3156).

A signature is never checked here. The library's errors carry traces, so none of their text goes any
further.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pysequoia

from ..archives.members import Container, Gathering, held, locked, unreadable
from .smime import add_opened

BEGIN_MESSAGE = b"-----BEGIN PGP MESSAGE-----"
END_MESSAGE = b"-----END PGP MESSAGE-----"
BEGIN_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
BEGIN_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
ENCRYPTED_NAME = re.compile(r"\.(?:asc|gpg|pgp)$", re.IGNORECASE)
DASHED = re.compile(rb"^- ", re.MULTILINE)
# The first byte of a binary message: encrypted to a key or a password, compressed, signed.
FIRST_TAGS = frozenset({1, 3, 8, 4})
MAX_ARMOUR_AT = 1024 * 1024
NO_KEY = "No key to decrypt"


def looks_like_pgp(content: bytes, claimed_name: str) -> bool:
    """Say whether `content` is an OpenPGP message, or a text with one in it."""
    head = content[:MAX_ARMOUR_AT]
    if BEGIN_MESSAGE in head or BEGIN_SIGNED in head:
        return True
    return bool(ENCRYPTED_NAME.search(claimed_name)) and _first_tag(content) in FIRST_TAGS


def open_pgp(container: Container, gathering: Gathering) -> None:
    """Add what a key or a password decrypts, or what was signed; raises NotOpened."""
    name = ENCRYPTED_NAME.sub("", container.claimed_name)
    content = container.content
    begin = content.find(BEGIN_MESSAGE, 0, MAX_ARMOUR_AT)
    if begin < 0 and BEGIN_SIGNED in content[:MAX_ARMOUR_AT]:
        gathering.flags.add("signature_not_checked")
        add_opened(_signed_text(content), name, gathering)
        return
    if begin >= 0:
        end = content.find(END_MESSAGE, begin)
        if end < 0:
            raise unreadable("pgp_damaged")
        if content.find(BEGIN_MESSAGE, end) >= 0:
            raise held("several_pgp_messages")
        before, after = content[:begin], content[end + len(END_MESSAGE) :]
        if before.strip() or after.strip():
            gathering.add(
                "", before + after, role="body", claimed_type="text/plain", unnamed="text"
            )
        content = content[begin : end + len(END_MESSAGE)]
    plain = _decrypt(content, container)
    if container.keys.pgp:
        # This child holds a private key, so it opens nothing of what the key decrypts.
        gathering.add(name, plain, unnamed="content")
    else:
        add_opened(plain, name, gathering)
    gathering.flags.add("signature_not_checked")


def _decrypt(content: bytes, container: Container) -> bytes:
    """Return the content under the first key or password that fits.

    A message that is only signed opens under any password, so the passwords come first, and without
    any the empty one. Raises NotOpened when nothing fits.
    """
    is_encrypted = False
    for attempt in _attempts(content, container):
        try:
            opened = attempt().bytes
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 a panic of the library is no Exception
            is_encrypted = is_encrypted or NO_KEY in str(error)
            continue
        if opened is not None:
            return bytes(opened)
    if not is_encrypted:
        raise unreadable("pgp_damaged")
    has_tried = container.keys.pgp or container.passwords
    raise locked("no_key_fits" if has_tried else "pgp_encrypted")


def _attempts(content: bytes, container: Container) -> Iterator[Callable[[], pysequoia.Decrypted]]:
    passwords = container.passwords or ("",)
    yield lambda: pysequoia.decrypt(content, passwords=passwords)
    for key in container.keys.pgp:
        yield partial(_decrypt_by_key, content, key)


def _decrypt_by_key(content: bytes, key: str) -> pysequoia.Decrypted:
    return pysequoia.decrypt(content, decryptor=pysequoia.Tsk.from_bytes(key.encode()).decryptor())


def _signed_text(content: bytes) -> bytes:
    """Return the text between the head and the signature, with its dashes undone (RFC 9580 §7)."""
    start = content.find(BEGIN_SIGNED)
    body = content[start:].replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    text, mark, _ = body.partition(b"\n" + BEGIN_SIGNATURE)
    if not mark:
        raise unreadable("pgp_damaged")
    return DASHED.sub(b"", text)


def _first_tag(content: bytes) -> int:
    first = content[0] if content else 0
    if not first & 0x80:
        return 0
    return first & 0x3F if first & 0x40 else (first >> 2) & 0x0F
