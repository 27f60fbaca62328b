"""Hold that an opened container is refused unless each of its fields is as agreed."""

import hashlib
from typing import Any

import pytest

from intake.sandbox import JailPool, OutputRefused, Unpacked
from intake.sandbox.checks.unpacked import read_unpacked
from tests.samples.files.packed import plain_zip

CHILD: dict[str, object] = {
    "path": "a › b.pdf",
    "claimed_name": "b.pdf",
    "claimed_type": "application/pdf",
    "role": "attachment",
    "defects": ["symlink"],
}
HEAD: dict[str, Any] = {  # the JSON of an answer, of any shape
    "state": "opened",
    "reason": "",
    "flags": ["portfolio"],
    "body_text": "hello\nyou",
    "children": [CHILD],
}


def test_good_answer_becomes_a_value_with_a_hash_of_its_own() -> None:
    unpacked = read_unpacked(HEAD, [b"content"])

    assert isinstance(unpacked, Unpacked)
    assert unpacked.children[0].sha256 == hashlib.sha256(b"content").hexdigest()
    assert unpacked.children[0].size == 7


@pytest.mark.parametrize(
    "change",
    [
        {"state": "clean"},
        {"state": "locked", "reason": "password_needed"},
        {"state": "held", "reason": "", "children": []},
        {"reason": "unasked"},
        {"reason": None},
        {"flags": ["not a code"]},
        {"flags": "portfolio"},
        {"body_text": "\u202e"},
        {"body_text": "x" * 200_001},
        {"children": []},
        {"children": [None]},
        {"children": [{**CHILD, "path": ""}]},
        {"children": [{**CHILD, "path": "x" * 501}]},
        {"children": [{**CHILD, "path": "a\nb"}]},
        {"children": [{**CHILD, "claimed_name": "x" * 256}]},
        {"children": [{**CHILD, "claimed_type": 1}]},
        {"children": [{**CHILD, "role": "sender"}]},
        {"children": [{**CHILD, "defects": ["X"]}]},
    ],
)
def test_answer_that_is_not_as_agreed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(OutputRefused):
        read_unpacked({**HEAD, **change}, [b"content"])


def test_pool_unpacks_as_a_jail_does() -> None:
    pool = JailPool(1, allow_reduced=False)

    unpacked = pool.unpack(plain_zip({"a.txt": b"a"}), "application/zip", "a.zip", passwords=["x"])
    pool.close()

    assert [child.path for child in unpacked.children] == ["a.txt"]
