"""Make machine-readable zones of invented people whose check digits hold, for the tests."""


def digit(text: str) -> str:
    """Return a check digit; written anew here, so that one mistake is not made twice."""
    values = {"<": 0} | {sign: at for at, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return str(sum(values[sign] * (7, 3, 1)[at % 3] for at, sign in enumerate(text)) % 10)


def passport(number: str = "X12B45O70", born: str = "900503", expires: str = "310115") -> list[str]:
    """Return the two lines of a passport (TD3)."""
    first = "P<UTODEMO<<PERSON<ONE".ljust(44, "<")
    head = number + digit(number)
    dates = born + digit(born), expires + digit(expires)
    personal = "<" * 14 + "0"
    composite = digit(head + dates[0] + dates[1] + personal)
    return [first, f"{head}UTO{dates[0]}F{dates[1]}{personal}{composite}"]


def card(number: str = "X12B45O70", born: str = "900503", expires: str = "310115") -> list[str]:
    """Return the three lines of an identity card (TD1)."""
    first = f"I<UTO{number}{digit(number)}".ljust(30, "<")
    dates = born + digit(born), expires + digit(expires)
    optional = "<" * 11
    composite = digit(first[5:] + dates[0] + dates[1] + optional)
    second = f"{dates[0]}F{dates[1]}UTO{optional}{composite}"
    return [first, second, "DEMO<<PERSON<ONE".ljust(30, "<")]


def small(
    letter: str = "I", number: str = "X12B45O70", born: str = "900503", expires: str = "310115"
) -> list[str]:
    """Return the two lines of a card (TD2), or of a visa (MRV-B) for the letter V."""
    head = number + digit(number)
    dates = born + digit(born), expires + digit(expires)
    second = f"{head}UTO{dates[0]}F{dates[1]}" + "<" * 7
    end = "<" if letter == "V" else digit(head + dates[0] + dates[1] + "<" * 7)
    return [f"{letter}<UTODEMO<<PERSON<ONE".ljust(36, "<"), second + end]


def visa(number: str = "X12B45O70", born: str = "900503", expires: str = "310115") -> list[str]:
    """Return the two lines of a visa (MRV-A)."""
    head = number + digit(number)
    second = f"{head}UTO{born}{digit(born)}F{expires}{digit(expires)}".ljust(44, "<")
    return ["V<UTODEMO<<PERSON<ONE".ljust(44, "<"), second]
