"""Hold that each script is drawn with a font that has it, and that missing letters are said."""

import io
import time
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

from intake.sandbox.render.fonts import FURTHER_FILES, Typesetter, load_typesetter
from intake.sandbox.render.text import MAX_PAGES, TextPages

LATIN = "abcdefghijklmnopqrstuvwxyzåäö.()"
SELAM = "ሰላም"


def font(letters: str, width: int) -> bytes:
    """Return a font in which each of these letters is a black block of this width."""
    names = {ord(letter): f"g{ord(letter):x}" for letter in letters}
    built = FontBuilder(1000, isTTF=True)
    built.setupGlyphOrder([".notdef", "space", *names.values()])
    built.setupCharacterMap({32: "space", **names})
    built.setupGlyf(
        {".notdef": _block(90), "space": _block(0)} | dict.fromkeys(names.values(), _block(width))
    )
    built.setupHorizontalMetrics(dict.fromkeys((".notdef", "space", *names.values()), (600, 0)))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupOS2()
    built.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    built.setupPost()
    target = io.BytesIO()
    built.save(target)
    return target.getvalue()


def _block(width: int) -> object:
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((0, 0))
        for corner in ((0, 700), (width, 700), (width, 0)):
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


FIRST, SECOND = font(LATIN, 400), font(SELAM, 500)


@pytest.mark.parametrize(
    ("written", "font_files", "reason"),
    [
        ("hej", (FIRST,), ""),
        (SELAM, (FIRST,), "script_not_drawn"),
        (SELAM, (FIRST, SECOND), ""),
        (f"hej {SELAM} (pā)", (FIRST, SECOND), "script_not_drawn"),
        (f"hej {SELAM} (på)", (FIRST, SECOND), ""),
        (f"{SELAM}\u0301 \u200c{SELAM}", (FIRST, SECOND), ""),
        (SELAM, (), "script_not_drawn"),
    ],
)
def test_copy_says_when_no_font_has_a_letter(
    written: str, font_files: tuple[bytes, ...], reason: str
) -> None:
    pages = TextPages(written, 72, Typesetter(font_files, can_join=bool(font_files)), "")

    assert (pages.reason, pages.draw(0).text) == (reason, written)


def test_each_letter_is_drawn_by_the_first_font_that_has_it() -> None:
    fonts = Typesetter((FIRST, SECOND), can_join=True).fonts(20)

    runs = [piece for _, piece in fonts.runs(f"hej {SELAM} (a){SELAM}.")]

    assert runs == ["hej ", f"{SELAM} ", "(a)", SELAM, "."]


def test_syllables_of_korean_are_drawn_by_one_font() -> None:
    """Fonts of other scripts have a few of them, and two looks in one word read badly."""
    few, all_of_them = font(f"{LATIN}가", 400), font("가안녕", 500)
    fonts = Typesetter((few, all_of_them), can_join=True).fonts(20)

    runs = [piece for _, piece in fonts.runs("hej 안가녕.")]

    assert runs == ["hej ", "안가녕", "."]


@pytest.mark.parametrize(
    "written",
    [
        "السلام عليكم ورحمة الله", "می\u200cخواهم برگردم، پرونده", "آپ کی درخواست ہے ٹھیک",
        "ሰላም፣ ምስክር ወረቀት", "สวัสดีค่ะ ต้องการความช่วยเหลือ", "Добрий день, їжак ґанок",
        "Xin chào, giấy tờ của tôi ở đây", "আমি বাড়ি ফিরতে চাই", "您好，我需要幫助。護照",
        "お世話になります。", "안녕하세요 도움이 필요합니다 여권", "שלום, דרכון", "Γειά σας, ώρα",
        "გამარჯობა", "Բարև ձեզ", "नमस्ते", "Åsa Öberg, żółć, ğış, đ",
    ],
)  # fmt: skip
def test_packages_that_the_service_names_have_every_letter(written: str) -> None:
    pages = TextPages(written, 72, load_typesetter(), "")

    assert pages.reason == ""


@pytest.mark.parametrize("letter", ["\u0e33", "\u0eb3", "\u0622", "\u1ec7", "\uac01", "\u0958"])
def test_letter_that_shaping_takes_apart_is_missing_where_its_parts_are(letter: str) -> None:
    """Two boxes are drawn for it, and a font that draws boxes does not have it."""
    pages = TextPages(f"a{letter}", 72, Typesetter((FIRST,), can_join=True), "")

    assert pages.reason == "script_not_drawn"


MANY = "".join(chr(0x400 + n % 250) + chr(0x1200 + n // 250) + " " for n in range(100_000))


@pytest.mark.parametrize("written", ["\t" * 2_000_000, MANY, "a\n" * 900_000])
def test_text_without_end_is_cut_in_time_and_told(written: str) -> None:
    typesetter = load_typesetter()
    started = time.process_time()

    pages = TextPages(written, 72, typesetter, "layout_not_available")

    print(f"{time.process_time() - started:.1f} s, {pages.count} pages")
    assert time.process_time() - started < 8
    assert (pages.reason, 0 < pages.count <= MAX_PAGES) == ("text_cut_off", True)


def test_text_of_many_pages_is_whole_where_its_words_return() -> None:
    written = "Hej på dig, 您好 ሰላም. " * 12_000

    pages = TextPages(written, 72, load_typesetter(), "")

    assert "".join(pages.draw(at).text for at in range(pages.count)).count("ሰላም") == 12_000
    assert pages.reason == ""


def test_word_of_thai_is_drawn_by_one_font() -> None:
    fonts = load_typesetter().fonts(20)

    assert [piece for _, piece in fonts.runs("a \u0e04\u0e33\u0e23\u0e49\u0e2d\u0e07")] == [
        "a ",
        "\u0e04\u0e33\u0e23\u0e49\u0e2d\u0e07",
    ]


def test_fonts_of_the_system_are_read_where_they_are(tmp_path: Path) -> None:
    wanted = tmp_path / FURTHER_FILES[1]
    wanted.parent.mkdir(parents=True)
    wanted.write_bytes(SECOND)

    assert load_typesetter(tmp_path) == Typesetter((SECOND,), can_join=True)
    assert load_typesetter(tmp_path / "nowhere") == Typesetter((), can_join=False)
