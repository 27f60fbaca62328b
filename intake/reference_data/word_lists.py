"""Read and check the office's two lists of words: of what leaves the house, and of what stays.

What leaves is mail: its list has the words that tell what the programme is (requirement 116). What
stays behind the sign-in is read by a coordinator who knows that: its list has the words that tell
where somebody is. Each list blocks some words and warns of others. An entry is a word or several
in small letters; a star at its end stands for any ending: `asyl*`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from intake.reference_data.answer_template import PLACEHOLDER

LEAVES, STAYS = "leaves", "stays"
LISTS = (LEAVES, STAYS)
BLOCK, WARN = "block", "warn"
MAX_ENTRY_CHARS = 40
MIN_STEM_CHARS = 3
ENTRY = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*\*?")
# Sentences that an officer must be able to write. A list that blocks one blocks nearly everything.
EVERYDAY = (
    "Thank you for your message.",
    "We answer by Friday at the latest.",
    "The papers have come and can be read.",
    "Please sign in to read it, or call us.",
    "Could you send the second page again?",
    "Tack för ditt meddelande.",
    "Vi svarar senast på fredag.",
    "Handlingarna har kommit och går att läsa.",
    "Logga in för att läsa, eller ring oss.",
    "Kan du skicka sidan två igen?",
)
# Who signs in knows what the programme is, so its words are allowed there.
EVERYDAY_IN_SERVICE = (
    *EVERYDAY,
    "Please send the decision on asylum.",
    "The person wishes to return in March.",
    "Beslutet om asyl saknas i ärendet.",
)
# The next steps that a confirmation offers, in Swedish and English. Its form opens with one, which
# is checked like the officer's own words: a list that blocks one stops every confirmation.
SEND_MISSING = (
    "Skicka det som saknas genom tjänsten.",
    "Please send what is missing through the service.",
)
ASSESS = (
    "Vi går igenom det som kom in och hör av oss.",
    "We look through what came and write to you.",
)
NEXT_STEPS = (SEND_MISSING, ASSESS)
# The prepared answers that ship, each in both languages.
ANSWERS = Path(__file__).parent / "data" / "answers.json"
# The office's texts of mails: what they say leaves with every mail, so no list may block it.
MAIL_TEXTS = Path(__file__).parents[2] / "templates" / "mail"
MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.?!:])\s+")
# What requirement 116 itself keeps out of mail, and what tells where somebody is.
MUST_BLOCK = {
    LEAVES: (
        "trafficking", "människohandel", "prostitution", "victim", "avrr", "asylum", "asyl",
        "reintegration", "återvändande",
    ),
    STAYS: ("shelter", "skyddat boende"),
}  # fmt: skip


@dataclass(frozen=True)
class WordList:
    """One list, ready to be looked for in a text in small letters."""

    block: re.Pattern[str]
    warn: re.Pattern[str]


def read_list(content: dict[str, Any], name: str) -> WordList:  # Any: an edition's checked JSON
    """Return one list of an edition; `name` is one of LISTS."""
    listed = content[name]
    return WordList(_pattern(tuple(listed.get(BLOCK, ()))), _pattern(tuple(listed.get(WARN, ()))))


def word_list_problems(
    content: dict[str, Any],  # Any: JSON whose fields are right by themselves
) -> Iterator[tuple[str, str]]:
    """Yield everything wrong with the words of an edition: the path of a field, and a sentence."""
    for name in LISTS:
        listed = content.get(name, {})
        faults = [
            (f"{name}.{part}", fault)
            for part in (BLOCK, WARN)
            for fault in _entries(listed.get(part, []))
        ]
        yield from faults
        if not faults:
            blocked, warned = listed.get(BLOCK, []), listed.get(WARN, [])
            yield from ((f"{name}.{BLOCK}", fault) for fault in _reach(name, blocked, warned))


@lru_cache(maxsize=len(LISTS))
def own_sentences(name: str) -> tuple[str, ...]:
    """Return every sentence that a list must let pass: everyday ones, and those of our own."""
    if name == STAYS:
        return (*EVERYDAY_IN_SERVICE, *(each for step in NEXT_STEPS for each in step))
    shipped = json.loads(ANSWERS.read_text(encoding="utf-8"))
    texts = [each["content"][part] for each in shipped for part in ("subject", "text")
             if part in each["content"]]  # fmt: skip
    parts = [part for text in texts for part in SENTENCE_END.split(PLACEHOLDER.sub("", text))]
    ours = [*EVERYDAY, *(part.strip() for part in parts if part.strip()), *_mail_sentences()]
    return tuple(dict.fromkeys(ours))


def _mail_sentences() -> Iterator[str]:
    """Yield every sentence of the office's texts of mails, in each of their languages.

    Each way that a text can go on is a sentence of its own: what stands between two marks of the
    template.
    """
    for path in sorted(each for each in MAIL_TEXTS.iterdir() if each.suffix == ".txt"):
        for piece in MARKUP.split(path.read_text(encoding="utf-8")):
            for line in piece.splitlines():
                yield from (
                    said for each in SENTENCE_END.split(line) if (said := each.strip(" .-:"))
                )


def _entries(entries: list[str]) -> Iterator[str]:
    for entry in entries:
        if len(entry) > MAX_ENTRY_CHARS or entry != entry.lower():
            yield f"«{entry[:60]}» must be small letters, up to {MAX_ENTRY_CHARS}."
        elif not ENTRY.fullmatch(entry):
            yield f"«{entry}» must be words alone; a star may stand at the end."
        elif entry.endswith("*") and len(entry) <= MIN_STEM_CHARS:
            yield (
                f"«{entry}» stands for nearly every word. Write at least {MIN_STEM_CHARS} letters "
                "before the star."
            )
    for entry in dict.fromkeys(one for one in entries if entries.count(one) > 1):
        yield f"«{entry}» stands there twice."


def _reach(name: str, blocked: list[str], warned: list[str]) -> Iterator[str]:
    """Yield what a list blocks that it must not, and what it must block and does not."""
    for entry in blocked:
        pattern = _pattern((entry,))
        stopped = next((each for each in own_sentences(name) if pattern.search(each.lower())), None)
        if stopped is not None:
            yield (
                f"«{entry}» blocks «{stopped}», which everybody must be able to write. Write more "
                "of the word, or ask about it."
            )
        if entry in warned:
            yield f"«{entry}» is blocked and asked about. Keep one."
    whole = _pattern(tuple(blocked))
    for word in MUST_BLOCK[name]:
        if not whole.fullmatch(word):
            yield f"«{word}» must be blocked here."


@lru_cache(maxsize=64)
def _pattern(entries: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of some entries as whole words, in linear time."""
    words = (
        re.escape(entry.removesuffix("*")).replace(r"\ ", r"\s{1,3}")
        + (r"\w{0,30}" if entry.endswith("*") else "")
        for entry in sorted(entries, key=len, reverse=True)
    )
    # No entry: nothing is found.
    return re.compile(rf"\b(?:{'|'.join(words)})\b" if entries else r"(?!)")
