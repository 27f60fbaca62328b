"""Keep what was learnt in a file, and refuse a file that is not to be trusted.

The file is 32 bytes of HMAC-SHA256 and then an npz (numpy's zip of arrays) without pickle; its
array `header` is JSON. The seal is checked before anything is parsed, so a file that somebody else
wrote is refused unread. It holds no word of a confirmed document, but confirmed documents moved its
weights: keep it where documents are kept.
"""

import hashlib
import hmac
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.recognition.classification.calibration import Calibration
from intake.recognition.classification.features import FeatureVocabulary
from intake.recognition.classification.model import VERSION, TypeModel
from intake.recognition.classification.rules import RuleBook
from storage import private_files

SEAL_BYTES = 32
MAX_FILE_BYTES = 64 * 1024**2


class ModelRefused(Exception):
    """The file is no model of this training, so train again; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def save_model(model: TypeModel, path: Path, key: bytes) -> None:
    """Write a model in one step, sealed with `key`, a secret of the installation."""
    header = {
        "version": VERSION,
        "digest": model.digest,
        "codes": model.codes,
        "features": list(model.vocabulary.places),
        "sharpness": model.calibration.sharpness,
        "point_worth": model.calibration.point_worth,
    }
    written = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        header=written,
        weights=model.weights,
        bias=model.bias,
        rarity=model.vocabulary.rarity,
    )
    content = packed.getvalue()
    # Another worker may read meanwhile: it sees the old file or the new one, never half of one.
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with private_files.open_new(beside) as file:
        file.write(_seal(key, content) + content)
    beside.replace(path)


def load_model(path: Path, key: bytes, book: RuleBook, digest: str) -> TypeModel:
    """Read a model that was saved with the same key from the training of that digest.

    Raises ModelRefused: "absent", "too_large", "seal_broken", "malformed", "other_training".
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise ModelRefused("absent") from error
    if len(content) > MAX_FILE_BYTES:
        raise ModelRefused("too_large")
    seal, packed = content[:SEAL_BYTES], content[SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(key, packed)):
        raise ModelRefused("seal_broken")
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            model = _model({name: arrays[name] for name in arrays.files}, book)
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelRefused("malformed") from error
    if model is None or model.digest != digest:
        raise ModelRefused("other_training")
    return model


def _seal(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, b"document kinds\0" + content, hashlib.sha256)


def _model(arrays: dict[str, NDArray[Any]], book: RuleBook) -> TypeModel | None:  # Any: of a file
    header = json.loads(arrays["header"].tobytes())
    if header["version"] != VERSION:
        return None
    features, codes = header["features"], tuple(header["codes"])
    weights, bias, rarity = arrays["weights"], arrays["bias"], arrays["rarity"]
    if (weights.shape, bias.shape, rarity.shape) != (
        (len(features), len(codes)),
        (len(codes),),
        (len(features),),
    ):
        raise ValueError("arrays of other sizes than the header says")
    return TypeModel(
        codes=codes,
        vocabulary=FeatureVocabulary({each: at for at, each in enumerate(features)}, rarity),
        weights=weights,
        bias=bias,
        calibration=Calibration(header["sharpness"], header["point_worth"]),
        digest=header["digest"],
        book=book,
    )
