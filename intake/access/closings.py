"""Spread what closes a document to the documents of its submission that would say the same.

The same bytes twice in a mail, the HTML form beside the text of a letter, a picture and the text
that it stands in: to close one of them closes nothing while the other is open (threat P10). What
closes one therefore closes its relatives:

* what was found inside it (around): whole;
* a document with the same bytes (twins): the same pages;
* the other forms and pieces of the same letter: whole;
* the document that draws it: whole, since nobody knows on which page; an archive or a mail shows
  nothing but its name, which is closed once all its parts are.

What closes a document only because of its parts never opens it to who reads a compartment alone.
It knows documents as values, and imports no storage but their states and no sign but one.
"""

from typing import TYPE_CHECKING

from intake.access.visibility import Closing, Origin
from intake.sandbox.protocol.signs import IN_BODY
from storage.documents.documents import DocumentState
from storage.documents.safe_copies import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from storage.documents.documents import Document

PDF, HTML = "application/pdf", "text/html"
# The roles of documents that are the message body, in all its forms.
BODY_ROLES = frozenset({"body", "alternative"})
BODY_TYPES = frozenset({"text/plain", HTML})


def is_body(role: str, claimed_type: str) -> bool:
    """Tell whether a part is the message body, in one of its forms or one of its pieces.

    A mail may have several texts one below the other: a gateway's banner, the words themselves, a
    footer. They are all shown as its text, and nobody attached any of them.
    """
    return role in BODY_ROLES or (role == "inline" and claimed_type in BODY_TYPES)


def is_body_row(row: "Document") -> bool:
    """Tell whether a document is the message body (`is_body`)."""
    return is_body(row.role, row.claimed_type)


def stands_in_body(row: "Document") -> bool:
    """Tell whether the words of a document may be shown as the text of its mail.

    Besides the message body this is a text file that was sent without any letter.
    """
    return is_body_row(row) or IN_BODY in row.part_flags


def spread(
    rows: "Sequence[Document]",
    spans: "Mapping[str, Sequence[tuple[int, int]]]",
    own: "Mapping[str, Iterable[Closing]]",
) -> "dict[str, frozenset[Closing]]":
    """Return {document: all that closes it} from {document: what is said of itself}.

    `rows` are all documents of one submission, `spans` the pages (first, last) to which each was
    given a type, open ones included.
    """
    closings: dict[str, set[Closing]] = {row.id: set() for row in rows}
    if any(own.values()):
        family = _Family(rows)
        waiting = [(row, closing) for row in rows for closing in own.get(row.id, ())]
        while waiting:
            while waiting:
                row, closing = waiting.pop()
                if closing not in closings[row.id] and _is_closed_by(row, closing):
                    closings[row.id].add(closing)
                    waiting += family.told_by(row, closing)
            waiting = list(_closed_with_all_parts(family, spans, closings))
    return {document_id: frozenset(found) for document_id, found in closings.items()}


class _Family:
    """How the documents of one submission belong together."""

    def __init__(self, rows: "Sequence[Document]") -> None:
        self.by_id = {row.id: row for row in rows}
        self.parts: dict[str, list[Document]] = {}
        self._twins: dict[str, list[Document]] = {}
        self._letters: dict[str | None, list[Document]] = {}
        # A stranger may send a thousand twins: each group is told a closing once, not by each.
        self._told: set[tuple[str, str | None, Closing]] = set()
        for row in rows:
            self._twins.setdefault(row.content_hash, []).append(row)
            if row.parent_id in self.by_id:
                self.parts.setdefault(row.parent_id, []).append(row)
            if stands_in_body(row):
                self._letters.setdefault(row.parent_id, []).append(row)

    def told_by(self, row: "Document", closing: Closing) -> "Iterator[tuple[Document, Closing]]":
        """Yield who else is closed by what closes a document, and how."""
        # No bytes say nothing, and would tie together all letters without a word.
        if row.size and self._is_new("bytes", row.content_hash, closing):
            yield from ((twin, closing) for twin in self._twins[row.content_hash])
        if closing.origin is not Origin.PARTS:
            around = closing.whole(Origin.AROUND)
            yield from ((part, around) for part in self.parts.get(row.id, ()))
        if closing.origin is Origin.OWN and stands_in_body(row):
            form = closing.whole(Origin.OWN)
            if self._is_new("letter", row.parent_id, form):
                others = (each for each in self._letters[row.parent_id] if each is not row)
                yield from ((other, form) for other in others)
        parent = self.by_id.get(row.parent_id or "")
        # What is closed because of the document around it says nothing new of that one's pages.
        if closing.origin is not Origin.AROUND and parent is not None and _draws(parent, row):
            yield parent, closing.whole(Origin.PARTS)

    def _is_new(self, kind: str, name: str | None, closing: Closing) -> bool:
        told = (kind, name, closing)
        is_new = told not in self._told
        self._told.add(told)
        return is_new


def _is_closed_by(row: "Document", closing: Closing) -> bool:
    """Tell whether a closing holds for a document: a letter is never closed by a suggestion.

    It is, as all else, where it was found inside a document that is suggested to be closed.
    """
    return closing.is_confirmed or closing.origin is Origin.AROUND or not is_body_row(row)


def _draws(parent: "Document", part: "Document") -> bool:
    """Tell whether the pages of a document may show one of its parts.

    A PDF shows at most the name of a file that is attached to it, HTML is shown as its words alone.
    Of everything else that has pages nobody can tell.
    """
    is_attached = parent.detected_type == PDF and part.role == "attachment"
    return parent.state in SHOWN and parent.detected_type != HTML and not is_attached


def _closed_with_all_parts(
    family: _Family,
    spans: "Mapping[str, Sequence[tuple[int, int]]]",
    closings: "Mapping[str, set[Closing]]",
) -> "Iterator[tuple[Document, Closing]]":
    """Yield what newly closes archives and mails, of whose parts none is open in any page."""
    for parent_id, parts in family.parts.items():
        parent = family.by_id[parent_id]
        if parent.state in SHOWN or parent.detected_type == HTML:
            continue
        # What is not shown anyway, as a sender's emblem, leaves no name open.
        shown = [
            part for part in parts if part.state != DocumentState.IGNORED or part.id in family.parts
        ] or parts
        if all(_is_whole_closed(spans.get(part.id, ()), closings[part.id]) for part in shown):
            for closing in {each for part in shown for each in closings[part.id]}:
                name = closing.whole(Origin.PARTS)
                if name not in closings[parent_id] and _is_closed_by(parent, name):
                    yield parent, name


def _is_whole_closed(spans: "Sequence[tuple[int, int]]", closings: set[Closing]) -> bool:
    return bool(closings) and all(
        any(each.first <= first and last <= each.last for each in closings) for first, last in spans
    )
