"""Check that sealed values are bound to key and place, and that hostile text can be sealed."""

import pytest

from storage.crypto.keys import DataKey
from storage.crypto.sealing import seal, seal_bytes, unseal, unseal_bytes
from storage.errors import KeyUnavailable

KEY = DataKey("ab" * 16, bytes(range(32)))
OTHER_KEY = DataKey("ab" * 16, bytes(32))
PLACE = "documents.name:1"


@pytest.mark.parametrize("text", ["", "a", "Åsa Öberg", "نامه", "\0\n", "x" * 100_000])
def test_text_comes_back(text: str) -> None:
    assert unseal(KEY, PLACE, seal(KEY, PLACE, text)) == text


def test_a_lone_surrogate_is_kept_as_a_question_mark() -> None:
    assert unseal(KEY, PLACE, seal(KEY, PLACE, "a\ud800b")) == "a?b"


@pytest.mark.parametrize("sealed", [None, b""])
def test_nothing_gives_an_empty_text(sealed: bytes | None) -> None:
    assert unseal(KEY, PLACE, sealed) == ""


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (OTHER_KEY, PLACE),
        (KEY, "documents.name:2"),
        (KEY, "submissions.subject:1"),
        (KEY, ""),
    ],
    ids=["another_key", "another_row", "another_column", "no_place"],
)
def test_a_value_opens_nowhere_else(key: DataKey, place: str) -> None:
    sealed = seal(KEY, PLACE, "Åsa")

    with pytest.raises(KeyUnavailable):
        unseal(key, place, sealed)


@pytest.mark.parametrize("length", range(1, 29))
def test_a_value_that_was_cut_does_not_open(length: int) -> None:
    sealed = seal_bytes(KEY, PLACE, b"content")

    with pytest.raises(KeyUnavailable):
        unseal_bytes(KEY, PLACE, sealed[:length])


def test_equal_values_are_sealed_differently() -> None:
    assert seal(KEY, PLACE, "Åsa") != seal(KEY, PLACE, "Åsa")
