"""Check that signatures verify, and that a key that cannot sign stops the start."""

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from intake.core.errors import SettingInvalid
from intake.core.settings import DkimSettings
from mailbox.dkim_signing import load_signer

_MAIL = (
    b"From: noreply@example.org\r\nTo: anna@example.org\r\nSubject: Receipt\r\n"
    b"Message-ID: <1@example.org>\r\nAuto-Submitted: auto-replied\r\n\r\nTack.\r\n"
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Make a key once: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def settings_for(path: Path, key: rsa.RSAPrivateKey) -> DkimSettings:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return DkimSettings(path, "s1", "example.org")


def verifies(content: bytes, key: rsa.RSAPrivateKey) -> bool:
    import base64

    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    return bool(dkim.verify(content, dnsfunc=lambda *_, **__: record))


def test_signature_verifies(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    signed = load_signer(settings_for(tmp_path / "key", key))(_MAIL)

    assert signed.endswith(_MAIL)
    assert b"c=relaxed/relaxed" in signed
    assert verifies(signed, key)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"Receipt", b"Reciept"), (b"Tack", b"Hack"), (b"\r\n\r\n", b"\r\nReply-To: <e@x>\r\n\r\n")],
)
def test_changed_mail_does_not_verify(
    tmp_path: Path, key: rsa.RSAPrivateKey, old: bytes, new: bytes
) -> None:
    signed = load_signer(settings_for(tmp_path / "key", key))(_MAIL)

    assert not verifies(signed.replace(old, new), key)


def test_without_a_key_nothing_is_changed() -> None:
    assert load_signer(None)(_MAIL) == _MAIL


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_wrong_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)

    with pytest.raises(SettingInvalid, match=r"^AVRR_DKIM_KEY_FILE: "):
        load_signer(DkimSettings(path, "s1", "example.org"))


def test_missing_key_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match=r"^AVRR_DKIM_KEY_FILE: "):
        load_signer(DkimSettings(tmp_path / "none", "s1", "example.org"))
