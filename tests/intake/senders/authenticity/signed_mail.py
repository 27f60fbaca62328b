"""Mail with DKIM signatures made by hand, right and wrong, and the check of it without a process.

The signer is written from RFC 6376 and uses `cryptography`, not dkimpy, so that the check is not
compared with itself. Keys are of test senders only and made anew in each run.
"""

import base64
import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from intake.sandbox.checks import signatures as signature_checks
from intake.sandbox.mail import dkim
from intake.sandbox.protocol import frames
from intake.sandbox.protocol.signatures import ClaimedSignatures, SignatureResult
from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import mail

DOMAIN = REGISTERED_SENDER.rpartition("@")[2]
KEY_NAME = f"s1._domainkey.{DOMAIN}"
SIGNED_NAMES = ("from", "from", "to", "subject", "date", "message-id", "mime-version")
BODY = b"Dear office,\r\n\r\nthis is  test data. \r\n\r\n\r\n"

Key = rsa.RSAPrivateKey


@dataclass(frozen=True)
class Signing:
    """Hold how a message is signed; `tags` are further ones, or take the place of the usual."""

    domain: str = DOMAIN
    selector: str = "s1"
    names: Sequence[str] = SIGNED_NAMES
    tags: Mapping[str, str] = field(default_factory=dict)
    body_length: int | None = None
    is_sha1: bool = False


GENUINE = Signing()


def make_key(bits: int = 2048) -> Key:
    """Make a key; one of 2048 bits takes some tenths of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def record(key: Key, before: str = "v=DKIM1; k=rsa; ") -> bytes:
    """Give the TXT record that publishes a key, with other tags before it."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return before.encode() + b"p=" + base64.b64encode(public)


def plain(name: str = "signed", **changes: object) -> bytes:
    """Build an unsigned message of the registered sender."""
    return mail(name, **{"body": BODY, **changes})  # type: ignore[arg-type]  # mail's own words


def sign(raw: bytes, key: Key, signing: Signing = GENUINE) -> bytes:
    """Put a signature on top of a message (RFC 6376 §3.7, relaxed/relaxed)."""
    header, _, body = raw.partition(b"\r\n\r\n")
    body = _relaxed_body(body)
    digest = hashlib.sha1 if signing.is_sha1 else hashlib.sha256
    tags = {
        "v": "1",
        "a": "rsa-sha1" if signing.is_sha1 else "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": signing.domain,
        "s": signing.selector,
        "t": str(int(time.time())),
        **({} if signing.body_length is None else {"l": str(signing.body_length)}),
        "h": ":".join(signing.names),
        "bh": base64.b64encode(digest(body[: signing.body_length]).digest()).decode(),
        **signing.tags,
    }
    value = "; ".join(f"{name}={text}" for name, text in tags.items()) + "; b="
    hashed = b"".join(_signed_fields(header, signing.names))
    hashed += b"dkim-signature:" + _relaxed_value(value.encode())
    algorithm = hashes.SHA1() if signing.is_sha1 else hashes.SHA256()
    signature = base64.b64encode(key.sign(hashed, padding.PKCS1v15(), algorithm))
    return b"DKIM-Signature: " + value.encode() + signature + b"\r\n" + raw


def changed(signing: Signing = GENUINE, **changes: object) -> Signing:
    """Give a signing with changes."""
    return replace(signing, **changes)  # type: ignore[arg-type]  # the fields' own types


def _signed_fields(header: bytes, names: Sequence[str]) -> list[bytes]:
    """Give the named fields from the bottom up, each once; a name too many gives nothing."""
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", header).split(b"\r\n")
    waiting: dict[str, list[bytes]] = {}
    for line in unfolded:
        field_name, _, value = line.partition(b":")
        waiting.setdefault(field_name.decode("latin-1").strip().lower(), []).append(value)
    return [
        name.encode() + b":" + _relaxed_value(waiting[name].pop()) + b"\r\n"
        for name in names
        if waiting.get(name)
    ]


def _relaxed_value(value: bytes) -> bytes:
    return re.sub(rb"[ \t]+", b" ", value).strip()


def _relaxed_body(body: bytes) -> bytes:
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


class InProcess:
    """Check signatures as the jail does, through its frames and its door, without its walls.

    The walls are tested with the jail; here a hundred messages must not wait for a hundred forks.
    """

    def signatures(self, raw: bytes) -> ClaimedSignatures:
        """List whom the signatures name."""
        head, _ = _through_pipe(dkim.answer_signatures({}, [raw]))
        return signature_checks.read_claims(head)

    def check_signatures(
        self, raw: bytes, records: Mapping[str, bytes], at_seconds: int
    ) -> tuple[SignatureResult, ...]:
        """Verify those signatures whose key records are given."""
        asked, blobs = signature_checks.question(records, at_seconds)
        arguments, given = _through_pipe((asked, [raw, *blobs]))
        head, _ = _through_pipe(dkim.answer_checks(arguments, given))
        return signature_checks.read_results(head)


def _through_pipe(answer: dkim.Answer) -> dkim.Answer:
    return frames.unpack(b"".join(frames.pack(*answer)))
