"""Hold what was typed into the form of an edition, and add, move, open and remove its rows.

What was typed is `{name of an input: its values}`. A list of rows stands there as the numbers of
its rows in their order, `{"items": ["0", "2"]}`, and the values of a row below its number,
`{"items.2.type": ["PHOTO"]}`. A row that is not open on the page is one hidden input, whose value
holds the row's own inputs as in the query of an address. So nothing that was typed is lost,
whether it is right or wrong, and everything works without script.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlencode

Typed = dict[str, list[str]]

OPEN = "open"
MAX_ROWS = 200
MAX_NUMBER = 9_999
MAX_INPUTS_OF_ROW = 300
NUMBER = re.compile(r"\d{1,4}", re.ASCII)
ACT = re.compile(r"(add|remove|up|down|open|fold):([a-z_]{1,40})(?:\.(\d{1,4}))?", re.ASCII)


def first(typed: Typed, name: str) -> str:
    """Return the first value of an input, empty when there is none."""
    return next(iter(typed.get(name, ())), "")


def rows_of(typed: Typed, path: str) -> list[str]:
    """Return the numbers of a list's rows in their order, each once, and no more than MAX_ROWS."""
    numbers = dict.fromkeys(each for each in typed.get(path, ()) if NUMBER.fullmatch(each))
    return list(numbers)[:MAX_ROWS]


def unfold(typed: Typed, lists: Iterable[str]) -> Typed:
    """Return what was typed with the values of folded rows as inputs of their own."""
    found = {name: list(values) for name, values in typed.items()}
    for path in lists:
        for number in rows_of(found, path):
            row = f"{path}.{number}"
            folded = next(iter(found.pop(row, ())), "")
            for name, values in _inputs(folded).items():
                found.setdefault(f"{row}.{name}", values)
    return found


def fold(typed: Typed, row: str) -> str:
    """Return a row's own inputs as one text, such as `type=PHOTO&wording.en=Photo`."""
    start = f"{row}."
    own = [(name, values) for name, values in typed.items() if name.startswith(start)]
    return urlencode(
        [(name.removeprefix(start), value) for name, values in own for value in values if value]
    )


def change_rows(typed: Typed, claimed_act: str) -> Typed:
    """Return what was typed after an act on its rows, such as `up:items.3` or `add:items`.

    Anything else changes nothing. Rows must be unfolded.
    """
    asked = ACT.fullmatch(claimed_act)
    if asked is None:
        return typed
    act, path, number = asked.groups()
    numbers = rows_of(typed, path)
    if act == "add":
        return _with_new_row(typed, path, numbers)
    if number not in numbers:
        return typed
    row = f"{path}.{number}"
    if act == "open":
        return {**typed, OPEN: [row]}
    if act == "fold":
        return {name: values for name, values in typed.items() if name != OPEN}
    place = numbers.index(number)
    if act == "remove":
        numbers.remove(number)
        kept = {name: each for name, each in typed.items() if not name.startswith(f"{row}.")}
        return {**kept, path: numbers}
    other = place + (1 if act == "down" else -1)
    if 0 <= other < len(numbers):
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return {**typed, path: numbers}


def _with_new_row(typed: Typed, path: str, rows: list[str]) -> Typed:
    highest = max(map(int, rows), default=-1)
    if len(rows) >= MAX_ROWS or highest >= MAX_NUMBER:
        return typed
    new = str(highest + 1)
    return {**typed, path: [*rows, new], OPEN: [f"{path}.{new}"]}


def _inputs(folded: str) -> Typed:
    try:
        return parse_qs(folded, keep_blank_values=True, max_num_fields=MAX_INPUTS_OF_ROW)
    except ValueError:
        # More inputs than a row can have: nobody typed them.
        return {}
