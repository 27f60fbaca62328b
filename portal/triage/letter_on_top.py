"""Choose how much of a letter stands open on top of the page of its submission."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.documents.charset_choice import LETTER_ROLES
from intake.filing.quoted_history import passages

if TYPE_CHECKING:
    from intake.documents.views import DocumentView
    from intake.filing.quoted_history import Passage

# So much of the letter stands open on top.
FIRST_LINES, FIRST_CHARS = 3, 300


@dataclass(frozen=True)
class FirstLines:
    """A letter as it stands on top: its first lines, and the pieces that unfold."""

    first: str
    rest: "tuple[Passage, ...]"


def first_lines(body_text: str, subject: str, *, is_whole: bool = False) -> FirstLines:
    """Return the first lines of what a letter says, and the rest of it; nothing of it is lost.

    With `is_whole` the first piece is not cut.
    """
    pieces = passages(body_text, subject) if body_text.strip() else ()
    open_at = [at for at, each in enumerate(pieces) if not each.is_folded]
    # What they wrote now comes before what they quote.
    own = next((at for at in open_at if not pieces[at].is_quoted), next(iter(open_at), None))
    if own is None:
        return FirstLines("", pieces)
    lines = pieces[own].text.strip("\n").split("\n")
    ends = (at for at in range(1, len(lines)) if not is_whole and _is_enough(lines[:at]))
    cut = next(ends, len(lines))
    first, left = lines[:cut], "\n".join(lines[cut:]).strip("\n")
    behind = (replace(pieces[own], text=left),) if left else ()
    return FirstLines("\n".join(first), (*pieces[:own], *behind, *pieces[own + 1 :]))


def _is_enough(lines: list[str]) -> bool:
    """Tell whether so many lines are what stands open: three that say something, or one long."""
    said = [line for line in lines if line.strip()]
    return len(said) >= FIRST_LINES or sum(map(len, said)) >= FIRST_CHARS


def letter_in_doubt(documents: "tuple[DocumentView, ...]") -> "DocumentView | None":
    """Return the first text of the letter whose charset was guessed, None where none was."""
    texts = (each for each in documents if each.parent_id is None and each.role in LETTER_ROLES)
    return next((each for each in texts if each.charset is not None), None)
