"""Remember what is wrong with a form while its page is drawn, for the summary above it.

Each field says its own fault beside it; the summary at the top names all of them, links to the
fields and takes the focus. A template notes a fault as it draws it, so no page can forget one.
"""

from dataclasses import dataclass, field

from flask import g

# The name under which the faults of a request are kept.
KEPT = "shown_faults"


@dataclass
class ShownFaults:
    """What the page says of a refused form: of the whole of it, and (id of a field, sentence)."""

    whole: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)


def noted() -> ShownFaults:
    """Return what the page that is drawn has noted so far."""
    found: ShownFaults | None = g.get(KEPT)
    if found is None:
        found = ShownFaults()
        setattr(g, KEPT, found)
    return found


def note_fault(field_id: str, sentence: str) -> str:
    """Note a field's fault; return nothing to show, since the field says it itself."""
    if (field_id, sentence) not in noted().fields:
        noted().fields.append((field_id, sentence))
    return ""


def note_whole(sentence: str) -> str:
    """Note what is wrong with the whole form; return nothing to show before the summary does."""
    noted().whole = sentence
    return ""
