"""Say what a field of an edition is: how a value is typed, read, told in words and drawn.

A field turns a value of an edition's JSON into what stands in inputs (`flatten`) and back
(`read`), so that a value that was read gives the same JSON again. A fault has the path of its
input, such as `items.3.wording.sv`, and a whole sentence.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from intake.reference_data.edition_forms.typed import Typed, first

MISSING = "This is missing."
MAX_LINE_CHARS = 500
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# Words for codes that a page knows better, by the name of their list: {name: {code: words}}.
Words = Mapping[str, Mapping[str, str]]


class Absent(Enum):
    """Stand for a value that an edition does not have."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
Value = Any  # Any: a value of an edition's JSON, or ABSENT


@dataclass(frozen=True)
class Fault:
    """A sentence about the input at a path; an empty path is about the whole edition."""

    path: str
    sentence: str


@dataclass(frozen=True)
class OptionList:
    """A list from which codes are chosen; `load` returns {code: words} in its order.

    `accepts` lets codes in that are too many to be shown, or that only the page knows: where
    `load` returns none, its words of that name are the list.
    """

    name: str
    load: Callable[[], Mapping[str, str]]
    accepts: Callable[[str], bool] = lambda _code: False

    def knows(self, code: str) -> bool:
        """Tell whether a code may be chosen."""
        return code in self.load() or self.accepts(code)

    def word(self, code: str, words: Words) -> str:
        """Return the words for a code, the code itself when there are none."""
        return words.get(self.name, {}).get(code) or self.load().get(code) or code

    def shown(self, words: Words) -> list[tuple[str, str]]:
        """Return every code with its words."""
        codes = self.load() or words.get(self.name, {})
        return [(code, self.word(code, words)) for code in codes]


@dataclass(frozen=True)
class DrawnField:
    """A field as a page draws it: `shape` says how. Faults are sentences beside it.

    `options` are (code, words); `values` is what was typed. `title`, `is_open` and `folded` are
    those of a row.
    """

    shape: str
    name: str
    label: str
    help: str = ""
    values: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    parts: "list[DrawnField]" = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    language: str = ""
    is_needed: bool = False
    title: str = ""
    is_open: bool = False
    folded: str = ""

    @property
    def value(self) -> str:
        """Return the first value that was typed."""
        return next(iter(self.values), "")


Faults = Mapping[str, list[str]]


def writable(text: str) -> str:
    """Return a text without halves of characters, which JSON can hold and no page can show."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Field(ABC):
    """One field. `language` is that of what is written, `of` says which words are its options."""

    key: str
    label: str
    help: str = ""
    is_needed: bool = True
    language: str = ""

    @abstractmethod
    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a value into inputs; yield what it cannot be, which is put in as it can be."""

    @abstractmethod
    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read a value from inputs, ABSENT for none; faults are added."""

    @abstractmethod
    def tell(self, value: Value, words: Words) -> str:
        """Return a right value in words."""

    @abstractmethod
    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Return how a page draws it, with what was typed."""


@dataclass(frozen=True)
class OneInput(Field):
    """A field with one input of one value; `shape` says which."""

    shape = "line"
    expects = "a text"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a text in; anything else is shown as JSON and is a fault."""
        if isinstance(value, str):
            into[path] = [writable(value)]
            if into[path] != [value]:
                yield Fault(path, "There is a character that cannot be written.")
            return
        into[path] = [json.dumps(value)[:MAX_LINE_CHARS]]
        yield Fault(path, f"There must be {self.expects} here.")

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read what was typed, ABSENT when nothing was."""
        text = first(typed, path).replace("\r\n", "\n")
        if not text.strip():
            if self.is_needed:
                faults.append(Fault(path, MISSING))
            return ABSENT
        try:
            return self.parse(text)
        except ValueError as error:
            faults.append(Fault(path, str(error)))
            return ABSENT

    def parse(self, text: str) -> Value:
        """Read a text that is not empty. Raises ValueError with a sentence."""
        return text

    def tell(self, value: Value, words: Words) -> str:
        """Return it as it is."""
        return str(value)

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw one input."""
        return DrawnField(
            self.shape,
            path,
            self.label,
            self.help,
            values=typed.get(path, [])[:1],
            options=self.options(words),
            faults=list(faults.get(path, ())),
            language=self.language,
            is_needed=self.is_needed,
        )

    def options(self, _words: Words) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        return []


@dataclass(frozen=True)
class LineField(OneInput):
    """One line of text."""

    max_chars: int = MAX_LINE_CHARS

    def parse(self, text: str) -> Value:
        """Read one line without the space around it."""
        line = text.strip()
        if any(ord(each) < 32 or each in "\x7f\u2028\u2029" for each in line):
            raise ValueError("This must be one line.")
        if len(line) > self.max_chars:
            raise ValueError(f"This has {len(line)} characters; {self.max_chars} are allowed.")
        return line


@dataclass(frozen=True)
class TextField(OneInput):
    """Several lines of text."""

    max_chars: int = 4000
    shape = "text"

    def parse(self, text: str) -> Value:
        """Read a text as it was typed."""
        if len(text) > self.max_chars:
            raise ValueError(f"The text has {len(text)} characters; {self.max_chars} are allowed.")
        return text


@dataclass(frozen=True)
class NumberField(OneInput):
    """A whole number within limits; `unit` stands after it in words."""

    least: int = 0
    most: int = 365
    unit: str = ""
    shape = "number"
    expects = "a whole number"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a whole number in."""
        if isinstance(value, int) and not isinstance(value, bool):
            into[path] = [str(value)]
            return
        into[path] = [json.dumps(value)[:MAX_LINE_CHARS]]
        yield Fault(path, f"There must be {self.expects} here.")

    def parse(self, text: str) -> Value:
        """Read a number; spaces between its digits are allowed."""
        digits = re.sub(r"[\s\u00a0\u202f]", "", text)
        is_number = re.fullmatch(r"\d{1,12}", digits, re.ASCII)
        if not is_number or not self.least <= int(digits) <= self.most:
            raise ValueError(f"Write a whole number from {self.least} to {self.most:,}.")
        return int(digits)

    def tell(self, value: Value, words: Words) -> str:
        """Return `75,000 SEK`."""
        return f"{value:,} {self.unit}".strip()


