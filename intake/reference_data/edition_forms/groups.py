"""Put fields together: a group, a table with a fixed line for each code, and rows.

The order of the fields is the order of the keys in the JSON. `edition_forms.fields` says what a
field does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.reference_data.edition_forms.fields import (
    ABSENT,
    MISSING,
    TIME,
    DrawnField,
    Fault,
    Faults,
    Field,
    OneInput,
    OptionList,
    SeveralField,
    Value,
    Words,
)
from intake.reference_data.edition_forms.typed import OPEN, Typed, first, fold, rows_of

MAX_HOURS = 400
MAX_DAYS = 365
# So many rows with faults are open at once: a long list would be too heavy for a slow line.
MAX_OPEN_ROWS = 4


def unknown_keys(value: Mapping[str, Any], known: set[str], path: str) -> Iterator[Fault]:
    """Yield a fault for each key that means nothing."""
    for key in sorted(set(value) - known):
        yield Fault(path, f"«{str(key)[:60]}» means nothing here, and is left out.")


def flatten_all(
    fields: tuple[Field, ...], value: Value, start: str, into: Typed
) -> Iterator[Fault]:
    """Put an object into inputs whose names begin with `start`; yield what does not fit."""
    if not isinstance(value, dict):
        yield Fault(start.rstrip("."), "There must be an object here.")
        return
    yield from unknown_keys(value, {each.key for each in fields}, start.rstrip("."))
    for each in fields:
        if each.key in value:
            yield from each.flatten(value[each.key], f"{start}{each.key}", into)


def read_all(
    fields: tuple[Field, ...], typed: Typed, start: str, faults: list[Fault]
) -> dict[str, Any]:
    """Read an object from inputs; what is absent has no key."""
    found = {each.key: each.read(typed, f"{start}{each.key}", faults) for each in fields}
    return {key: value for key, value in found.items() if value is not ABSENT}


@dataclass(frozen=True)
class GroupField(Field):
    """Several fields that belong together: an object."""

    fields: tuple[Field, ...] = ()

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put each field in."""
        return flatten_all(self.fields, value, f"{path}.", into)

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read each field."""
        return read_all(self.fields, typed, f"{path}.", faults) or ABSENT

    def tell(self, value: Value, words: Words) -> str:
        """Return what each field says, without its label."""
        told = [each.tell(value[each.key], words) for each in self.fields if each.key in value]
        return " / ".join(told)

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw the fields together."""
        parts = [each.draw(typed, f"{path}.{each.key}", faults, words) for each in self.fields]
        own = list(faults.get(path, ()))
        return DrawnField("group", path, self.label, self.help, parts=parts, faults=own)


@dataclass(frozen=True)
class WordsField(OneInput):
    """A list of words or short texts, one a line; the list may be empty unless it is needed."""

    max_entries: int = 400
    max_chars: int = 40
    shape = "text"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a list of texts in, a line for each."""
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield from super().flatten("\n".join(value), path, into)
            return
        into[path] = []
        yield Fault(path, "There must be a list of words here.")

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read the lines that are not empty."""
        lines = [line.strip() for line in first(typed, path).splitlines() if line.strip()]
        for line in dict.fromkeys(lines):
            if lines.count(line) > 1:
                faults.append(Fault(path, f"«{line[:60]}» stands there twice."))
            if len(line) > self.max_chars:
                faults.append(
                    Fault(path, f"«{line[:60]}» has more than {self.max_chars} characters.")
                )
        if len(lines) > self.max_entries:
            faults.append(Fault(path, f"At most {self.max_entries} can stand here."))
        if not lines and self.is_needed:
            faults.append(Fault(path, "Write at least one."))
        return lines

    def tell(self, value: Value, words: Words) -> str:
        """Return the words with commas between them."""
        return ", ".join(map(str, value))


