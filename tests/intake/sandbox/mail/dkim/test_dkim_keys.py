"""Hold that only an ordinary key of an ordinary size may vouch."""

import base64

import pytest

from intake.sandbox.mail.dkim_keys import judge_key
from intake.sandbox.protocol.signatures import SignatureOutcome


def rsa_record(bits: int, exponent: int = 65537) -> bytes:
    """Publish a number of that size as a modulus, as RFC 8017's RSAPublicKey."""
    numbers = _der(2, _number(2 ** (bits - 1) + 1)) + _der(2, _number(exponent))
    der = _der(0x30, numbers)
    return b"v=DKIM1; p=" + base64.b64encode(der)


def _number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(tag: int, content: bytes) -> bytes:
    """Write one element of DER (X.690 §8.1), its length in the long form."""
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (rsa_record(1024), None),
        (rsa_record(4096), None),
        (rsa_record(2048, 3), None),
        (rsa_record(512), "key_too_small"),
        (rsa_record(1023), "key_too_small"),
        (rsa_record(4097), "key_unusable"),
        (rsa_record(16384), "key_unusable"),
        (rsa_record(2048, 1), "key_unusable"),
        (rsa_record(2048, 65536), "key_unusable"),
        (rsa_record(2048, 2**32 + 1), "key_unusable"),
        (rsa_record(2048)[:-40], "key_unusable"),
        (b"", "key_missing"),
        (b";", "key_unusable"),
        (b"p", "key_unusable"),
        (b"v=DKIM1", "key_unusable"),
        (b"v=DKIM1; p= ", "key_revoked"),
        (b"v=DKIM1; p=; p=AAAA", "key_unusable"),
        (b"v=DKIM1; p=" + b"A" * 5000, "key_unusable"),
        (b"\xff\xfe", "key_unusable"),
    ],
)
def test_a_record_is_judged(record: bytes, expected: SignatureOutcome | None) -> None:
    assert judge_key(record, "partner.example", "partner.example") == expected


def test_a_key_can_be_bound_to_its_own_domain() -> None:
    bound = rsa_record(2048).replace(b"v=DKIM1;", b"v=DKIM1; t=s;")

    assert judge_key(bound, "mail.partner.example", "partner.example") == "key_unusable"
    assert judge_key(bound, "partner.example", "partner.example") is None
