"""Leave out the sentences of a page that only speak about a paper, or deny that there is one.

An invoice that says «Polisanmälan görs ej» is no police report, and would be closed to most as one.
"""

import re

from intake.recognition.classification.rules import RuleBook, is_of_number, phrases_at
from intake.recognition.classification.tokens import MAX_PAGE_CHARS, words_of

# On a page of so few words a sentence about a paper weighs as much as its title.
MAX_FEW_WORDS = 25
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
# How far from the name of a paper a word may deny it. «No» behind it is the number's.
MAX_DENYING_WORDS = 4
DENYING = frozenset(
    {"ingen", "inget", "inga", "inte", "ej", "aldrig", "not", "never", "ei", "eivat"}
)
DENYING_BEFORE = DENYING | {"utan", "no", "without", "ilman"}
DENYING_BEHIND = DENYING | {"saknas", "missing", "puuttuu"}
# Folded words that stand in sentences, and beside no title.
SPEAKING = frozenset(
    {"jag", "vi", "hon", "han", "har", "hade", "kommer", "bifogas", "gors", "behovs", "have", "has",
     "attached", "olen"}
)  # fmt: skip
# «polisanmäld» says of whom there is a «polisanmälan»: the last letters tell the two apart.
MIN_STEM, OTHER_ENDING = 8, 2


def without_mentions(book: RuleBook, page: str) -> str:
    """Return a page without the sentences that deny a paper; a page of few words also without
    those that only speak about one.

    "Räkning\\nPolisanmälan görs ej. Nr 12" -> "Räkning\\n  Nr 12"
    """
    text = page[:MAX_PAGE_CHARS]
    is_short = len(words_of(text)) <= MAX_FEW_WORDS
    return SENTENCE.sub(lambda found: _kept(book, found[0], is_short=is_short), text)


def _kept(book: RuleBook, sentence: str, *, is_short: bool) -> str:
    words = words_of(sentence)
    for start in range(len(words)):
        length = _named(book, words, start)
        if not length:
            continue
        before, behind = words[:start], words[start + length :]
        is_denied = bool(
            DENYING_BEFORE.intersection(before[-MAX_DENYING_WORDS:])
            or DENYING_BEHIND.intersection(behind[:MAX_DENYING_WORDS])
        )
        if is_denied or (is_short and _is_about(sentence, before, behind)):
            return " "
    return sentence


def _is_about(sentence: str, before: tuple[str, ...], behind: tuple[str, ...]) -> bool:
    """Tell whether the words beside a title make a sentence of it, and no heading."""
    others = [each for each in (*before, *behind) if not is_of_number(each)]
    is_ended = sentence.rstrip().endswith((".", "!", "?"))
    return bool(others) and (is_ended or bool(SPEAKING.intersection((*before, *behind))))


def _named(book: RuleBook, words: tuple[str, ...], start: int) -> int:
    """Return how many words name a paper at a place, 0 where none does."""
    titles = [len(each.words) for each in phrases_at(book, words, start) if each.is_title]
    return max(titles, default=int(_is_verb_of_title(book, words[start])))


def _is_verb_of_title(book: RuleBook, word: str) -> bool:
    stem = word[:-1]
    return len(stem) >= MIN_STEM and any(
        title[:-OTHER_ENDING] == stem for title in book.single_titles
    )
