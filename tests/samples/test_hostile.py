"""Each hostile sample does what its name says, and none could be mistaken for live malware."""

import base64
import binascii
import email
import email.policy
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from mailbox.demo.eicar import eicar
from tests.samples.hostile import HOSTILE, HOSTILE_NAMES, HostileMail, Kind, hostile
from tests.samples.mail.file_names import HOSTILE_FILE_NAMES, encoded_word, percent_encoded
from tests.samples.mail.forged_senders import BACKSCATTER, CANARIES, FROM_VECTORS
from tests.samples.mail.header_injection import HEADER_INJECTION
from tests.samples.mail.mime_ambiguity import MIME_AMBIGUITY, infected_zip
from tests.samples.unstorable_text import UNSTORABLE_TEXT

_LAZY_ABOVE_BYTES = 100_000
_BY_NAME = {sample.name: sample for sample in HOSTILE}


def test_there_are_enough_of_each_kind() -> None:
    wanted: dict[Kind, int] = {
        "B1": 17, "B2": 40, "B4": 14, "B7": 1, "B8": 20, "B9": 6, "B28": 10,
    }  # fmt: skip

    counts = Counter(sample.kind for sample in HOSTILE)

    assert {kind: count for kind, count in wanted.items() if counts[kind] < count} == {}
    assert len(HOSTILE) >= 70


def test_names_are_unique() -> None:
    assert len(_BY_NAME) == len(HOSTILE)
    assert len({vector.name for vector in FROM_VECTORS}) == len(FROM_VECTORS)
    assert len(set(HOSTILE_NAMES)) == len(HOSTILE_NAMES) >= 60


def test_kinds_are_selected() -> None:
    assert hostile("B1") == MIME_AMBIGUITY


def test_no_two_samples_are_the_same_message() -> None:
    assert len({sample.build() for sample in HOSTILE}) == len(HOSTILE)


def test_large_samples_are_built_when_asked_for() -> None:
    eager = [sample for sample in HOSTILE if isinstance(sample.raw, bytes)]

    assert max(len(sample.build()) for sample in eager) < _LAZY_ABOVE_BYTES


def test_eicar_stands_nowhere_in_one_piece() -> None:
    assert [sample.name for sample in HOSTILE if eicar() in sample.build()] == []
    here = Path(__file__).parents[1]
    files = [path for path in here.rglob("*") if path.suffix in {".py", ".pyc"}]
    assert [path for path in files if eicar() in path.read_bytes()] == []


@pytest.mark.parametrize(
    "sample",
    [sample for sample in MIME_AMBIGUITY if not sample.name.startswith("partial-")],
    ids=lambda sample: sample.name,
)
def test_eicar_is_there_for_a_reader_who_reads_on(sample: HostileMail) -> None:
    assert eicar() in _dug_out(sample.build())


def test_eicar_is_there_when_the_partial_messages_are_joined() -> None:
    first, second = (_BY_NAME[f"partial-{number}"].build() for number in (1, 2))

    joined = first.partition(b"\r\n\r\n")[2] + second.partition(b"\r\n\r\n")[2]

    assert eicar() in _dug_out(joined)
    assert eicar() not in _dug_out(first)


@pytest.mark.parametrize(
    ("name", "pattern", "count"),
    [
        ("multipart-3000-deep", rb"multipart/mixed", 3_001),
        ("message-in-message-2000-deep", rb"message/rfc822", 2_001),
        ("parts-50000", rb"\r\n--b\r\n", 50_000),
        ("recipients-10000", rb"<a\d+@x\.example>", 10_000),
        ("content-type-parameters-20000", rb"p\d+=v", 20_000),
        ("references-100000", rb"<r\d+@x\.example>", 100_000),
        ("encoded-words-10000", rb"=\?utf-8\?q\?w\d+\?=", 10_000),
        ("file-name-continuations-10000", rb"filename\*\d+=a", 10_000),
        ("group-addresses-2000", rb"g\d+: a@x\.example;", 2_000),
        ("parentheses-in-from", rb"From: \({1000}\r", 1),
    ],
)
def test_bomb_is_as_large_as_its_name_says(name: str, pattern: bytes, count: int) -> None:
    assert len(re.findall(pattern, _BY_NAME[name].build())) == count


