"""Hold that a signature larger or odder than any honest one is left unchecked, and soon."""

import time

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from intake.sandbox.cms import signers
from intake.sandbox.cms.check import (
    MAX_RSA_BITS,
    MAX_RSA_EXPONENT,
    MAX_SIGNATURE_BYTES,
    check_detached,
)
from tests.samples.mail.signatures import Signer, certificate_of, cms_signature, key_of

FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
LETTER = b"Content-Type: text/plain\r\n\r\nRemiss\r\n"
MAX_SECONDS = 2.0
MANY = signers.MAX_VALUES // 4
ROOM = MAX_SIGNATURE_BYTES - 100


def numbered(count: int) -> list[Signer]:
    """Return as many signers with one kind of key."""
    return [Signer(number=number) for number in range(1, count + 1)]


def with_key(public_key: rsa.RSAPublicKey) -> bytes:
    """Return a signature whose certificate has another key than it was made with."""
    signer = Signer("rsa")
    own, certificate = key_of(signer)
    content = cms.ContentInfo.load(cms_signature(LETTER, signer))
    put = cms.CertificateChoices.load(certificate_of(public_key, own, 1).public_bytes(Encoding.DER))
    content["content"]["certificates"] = [put]
    assert certificate.serial_number == 1
    return bytes(content.dump(force=True))


@pytest.mark.parametrize(
    ("count", "answer"), [(signers.MAX_SIGNERS, FITS), (signers.MAX_SIGNERS + 1, NOT_CHECKED)]
)
def test_so_many_signers_are_read(count: int, answer: str) -> None:
    assert check_detached(cms_signature(LETTER, *numbered(count)), LETTER) == answer


@pytest.mark.parametrize(
    ("count", "answer"),
    [(signers.MAX_CERTIFICATES, FITS), (signers.MAX_CERTIFICATES + 1, NOT_CHECKED)],
)
def test_so_many_certificates_are_read(count: int, answer: str) -> None:
    others = [key_of(each)[1] for each in numbered(count)[1:]]

    assert check_detached(cms_signature(LETTER, certificates=others), LETTER) == answer


@pytest.mark.parametrize(
    ("count", "answer"),
    [(signers.MAX_ATTRIBUTES, DIFFERS), (signers.MAX_ATTRIBUTES + 1, NOT_CHECKED)],
)
def test_so_many_attributes_are_read(count: int, answer: str) -> None:
    content = cms.ContentInfo.load(cms_signature(LETTER))
    attributes = content["content"]["signer_infos"][0]["signed_attrs"]
    for number in range(count - len(attributes)):
        attributes.append({"type": f"1.2.3.{number}", "values": [cms.Integer(1)]})

    assert check_detached(content.dump(force=True), LETTER) == answer


@pytest.mark.parametrize("kind", ["message_digest", "content_type"])
def test_an_attribute_that_must_be_there_once_is_there_once(kind: str) -> None:
    twice, never = (cms.ContentInfo.load(cms_signature(LETTER)) for _ in range(2))
    attributes = twice["content"]["signer_infos"][0]["signed_attrs"]
    attributes.append(next(each for each in attributes if each["type"].native == kind).copy())
    info = never["content"]["signer_infos"][0]
    info["signed_attrs"] = [each for each in info["signed_attrs"] if each["type"].native != kind]

    assert check_detached(twice.dump(force=True), LETTER) == NOT_CHECKED
    assert check_detached(never.dump(force=True), LETTER) == NOT_CHECKED


def test_attributes_that_were_signed_are_no_letter() -> None:
    content = cms.ContentInfo.load(cms_signature(LETTER))
    info = content["content"]["signer_infos"][0]
    attributes = info["signed_attrs"].untag().dump()
    del info["signed_attrs"]

    assert check_detached(content.dump(force=True), attributes) == NOT_CHECKED


def test_attributes_may_be_left_out_of_plain_data_only() -> None:
    content = cms.ContentInfo.load(cms_signature(LETTER, options=[pkcs7.PKCS7Options.NoAttributes]))
    content["content"]["encap_content_info"]["content_type"] = "1.2.3.4"

    assert check_detached(content.dump(force=True), LETTER) == NOT_CHECKED


@pytest.mark.parametrize(
    ("exponent", "bits"), [(65537, MAX_RSA_BITS + 8), (MAX_RSA_EXPONENT + 1, 2048), (3, 512)]
)
def test_a_key_of_an_odd_size_is_not_used(exponent: int, bits: int) -> None:
    key = rsa.RSAPublicNumbers(exponent, (1 << (bits - 1)) + 1).public_key()
    signature = with_key(key)

    started = time.perf_counter()
    answer = check_detached(signature, LETTER)

    assert answer == NOT_CHECKED
    assert time.perf_counter() - started < MAX_SECONDS


