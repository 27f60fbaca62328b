"""Find the words that only Outlook shows: those in a comment with a condition.

Outlook reads `<!--[if mso]>words<![endif]-->` as words and every other program as a comment. Most
of it repeats what stands beside it for the others, or lays out a table.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

CONDITION = re.compile(r"<!--\[if [^\]>]{0,200}\]>", re.IGNORECASE)
# Settings of the page, which Outlook does not show either.
END_OF_XML = re.compile(r"</xml(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
# Word's own words of a field, such as `MERGEFIELD Name`; it shows what follows the separator.
CODE_START, CODE_END = "mso-element:field-begin", "mso-element:field-separator"
CONDITION_END = re.compile(r"(?:<!\[endif\])?--!?>$", re.IGNORECASE)
WORD = re.compile(r"\w+")
SHOWN = "[only Outlook shows: {}]"


def without_codes(markup: str) -> str:
    """Return the content of such a comment without the codes of fields and its own end."""
    kept: list[str] = []
    position = 0
    while (start := markup.find(CODE_START, position)) >= 0:
        end = markup.find(CODE_END, start)
        if end < 0:
            break
        kept.append(markup[position:start])
        position = end
    return CONDITION_END.sub("", "".join([*kept, markup[position:]]))


def add(pieces: list[str], found: Sequence[tuple[int, str]]) -> None:
    """Write words into the empty pieces kept for them, without lines that stand elsewhere.

    Lines are compared by their pairs of words, which takes time linear in the text.
    """
    if not any(text for _, text in found):
        return
    words = WORD.findall("".join(pieces).casefold())
    known, pairs = set(words), set(pairwise(words))
    for at, text in found:
        kept = []
        for line in text.split("\n"):
            words = WORD.findall(line.casefold())
            # What is left of the mark itself, as of `<!--[if !mso]><!-->`, has no words.
            is_known = pairs.issuperset(pairwise(words)) and known.issuperset(words)
            if not is_known:
                kept.append(line)
            known.update(words)
            pairs.update(pairwise(words))
        if kept:
            pieces[at] = "\n" + SHOWN.format("\n".join(kept)) + "\n"
