"""Name the colleagues to whom an item or a case can be given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colleague:
    """An account to whom work can be given, by its label."""

    id: str
    label: str
