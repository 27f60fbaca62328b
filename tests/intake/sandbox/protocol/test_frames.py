"""Hold the layout of messages on the pipes."""

import pytest

from intake.sandbox.protocol.frames import FrameError, frame, pack, unpack


def test_what_is_packed_comes_out_again() -> None:
    assert unpack(b"".join(pack({"a": [1, "å"]}, [b"", b"x" * 100]))) == (
        {"a": [1, "å"]},
        [b"", b"x" * 100],
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0",
        b"\0" * 7,
        b"\xff" * 8,
        frame(b"{}")[:-1],
        frame(b"[]"),
        frame(b"nonsense"),
        frame(b"\xff"),
        frame(b"[" * 100_000),
        frame(b"{}") + b"\0\0\0",
        frame(b"{}") + (2**63).to_bytes(8, "big") + b"x",
    ],
)
def test_anything_else_is_refused(payload: bytes) -> None:
    with pytest.raises(FrameError):
        unpack(payload)
