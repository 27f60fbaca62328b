"""Tell what a person wrote in a mail from the older mails that their program quoted below it.

Nothing is cut off by it: pages fold quoted history, and the filing looks at a person's own words
first. Where it is not sure, words count as the person's own: whoever answers between the lines of
what they quote, or says that they do, is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.sandbox.protocol.body_text import (
    HEADING,
    IN_COLOUR,
    MARKED,
    ONLY_IN_FORMATTED,
    ONLY_IN_PLAIN,
    begins_original,
    end_of_head,
    is_groupwise,
    start_of_introduction,
)
from intake.senders.automatic_mail import REPLY
from intake.senders.inline_answers import announces_answers

# Fewer marked lines with words are quoted to answer them, and are read with the answer. A paragraph
# of flowed text or of a page stands in one line, and counts as those that a screen makes of it.
SHORT_LINES = 3
SCREEN_CHARS = 80
OTHER_FORMS = frozenset({ONLY_IN_PLAIN, ONLY_IN_FORMATTED})


@dataclass(frozen=True)
class Passage:
    """Hold some lines of a body; `is_quoted` tells that they are from older mail.

    `is_folded` tells that nobody needs them to understand the rest.
    """

    text: str
    is_quoted: bool
    is_folded: bool

    @property
    def line_count(self) -> int:
        """Return how many lines there are with words in them."""
        return sum(bool(line.strip()) for line in self.text.split("\n"))


@dataclass(frozen=True)
class _Quotation:
    """Say where lines with a mark stand together: `head` is where the head over them begins."""

    head: int
    end: int
    line_count: int


@dataclass(frozen=True)
class _Line:
    is_quoted: bool
    is_folded: bool


def passages(body_text: str, subject: str) -> tuple[Passage, ...]:
    """Return a body in pieces, in order and whole: joined by line ends they are the body again.

    A body that is nothing but history is one piece of a person's own: it is what they sent. What
    somebody answers between its lines is shown with them, and nothing is folded where they say
    that they answered inside it.
    """
    lines = body_text.split("\n")
    quotations = list(_quotations(lines))
    is_old = _marked(len(lines), quotations)
    is_original = _originals(lines) if REPLY.match(subject) else [False] * len(lines)
    is_old = [old or original for old, original in zip(is_old, is_original, strict=True)]
    if not any(_is_own(line, old) for line, old in zip(lines, is_old, strict=True)):
        return (Passage(body_text, is_quoted=False, is_folded=False),)
    apart = [each for each in quotations if not is_original[each.head]]
    kinds: list[_Line] = []
    after = 0
    for section in _sections(lines):
        before, after = after, _first_behind(apart, after, section.stop)
        kinds += _kinds(lines, is_old, section, apart[before:after])
    found: list[Passage] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            kind = kinds[start]
            found.append(Passage("\n".join(lines[start:at]), kind.is_quoted, kind.is_folded))
            start = at
    return tuple(found)


def own_words(body_text: str, subject: str) -> str:
    """Return a body without its quoted history."""
    return "\n".join(each.text for each in passages(body_text, subject) if not each.is_quoted)


def _is_own(line: str, is_old: bool) -> bool:
    return bool(line.strip()) and not is_old and HEADING.fullmatch(line) is None


def _sections(lines: Sequence[str]) -> Iterator[range]:
    """Yield where the letters of a body stand: its own, and those of the mails in it."""
    start = 0
    for at, line in enumerate(lines):
        if at and HEADING.fullmatch(line) and line not in OTHER_FORMS:
            yield range(start, at)
            start = at
    yield range(start, len(lines))


def _first_behind(quotations: Sequence[_Quotation], first: int, line: int) -> int:
    while first < len(quotations) and quotations[first].end <= line:
        first += 1
    return first


def _kinds(
    lines: Sequence[str],
    is_old: Sequence[bool],
    section: range,
    quotations: Sequence[_Quotation],
) -> list[_Line]:
    """Return for each line of one letter what it is."""
    answered = _answered(lines, is_old, section, quotations)
    has_old = any(is_old[at] for at in section)
    own = " ".join(lines[at] for at in section if has_old and _is_own(lines[at], is_old[at]))
    is_announced = announces_answers(own)
    is_coloured = any(lines[at].startswith(IN_COLOUR) for at in section)
    # Where the answers do not stand between marked lines, nothing tells them from what is quoted
    # but their colour.
    is_told_apart = not is_announced or bool(answered) or is_coloured
    is_shown = is_announced or is_coloured
    return [
        _Line(
            is_quoted=is_old[at] and is_told_apart,
            is_folded=is_old[at] and not is_shown and at not in answered,
        )
        for at in section
    ]


def _answered(
    lines: Sequence[str],
    is_old: Sequence[bool],
    section: range,
    quotations: Sequence[_Quotation],
) -> set[int]:
    """Return the lines of quotations below which a person wrote, before they quoted on.

    One answer below all that is quoted makes no conversation: then the older mail is folded.
    """
    if not quotations:
        return set()
    ends = [*(each.head for each in quotations[1:]), section.stop]
    is_answered = [
        any(_is_own(lines[at], is_old[at]) for at in range(each.end, end))
        for each, end in zip(quotations, ends, strict=True)
    ]
    if not any(is_answered[:-1]):
        return set()
    return {
        at
        for each, answered in zip(quotations, is_answered, strict=True)
        if answered
        for at in range(each.head, each.end)
    }


def _quotations(lines: Sequence[str]) -> Iterator[_Quotation]:
    """Yield where lines that begin with `>` stand together, with the head that introduces them.

    Empty lines between them belong to them: a quotation of HTML is made of paragraphs.
    """
    start = 0
    while start < len(lines):
        if not MARKED.match(lines[start]):
            start += 1
            continue
        at = end = start
        count = 0
        while at < len(lines) and (MARKED.match(lines[at]) or not lines[at].strip()):
            if lines[at].strip():
                end = at + 1
            count += -(-len(lines[at].strip(" \t>")) // SCREEN_CHARS)
            at += 1
        yield _Quotation(start_of_introduction(lines, start), end, count)
        start = at


def _marked(size: int, quotations: Sequence[_Quotation]) -> list[bool]:
    """Return for each line whether it is one of many that are quoted, or introduces them."""
    is_old = [False] * size
    for each in quotations:
        if each.line_count > SHORT_LINES:
            is_old[each.head : each.end] = [True] * (each.end - each.head)
    return is_old


def _originals(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it is below the head of an older mail, up to a heading of ours.

    Where the lines below the head have marks, these tell what is quoted; the head is old anyway.
    What is in another colour there is an answer.
    """
    is_original = [False] * len(lines)
    is_below = False
    for at, line in enumerate(lines):
        if HEADING.fullmatch(line):
            is_below = False
        is_bare = not MARKED.match(line) or is_groupwise(line)
        if not is_below and is_bare and begins_original(lines, at):
            end = end_of_head(lines, at)
            is_below = end == len(lines) or not MARKED.match(lines[end])
            is_original[at:end] = [True] * (end - at)
        is_original[at] = (is_original[at] or is_below) and not line.startswith(IN_COLOUR)
    return is_original
