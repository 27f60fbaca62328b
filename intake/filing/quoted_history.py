"""Tell what a person wrote in a mail from the older mails that their program quoted below it.

Nothing is cut off by it: pages fold quoted history, and the filing looks at a person's own words
first. Where it is not sure, words count as the person's own.
"""

from dataclasses import dataclass

from intake.sandbox.protocol.body_text import (
    HEADING,
    MARKED,
    begins_original,
    start_of_introduction,
)
from intake.senders.automatic_mail import REPLY

# Fewer marked lines with words are quoted to answer them, and are read with the answer.
SHORT_LINES = 3


@dataclass(frozen=True)
class Passage:
    """Hold some lines of a body; `is_quoted` tells that they are from older mail."""

    text: str
    is_quoted: bool

    @property
    def line_count(self) -> int:
        """Return how many lines there are with words in them."""
        return sum(bool(line.strip()) for line in self.text.split("\n"))


def passages(body_text: str, subject: str) -> tuple[Passage, ...]:
    """Return a body in pieces, in order and whole: joined by line ends they are the body again.

    A body that is nothing but history is one piece of a person's own: it is what they sent.
    """
    lines = body_text.split("\n")
    is_old = _marked(lines)
    if REPLY.match(subject):
        _mark_originals(lines, is_old)
    if not any(_is_own(line, old) for line, old in zip(lines, is_old, strict=True)):
        return (Passage(body_text, is_quoted=False),)
    found: list[Passage] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or is_old[at] != is_old[start]:
            found.append(Passage("\n".join(lines[start:at]), is_quoted=is_old[start]))
            start = at
    return tuple(found)


def own_words(body_text: str, subject: str) -> str:
    """Return a body without its quoted history."""
    return "\n".join(each.text for each in passages(body_text, subject) if not each.is_quoted)


def _is_own(line: str, is_old: bool) -> bool:
    return bool(line.strip()) and not is_old and HEADING.fullmatch(line) is None


def _marked(lines: list[str]) -> list[bool]:
    """Return for each line whether it is one of many that begin with `>`, or introduces them.

    Empty lines between them belong to them: a quotation of HTML is made of paragraphs.
    """
    is_old = [False] * len(lines)
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
            count += bool(lines[at].strip(" \t>"))
            at += 1
        if count > SHORT_LINES:
            first = start_of_introduction(lines, start)
            is_old[first:end] = [True] * (end - first)
        start = at
    return is_old


def _mark_originals(lines: list[str], is_old: list[bool]) -> None:
    """Mark what stands below the head of an older mail, up to the next heading of ours."""
    is_below = False
    for at, line in enumerate(lines):
        if HEADING.fullmatch(line):
            is_below = False
        is_below = is_below or begins_original(lines, at)
        is_old[at] = is_old[at] or is_below