@dataclass(frozen=True)
class HoursField(Field):
    """Hours of a day, from and to: `{"opens": "08:00", "closes": "16:00"}`."""

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put both times in."""
        if not isinstance(value, dict):
            yield Fault(path, "There must be hours from and to here.")
            return
        yield from unknown_keys(value, {"opens", "closes"}, path)
        for key in ("opens", "closes"):
            into[f"{path}.{key}"] = [str(value.get(key, ""))]

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read both times; the second must be later."""
        times = {key: first(typed, f"{path}.{key}").strip() for key in ("opens", "closes")}
        if not any(times.values()):
            if self.is_needed:
                faults.append(Fault(path, MISSING))
            return ABSENT
        for key, text in times.items():
            if TIME.fullmatch(text) is None:
                sentence = "Write a time of day such as 08:00." if text else MISSING
                faults.append(Fault(f"{path}.{key}", sentence))
                return ABSENT
        if times["closes"] <= times["opens"]:
            faults.append(Fault(f"{path}.closes", "The hours end before they begin."))
        return times

    def tell(self, value: Value, words: Words) -> str:
        """Return `08:00 to 16:00`."""
        return f"{value['opens']} to {value['closes']}"

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw two times beside each other."""
        parts = [
            DrawnField(
                "time",
                f"{path}.{key}",
                label,
                values=typed.get(f"{path}.{key}", []),
                faults=list(faults.get(f"{path}.{key}", ())),
            )
            for key, label in (("opens", "From"), ("closes", "To"))
        ]
        own = list(faults.get(path, ()))
        return DrawnField("span", path, self.label, self.help, parts=parts, faults=own)


# How long something may take: {key: words of its unit}.
UNITS = {
    "working_hours": "working hours",
    "end_of_working_day": "working days (0: the same day)",
}


@dataclass(frozen=True)
class TargetField(Field):
    """How long something may take: `{"working_hours": 2}` or `{"end_of_working_day": 1}`."""

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put the number and its unit in."""
        if not isinstance(value, dict) or len(value) != 1 or not set(value) <= set(UNITS):
            yield Fault(path, "There must be either working hours or a working day here.")
            return
        ((unit, amount),) = value.items()
        into[f"{path}.unit"], into[f"{path}.amount"] = [unit], [str(amount)]
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            yield Fault(f"{path}.amount", "There must be a number here.")

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read hours, a fraction allowed, or a whole number of days."""
        unit = first(typed, f"{path}.unit") or "working_hours"
        text = first(typed, f"{path}.amount").strip().replace(",", ".")
        if not text:
            if self.is_needed:
                faults.append(Fault(f"{path}.amount", MISSING))
            return ABSENT
        amount = float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,4})?", text, re.ASCII) else -1.0
        whole = amount.is_integer()
        if unit == "working_hours" and not 0 < amount <= MAX_HOURS:
            sentence = f"Write a number of hours, more than 0 and at most {MAX_HOURS}."
        elif unit == "end_of_working_day" and not (whole and 0 <= amount <= MAX_DAYS):
            sentence = f"Write a whole number of days from 0 to {MAX_DAYS}; 0 is the same day."
        elif unit not in UNITS:
            sentence = "Choose hours or days."
        else:
            return {unit: int(amount) if whole else amount}
        faults.append(Fault(f"{path}.amount", sentence))
        return ABSENT

    def tell(self, value: Value, words: Words) -> str:
        """Return `within 2 working hours` or `by the end of the next working day`."""
        ((unit, amount),) = value.items()
        if unit == "working_hours":
            return f"within {amount} working hour{'' if amount == 1 else 's'}"
        if amount == 0:
            return "by the end of the same working day"
        if amount == 1:
            return "by the end of the next working day"
        return f"by the end of the working day {amount} working days later"

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw a number and the choice of its unit."""
        amount, unit = f"{path}.amount", f"{path}.unit"
        parts = [
            DrawnField("amount", amount, "How many", values=typed.get(amount, [])),
            DrawnField(
                "choice", unit, "Of what", values=typed.get(unit, []), options=[*UNITS.items()]
            ),
        ]
        own = [*faults.get(path, ()), *faults.get(amount, ())]
        return DrawnField("within", path, self.label, self.help, parts=parts, faults=own)


