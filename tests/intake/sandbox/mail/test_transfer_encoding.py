"""Hold how transfer encodings are read and decoded, and which defects are reported."""

import base64

import pytest

from intake.sandbox.mail.transfer_encoding import (
    decode_base64,
    decode_content,
    hidden_files,
    read_encoding,
    uuencoded_in,
)
from tests.support.growth.measure import is_linear


@pytest.mark.parametrize(
    ("value", "encoding", "defect"),
    [
        (None, "", None),
        (b"base64", "base64", None),
        (b"BASE64", "base64", None),
        (b"quoted-printable", "quoted-printable", None),
        (b'"base64"', "base64", "odd_encoding"),
        (b"base64 (really)", "base64", "odd_encoding"),
        (b"(x) base64", "base64", "odd_encoding"),
        (b"base64;", "base64", "odd_encoding"),
        (b"base-64", "", "unknown_encoding"),
        (b"base64, 7bit", "", "unknown_encoding"),
        (b"x-uuencode", "x-uuencode", None),
    ],
)
def test_encoding_is_known_odd_or_unknown(
    value: bytes | None, encoding: str, defect: str | None
) -> None:
    assert read_encoding(value) == (encoding, defect)


@pytest.mark.parametrize(
    ("content", "decoded", "defects"),
    [
        (b"aGVsbG8=", b"hello", ()),
        (b"aGVs\r\nbG8=\r\n", b"hello", ()),
        (b" aGVs\tbG8= ", b"hello", ()),
        (b"", b"", ()),
        (b"aGVs!bG8=", b"hello", ("base64_characters",)),
        (b"aGU=bGxv", b"hello", ("base64_padding",)),
        (b"aGU=\r\nbGxv", b"hello", ("base64_padding",)),
        (b"aGVsbG8", b"hello", ("base64_length",)),
        (b"aGVsbG8==", b"hello", ("base64_length",)),
        (b"=aGVs", b"hel", ("base64_padding", "base64_length")),
        (b"a", b"", ("base64_length",)),
        (b"====", b"", ("base64_padding",)),
    ],
)
def test_base64_is_decoded_and_its_defects_told(
    content: bytes, decoded: bytes, defects: tuple[str, ...]
) -> None:
    assert decode_base64(content) == (decoded, defects)


def test_uuencoded_content_is_decoded_and_told() -> None:
    content = b"begin 644 a.txt\n%:&5L;&\\\n`\nend\n"

    assert decode_content(content, "x-uuencode")[:2] == (b"hello", ("uuencoded",))


@pytest.mark.parametrize("end", [b"====\nmore text\n", b""])
def test_uuencoded_base64_is_decoded(end: bytes) -> None:
    content = b"begin-base64 644 a.txt\naGVs\nbG8=\n" + end

    assert decode_content(content, "x-uuencode")[:2] == (b"hello", ("uuencoded",))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"hello\nbegin at the beginning\n", ()),
        (b"x\nbegin 644 a.zip\n%:&5L;&\\\n`\nend\n", ("uuencoded",)),
        (b"begin-base64 644 e.com\naGVsbG8=\n====\n", ("uuencoded",)),
        (b"x\r\nbegin-base64-encoded 644 ZS5jb20=\r\naGVsbG8=\r\n====\r\n", ("uuencoded",)),
        (b"begin  0644\ta.zip\n%:&5L;&\\\n`\nend\n", ("uuencoded",)),
        # Letters of which a program takes six bits, a sum at the end, and blanks that were lost.
        (b"begin 644 a.zip\n%:fulL;f\\\nend\n", ("uuencoded",)),
        (b"begin 644 a.zip\n%:&5L;&\\`X\nend\n", ("uuencoded",)),
        (b"begin 644 a.zip\n%:&5L\nend\n", ("uuencoded",)),
        (b"begin-base64 \t 644  e.com\naGVsbG8=\n====\n", ("uuencoded",)),
        (b"begin  at 644 and\nend\n", ()),
        (b"begin-base64 is how it begins\n", ()),
        (b"begin 2027 we start\nBest wishes\nend\n", ()),
        (b"begin 2027 we start\r\n\r\nBest wishes\r\n", ()),
        (b"begin 2027 x\nMvh\nbegin 644 a.zip\n%:&5L;&\\\n`\nend\n", ("uuencoded",)),
        (b"begin 2027 x\nMvh\n%:&5L;&\\\n`\nend\n", ("uuencoded",)),
        (b"=ybegin line=128 size=3 name=a.zip\r\nabc\r\n=yend size=3\r\n", ("yenc",)),
    ],
)
def test_files_inside_text_are_found(content: bytes, found: tuple[str, ...]) -> None:
    assert hidden_files(content) == found


def test_a_sum_behind_a_line_is_passed_over() -> None:
    content = b"begin 644 a.txt\n%:&5L;&\\`X\n`\nend\n"

    assert decode_content(content, "x-uuencode")[:2] == (b"hello", ("uuencoded",))


