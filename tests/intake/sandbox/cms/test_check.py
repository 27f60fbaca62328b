"""Hold that a signature fits what was signed and nothing else, and that doubt is no answer."""

import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import pkcs7

from intake.sandbox.cms.check import check_detached
from tests.samples.mail.signatures import Digest, Kind, Signer, cms_signature

FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
LETTER = (
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Remiss f\xc3\xb6r Anna.\r\nHon kommer p\xc3\xa5 m\xc3\xa5ndag.\r\n"
)
NO_ATTRIBUTES = [pkcs7.PKCS7Options.NoAttributes]
DIGESTS: tuple[Digest, ...] = ("sha256", "sha384", "sha512")
KINDS: tuple[Kind, ...] = ("rsa", "pss", "ecdsa")
SIGNERS = [Signer(kind, digest) for kind in KINDS for digest in DIGESTS]
CHANGED = {
    "body": LETTER.replace(b"m\xc3\xa5ndag", b"tisdag"),
    "header": LETTER.replace(b"utf-8", b"koi8-r"),
    "line ends": LETTER.replace(b"\r\n", b"\r\n\r\n"),
    "end": LETTER[:-2],
    "footer": LETTER + b"\r\n-- \r\nScanned by a gateway\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("options", [[], NO_ATTRIBUTES])
@pytest.mark.parametrize("signer", SIGNERS, ids=lambda each: f"{each.kind}-{each.digest}")
def test_what_came_as_it_was_signed_fits(signer: Signer, options: list[pkcs7.PKCS7Options]) -> None:
    signature = cms_signature(LETTER, signer, options=options)

    assert check_detached(signature, LETTER) == FITS
    assert check_detached(signature, LETTER.replace(b"\r\n", b"\n")) == FITS
    assert check_detached(signature, CHANGED["body"]) == DIFFERS


def test_bytes_that_were_signed_with_bare_line_feeds_fit() -> None:
    letter = LETTER.replace(b"\r\n", b"\n")

    assert check_detached(cms_signature(letter), letter) == FITS


@pytest.mark.parametrize("how", CHANGED)
@pytest.mark.parametrize("options", [[], NO_ATTRIBUTES])
def test_what_was_changed_differs(how: str, options: list[pkcs7.PKCS7Options]) -> None:
    signature = cms_signature(LETTER, options=options)

    assert check_detached(signature, CHANGED[how]) == DIFFERS


def test_a_digest_that_was_put_in_later_differs() -> None:
    signature = cms_signature(LETTER)
    was, made = (hashlib.sha256(each).digest() for each in (LETTER, CHANGED["body"]))
    assert signature.count(was) == 1

    assert check_detached(signature.replace(was, made), CHANGED["body"]) == DIFFERS


def test_a_signature_of_another_key_differs() -> None:
    mine, other = (cms_signature(LETTER, Signer(number=number)) for number in (1, 2))

    assert check_detached(mine[:-8] + other[-8:], LETTER) == DIFFERS


@pytest.mark.parametrize("options", [[], NO_ATTRIBUTES])
def test_of_two_signers_both_have_to_fit(options: list[pkcs7.PKCS7Options]) -> None:
    signers = (Signer("ecdsa"), Signer("rsa", number=2))
    signature = cms_signature(LETTER, *signers, options=options)
    spoiled = signature[:-1] + bytes([signature[-1] ^ 1])

    assert check_detached(signature, LETTER) == FITS
    assert check_detached(spoiled, LETTER) == DIFFERS
    assert check_detached(signature, CHANGED["body"]) == DIFFERS


def test_one_signer_that_cannot_be_checked_leaves_it_open() -> None:
    signers = (Signer("ecdsa"), Signer("rsa", "sha224", 2))
    signature = cms_signature(LETTER, *signers)

    assert check_detached(signature, LETTER) == NOT_CHECKED
    assert check_detached(signature, CHANGED["body"]) == DIFFERS


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"0",
        b"0\x80" * 1000,
        b"no signature",
        cms_signature(LETTER)[:-1],
        cms_signature(LETTER, Signer(digest="sha224")),
        cms_signature(LETTER, options=[pkcs7.PKCS7Options.NoCerts]),
    ],
    ids=["nothing", "a byte", "open", "text", "cut", "weak digest", "no certificate"],
)
def test_what_cannot_be_read_is_not_checked(signature: bytes) -> None:
    assert check_detached(signature, LETTER) == NOT_CHECKED
    assert check_detached(signature, CHANGED["body"]) == NOT_CHECKED


def test_a_signature_that_is_cut_anywhere_never_fits() -> None:
    signature = cms_signature(LETTER)

    answers = {check_detached(signature[:size], LETTER) for size in range(len(signature))}

    assert answers == {NOT_CHECKED}


def test_a_signature_that_is_damaged_anywhere_never_fits_other_words() -> None:
    signature = cms_signature(LETTER, Signer("rsa"))
    damaged = [
        signature[:at] + bytes([signature[at] ^ mask]) + signature[at + 1 :]
        for at in range(len(signature))
        for mask in (1, 0x80)
    ]

    assert {check_detached(each, CHANGED["body"]) for each in damaged} == {DIFFERS, NOT_CHECKED}
