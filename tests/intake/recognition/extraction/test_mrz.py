"""Hold that a zone is believed only when its digits prove it, and slips mended by proof."""

import pytest

from intake.recognition.extraction.mrz import Unproved, Zone
from intake.recognition.extraction.mrz_layout import check_digit
from intake.recognition.extraction.mrz_search import find_zones
from tests.intake.recognition.extraction import zones

FORMATS = [
    ("td3", zones.passport()),
    ("td1", zones.card()),
    ("td2", zones.small()),
    ("mrv_a", zones.visa()),
    ("mrv_b", zones.small("V")),
]


def read(lines: list[str]) -> Zone | Unproved | None:
    """Return the only zone in the lines, None when there is none."""
    found = [seen.read for seen in find_zones("\n".join(lines))]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "digit"), [("520727", "3"), ("D23145890734", "9"), ("L898902C3", "6"), ("<<<", "0")]
)
def test_check_digits_are_those_of_the_standard(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize(("layout", "lines"), FORMATS)
def test_each_format_is_read(layout: str, lines: list[str]) -> None:
    zone = read(lines)

    assert zone == Zone(
        layout=layout,
        lines=tuple(lines),
        surname="DEMO",
        given_names="PERSON ONE",
        number="X12B45O70",
        nationality="UTO",
        born="1990-05-03",
        expires="2031-01-15",
        corrections=(),
    )


@pytest.mark.parametrize(("layout", "lines"), FORMATS)
def test_wrong_digit_is_told_and_not_believed(layout: str, lines: list[str]) -> None:
    wrong = [line.replace("900503", "900504") for line in lines]

    found = read(wrong)

    assert isinstance(found, Unproved)
    assert found.layout == layout
    assert "birth_check_wrong" in found.reasons


SLIPS = [
    ("O for 0 in a date", ("900503", "9OO5O3"), "letter_or_digit_by_its_place"),
    ("I for 1 in a date", ("310115", "3IOII5"), "letter_or_digit_by_its_place"),
    ("S for 5 and B for 8", ("900503", "90OS03"), "letter_or_digit_by_its_place"),
    ("0 for O in the country", ("UTO", "UT0"), "letter_or_digit_by_its_place"),
    ("0 for O in the number", ("X12B45O70", "X12B45070"), "confused_sign_proved_by_digits"),
]


@pytest.mark.parametrize(("slip", "reason"), [(slip, reason) for _, slip, reason in SLIPS])
def test_confused_sign_is_mended_where_that_is_proved(slip: tuple[str, str], reason: str) -> None:
    lines = zones.passport()

    zone = read([line.replace(*slip) for line in lines])

    assert isinstance(zone, Zone)
    assert zone.lines == tuple(lines)
    assert zone.corrections == (reason,)


def test_several_readings_are_no_proof() -> None:
    found = read([line.replace("X12B45O70", "X12845O70") for line in zones.passport()])

    assert isinstance(found, Unproved)
    assert "several_readings" in found.reasons


def test_letter_read_as_a_digit_in_the_number_is_mended() -> None:
    lines = zones.passport("LB9XXXXXX")

    zone = read([line.replace("LB9X", "L89X") for line in lines])

    assert isinstance(zone, Zone)
    assert zone.number == "LB9XXXXXX"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<", "< "),
        lambda text: text.lower(),
        lambda text: text.replace("<<", "«"),
        lambda text: text.replace("<", "‹"),
        lambda text: text.replace("ONE<<<<", "ONE<"),
        lambda text: text.replace("ONE<", "ONE<<<"),
        lambda text: f"Passport\n\n  {text}  \nend",
    ],
)
def test_zone_is_found_as_text_layers_leave_it(change: object) -> None:
    assert callable(change)
    lines = zones.passport()

    zone = read(change("\n".join(lines)).split("\n"))

    assert isinstance(zone, Zone)
    assert zone.lines == tuple(lines)


@pytest.mark.parametrize(
    ("born", "expected"),
    [("90<<<<", "1990"), ("9005<<", "1990-05"), ("<<<<<<", ""), ("200503", "2020-05-03")],
)
def test_partial_birth_date_stays_partial(born: str, expected: str) -> None:
    zone = read(zones.passport(born=born))

    assert isinstance(zone, Zone)
    assert zone.born == expected


@pytest.mark.parametrize("born", ["901303", "900230", "9005AA"])
def test_birth_date_that_is_none_is_not_believed(born: str) -> None:
    assert isinstance(read(zones.passport(born=born)), Unproved)


def test_long_number_goes_on_in_the_optional_field() -> None:
    rest = "734" + zones.digit("D23145890734")
    lines = zones.card("D23145890")
    first = f"I<UTOD23145890<{rest}".ljust(30, "<")
    covered = first[5:] + lines[1][:7] + lines[1][8:15] + lines[1][18:29]

    zone = read([first, lines[1][:29] + zones.digit(covered), lines[2]])

    assert isinstance(zone, Zone)
    assert zone.number.replace("<", "") == "D23145890734"


@pytest.mark.parametrize(
    "text",
    ["", "<", "a << b", "P<" + "A" * 42 + "\n" + "1" * 44, "if a << 3: return " * 4, "<" * 88],
)
def test_other_text_with_arrows_is_no_zone(text: str) -> None:
    assert list(find_zones(text)) == []