def test_a_key_of_another_kind_than_the_signature_is_not_used() -> None:
    own, _ = key_of(Signer("rsa"))
    other = certificate_of(ec.generate_private_key(ec.SECP256R1()).public_key(), own, 1)
    content = cms.ContentInfo.load(cms_signature(LETTER, Signer("rsa")))
    content["content"]["certificates"] = [
        cms.CertificateChoices.load(other.public_bytes(Encoding.DER))
    ]

    assert check_detached(content.dump(force=True), LETTER) == NOT_CHECKED


def sized(tag: int, content: bytes) -> bytes:
    """Return a value in DER with three bytes of length."""
    return bytes([tag, 0x83]) + len(content).to_bytes(3, "big") + content


def signed_data(certificates: bytes, infos: bytes) -> bytes:
    """Return a SignedData of these certificates and signers."""
    data = bytes.fromhex("020101") + bytes.fromhex("310d300b0609608648016503040201")
    data += bytes.fromhex("300b06092a864886f70d010701") + certificates + infos
    name = bytes.fromhex("06092a864886f70d010702")
    return sized(0x30, name + sized(0xA0, sized(0x30, data)))


def with_attributes(kind: str, value: bytes, count: int = MANY) -> bytes:
    """Return a signature with an attribute of many such values, nearly as many as are read."""
    content = cms.ContentInfo.load(cms_signature(LETTER))
    info = content["content"]["signer_infos"][0]
    name = cms.ObjectIdentifier(kind).dump()
    filling = sized(0x30, name + sized(0x31, value * count))
    contents = info["signed_attrs"].contents + filling
    plain = info.dump().replace(info["signed_attrs"].dump(), sized(0xA0, contents))
    body = sized(0x30, plain[plain.index(b"\x02\x01\x01") :])
    return signed_data(content["content"]["certificates"].dump(), sized(0x31, body))


HOSTILE = {
    "empty certificates": signed_data(sized(0xA0, b"\x30\0" * (ROOM // 2)), b"\x31\0"),
    "empty signers": signed_data(b"", sized(0x31, b"\x30\0" * (ROOM // 2))),
    "deep": signed_data(b"", b"\x31\x80" * (ROOM // 2)),
    "open lengths": b"\x30\x80" * (MAX_SIGNATURE_BYTES // 2),
    "a long name": signed_data(b"", sized(0x31, sized(0x30, sized(0x06, b"\xff" * (ROOM - 50))))),
    "a long number": signed_data(b"", sized(0x31, sized(0x30, sized(0x02, b"\x7f" * (ROOM - 50))))),
    "many times": with_attributes("1.2.840.113549.1.9.5", b"\x17\x0d261129211804Z"),
    "many digests": with_attributes("1.2.840.113549.1.9.4", b"\x04\0"),
    "many capabilities": with_attributes("1.2.840.113549.1.9.15", b"\x30\x02\x30\0"),
    "many certificates named": with_attributes(
        "1.2.840.113549.1.9.16.2.12", b"\x30\x08\x30\x06\x30\x04\x04\x02ab"
    ),
    "many attributes": with_attributes("1.2.3.4", b"\x30\0", 3 * MANY),
    "more attributes": with_attributes("1.2.3.4", b"\x30\0", (ROOM - 2000) // 2),
    "too large": cms_signature(LETTER) + b"\0" * MAX_SIGNATURE_BYTES,
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_signature_is_left_soon(trick: str) -> None:
    started = time.perf_counter()
    answer = check_detached(HOSTILE[trick], LETTER)

    assert answer in (DIFFERS, NOT_CHECKED)
    assert time.perf_counter() - started < MAX_SECONDS


def test_a_name_of_an_algorithm_may_be_long() -> None:
    content = cms.ContentInfo.load(cms_signature(LETTER))
    info = content["content"]["signer_infos"][0].dump()
    name = bytes.fromhex("0609608648016503040201")
    assert name in info
    long = info.replace(name, sized(0x06, b"\xff" * (ROOM - 2000) + b"\x01"), 1)
    body = sized(0x30, long[long.index(b"\x02\x01\x01") :])
    certificates = content["content"]["certificates"].dump()

    started = time.perf_counter()
    answer = check_detached(signed_data(certificates, sized(0x31, body)), LETTER)

    assert answer == NOT_CHECKED
    assert time.perf_counter() - started < MAX_SECONDS
