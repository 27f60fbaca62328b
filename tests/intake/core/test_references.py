"""Check reference codes: no slip of the pen passes, and no word of a letter is taken for one."""

import itertools
import random

import pytest

from intake.core.errors import ReferenceInvalid
from intake.core.references import ALPHABET, find_all, new_reference, normalise

KNOWN = ["K7M-4QX-9T", "P3W-8HD-2C"]
OTHERS = ["8VU-T5T-8P", "F3F-8ES-TC", "ZFB-ZAU-UU", "PAV-VUL-76"]


def is_valid(text: str) -> bool:
    """Tell whether a text is taken as a code."""
    try:
        normalise(text)
    except ReferenceInvalid:
        return False
    return True


SEEDED = random.Random(20261124)


@pytest.mark.parametrize("code", KNOWN)
def test_the_codes_of_the_offices_texts_are_valid(code: str) -> None:
    assert normalise(code) == code


@pytest.mark.parametrize("code", [*KNOWN, *OTHERS])
def test_every_single_wrong_symbol_is_found(code: str) -> None:
    symbols = code.replace("-", "")
    wrong = [
        symbols[:at] + other + symbols[at + 1 :]
        for at in range(len(symbols))
        for other in ALPHABET
        if other != symbols[at]
    ]

    assert len(wrong) == 8 * 31
    assert [text for text in wrong if is_valid(text)] == []


@pytest.mark.parametrize("code", [*KNOWN, *OTHERS])
def test_every_swap_of_two_symbols_is_found(code: str) -> None:
    symbols = code.replace("-", "")
    swapped = []
    for left, right in itertools.combinations(range(8), 2):
        changed = list(symbols)
        changed[left], changed[right] = changed[right], changed[left]
        if "".join(changed) != symbols:
            swapped.append("".join(changed))

    assert [text for text in swapped if is_valid(text)] == []


def test_the_alphabet_has_nothing_that_is_misread() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01OI")


def test_new_codes_are_valid_and_differ() -> None:
    """One run in 150 draws a code twice, of 35 random bits; three times is a fault."""
    codes = [new_reference() for _ in range(20_000)]

    assert len(set(codes)) > len(codes) - 3
    assert all(normalise(code) == code for code in codes)
    assert set("".join(codes)) == {*ALPHABET, "-"}


@pytest.mark.parametrize(
    "written",
    [
        "K7M-4QX-9T",
        "k7m-4qx-9t",
        "K7M4QX9T",
        "k7m 4qx 9t",
        "  K7M-4QX-9T\n",
        "K7M\u20114QX\u20119T",
        "K7M\u20134QX\u20139T",
        "K7M4QX-9T",
    ],
)
def test_a_code_is_read_however_it_is_written(written: str) -> None:
    assert normalise(written) == "K7M-4QX-9T"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "K7M",
        "K7M-4QX-9",
        "K7M-4QX-9TT",
        "K7M--4QX-9T",
        "K7M_4QX_9T",
        "K7M-4QX-9T.",
        "xK7M-4QX-9T",
        "K7M-4QX-9T K7M-4QX-9T",
        "07M-4QX-9T",
        "\u212a7M-4QX-9T",
        "K7M-4QX-9\u03a4",
        "\uff2b7M-4QX-9T",
        "K7M-4QX-9T\0",
        "1' OR '1'='1",
        "../../etc",
        "K" * 100_000,
    ],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not is_valid(text)


LETTER = """\
Hej! Vi hänvisar till ert ärende K7M-4QX-9T (se även p3w 8hd 2c) och skickar handlingarna.
Telefon 070-234 56 78, diarienummer 2345-678-99, organisationsnummer 222333-4444.
Hen har en plats på boendet. Personen är berättigad. Vänligen återkom; ärendet K7M-4QX-9T brådskar.
"""


def test_codes_are_found_in_running_swedish_in_order_and_once() -> None:
    assert find_all(LETTER) == ["K7M-4QX-9T", "P3W-8HD-2C"]


@pytest.mark.parametrize(
    "text",
    [
        "[K7M-4QX-9T]",
        "Re: SV: Remiss K7M-4QX-9T",
        "K7M-4QX-9T",
        "(K7M-4QX-9T)",
        "ref:K7M-4QX-9T,",
        "ref_K7M4QX9T_",
        "https://portal.example/submissions/K7M-4QX-9T?x=1",
        "ärende\u00a0K7M-4QX-9T.",
        "K7M-4QX-9T\r\nNästa rad",
    ],
)
def test_a_code_is_found_between_other_signs(text: str) -> None:
    assert find_all(text) == ["K7M-4QX-9T"]


@pytest.mark.parametrize(
    "text",
    ["AK7M-4QX-9T", "K7M-4QX-9T2", "åK7M-4QX-9T", "K7M-4QX-9Tö", "\u212a7M-4QX-9T", "7M-4QX-9T"],
)
def test_a_code_inside_something_longer_is_none(text: str) -> None:
    assert find_all(text) == []


def valid_words(count: int) -> list[str]:
    """Make texts of eight letters whose check symbol happens to be right."""
    letters = [letter for letter in ALPHABET if letter.isalpha()]
    found: list[str] = []
    while len(found) < count:
        text = "".join(SEEDED.choice(letters) for _ in range(8))
        if is_valid(text):
            found.append(text)
    return found


def test_words_with_the_right_check_symbol_are_no_codes() -> None:
    words = valid_words(50)
    written = [
        *(word.lower() for word in words),
        *(word.capitalize() for word in words),
        *(f"{word[:3]} {word[3:6]} {word[6:]}".lower() for word in words),
    ]

    assert find_all(". ".join([*written, "Please escalate.", "Hen har en."])) == []


def test_a_code_without_digits_is_found_as_it_was_sent() -> None:
    word = valid_words(1)[0]
    code = normalise(word)

    assert find_all(f"ärende {code}") == [code]
    assert find_all(f"ärende {code.lower()}") == [code]
    assert find_all(f"ärende {word}") == [code]


def test_a_new_code_is_found_however_it_is_typed() -> None:
    for code in (new_reference() for _ in range(500)):
        bare = code.replace("-", "")

        assert find_all(f"ref {bare.lower()} och {code.lower()}, {bare}") == [code]


def test_no_more_codes_are_taken_than_asked_for() -> None:
    codes = [new_reference() for _ in range(30)]
    text = " och ".join(codes)

    assert find_all(text) == codes[:20]
    assert find_all(text, limit=1) == codes[:1]


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    assert find_all("K7M-" * 50_000) == []
    assert find_all("K7M 4QX " * 50_000) == []
