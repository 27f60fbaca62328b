"""Hold how the letters are found that no installed font can draw."""

from intake.sandbox.host.fonts import (
    Covered,
    InstalledFonts,
    ask_fontconfig,
    covered_by,
    letters_without_font,
)

LISTED = "20-7e a0-17f\n\n1200-135a 41\n17f-24f 25cc\n"


def test_ranges_of_all_fonts_are_put_together() -> None:
    covered = covered_by(LISTED)

    assert covered == Covered((0x20, 0xA0, 0x1200, 0x25CC), (0x7E, 0x24F, 0x135A, 0x25CC))
    assert [covered.has(letter) for letter in "\x1fA~\x7fåƀሰ◌\U0010ffff"] == [
        False, True, True, False, True, True, True, True, False,
    ]  # fmt: skip
    assert covered_by("") == Covered((), ())


def test_only_letters_that_a_person_would_miss_are_looked_up() -> None:
    texts = ["Åsa ሰላም\n\t", "สวัสดี می\u200cخ \ue000\ufffd\u0301"]

    missing = letters_without_font(texts, covered_by(LISTED))

    assert missing == set("สวดمیخ")


def test_fonts_of_this_machine_have_latin_letters() -> None:
    covered = ask_fontconfig()

    assert covered is not None
    assert letters_without_font(["Åsa Öberg"], covered) == set()


def test_fontconfig_is_asked_again_only_when_a_letter_lacks_a_font() -> None:
    answers = [covered_by(LISTED), covered_by(LISTED), covered_by(f"{LISTED}e00-e7f\n"), None]
    fonts = InstalledFonts(lambda: answers.pop(0))

    assert [fonts.lack(["Åsa"]), fonts.lack(["Öberg"]), len(answers)] == [set(), set(), 3]
    assert fonts.lack(["Åsa ส"]) == {"ส"}
    # Now a font has been installed, and then fontconfig itself is gone.
    assert [fonts.lack(["Åsa ส"]), len(answers)] == [set(), 1]
    assert fonts.lack(["Ж"]) == set()