@dataclass(frozen=True)
class TableField(Field):
    """A line for each code of a list, all with the same sort of value: an object by code.

    Without `is_needed` a line may be empty; `keeps_empty` writes an empty object for no line.
    """

    of: OptionList = field(default=OptionList("", dict))
    line: Field | None = None
    by_code: Mapping[str, Field] = field(default_factory=dict)
    keeps_empty: bool = False

    def _lines(self) -> dict[str, Field]:
        if self.line is None:
            return dict(self.by_code)
        return dict.fromkeys(self.of.load(), self.line)

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put each line in."""
        lines = self._lines()
        if not isinstance(value, dict):
            yield Fault(path, "There must be an object here.")
            return
        yield from unknown_keys(value, set(lines), path)
        for code, line in lines.items():
            if code in value:
                yield from line.flatten(value[code], f"{path}.{code}", into)

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read each line."""
        found = {
            code: line.read(typed, f"{path}.{code}", faults) for code, line in self._lines().items()
        }
        kept = {code: value for code, value in found.items() if value is not ABSENT}
        if not kept and self.is_needed and not self.keeps_empty:
            faults.append(Fault(path, MISSING))
        return kept if kept or self.keeps_empty else ABSENT

    def tell(self, value: Value, words: Words) -> str:
        """Return every line in words."""
        return " · ".join(f"{label}: {text}" for _, label, text in self.tell_lines(value, words))

    def tell_lines(self, value: Value, words: Words) -> list[tuple[str, str, str]]:
        """Return (code, its words, what its line says) in the order of the list."""
        return [
            (code, self.of.word(code, words), line.tell(value[code], words))
            for code, line in self._lines().items()
            if code in value
        ]

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw the lines below each other."""
        parts = []
        for code, line in self._lines().items():
            drawn = line.draw(typed, f"{path}.{code}", faults, words)
            parts.append(
                DrawnField(**{**drawn.__dict__, "label": self.of.word(code, words), "help": ""})
            )
        own = list(faults.get(path, ()))
        return DrawnField("table", path, self.label, self.help, parts=parts, faults=own)


@dataclass(frozen=True)
class RowsField(Field):
    """A list of objects, which can be added, moved and removed; `noun` is what one is called.

    `title` is the key of the field that names a row.
    """

    fields: tuple[Field, ...] = ()
    noun: str = "row"
    title: str = ""

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put the rows in, numbered from 0."""
        into[path] = []
        if not isinstance(value, list):
            yield Fault(path, "There must be a list here.")
            return
        for number, row in enumerate(value):
            into[path].append(str(number))
            yield from flatten_all(self.fields, row, f"{path}.{number}.", into)

    def read(self, typed: Typed, path: str, faults: list[Fault]) -> Value:
        """Read the rows in their order."""
        rows = [
            read_all(self.fields, typed, f"{path}.{number}.", faults)
            for number in rows_of(typed, path)
        ]
        if not rows and self.is_needed:
            faults.append(Fault(path, f"Add at least one {self.noun}."))
        return rows or ABSENT

    def tell(self, value: Value, words: Words) -> str:
        """Return every row in words."""
        return "; ".join(self.tell_row(row, words) for row in value)

    def tell_row(self, row: Mapping[str, Any], words: Words) -> str:
        """Return what a row says beside its title."""
        told = []
        for each in self.fields:
            if each.key == self.title or each.key not in row:
                continue
            text = each.tell(row[each.key], words)
            # What a line, a choice or a name says is clear without its label.
            told.append(
                f"{each.label}: {text}" if isinstance(each, TableField | SeveralField) else text
            )
        return " · ".join(told)

    def title_of(self, row: Mapping[str, Any], words: Words) -> str:
        """Return what names a row."""
        named = next(each for each in self.fields if each.key == self.title)
        return named.tell(row[self.title], words) if self.title in row else "Without a name"

    def draw(self, typed: Typed, path: str, faults: Faults, words: Words) -> DrawnField:
        """Draw each row: open with its fields, or folded with what it says."""
        opened, open_left = set(typed.get(OPEN, ())), MAX_OPEN_ROWS
        parts = []
        for number in rows_of(typed, path):
            name = f"{path}.{number}"
            faulty = any(each == name or each.startswith(f"{name}.") for each in faults)
            is_open = name in opened or (faulty and open_left > 0)
            open_left -= is_open and name not in opened
            parts.append(self._row(typed, name, faults, words, is_open=is_open))
        own = list(faults.get(path, ()))
        return DrawnField(
            "rows", path, self.label, self.help, parts=parts, faults=own, title=self.noun
        )

    def _row(
        self, typed: Typed, name: str, faults: Faults, words: Words, *, is_open: bool
    ) -> DrawnField:
        unheard: list[Fault] = []
        row = read_all(self.fields, typed, f"{name}.", unheard)
        own = [*faults.get(name, ())]
        if not is_open:
            own += [f for path, each in faults.items() if path.startswith(f"{name}.") for f in each]
        return DrawnField(
            "row",
            name,
            self.tell_row(row, words) if not unheard else "Not complete yet.",
            parts=[each.draw(typed, f"{name}.{each.key}", faults, words) for each in self.fields]
            if is_open
            else [],
            faults=own,
            title=self.title_of(row, words),
            is_open=is_open,
            folded="" if is_open else fold(typed, name),
        )