def test_header_blocks_are_above_the_limit() -> None:
    for name in ("header-block-of-300-kibibytes", "header-of-5-megabytes"):
        head = _BY_NAME[name].build().partition(b"\r\n\r\n")[0]
        assert len(head) > 256 * 1024


def test_every_canary_is_in_the_bait() -> None:
    baited = b"".join(sample.build() for sample in BACKSCATTER)

    assert [canary for canary in CANARIES.values() if canary.encode() not in baited] == []


def test_header_injections_smuggle_nothing_on_their_own() -> None:
    for sample in HEADER_INJECTION:
        lines = sample.build().partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert [line for line in lines if line.lower().startswith(b"bcc")] == []


def test_hostile_names_survive_both_encodings() -> None:
    for name in HOSTILE_NAMES:
        for parameter in (percent_encoded(name), encoded_word(name)):
            assert _decoded_parameter(parameter) == name


def test_mails_carry_every_hostile_name_twice() -> None:
    raws = [sample.build() for sample in HOSTILE_FILE_NAMES]

    for name in HOSTILE_NAMES:
        for parameter in (percent_encoded(name), encoded_word(name)):
            assert sum(parameter + b"\r\n" in raw for raw in raws) == 1


def test_unstorable_text_reaches_a_lenient_reader() -> None:
    read = email.message_from_bytes(UNSTORABLE_TEXT[1].build(), policy=email.policy.default)

    assert "\0" in read["Subject"]


def _decoded_parameter(parameter: bytes) -> str:
    from urllib.parse import unquote_to_bytes

    encoded = parameter.removeprefix(b"filename*=utf-8''")
    if encoded != parameter:
        return unquote_to_bytes(encoded).decode("utf-8", "surrogatepass")
    word = parameter.removeprefix(b'filename="=?utf-8?b?').removesuffix(b'?="')
    return base64.b64decode(word).decode("utf-8", "surrogatepass")


def _dug_out(raw: bytes) -> bytes:
    """Read a message in every way at once, as the most forgiving program would."""
    body = raw.partition(b"\r\n\r\n")[2]
    candidates = [raw, _quartets(body), _unix_to_unix(raw), _yenc(raw)]
    found = b""
    for candidate in candidates:
        # "UEs" is how base64 begins when a zip does.
        at = candidate.find(b"UEs")
        found += _unzipped(candidate) + (_unzipped(_quartets(candidate[at:])) if at >= 0 else b"")
    return found


def _quartets(text: bytes) -> bytes:
    """Decode base64 up to the next boundary, over junk and over padding in the middle."""
    run = re.split(rb"\r?\n?--|\r\n\r\n", text, maxsplit=1)[0]
    letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", run)
    decoded = b""
    for piece in re.findall(rb"[^=]+=*", letters):
        whole = piece[: len(piece) // 4 * 4]
        try:
            decoded += base64.b64decode(whole)
        except binascii.Error:
            break
    return decoded


def _unix_to_unix(raw: bytes) -> bytes:
    if b"begin 644" not in raw:
        return b""
    lines = raw.partition(b"begin 644")[2].split(b"\r\n")[1:]
    return b"".join(binascii.a2b_uu(line) for line in lines[: lines.index(b"`")])


def _yenc(raw: bytes) -> bytes:
    if b"=ybegin" not in raw:
        return b""
    body = raw.partition(b"=ybegin")[2].partition(b"\r\n")[2].partition(b"\r\n=yend")[0]
    escapes = re.compile(rb"=(.)", re.DOTALL)
    plain = escapes.sub(lambda found: bytes([(found[1][0] - 64) % 256]), body.replace(b"\r\n", b""))
    return bytes((byte - 42) % 256 for byte in plain)


def _unzipped(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError):
        return b""


def test_the_hidden_zip_is_always_the_same() -> None:
    assert infected_zip() == infected_zip()
    assert _unzipped(infected_zip()) == eicar()
