"""Define what a page shows of one value that was read from a document."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExtractedValueView:
    """A value extracted from a document; `value` is in normal form, `shown` as written.

    `fact` says what a form's field or a cash decision is about, empty for other kinds.
    """

    id: str
    document_id: str
    kind: str
    value: str
    shown: str
    page: int
    is_checked: bool
    reasons: tuple[str, ...]
    state: str
    fact: str = ""
