"""Take the content out of signed and encrypted S/MIME mail (RFC 8551, RFC 5652).

What was signed is shown, and a flag says what came of checking that it is what was signed.
"""

import binascii
import re

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs7
from cryptography.x509 import load_pem_x509_certificate

from ..archives.members import Container, Gathering, held, locked, unreadable
from ..cms import opaque
from ..cms.check import check_opaque
from ..formats import der
from ..protocol import signs
from ..protocol.decoding import is_readable, read
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.signs import SIGNATURE_NOT_CHECKED
from ..protocol.text import paragraphs
from ..protocol.unpacked import SmimeKey
from . import mail

PKCS7 = bytes.fromhex("2a864886f70d0107")
SIGNED, ENVELOPED = PKCS7 + b"\x02", PKCS7 + b"\x03"
COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
AUTH_ENVELOPED = bytes.fromhex("2a864886f70d0109100117")
KNOWN = frozenset({SIGNED, ENVELOPED, COMPRESSED, AUTH_ENVELOPED})
ARMOUR = re.compile(rb"-----BEGIN (?:PKCS7|CMS)-----(.*?)-----END (?:PKCS7|CMS)-----", re.DOTALL)
SIGNATURE_NAME = re.compile(r"\.(?:p7m|p7s|p7c|p7)$", re.IGNORECASE)
TEXT_HAS_NONE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_TEXT_BYTES = 4 * MAX_BODY_CHARS
REFUSED = (ValueError, TypeError, UnsupportedAlgorithm, InvalidTag, LookupError)


def looks_like_smime(content: bytes) -> bool:
    """Say whether `content` is an S/MIME message, in binary or between PEM lines."""
    try:
        return _kind(memoryview(_plain(content)))[0] in KNOWN
    except der.NotDer:
        return False


def open_smime(container: Container, gathering: Gathering) -> None:
    """Add what was signed, or what a key decrypts; raises NotOpened."""
    content = _plain(container.content)
    view = memoryview(content)
    try:
        kind, body = _kind(view)
        if kind == SIGNED:
            _open_signed(view, body, container, gathering)
            return
    except der.NotDer:
        raise unreadable("smime_damaged") from None
    if kind == ENVELOPED:
        # This child holds a private key, so it opens nothing of what the key decrypts.
        plain = _decrypt(content, container.keys.smime)
        gathering.add(container.claimed_name, plain, unnamed="content")
        gathering.flags.add(signs.DECRYPTED)
    elif kind == AUTH_ENVELOPED:
        raise locked("smime_encrypted")
    else:
        raise held("smime_compressed")


def open_decrypted(container: Container, gathering: Gathering) -> None:
    """Add what another child decrypted; raises NotOpened."""
    add_opened(container.content, container.claimed_name, gathering)


def add_opened(content: bytes, claimed_name: str, gathering: Gathering) -> None:
    """Add what came out of a wrapping: the parts of a mail, a text alone, or else the one file."""
    if mail.looks_like_mail(content):
        mail.add_mail(content, gathering)
        return
    name = SIGNATURE_NAME.sub("", claimed_name)
    if name or not _is_text(content):
        gathering.add(name, content, unnamed="content")
        return
    gathering.body_text = paragraphs(read(content).text, MAX_BODY_CHARS)
    gathering.add("", content, role="body", claimed_type="text/plain", unnamed="text")


def _is_text(content: bytes) -> bool:
    """Say whether a nameless content is what somebody wrote into an encrypted or signed text."""
    return not TEXT_HAS_NONE.search(content[:MAX_TEXT_BYTES]) and is_readable(read(content))


def _plain(content: bytes) -> bytes:
    """Return the bytes between PEM lines, or of base64 alone, or the content as it is."""
    if content[:1] == b"0":
        return content
    armoured = ARMOUR.search(content)
    written = armoured[1] if armoured else content
    if not armoured and content[:3] not in (b"MII", b"MIA", b"MIM"):
        return content
    try:
        return binascii.a2b_base64(written)
    except binascii.Error:
        return content


def _kind(view: memoryview) -> tuple[bytes, der.DerValue]:
    """Return the content type and the value behind it: SEQUENCE { type, [0] value }."""
    outer = der.read_value(view, 0, len(view))
    if outer.tag != der.SEQUENCE:
        raise der.NotDer
    name = der.read_value(view, outer.start, outer.stop)
    if name.tag != der.OBJECT_IDENTIFIER:
        raise der.NotDer
    return bytes(view[name.start : name.stop]), der.read_value(view, name.end, outer.stop)


def _open_signed(
    view: memoryview, body: der.DerValue, container: Container, gathering: Gathering
) -> None:
    """Add the content of SEQUENCE { version, digests, SEQUENCE { type, [0] octets }, … }."""
    signed = der.read_value(view, body.start, body.stop)
    values = list(der.inner_values(view, signed))
    if len(values) < 3:
        raise der.NotDer
    inner = list(der.inner_values(view, values[2]))
    if len(inner) < 2:
        # A signature of something that lies elsewhere, or certificates alone.
        gathering.flags.update((SIGNATURE_NOT_CHECKED, "signature_alone"))
        return
    text = der.read_value(view, inner[1].start, inner[1].stop)
    content = gathering.read([der.octets(view, text)])
    signature = opaque.without_content(view, signed, values, inner[0])
    gathering.flags.add(check_opaque(signature, content))
    add_opened(content, container.claimed_name, gathering)


def _decrypt(content: bytes, keys: tuple[SmimeKey, ...]) -> bytes:
    if not keys:
        raise locked("smime_encrypted")
    for key in keys:
        try:
            certificate = load_pem_x509_certificate(key.certificate_pem.encode())
            private = load_pem_private_key(key.key_pem.encode(), None)
            if isinstance(private, rsa.RSAPrivateKey):
                return pkcs7.pkcs7_decrypt_der(content, certificate, private, [])
        except REFUSED:
            continue
    raise locked("no_key_fits")
