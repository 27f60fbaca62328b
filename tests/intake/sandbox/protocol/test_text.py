"""Hold how strangers' bytes become text that can be stored and shown."""

import sys
import unicodedata

import pytest

from intake.sandbox.protocol.text import (
    UNSAFE,
    UNSAFE_IN_LINE,
    UNSEEN,
    decode,
    decode_words,
    one_line,
    paragraphs,
)

REMOVED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_unsafe_is_every_control_format_and_surrogate_character() -> None:
    every = map(chr, range(sys.maxunicode + 1))

    missed = [
        hex(ord(c)) for c in every if unicodedata.category(c) in REMOVED and not UNSAFE.match(c)
    ]

    assert missed == []


def test_unsafe_is_nothing_that_is_assigned_and_visible() -> None:
    every = map(chr, range(sys.maxunicode + 1))

    wrong = [
        hex(ord(c)) for c in every if UNSAFE.match(c) and unicodedata.category(c) not in REMOVED
    ]

    assert set(wrong) <= {
        "0x13439",
        "0x1343a",
        "0x1343b",
        "0x1343c",
        "0x1343d",
        "0x1343e",
        "0x1343f",
    }


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-1", b"p\xe5", "på"),
        ("idna", b"xn--", "xn--"),
        ("hex", b"41", "41"),
        ("zlib", b"x", "x"),
        ("unicode_escape", b"\\x3c", "\\x3c"),
        ("undefined", b"x", "x"),
        ("x\0y", b"x", "x"),
        ("../utf-8", b"x", "x"),
    ],
)
def test_charset_is_from_the_list_or_the_likeliest(charset: str, content: bytes, text: str) -> None:
    assert decode(content, charset) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?p=C3=A5?=", "på"),
        ("=?utf-8?b?cMOl?= x", "på x"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?b?cMM=?= =?utf-8?b?pQ==?=", "på"),
        ("=?iso-8859-1?q?=E5?= =?utf-8?q?=C3=A5?=", "åå"),
        ("=?utf-8*sv?q?p=C3=A5?=", "på"),
        ("=?hex?q?41?=", "41"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("=?utf-8?b?a?=", ""),
        ("=?utf-8?q?a_b?=", "a b"),
    ],
)
def test_encoded_words_are_decoded(written: str, text: str) -> None:
    assert decode_words(written) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\n b", "a  b"),
        ("a\x00b", "ab"),
        ("e\u0301", "é"),
        ("exe\u202efdp.x", "exefdp.x"),
        ("a\ud800b", "a\ufffdb"),
        ("a\u2028b", "a b"),
        ("\ufeff a ", "a"),
        ("x" * 50, "x" * 20),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ক্\u200cষ", "ক্\u200cষ"),
        ("pay\u200cpal", "paypal"),
        ("\u200cمی\u200c", "می"),
        ("می\u200c\u200cخواهم", "میخواهم"),
        ("می\u200c.pdf", "می.pdf"),
        ("م" * 19 + "\u200cم", "م" * 19),
        ("a" + "\u0301\u0316" * 100_000, None),
    ],
)
def test_line_is_one_clean_line(text: str, line: str | None) -> None:
    cleaned = one_line(text, 20)

    assert len(cleaned) <= 20
    assert line is None or cleaned == line


def test_body_keeps_lines_tabs_and_the_joiners_of_persian() -> None:
    assert paragraphs("می\u200cخواهم\r\n\ta\x00\u202eb\u2028c", 100) == "می\u200cخواهم\n\tab\nc"


# Unicode 16, DerivedCoreProperties.txt: Default_Ignorable_Code_Point.
IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
FILLERS = "\u115f\u1160\u3164\uffa0"


def test_no_character_that_nobody_sees_stays_in_a_line() -> None:
    unseen = [chr(number) for first, last in IGNORABLE for number in range(first, last + 1)]

    for sign in unseen:
        blank = " " if sign in FILLERS else ""
        assert one_line(f"Eva{sign}Lind", 20) == f"Eva{blank}Lind"
        assert not UNSAFE_IN_LINE.search(one_line(f"{sign}Eva{sign}", 20))
    assert {sign for sign in map(chr, range(sys.maxunicode)) if UNSEEN.match(sign)} <= set(unseen)


def test_unseen_character_is_the_same_whatever_it_is_turned_into() -> None:
    for sign in ("\u2067", "\u202b", "\u202e", "\u2066", "\u2068", "\u2028", "\u2029"):
        line = one_line(f"Eva {sign}gro.live@a Lind", 80)

        assert line.replace(" ", "") == "Evagro.live@aLind"
        assert one_line(line, 80) == line


@pytest.mark.parametrize(
    "text", ["\u2764\ufe0f hej", "1\ufe0f\u20e3", "\u8fbb\U000e0100\u672c", "\u845b\ufe00\u98fe"]
)
def test_selector_of_a_shape_stays_where_it_is_seen(text: str) -> None:
    assert one_line(text, 20) == text
