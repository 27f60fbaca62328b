"""Give a common key to the spellings that can be one name.

A key is made of one word of a name: its first vowel if it begins with one, its consonants as the
transliterations of Arabic, Kurdish, Persian, Somali, Amharic and Slavic names confuse them, the
vowel before the last consonant, and the vowel at the end. `e` may stand for a or i, so a word may
have several keys. Two names that share a key may be one person's: `compare` and then a person
decide that. Arabic leaves short vowels out, so حسن and حسين share a key although they are two
names.

    "Mohammed", "Muhammad", "Maxamed", "محمد" -> the key mhmd.a; "Mahmoud" -> mhmd.u
"""

import itertools
import re

from intake.recognition.matching.name_variants import SPELLINGS
from intake.recognition.matching.transliteration import UNKNOWN_VOWEL, in_latin

MAX_NAME_CHARS = 200
MAX_WORDS = 8
MAX_WORD_CHARS = 40
MAX_VARIANTS = 24
WORD = re.compile(rf"[a-z{re.escape(UNKNOWN_VOWEL)}]+")
APOSTROPHES = re.compile(r"['`´\u02b9-\u02bf\u2018\u2019]")
PARTICLES = frozenset({"al", "el", "ul", "ol", "bin", "ibn", "ben", "bint", "van", "von", "de"})
# The first part of names such as Abdul Rahman, with the article that grows onto it.
ABD = re.compile(r"[ca*]{1,2}bd(?:[aeiou]{1,2}[lrsndtz]?)?")
ABD_AND_NAME = re.compile(r"[ca*]{1,2}bd[aeiou]{1,2}(l?)([a-z*]{2,})")
BARE_ABD = frozenset({"abdul", "abdel", "abdal", "abdol", "abdur", "abdus", "abdun", "abd"})
ATTACHED_ARTICLE = re.compile(r"[ae]l(?=[bcdfghjkmnpqrstvwxyz][a-z]{3})")
# Letters that can be read in several ways, each with its readings; PLAIN is applied after these.
READINGS = (
    (re.compile(r"(?<=[aeiou*])c(?=[aeiou]|$)|^c(?=[aeiou])"), ("C", "k", "j", "")),
    (re.compile(r"c"), ("C", "k", "j")),
    (re.compile(r"x"), ("h", "ks")),
    (re.compile(r"th"), ("t", "s")),
    (re.compile(r"dh"), ("d", "z")),
    (re.compile(r"(?<=.)w"), ("v", "u")),
    (re.compile(r"^j(?=[aeiou])"), ("j", "y")),
    (re.compile(r"^[yj](?=e)"), ("y", "")),
    (re.compile(r"^i(?=[aou])"), ("y",)),
)
PLAIN = (
    (re.compile(r"kh"), "h"), (re.compile(r"gh|ck|q|g"), "k"), (re.compile(r"tch|ch"), "C"),
    (re.compile(r"shch|sch|sh"), "s"), (re.compile(r"dzh|dz(?=[aeiou])|dj|zh"), "j"),
    (re.compile(r"ph"), "f"), (re.compile(r"w"), "v"),
    (re.compile(r"(?<=[aeiouy*])h$"), ""), (re.compile(r"(?<=[^aeiouy*])h$"), "a"),
    (re.compile(r"t$"), "d"), (re.compile(r"([^aeiouy*])\1+"), r"\1"),
)  # fmt: skip
PARTS = re.compile(r"[aeiou*]+[aeiouy*]*|y(?![aeiou*])[aeiouy*]*|(?<!^)y[aeiouy*]*|[^aeiouy*]|y")
CLOSED_E = re.compile(r"[aeo*]?y?e?[iy]$|ee$|[aeu]ye?$")


