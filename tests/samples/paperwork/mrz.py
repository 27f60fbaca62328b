"""Make the two machine-readable lines of an invented passport (ICAO 9303 part 4, TD3)."""

WEIGHTS = (7, 3, 1)
UTOPIA = "UTO"  # the code that ICAO 9303 uses for its specimens


def check_digit(field: str) -> str:
    """Return the check digit of a field (ICAO 9303 part 3, §4.9).

    >>> check_digit("L898902C3")
    '6'
    """
    total = sum(_value(sign) * WEIGHTS[at % 3] for at, sign in enumerate(field))
    return str(total % 10)


def passport_lines(
    surname: str,
    given: str,
    number: str,
    *,
    born: str = "900101",
    sex: str = "F",
    expires: str = "300101",
) -> tuple[str, str]:
    """Return two lines of 44 signs whose check digits agree; dates are YYMMDD."""
    names = f"P<{UTOPIA}{surname}<<{given}".replace(" ", "<").upper()
    document = f"{number:<9}"[:9].replace(" ", "<")
    personal = "<" * 14
    head = f"{document}{check_digit(document)}"
    dates = f"{born}{check_digit(born)}", f"{expires}{check_digit(expires)}"
    whole = check_digit(f"{head}{dates[0]}{dates[1]}{personal}0")
    second = f"{head}{UTOPIA}{dates[0]}{sex}{dates[1]}{personal}0{whole}"
    return f"{names:<44}"[:44].replace(" ", "<"), second


def _value(sign: str) -> int:
    if sign.isdigit():
        return int(sign)
    return 0 if sign == "<" else ord(sign) - ord("A") + 10
