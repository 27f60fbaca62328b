"""Check single fields of an answer: by type, length, alphabet and allowed words.

Every function raises OutputRefused with `bad_` and the field's name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from ..protocol.errors import OutputRefused
from ..protocol.text import UNSAFE_IN_LINE

CODE = re.compile(r"[a-z0-9_]{1,64}(?::[a-z0-9_]{1,64})?")
MAX_CODES = 100
Head = Mapping[str, object]
ChoiceT = TypeVar("ChoiceT", bound=str)


def read_text(
    head: Head, name: str, max_chars: int, unsafe: re.Pattern[str] = UNSAFE_IN_LINE
) -> str:
    """Return a text field that is short enough and holds no unsafe character."""
    value = head.get(name)
    if not isinstance(value, str) or len(value) > max_chars or unsafe.search(value):
        raise OutputRefused(f"bad_{name}")
    return value


def read_matching(
    head: Head, name: str, pattern: re.Pattern[str], *, may_be_empty: bool = False
) -> str:
    """Return a text field that matches the pattern as a whole."""
    value = head.get(name)
    if may_be_empty and value == "":
        return ""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise OutputRefused(f"bad_{name}")
    return value


def read_codes(head: Head, name: str) -> tuple[str, ...]:
    """Return a field that is a list of at most MAX_CODES codes."""
    values = head.get(name)
    if not isinstance(values, list) or len(values) > MAX_CODES:
        raise OutputRefused(f"bad_{name}")
    return tuple(read_matching({name: value}, name, CODE) for value in values)


def read_choice(head: Head, name: str, choices: Sequence[ChoiceT]) -> ChoiceT:
    """Return a field that is one of the choices."""
    value = head.get(name)
    for choice in choices:
        if value == choice:
            return choice
    raise OutputRefused(f"bad_{name}")
