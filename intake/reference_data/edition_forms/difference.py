"""Tell an edition in words, and what it changes: row by row, and word by word inside texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from intake.reference_data.edition_forms.fields import Field, SeveralField, Words
from intake.reference_data.edition_forms.groups import GroupField, RowsField, TableField, WordsField

Content = Mapping[str, Any]  # Any: an edition's JSON, checked before it was stored
WORD = re.compile(r"\s+|\S+")
# Texts of which less is alike are shown one after the other: word by word nobody could read them.
MIN_SIMILARITY = 0.4


class Change(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class PieceState(StrEnum):
    """Whether a piece of text stays, goes or comes."""

    STAYS = "stays"
    GOES = "goes"
    COMES = "comes"


@dataclass(frozen=True)
class ToldLine:
    """One thing that an edition says; `language` is that of the text, empty for the page's."""

    label: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class TextPiece:
    """A piece of a text that stays, goes or comes."""

    state: PieceState
    text: str


@dataclass(frozen=True)
class LineChange:
    """A line that differs; `pieces` are its text, before and after in one."""

    change: Change
    label: str
    pieces: tuple[TextPiece, ...]
    language: str = ""


def lines(
    fields: tuple[Field, ...], content: Content, words: Words, language: str = ""
) -> dict[str, ToldLine]:
    """Return {key: line} of what an edition says, in its order."""
    return dict(_lines(fields, content, words, language))


def changes(
    fields: tuple[Field, ...],
    before: Content | None,
    after: Content,
    words: Words,
    language: str = "",
) -> tuple[LineChange, ...]:
    """Return what differs from the edition before, in the new order; all is new without one."""
    old = lines(fields, before, words, language) if before is not None else {}
    new = lines(fields, after, words, language)
    found = [_change(old.get(key), new.get(key)) for key in _both(old, new)]
    return tuple(each for each in found if each is not None) + tuple(_moved(old, new))


def pieces(before: str, after: str) -> tuple[TextPiece, ...]:
    """Return a text with what goes and what comes, word by word."""
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < MIN_SIMILARITY:
        return (TextPiece(PieceState.GOES, before), TextPiece(PieceState.COMES, after))
    gone, come, found = "", "", list[TextPiece]()
    for how, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        was, now = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if how == "equal" and (was.strip() or not (gone or come)):
            found += [TextPiece(PieceState.GOES, gone), TextPiece(PieceState.COMES, come)]
            found.append(TextPiece(PieceState.STAYS, was))
            gone = come = ""
        else:
            # A space between two changed words belongs to the change.
            gone, come = gone + was, come + now
    found += [TextPiece(PieceState.GOES, gone), TextPiece(PieceState.COMES, come)]
    return tuple(piece for piece in found if piece.text)


def _lines(
    fields: tuple[Field, ...], content: Content, words: Words, language: str, start: str = ""
) -> Iterator[tuple[str, ToldLine]]:
    for each in fields:
        value = content.get(each.key)
        if value is None:
            continue
        key = f"{start}{each.key}"
        if isinstance(each, RowsField):
            yield from _rows(each, value, words, key)
        elif isinstance(each, TableField):
            for code, label, text in each.tell_lines(value, words):
                yield f"{key}.{code}", ToldLine(f"{each.label}: {label}", text)
        elif isinstance(each, GroupField):
            for inner, line in _lines(each.fields, value, words, language, f"{key}."):
                yield inner, ToldLine(f"{each.label}: {line.label}", line.text, line.language)
        elif isinstance(each, WordsField):
            for word in value:
                yield f"{key}.{word}", ToldLine(each.label, str(word))
        elif isinstance(each, SeveralField):
            for code in value:
                yield f"{key}.{code}", ToldLine(each.label, each.of.word(str(code), words))
        else:
            spoken = language if each.language == "*" else each.language
            yield key, ToldLine(each.label, each.tell(value, words), spoken)


def _rows(
    of: RowsField, rows: list[Content], words: Words, key: str
) -> Iterator[tuple[str, ToldLine]]:
    seen: dict[str, int] = {}
    for row in rows:
        title = of.title_of(row, words)
        # Two rows of one title are told apart by their order.
        seen[title] = seen.get(title, 0) + 1
        yield f"{key}.{title}.{seen[title]}", ToldLine(title, of.tell_row(row, words))


def _both(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys((*new, *old)))


def _change(old: ToldLine | None, new: ToldLine | None) -> LineChange | None:
    if old == new:
        return None
    if old is None and new is not None:
        only = (TextPiece(PieceState.COMES, new.text),)
        return LineChange(Change.ADDED, new.label, only, new.language)
    if new is None and old is not None:
        only = (TextPiece(PieceState.GOES, old.text),)
        return LineChange(Change.REMOVED, old.label, only, old.language)
    if old is None or new is None:
        return None
    return LineChange(Change.CHANGED, new.label, pieces(old.text, new.text), new.language)


def _moved(old: Mapping[str, ToldLine], new: Mapping[str, ToldLine]) -> Iterator[LineChange]:
    """Yield the lines whose place among the others that stay is another one."""
    before = [key for key in old if key in new]
    after = [key for key in new if key in old]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    stay = {
        key for block in matcher.get_matching_blocks() for key in after[block.b :][: block.size]
    }
    for place, key in enumerate(after):
        if key not in stay:
            where = f"now after «{new[after[place - 1]].label}»" if place else "now first"
            yield LineChange(Change.MOVED, new[key].label, (TextPiece(PieceState.STAYS, where),))
