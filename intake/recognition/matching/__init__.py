"""Same person: which papers may speak of one person, ranked, with reasons, never merged.

Only officers see the answer (domain.md, requirement 28). Pure; imports rapidfuzz and the standard
library.
"""

from intake.same_person.facts import PartialDate, PersonFacts, parse_partial_date
from intake.same_person.likeness import Likeness, compare
from intake.same_person.name_keys import name_keys

__all__ = [
    "Likeness",
    "PartialDate",
    "PersonFacts",
    "compare",
    "name_keys",
    "parse_partial_date",
]
