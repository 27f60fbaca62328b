"""Read a text thought by thought, in one form of letters, to find in it what a person says.

It imports the other modules of this room only.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from intake.senders.emergencies.phrases import Words
from intake.senders.emergencies.urgent_now import IS_ASKED, thoughts

ONE_LETTER = str.maketrans({"ی": "ي", "ک": "ك", "ى": "ي", "ـ": "", "\u2019": "'", "\u2018": "'"})
NOT_SEEN = frozenset({"Mn", "Me", "Cf"})


def folded(text: str) -> str:
    """Return letters without accents and what is not seen, as `plain` has them."""
    decomposed = unicodedata.normalize("NFKD", text.translate(ONE_LETTER))
    # Every letter is looked up once and not at every place.
    unseen = {ord(each): "" for each in set(decomposed) if unicodedata.category(each) in NOT_SEEN}
    return decomposed.translate(ONE_LETTER | unseen)


def of_plain(*patterns: str) -> re.Pattern[str]:
    """Return what finds words that are written here as their languages write them."""
    return re.compile(folded("".join(patterns)))


# Between these stands one clause; Arabic and Thai have a comma of their own, or none.
CLAUSE = re.compile('[,\u060c\u3001()\\[\\]\u2013\u2014|/"\u201c\u201d\u00ab\u00bb]')
NO_WORD = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class Thought:
    """A thought as it is searched: its words, without marks, and where each clause begins.

    `searched` are the same words for the tables of phrases.
    """

    words: str
    searched: Words
    starts: tuple[int, ...]
    is_asked: bool

    def before(self, start: int) -> str:
        """Return the words of its clause before a place in it."""
        return self.words[max(each for each in self.starts if each <= start) : start]


def read(text: str) -> Iterator[tuple[str, Thought]]:
    """Yield the thoughts of a text, each in small letters without accents and as searched."""
    for thought, end in thoughts(folded(text).casefold()):
        yield thought, _read(thought, is_asked=end in IS_ASKED)


def plain(text: str) -> str:
    """Return words in one form: small, without marks, accents and what is not seen.

    >>> plain("Hon är INLÅST, nu!")
    'hon ar inlast nu'
    """
    return NO_WORD.sub(" ", folded(text).casefold()).strip()


def _read(thought: str, *, is_asked: bool) -> Thought:
    words, starts = "", [0]
    for clause in CLAUSE.split(thought):
        if read := NO_WORD.sub(" ", clause).strip():
            starts.append(len(words))
            words = f"{words}{read} "
    searched = Words.of(words.rstrip())
    return Thought(searched.text, searched, tuple(starts), is_asked)
