"""Check that a model goes into a file and comes back, or is refused."""

import hashlib
import hmac
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from intake.recognition.classification.model import TypeModel
from intake.recognition.classification.model_file import (
    MAX_FILE_BYTES,
    ModelRefused,
    load_model,
    save_model,
)
from intake.recognition.classification.rules import RuleBook

KEY = b"k" * 32


@pytest.fixture
def saved(tmp_path: Path, model: TypeModel) -> Path:
    path = tmp_path / "kinds.model"
    save_model(model, path, KEY)
    return path


def test_what_comes_back_is_what_was_saved(saved: Path, model: TypeModel, book: RuleBook) -> None:
    loaded = load_model(saved, KEY, book, model.digest)

    assert loaded.codes == model.codes
    assert loaded.calibration == model.calibration
    assert loaded.vocabulary.places == model.vocabulary.places
    assert np.array_equal(loaded.weights, model.weights)
    assert np.array_equal(loaded.bias, model.bias)
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


@pytest.mark.parametrize("place", [0, 31, 32, 500, -1])
def test_a_file_with_one_changed_byte_is_refused(
    saved: Path, model: TypeModel, book: RuleBook, place: int
) -> None:
    content = bytearray(saved.read_bytes())
    content[place] ^= 1
    saved.write_bytes(content)

    assert reason_of(saved, KEY, book, model.digest) == "seal_broken"


def test_a_file_of_another_installation_is_refused(
    saved: Path, model: TypeModel, book: RuleBook
) -> None:
    assert reason_of(saved, b"o" * 32, book, model.digest) == "seal_broken"


def test_a_file_of_another_training_is_refused(saved: Path, book: RuleBook) -> None:
    assert reason_of(saved, KEY, book, "0" * 64) == "other_training"


def test_a_file_that_is_not_there_is_said_to_be_absent(tmp_path: Path, book: RuleBook) -> None:
    assert reason_of(tmp_path / "none", KEY, book, "") == "absent"


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 4096])
def test_a_file_of_rubbish_is_refused(tmp_path: Path, book: RuleBook, content: bytes) -> None:
    path = tmp_path / "kinds.model"
    path.write_bytes(content)

    assert reason_of(path, KEY, book, "") == "seal_broken"


def test_a_file_that_is_too_large_is_not_read_through(tmp_path: Path, book: RuleBook) -> None:
    path = tmp_path / "kinds.model"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES * 10)

    assert reason_of(path, KEY, book, "") == "too_large"


def test_a_pickle_is_refused_even_under_a_good_seal(tmp_path: Path, book: RuleBook) -> None:
    packed = io.BytesIO()
    np.savez(packed, header=np.array([{"version": 1}], dtype=object), allow_pickle=True)

    assert reason_of(sealed(tmp_path, packed.getvalue()), KEY, book, "") == "malformed"


def test_missing_arrays_are_refused_even_under_a_good_seal(tmp_path: Path, book: RuleBook) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("other.npy", b"nothing")

    assert reason_of(sealed(tmp_path, packed.getvalue()), KEY, book, "") == "malformed"


def sealed(folder: Path, content: bytes) -> Path:
    """Return a file of a content under the seal that the installation itself would put."""
    path = folder / "kinds.model"
    seal = hmac.digest(KEY, b"document kinds\0" + content, hashlib.sha256)
    path.write_bytes(seal + content)
    return path


def reason_of(path: Path, key: bytes, book: RuleBook, digest: str) -> str:
    """Return why a file is refused."""
    with pytest.raises(ModelRefused) as refused:
        load_model(path, key, book, digest)
    return refused.value.reason
