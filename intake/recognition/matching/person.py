"""Hold what two people can be compared by: names, a birth date that may be partial, numbers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PartialDate:
    """Hold a birth date as far as it is known; without a month there is no day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether the day is known."""
        return self.month is not None and self.day is not None

    @property
    def is_first_of_january(self) -> bool:
        """Say whether it is the day that stands for an unknown one in many documents."""
        return (self.month, self.day) == (1, 1)


def parse_partial_date(text: str) -> PartialDate | None:
    """Return the date of `1974-08-12`, `1974-08` or `1974`; None for anything else."""
    parts = text.split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return PartialDate(*(int(part[:4]) for part in parts))


@dataclass(frozen=True)
class PersonFacts:
    """Hold what a document says about one person.

    `names` are whole names, each in any script and order: the one of the passport, the one in the
    person's own script. `identifiers` are numbers of documents or persons, compared as they stand.
    `nationality` is a code, compared only with codes of the same list; empty when unknown.
    """

    names: tuple[str, ...] = field(repr=False)
    born: PartialDate | None = field(default=None, repr=False)
    identifiers: frozenset[str] = field(default=frozenset(), repr=False)
    nationality: str = ""