def test_searching_takes_as_long_as_the_text() -> None:
    def text_of(size: int) -> str:
        return "begin 644 a\nMvh\n" * (size // 16)

    assert is_linear(lambda text: list(uuencoded_in(text.encode())), text_of, 400_000)


FOOTERS = [
    b"-- \r\nSent through the gateway of the municipality\r\n",
    b"_______________________________\nlist mailing list\nhttps://lists.partner.example/a\n",
    b"\r\nKommunen behandlar personuppgifter enligt GDPR.\r\n",
    "Behandlas så här: läs på vår sida\r\n".encode(),
    b"[EXTERNAL] Do not open links.\n",
    b"-- \r\nEva",
    b"\r\nKonfidentiellt\r\nMeddelandet kan vara skyddat.\r\n",
    b"--\r\nhttps://lists.example/u/3f9Ab7cD2eF8gH1iJ5kL6mN0pQ4rS9tU2vW7xY3zA8bC1dE6fG0hI5jK\r\n",
    b"\r\n" + b"This message is confidential and meant for its reader alone. " * 30,
]


@pytest.mark.parametrize("text", ["Möte på måndag för Märta.\r\n", "Tack å", "مرحبا", "Hej då!!"])
@pytest.mark.parametrize("footer", FOOTERS)
def test_plain_footer_below_an_encoded_text_stands_below_it(text: str, footer: bytes) -> None:
    content = base64.encodebytes(text.encode()) + footer

    decoded = decode_content(content, "base64", is_text=True)

    assert decoded.content[: decoded.own_bytes] == text.encode()
    assert decoded.content[decoded.own_bytes :].split() == footer.split()
    assert decoded.defects == ("words_below_code",)
    # A file is decoded as all programs do, and held.
    as_file = decode_content(content, "base64")
    assert as_file.content == decode_base64(content)[0]
    assert "base64_characters" in as_file.defects


@pytest.mark.parametrize(
    "more",
    [
        base64.b64encode(b"<script>alert(1)</script>"),
        b" ".join(base64.b64encode(b"<script>alert(1)</script>")[at : at + 1] for at in range(36)),
        b". " + base64.b64encode(b"X5O!P%@AP[4 and whatever a scanner looks for in a text"),
        b"- " + base64.b64encode(bytes(range(256))),
        b"! " + b"-" * 9000,
        b"-- \r\n" + base64.b64encode("AKUT hon är hotad i kväll, ring".encode()),
        b"_____\r\nab " + base64.b64encode("Срочно, ей угрожают сегодня".encode()),
        b"_____\r\n" + base64.b64encode("Срочно, ей угрожают сегодня".encode("cp1251")),
        b"-- a" + base64.b64encode("我被威胁了，请马上打电话给我".encode()),
        b"-- a" + base64.b64encode("Ring mig genast".encode("utf-16-le")),
        b"-- abc" + base64.b64encode(b"\x80\x81<a href=x>\xff"),
        b"-- abc" + base64.b64encode(b"\x80\x81<IMG/src=x>\xff"),
    ],
)
def test_what_another_program_would_decode_is_decoded(more: bytes) -> None:
    content = base64.encodebytes(b"Hej p\xc3\xa5 dig") + more

    decoded = decode_content(content, "base64", is_text=True)

    assert (decoded.content, decoded.defects) == decode_base64(content)
    assert decoded.defects


LETTER = "Hej! Ring INTE hem till Åsa, han läser allt.\r\nMvh Märta\r\n" * 4
CODE = base64.encodebytes(LETTER.encode())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"[EXTERN]\r\n\r\n" + CODE, "[EXTERN]\r\n" + LETTER),
        (CODE[:40] + b"!" + CODE[41:], LETTER[38:]),
        (CODE[:40] + b"!" + CODE[40:], LETTER[60:]),
        (LETTER.encode(), LETTER),
    ],
    ids=["words above", "a sign changed", "a sign put in", "nothing encoded"],
)
def test_a_damaged_letter_shows_the_words_that_are_left(written: bytes, shown: str) -> None:
    decoded = decode_content(written, "base64", is_text=True)

    assert decoded.content.decode(errors="replace").endswith(shown)
    # It is held all the same, and a file is decoded as all programs do.
    assert decoded.defects == decode_base64(written)[1]
    assert "base64_characters" in decoded.defects
    assert decode_content(written, "base64").content == decode_base64(written)[0]


def test_two_texts_in_base64_are_two_readings() -> None:
    content = base64.encodebytes(b"Hej.") + b"\r\n" + base64.encodebytes(b"AKUT, ring 070")

    decoded = decode_content(content, "base64", is_text=True)

    assert decoded.defects == ("base64_padding",)
    assert decoded.content == b"Hej.AKUT, ring 070"


@pytest.mark.parametrize("piece", ["Ab+\n", "AbcdAbcd", "= ", "-- \n"])
def test_looking_for_a_footer_takes_linear_time(piece: str) -> None:
    def work(text: str) -> object:
        return decode_content(text.encode(), "base64", is_text=True)

    assert is_linear(work, lambda size: piece * (size // len(piece)), 400_000)