def name_keys(name: str) -> frozenset[str]:
    """Return the keys of a whole name in any script; spellings of one name share a key.

    Order, case, marks, hyphens and articles do not matter. A name without letters has none.
    """
    words = words_of(name)
    keys: set[str] = set()
    for word in words:
        keys.update(word_keys(word))
    for first, second in itertools.pairwise(words):
        if ABD.fullmatch(first):
            keys.update(f"abd+{key}" for key in _plain_keys(second))
        keys.update(_plain_keys(first + second))
    return frozenset(keys)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small Latin letters without articles, at most MAX_WORDS.

    "Abd al-Rahman EL AMRANI" -> abd, rahman, amrani
    """
    latin = in_latin(APOSTROPHES.sub("", name[:MAX_NAME_CHARS]))
    found = (match[0][:MAX_WORD_CHARS] for match in WORD.finditer(latin))
    words = [word for word in itertools.islice(found, 4 * MAX_WORDS) if word.strip(UNKNOWN_VOWEL)]
    named = [word for word in words if word not in PARTICLES]
    return tuple((named or words)[:MAX_WORDS])


def word_keys(word: str) -> frozenset[str]:
    """Return the keys of one word of `words_of`; none for a bare Abdul, which is half a name."""
    if word in BARE_ABD:
        return frozenset()
    keys = set(_plain_keys(word))
    match = ABD_AND_NAME.fullmatch(word)
    if match:
        rests = {match[2], match[1] + match[2]}
        keys.update(f"abd+{key}" for rest in rests for key in _plain_keys(rest))
    article = ATTACHED_ARTICLE.match(word)
    if article:
        keys.update(_plain_keys(word[article.end() :]))
    return frozenset(keys)


def _plain_keys(word: str) -> frozenset[str]:
    spellings = {word, SPELLINGS.get(word, word)}
    readings = [each for spelling in spellings for each in _readings(spelling)]
    return frozenset(key for reading in readings[:MAX_VARIANTS] for key in _signatures(reading))


def _readings(word: str) -> list[str]:
    """Return the word in all ways in which its ambiguous letters can be read."""
    words = [word.replace("ch", "\u0001").replace("ck", "k")]
    for pattern, replacements in READINGS:
        if pattern.search(words[0]) or any(pattern.search(each) for each in words):
            words = list(
                dict.fromkeys(pattern.sub(new, each) for each in words for new in replacements)
            )[:MAX_VARIANTS]
    return [each.replace("\u0001", "ch") for each in words]


def _signatures(word: str) -> list[str]:
    for pattern, replacement in PLAIN:
        word = pattern.sub(replacement, word)
    parts = PARTS.findall(word)
    is_vowel = [
        part[0] in "aeiou*" or (part[0] == "y" and (len(part) > 1 or at > 0))
        for at, part in enumerate(parts)
    ]
    consonants = [at for at, vowel in enumerate(is_vowel) if not vowel]
    if not consonants:
        return [f"{'/'.join(sorted(_classes(word)))}."]
    first = _classes(parts[0], is_first=True) if is_vowel[0] else {""}
    final = _final(parts[-1]) if is_vowel[-1] else {""}
    last = consonants[-1]
    if last > 0 and is_vowel[last - 1] and last - 1 > 0:
        inner = _classes(parts[last - 1])
    else:
        # The vowel is not written, as in Arabic, or dropped, as in Fatma. A long u would be there.
        inner = {"a", "i"} if len(consonants) > 1 else {""}
    skeleton = "".join(parts[at] for at in consonants)
    return [
        f"{a}{skeleton}.{b}{'-' + c if c else ''}"
        for a, b, c in itertools.product(sorted(first), sorted(inner), sorted(final))
    ]


def _classes(vowels: str, *, is_first: bool = False) -> set[str]:
    """Return how a group of vowels may sound: a, i, u; e is between the first two."""
    if vowels == UNKNOWN_VOWEL:
        return {"a", "i", "u"} if is_first else {"a", "i"}
    if CLOSED_E.search(vowels) and not is_first:
        return {"i"}
    letter = vowels[0] if is_first else vowels.rstrip(UNKNOWN_VOWEL)[-1:]
    if letter == "e":
        return {"a", "i"}
    return {"u"} if letter in ("o", "u") else {"i"} if letter in ("i", "y") else {"a"}


def _final(vowels: str) -> set[str]:
    """Return the sound at the end; Persian and Somali write -eh, -e and -o for -a."""
    if CLOSED_E.search(vowels):
        return {"i"}
    letter = vowels[-1]
    if letter == "o":
        return {"a", "u"}
    return {"u"} if letter == "u" else {"i"} if letter in ("i", "y") else {"a"}
