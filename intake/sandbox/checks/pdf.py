"""Check what the jail answers about a PDF's form and page sizes, and refuse everything else."""

from ..protocol import pdf, results
from ..protocol.errors import OutputRefused
from ..protocol.pdf import FormField, PdfFacts
from ..protocol.text import UNSAFE, UNSAFE_IN_BODY
from .fields import CODE, Head, read_choice, read_text


def read_pdf_facts(head: Head) -> PdfFacts:
    """Return the facts; raise OutputRefused when anything in them is not as agreed."""
    fields, sizes = head.get("fields"), head.get("page_sizes_mm")
    if not isinstance(fields, list) or len(fields) > pdf.MAX_FIELDS:
        raise OutputRefused("bad_fields")
    if not isinstance(sizes, list) or len(sizes) > pdf.MAX_SIZED_PAGES:
        raise OutputRefused("bad_page_sizes")
    reason = read_text(head, "reason", results.MAX_TOKEN_CHARS)
    if reason and not CODE.fullmatch(reason):
        raise OutputRefused("bad_reason")
    return PdfFacts(tuple(map(_field, fields)), tuple(map(_size, sizes)), reason)


def _field(value: object) -> FormField:
    if not isinstance(value, dict):
        raise OutputRefused("bad_fields")
    name = read_text(value, "name", pdf.MAX_NAME_CHARS, UNSAFE)
    if not name:
        raise OutputRefused("bad_name")
    content = read_text(value, "value", pdf.MAX_VALUE_CHARS, UNSAFE_IN_BODY)
    return FormField(name, read_choice(value, "kind", pdf.FIELD_KINDS), content)


def _size(value: object) -> pdf.PageSize:
    match value:
        case None:
            return None
        case [int() | float() as width, int() | float() as height] if _is_side(width, height):
            return float(width), float(height)
    raise OutputRefused("bad_page_sizes")


def _is_side(*sides: float) -> bool:
    """Say whether each is a length; JSON may also hold NaN, which compares with nothing."""
    return all(not isinstance(side, bool) and 0 < side <= pdf.MAX_SIDE_MM for side in sides)
