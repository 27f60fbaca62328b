"""Check signatures of papers: what they cover, and that no other key or byte passes."""

import base64

import pytest

from intake.confirmations.signature import check_code, is_signature_valid, sign_paper, signer_from
from storage.crypto.keys import DataKey

OURS = signer_from(DataKey("system", b"a" * 32))
OTHER = signer_from(DataKey("system", b"b" * 32))
DIGEST, CONTENT = "ab" * 32, b'{"number":1}'
SIGNATURE = sign_paper(OURS, DIGEST, CONTENT)


def test_the_key_is_the_same_for_the_same_system() -> None:
    again = signer_from(DataKey("renamed", b"a" * 32))

    assert sign_paper(again, DIGEST, CONTENT) == SIGNATURE
    assert len(SIGNATURE) == 88


def test_a_signature_holds_for_what_was_signed() -> None:
    assert is_signature_valid(OURS, DIGEST, CONTENT, SIGNATURE)


@pytest.mark.parametrize(
    ("digest", "content", "signature"),
    [
        ("ac" + "ab" * 31, CONTENT, SIGNATURE),
        (DIGEST, CONTENT + b" ", SIGNATURE),
        (DIGEST, CONTENT, sign_paper(OTHER, DIGEST, CONTENT)),
        (DIGEST, CONTENT, base64.b64encode(b"\0" * 64).decode()),
        (DIGEST, CONTENT, "no base64!"),
        (DIGEST, CONTENT, ""),
        ("not hex", CONTENT, SIGNATURE),
    ],
)
def test_nothing_else_passes(digest: str, content: bytes, signature: str) -> None:
    assert not is_signature_valid(OURS, digest, content, signature)


def test_another_key_does_not_prove_it() -> None:
    assert not is_signature_valid(OTHER, DIGEST, CONTENT, SIGNATURE)


def test_the_code_is_of_the_content_and_of_the_key() -> None:
    code = check_code(OURS, CONTENT)

    assert [len(group) for group in code.split("-")] == [4] * 5
    assert code == check_code(OURS, CONTENT)
    assert code != check_code(OURS, CONTENT + b" ")
    assert code != check_code(OTHER, CONTENT)
