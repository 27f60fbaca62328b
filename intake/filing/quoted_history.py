"""Tell what a person wrote in a mail from the older mails that their program quoted below it.

Nothing is cut off by it: pages fold quoted history, and the filing looks at a person's own words
first. Where it is not sure, words count as the person's own.
"""

import re
from dataclasses import dataclass

from intake.sandbox.protocol.body_text import HEADING
from intake.senders.automatic_mail import REPLY

MARKED = re.compile(r"[ \t]{0,3}>")
# Fewer marked lines are quoted to answer them, and are read with the answer.
SHORT_LINES = 3
# What Outlook puts over the mail that it quotes whole.
ORIGINAL = re.compile(
    r"[ \t>]{0,20}(?:-{2,}[ ]?(?:original message|ursprungligt meddelande|ursprüngliche nachricht"
    r"|opprinnelig melding|oprindelig meddelelse)[ ]?-{2,}|_{20,200})[ \t]*",
    re.IGNORECASE,
)
FROM_LINE = re.compile(r"[ \t]{0,3}(?:from|från|von|fra|de|lähettäjä)[ \t]?:[ \t]", re.IGNORECASE)
SENT_LINE = re.compile(
    r"[ \t]{0,3}(?:sent|date|skickat|datum|gesendet|sendt|dato|envoyé|lähetetty)[ \t]?:[ \t]",
    re.IGNORECASE,
)
SENT_WITHIN_LINES = 3
# "On Monday Eva wrote:", in its many languages, is the line that ends with a colon.
MAX_INTRODUCTION_CHARS = 300


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
    if not any(line.strip() and not old for line, old in zip(lines, is_old, strict=True)):
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


def _marked(lines: list[str]) -> list[bool]:
    """Return for each line whether it is one of many that begin with `>`, or introduces them."""
    is_old = [False] * len(lines)
    start = 0
    while start < len(lines):
        if not MARKED.match(lines[start]):
            start += 1
            continue
        end = start
        while end < len(lines) and MARKED.match(lines[end]):
            end += 1
        if end - start > SHORT_LINES:
            first = _introduction(lines, start)
            is_old[first:end] = [True] * (end - first)
        start = end
    return is_old


def _introduction(lines: list[str], start: int) -> int:
    """Return where the line stands that says who wrote what is quoted from `start` on."""
    before = start - 1
    while before >= 0 and start - before <= 2 and not lines[before].strip():
        before -= 1
    if before < 0:
        return start
    line = lines[before].rstrip()
    is_introduction = line.endswith(":") and any(letter.isdigit() for letter in line)
    return before if is_introduction and len(line) <= MAX_INTRODUCTION_CHARS else start


def _mark_originals(lines: list[str], is_old: list[bool]) -> None:
    """Mark what stands below the head of an older mail, up to the next heading of ours."""
    is_below = False
    for at, line in enumerate(lines):
        if HEADING.fullmatch(line):
            is_below = False
        is_below = is_below or _begins_original(lines, at)
        is_old[at] = is_old[at] or is_below


def _begins_original(lines: list[str], at: int) -> bool:
    if ORIGINAL.fullmatch(lines[at]):
        following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
        return FROM_LINE.match(following) is not None
    below = lines[at + 1 : at + 1 + SENT_WITHIN_LINES]
    return FROM_LINE.match(lines[at]) is not None and any(map(SENT_LINE.match, below))
