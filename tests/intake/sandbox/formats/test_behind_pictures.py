"""Hold that behind a picture only what a phone's own records explain wholly counts as theirs."""

import pytest

from intake.sandbox.formats import pictures
from intake.sandbox.formats.trailing_data import find_after_end
from tests.intake.sandbox import samples
from tests.samples.files import benign
from tests.support.growth.measure import is_linear

JPEG = "image/jpeg"
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x10mdat" + b"12345678"
PROGRAM = b"MZ\x90\0\x03\0\0\0" + bytes(200)
SCRIPT = b"<script>alert(1)</script>"
HIDDEN = {"data_after_end", "data_of_another_type"}
RECORDS = {"advice_records_behind"}


@pytest.fixture(autouse=True, scope="module")
def _decoders() -> None:
    pictures.load_decoders()


def record(kind: int, name: bytes, data: bytes) -> tuple[int, bytes]:
    head = b"\0\0" + kind.to_bytes(2, "little") + len(name).to_bytes(4, "little")
    return kind, head + name + data


def trailer(*records: tuple[int, bytes], gap: bytes = b"") -> bytes:
    """Return records as the phones of one maker save them, with their directory behind them."""
    body, places = b"", []
    for kind, block in records:
        places.append((kind, len(body), len(block)))
        body += block + gap
    directory = b"SEFH" + (107).to_bytes(4, "little") + len(records).to_bytes(4, "little")
    for kind, at, size in places:
        directory += b"\0\0" + kind.to_bytes(2, "little")
        directory += (len(body) - at).to_bytes(4, "little") + size.to_bytes(4, "little")
    return body + directory + len(directory).to_bytes(4, "little") + b"SEFT"


TIME = record(0x0A01, b"Image_UTC_Data", b"1795987654321")
PLACE = record(0x0AA1, b"MCC_Data", b"240")
MOTION = record(0x0A30, b"MotionPhoto_Data", FILM)
BEFORE_EDITING = record(0x0BA1, b"Original_Picture", benign.picture("JPEG"))

OWN = [
    trailer(TIME),
    trailer(TIME, PLACE),
    trailer(TIME, MOTION, PLACE),
    trailer(TIME, gap=bytes(8)),
    trailer(BEFORE_EDITING),
    trailer(TIME) + bytes(20),
    bytes(3) + trailer(TIME),
]
FOREIGN = [
    b"SEFT" * 3 + PROGRAM + b"SEFT",
    PROGRAM + trailer(TIME),
    SCRIPT + trailer(TIME),
    trailer(record(0x0A01, b"Image_UTC_Data", SCRIPT)),
    trailer(record(0x0A01, b"Image_UTC_Data", PROGRAM)),
    trailer(record(0x0A01, SCRIPT, b"1")),
    trailer(TIME, record(0x0A30, b"MotionPhoto_Data", samples.archive())),
    trailer(TIME, record(0x0A30, b"MotionPhoto_Data", FILM + SCRIPT)),
    trailer(record(0x0BA1, b"Original_Picture", benign.picture("JPEG") + PROGRAM)),
    trailer(TIME, PLACE, gap=SCRIPT),
    trailer(TIME) + SCRIPT,
    trailer(TIME)[:-12] + SCRIPT + trailer(TIME)[-8:],
    benign.picture("JPEG") + SCRIPT,
    b"\xff\xd8\xff" + SCRIPT,
    FILM + SCRIPT,
    FILM + PROGRAM,
    b"xxMotionPhoto" + PROGRAM,
]
# Nothing dangerous is seen in it, and nothing explains it.
UNEXPLAINED = [
    b"SEFT and more SEFT",
    trailer(TIME, gap=b"left over"),
    b"left over" + trailer(TIME),
    trailer(TIME).replace(b"SEFH", b"SEFX"),
    trailer(TIME)[5:],
]


@pytest.mark.parametrize("rest", OWN)
def test_records_of_a_phone_are_advice(rest: bytes) -> None:
    assert find_after_end(benign.picture("JPEG") + rest, JPEG) == RECORDS


def test_a_picture_before_the_records_is_told_too() -> None:
    photo = benign.picture("JPEG")
    index = b"\xff\xe2\x00\x06MPF\0"
    rest = benign.picture("JPEG") + trailer(TIME)

    found = find_after_end(photo[:2] + index + photo[2:] + rest, JPEG)

    assert found == {"advice_pictures_behind", "advice_records_behind"}
    assert find_after_end(photo + FILM + trailer(TIME), JPEG) == {
        "advice_film_behind",
        "advice_records_behind",
    }
    assert "data_after_end" in find_after_end(photo + rest, JPEG)


@pytest.mark.parametrize("rest", FOREIGN)
def test_what_hides_among_such_records_holds_the_picture(rest: bytes) -> None:
    assert find_after_end(benign.picture("JPEG") + rest, JPEG) >= HIDDEN


@pytest.mark.parametrize("rest", UNEXPLAINED)
def test_what_no_record_explains_is_told(rest: bytes) -> None:
    assert find_after_end(benign.picture("JPEG") + rest, JPEG) == {"data_after_end"}


@pytest.mark.parametrize(
    "unit", [b"SEFT", b"\xff\xd8\xff\xd9", benign.picture("JPEG"), FILM, b"\0", TIME[1], b"MZ"]
)
def test_looking_behind_a_picture_takes_linear_time(unit: bytes) -> None:
    photo = benign.picture("JPEG")

    def work(text: str) -> object:
        return find_after_end(photo + text.encode("latin-1"), JPEG)

    count = len(unit)
    assert is_linear(work, lambda size: unit.decode("latin-1") * (size // count), 400_000)
