"""Define an extracted value: what a text says, pointed at for its reader and never decided."""

from dataclasses import dataclass, field
from enum import Enum

# Joins the readings of a date that can be read in two ways.
READINGS_MARK = "|"


class ValueKind(Enum):
    """What a value is about; the codes are stored, so they do not change."""

    REFERENCE = "reference"
    MRZ = "mrz"
    MRZ_UNPROVED = "mrz_unproved"
    PASSPORT_EXPIRY = "passport_expiry"
    REFLECTION_END = "reflection_end"
    TRIAL = "trial"
    PERMIT_EXPIRY = "permit_expiry"
    DEPARTURE_DEADLINE = "departure_deadline"
    DECISION_DATE = "decision_date"
    BIRTH_DATE = "birth_date"
    K_NUMBER = "k_number"
    DOSSIER_NUMBER = "dossier_number"
    CASH_DECISION = "cash_decision"
    FORM_FIELD = "form_field"


@dataclass(frozen=True)
class ExtractedValue:
    """Hold one thing that a document says.

    `value` is the one form that programs compare: an ISO 8601 date (two joined with READINGS_MARK
    when both can be meant, a year or a month when more is not known), a code without spaces, the
    lines of a machine-readable zone; empty for an MRZ that its check digits do not prove. `shown`
    is the text as it stands, from `start` to `end` of the text of `page`, counted from one; a
    form's field has page 0 and no place. `fact` says which fact of triage a form's field or a cash
    decision is about, empty for the other kinds. `is_checked` means that check digits prove the
    value, not that it is true. `reasons` are codes for why the text was taken for this kind, or
    what is doubtful about it.
    """

    kind: ValueKind
    value: str = field(repr=False)
    shown: str = field(repr=False)
    page: int
    start: int
    end: int
    is_checked: bool = False
    reasons: tuple[str, ...] = ()
    fact: str = ""

    @property
    def readings(self) -> tuple[str, ...]:
        """Return all values that can be meant; more than one only for an ambiguous date."""
        return tuple(self.value.split(READINGS_MARK)) if self.value else ()
