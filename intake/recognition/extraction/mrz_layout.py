"""List where the fields of a machine-readable zone stand, for each size of document.

Source: ICAO 9303 part 4 §4.2 (TD3), part 5 §4.2 (TD1), part 6 §4.2 (TD2), part 7 §4 and §5 (visas
MRV-A and MRV-B). Places count from zero, the end is not included, and lines are joined without a
break.
"""

from dataclasses import dataclass

FILLER = "<"
WEIGHTS = (7, 3, 1)
Place = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """Hold one format: its lines and the places of its fields.

    `composite` are the places that the last check digit covers, none for visas. `optional` may
    carry the rest of a long document number (ICAO 9303-5 §4.2.2.1 note j); of a TD3 it is the
    personal number, which has its own check digit at `optional_check`.
    """

    name: str
    line_count: int
    line_chars: int
    letters: str
    issuer: Place
    names: Place
    number: Place
    number_check: int
    nationality: Place
    born: Place
    born_check: int
    sex: int
    expires: Place
    expires_check: int
    optional: Place
    optional_check: int | None
    composite: tuple[Place, ...]
    composite_check: int | None


def _second_line(  # the fields that all formats of two lines have at the same places
    name: str, chars: int, letters: str, *, is_visa: bool, has_personal_number: bool = False
) -> Layout:
    at = chars
    end = at + chars
    return Layout(
        name=name,
        line_count=2,
        line_chars=chars,
        letters=letters,
        issuer=(2, 5),
        names=(5, chars),
        number=(at, at + 9),
        number_check=at + 9,
        nationality=(at + 10, at + 13),
        born=(at + 13, at + 19),
        born_check=at + 19,
        sex=at + 20,
        expires=(at + 21, at + 27),
        expires_check=at + 27,
        optional=(at + 28, end if is_visa else end - 1 - has_personal_number),
        optional_check=end - 2 if has_personal_number else None,
        composite=() if is_visa else ((at, at + 10), (at + 13, at + 20), (at + 21, end - 1)),
        composite_check=None if is_visa else end - 1,
    )


TD3 = _second_line("td3", 44, "P", is_visa=False, has_personal_number=True)
TD2 = _second_line("td2", 36, "PACI", is_visa=False)
MRV_A = _second_line("mrv_a", 44, "V", is_visa=True)
MRV_B = _second_line("mrv_b", 36, "V", is_visa=True)
TD1 = Layout(
    name="td1",
    line_count=3,
    line_chars=30,
    letters="ACI",
    issuer=(2, 5),
    names=(60, 90),
    number=(5, 14),
    number_check=14,
    nationality=(45, 48),
    born=(30, 36),
    born_check=36,
    sex=37,
    expires=(38, 44),
    expires_check=44,
    optional=(15, 30),
    optional_check=None,
    composite=((5, 30), (30, 37), (38, 45), (48, 59)),
    composite_check=59,
)
LAYOUTS = (TD3, TD2, TD1, MRV_A, MRV_B)


def check_digit(text: str) -> str:
    """Return the check digit of a field (ICAO 9303-3 §4.9).

    "520727" -> "3"
    """
    total = sum(weight_of(sign) * WEIGHTS[at % 3] for at, sign in enumerate(text))
    return str(total % 10)


def weight_of(sign: str) -> int:
    """Return what a sign counts: digits themselves, A to Z ten to 35, the filler nothing."""
    if "0" <= sign <= "9":
        return ord(sign) - ord("0")
    return 0 if sign == FILLER else ord(sign) - ord("A") + 10
