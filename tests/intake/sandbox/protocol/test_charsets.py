"""Hold by which names mail programs call a charset, and that only charsets are on the list."""

import pytest

from intake.sandbox import Duty
from intake.sandbox.protocol.charsets import (
    NAMES,
    KnownCharset,
    chosen,
    codec_of,
    is_note,
    load_codecs,
    note,
    noted,
    shown_in,
    shown_name,
    split_charset,
    with_charset,
    with_evidence,
    with_shown,
)
from tests.intake.sandbox.conftest import ProbedJail

DUTIES = (Duty.MAIL,)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8mb4", "utf-8"),
        ("iso8859-2", "iso8859-2"),
        ("ISO_8859-2:1987", "iso8859-2"),
        ("latin1", "cp1252"),
        ("win-1251", "cp1251"),
        ("windows1251", "cp1251"),
        ("'cp-1251'", "cp1251"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("koi8-ru", "koi8-u"),
        ("windows-31j", "cp932"),
        ("x-sjis", "cp932"),
        ("x-gbk", "gb18030"),
        ("GB_2312-80", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-2022-kr", "iso2022-kr"),
        ("windows-874", "cp874"),
        ("TIS-620", "cp874"),
        ("iso-8859-8-i", "iso8859-8"),
        ("dos-866", "cp866"),
    ],
)
def test_charset_is_known_by_its_other_names(name: str, codec: str) -> None:
    assert codec_of(name) == codec


@pytest.mark.parametrize(
    "name",
    ["", "unknown-8bit", "idna", "punycode", "hex", "zlib", "rot13", "base64", "undefined", "mbcs",
     "unicode_escape", "raw_unicode_escape", "x\0y", "../idna", "x" * 5000, "\u0660", "cp037"],
)  # fmt: skip
def test_what_is_no_charset_of_mail_has_no_codec(name: str) -> None:
    assert codec_of(name) is None


def test_every_codec_on_the_list_is_there_and_has_a_name_for_people() -> None:
    load_codecs()

    assert {codec_of(codec) for codec in NAMES} == set(NAMES)
    assert (shown_name("cp1251"), shown_name("iso8859-2")) == ("windows-1251", "ISO-8859-2")


@pytest.mark.parametrize("declared", ["win-1251", "ISO-8859-2", "utf-16le", "unknown-8bit", ""])
def test_part_keeps_its_charset_and_hands_it_on(declared: str) -> None:
    flags = ["bad_base64", *note(declared)]

    said = with_charset("text/plain", flags)

    assert noted(flags) == (codec_of(declared) or "")
    assert split_charset(said) == ("text/plain", KnownCharset(noted(flags)))
    assert with_charset("text/rtf", flags) == "text/rtf"
    assert with_charset("image/png", flags) == "image/png"


def test_all_that_is_known_of_a_charset_is_handed_on() -> None:
    flags = ["charset:koi8_u", "charset_near:cp1251", "charset_near:cp866", "charset_chosen:big5"]

    said = with_evidence("text/csv", flags, chosen(flags))

    assert said == "text/csv; charset=koi8-u; near=cp1251,cp866; chosen=big5"
    assert split_charset(said) == ("text/csv", KnownCharset("koi8-u", ("cp1251", "cp866"), "big5"))
    assert with_evidence("application/pdf", []) == "application/pdf"
    assert with_charset("text/csv", flags) == "text/csv; charset=koi8-u"
    assert all(map(is_note, [*flags, *with_shown([], "big5")]))
    assert not is_note("asked_for")
    assert shown_in(with_shown(with_shown(flags, "big5"), "utf-8")) == "utf-8"


def test_every_charset_is_read_behind_the_lock(jail: ProbedJail) -> None:
    # A codec that was not loaded before would need a file that a child cannot open.
    parts = "".join(
        f'--b\r\nContent-Type: text/plain; charset={codec}\r\n\r\n{number} +AOU- \x1b$B$"\x1b(B\r\n'
        for number, codec in enumerate(NAMES)
    )
    head = "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    bad = b"--b\r\n\r\n\xc4\xee\xe1\xf0\xfb\xe9\r\n--b--\r\n"

    opened = jail.open_mail((head + parts).encode() + bad)

    assert len(opened.parts) == len(NAMES) + 1
    assert opened.body_text.startswith("0 +AOU- ")
