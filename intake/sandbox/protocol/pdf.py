"""Hold what is said about a PDF beside its pages: the fields of its form and its page sizes.

Names and values of fields are what a stranger wrote, shortened and freed of control characters.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

MAX_FIELDS = 500
MAX_NAME_CHARS = 127
MAX_VALUE_CHARS = 2000
MAX_SIZED_PAGES = 50
# ISO 32000-1 annex C: 14 400 units of 1/72 inch, times a UserUnit of at most 75 000; no paper is
# longer than a hundred metres.
MAX_SIDE_MM = 100_000.0

FieldKind = Literal["text", "checkbox", "radio", "choice", "signature"]
FIELD_KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
# Width and height as a reader shows the page, or None where the page does not say.
PageSize = tuple[float, float] | None


@dataclass(frozen=True)
class FormField:
    """Hold one field of a form (ISO 32000-1 §12.7).

    `name` is the whole name with dots between its parts. `value` is the text, the chosen entries
    joined with a comma, the name of a ticked box's state, `signed` for a signature; empty when
    nothing was filled in, and for an unticked box.
    """

    name: str
    kind: FieldKind
    value: str = field(repr=False)


@dataclass(frozen=True)
class PdfFacts:
    """Hold the fields in the form's order and the sizes of the first pages in millimetres.

    `reason` says why something is missing, empty when all is here. A PDF that cannot be opened has
    neither fields nor sizes and a reason.
    """

    fields: tuple[FormField, ...]
    page_sizes_mm: tuple[PageSize, ...]
    reason: str