@dataclass(frozen=True)
class DaysField(OneInput):
    """A list of whole numbers of days in one line: `14, 7, 3`."""

    count: int | None = None
    most: int = 365
    expects = "a list of whole numbers"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a list of numbers in."""
        is_list = isinstance(value, list)
        if is_list and all(isinstance(e, int) and not isinstance(e, bool) for e in value):
            into[path] = [", ".join(map(str, value))]
            return
        into[path] = [json.dumps(value)[:MAX_LINE_CHARS]]
        yield Fault(path, f"There must be {self.expects} here.")

    def parse(self, text: str) -> Value:
        """Read numbers with commas between them."""
        parts = [part for part in re.split(r"[,;\s]+", text) if part]
        if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts):
            raise ValueError("Write whole numbers with commas between them, such as 14, 7, 3.")
        days = [int(part) for part in parts]
        if not all(1 <= day <= self.most for day in days):
            raise ValueError(f"Each must be a whole number from 1 to {self.most}.")
        if len(set(days)) < len(days):
            raise ValueError("A number stands there twice.")
        if self.count is not None and len(days) != self.count:
            raise ValueError(f"There must be {self.count} numbers.")
        return days

    def tell(self, value: Value, words: Words) -> str:
        """Return `14, 7, 3 days`."""
        return f"{', '.join(map(str, value))} days"


@dataclass(frozen=True)
class DayField(OneInput):
    """A day of the calendar."""

    shape = "date"

    def parse(self, text: str) -> Value:
        """Read a day as ISO 8601."""
        try:
            found = date.fromisoformat(text.strip())
        except ValueError:
            raise ValueError("Write the day as year, month and day: 2027-01-31.") from None
        if not 2000 <= found.year <= 2100:
            raise ValueError("The day must lie between 2000 and 2100.")
        return found.isoformat()


@dataclass(frozen=True)
class ChoiceField(OneInput):
    """One code of a list."""

    of: OptionList = field(default=OptionList("", dict))
    noun: str = "choice"
    shape = "choice"

    def parse(self, text: str) -> Value:
        """Read a code that is in the list."""
        code = text.strip()
        if not self.of.knows(code):
            raise ValueError(f"There is no {self.noun} «{code[:60]}». Choose one of the list.")
        return code

    def tell(self, value: Value, words: Words) -> str:
        """Return the words of the code."""
        return self.of.word(str(value), words)

    def options(self, words: Words) -> list[tuple[str, str]]:
        """Return the whole list."""
        return self.of.shown(words)


@dataclass(frozen=True)
class SeveralField(Field):
    """Several codes of a list, in the order in which they were chosen."""

    of: OptionList = field(default=OptionList("", dict))
    noun: str = "choice"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a list of codes in."""
        if isinstance(value, list):
            into[path] = [
                writable(each) if isinstance(each, str) else json.dumps(each) for each in value
            ]
            return
        into[path] = []
        yield Fault(path, "There must be a list here.")

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read codes; one that stands there twice or in no list is a fault."""
        codes = [code for code in typed.get(path, ()) if code]
        for code in dict.fromkeys(codes):
            if not self.of.knows(code):
                faults.append(Fault(path, f"There is no {self.noun} «{code[:60]}»."))
            elif codes.count(code) > 1:
                faults.append(Fault(path, f"{self.of.word(code, {})} stands there twice."))
        if not codes and self.is_needed:
            faults.append(Fault(path, "Choose at least one."))
        return codes or ABSENT

    def tell(self, value: Value, words: Words) -> str:
        """Return the words of each code."""
        return ", ".join(self.of.word(str(code), words) for code in value)

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw what is chosen first, then the rest; what is in no list stays."""
        chosen = list(dict.fromkeys(typed.get(path, ())))
        shown = dict(self.of.shown(words))
        options = [(code, shown.get(code, code)) for code in chosen if code]
        options += [(code, word) for code, word in shown.items() if code not in chosen]
        return DrawnField(
            "ticks",
            path,
            self.label,
            self.help,
            values=chosen,
            options=options,
            faults=list(faults.get(path, ())),
            is_needed=self.is_needed,
        )
