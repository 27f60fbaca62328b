"""Find phrases of many languages that are written down in a table.

A phrase is words in their order. `a|b` means one of some forms, `*` at the end any ending, and `..`
up to three words between. Thai is written without spaces, so its phrases stand for themselves
anywhere. It imports nothing of the project.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

# Words that stand between two others of a phrase, where it says so.
BETWEEN = r"(?:\S+\s){0,3}?"
# Arabic joins its «and», «to», «by» to the word.
JOINED = "\u0648\u0628\u0644\u0641"
# By so many letters a word is known that may end in any way.
BEGINNING_CHARS = 4
THAI = re.compile("[\u0e00-\u0e7f]")


def compiled(phrases: Iterable[str], plain: Callable[[str], str]) -> re.Pattern[str]:
    """Return what finds any of some phrases; `plain` gives one form of letters.

    >>> compiled(["hon|han har .. mitt pass*"], str).findall("nu har hon har gömt mitt passet")
    ['hon har gömt mitt passet']
    """
    return re.compile("|".join(_one(phrase, plain) for phrase in phrases))


def _one(phrase: str, plain: Callable[[str], str]) -> str:
    if THAI.search(phrase):
        return re.escape(plain(phrase))
    parts, pieces = phrase.split(), []
    for number, part in enumerate(parts):
        if part == "..":
            pieces.append(BETWEEN)
            continue
        is_last = number == len(parts) - 1
        forms = "|".join(_form(each, plain) for each in part.split("|"))
        pieces.append(f"(?:{forms})" + ("" if is_last else r"\s"))
    return rf"(?<!\w)[{JOINED}]?{''.join(pieces)}(?!\w)"


def _form(word: str, plain: Callable[[str], str]) -> str:
    known = re.escape(plain(word.rstrip("*")))
    return rf"{known}\w*" if word.endswith("*") else known


@dataclass(frozen=True)
class Words:
    """Some words in plain form, and all the forms by which a table may know one of them."""

    text: str
    forms: frozenset[str]
    beginnings: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Words":
        """Return the words of a text that is in plain form already."""
        forms = set(text.split())
        # What `JOINED` joins to a word stands before it.
        forms |= {form[1:] for form in forms if form[0] in JOINED}
        return cls(text, frozenset(forms), frozenset(form[:BEGINNING_CHARS] for form in forms))


class Index:
    """Find phrases of a long table by their rarest words, so that most texts are asked for none."""

    def __init__(self, phrases: Iterable[str], plain: Callable[[str], str]) -> None:
        # Most phrases are never asked, so each is compiled when it is.
        self._compiled = lru_cache(maxsize=None)(lambda phrase: compiled([phrase], plain))
        self._of_word: dict[str, list[str]] = {}
        self._of_beginning: dict[str, list[str]] = {}
        self._of_thai: dict[str, list[str]] = {}
        for phrase in phrases:
            for form in _rarest(phrase, plain):
                if THAI.search(form):
                    self._of_thai.setdefault(form, []).append(phrase)
                elif form.endswith("*"):
                    self._of_beginning.setdefault(form[:BEGINNING_CHARS], []).append(phrase)
                else:
                    self._of_word.setdefault(form, []).append(phrase)

    def is_asked(self, words: Words) -> bool:
        """Tell whether some words have what any phrase is known by: most have not."""
        return not (
            self._of_word.keys().isdisjoint(words.forms)
            and self._of_beginning.keys().isdisjoint(words.beginnings)
            and (words.text.isascii() or THAI.search(words.text) is None)
        )

    def found(self, words: Words) -> Iterator[re.Match[str]]:
        """Yield where some words have any of the phrases, in no order.

        >>> said = Words.of("nu är hon inne och han är ju inlåst")
        >>> [each[0] for each in Index(["hon|han är .. inlåst"], str).found(said)]
        ['han är ju inlåst']
        """
        asked = [
            *(self._of_word[form] for form in self._of_word.keys() & words.forms),
            *(self._of_beginning[head] for head in self._of_beginning.keys() & words.beginnings),
        ]
        if self._of_thai and not words.text.isascii() and THAI.search(words.text):
            asked += [phrases for thai, phrases in self._of_thai.items() if thai in words.text]
        for phrase in dict.fromkeys(chain.from_iterable(asked)):
            yield from self._compiled(phrase).finditer(words.text)


def _rarest(phrase: str, plain: Callable[[str], str]) -> list[str]:
    """Return the forms of that word of a phrase of which even the shortest form is long."""
    if THAI.search(phrase):
        return [plain(phrase)]
    parts = [
        [plain(form.rstrip("*")) + "*" * form.endswith("*") for form in part.split("|")]
        for part in phrase.split()
        if part != ".."
    ]
    return max(parts, key=_shortest)


def _shortest(forms: list[str]) -> int:
    """Return how long the shortest of some forms is; a short beginning is none to know it by."""
    sizes = [len(form.rstrip("*")) for form in forms]
    is_vague = any(
        form.endswith("*") and size < BEGINNING_CHARS
        for form, size in zip(forms, sizes, strict=True)
    )
    return 0 if is_vague else min(sizes)
