"""Which documents may speak of one person, ranked, with reasons, never merged."""

# Only officers see the answer (requirement 28).

from intake.recognition.matching.name_keys import name_keys
from intake.recognition.matching.person import PartialDate, PersonFacts, parse_partial_date
from intake.recognition.matching.score import Likeness, compare

__all__ = [
    "Likeness",
    "PartialDate",
    "PersonFacts",
    "compare",
    "name_keys",
    "parse_partial_date",
]
