r"""Read what an RTF file asks for: its fields, its template and the files it names (RTF 1.9.1).

b"{\\rtf1{\\*\\template h{\\*\\x }ttp://a}}" -> ("template", ("http://a", "http://a"))

The whole file is never read letter by letter: a search leaps to the groups that ask for something,
and only these are read. One scan does it, from front to back; groups within groups are read with
their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import word_fields
from .rtf_text import BREAKS, SKIPPED, SYMBOLS

FIELD, TEMPLATE, FILE, SOURCE, NAME, VALUE, BASE, NAMESPACE = (
    "field", "template", "file", "source", "name", "value", "base", "namespace",
)  # fmt: skip
# A field gives the kind of the field around it.
COMPUTED = "computed"
# Groups that name a file are told apart: a data source is fetched wherever it lies.
KINDS = {
    b"fldinst": FIELD, b"template": TEMPLATE, b"file": FILE, b"nextfile": FILE, b"fontfile": FILE,
    b"fname": FILE, b"mmdatasource": SOURCE, b"mmheadersource": SOURCE, b"mmconnectstr": SOURCE,
    b"mmodsoudl": SOURCE, b"mmodsosrc": SOURCE, b"sn": NAME, b"sv": VALUE,
    b"hlinkbase": BASE, b"xform": FILE, b"xmlns": NAMESPACE,
}  # fmt: skip
SUBDOCUMENT = b"subdocument"
WORDS = b"|".join([*KINDS, SUBDOCUMENT, b"bin"])
# An escaped backslash begins no word, and what stands behind it is text.
LEAP = re.compile(rb"\\(?:\\|(" + WORDS + rb")(?![a-zA-Z])(-?[0-9]{1,10})? ?)")
# How many letters stand for one of Unicode: it holds within a group, so groups are followed too
# where a file sets it to anything but one.
LEAP_IN_GROUPS = re.compile(
    rb"\\(?:[\\{}]|(" + WORDS + rb"|uc)(?![a-zA-Z])(-?[0-9]{1,10})? ?)|([{}])"
)
SETS_LENGTH = re.compile(rb"\\uc(?!1(?![0-9]))-?[0-9]")
TOKEN = re.compile(
    rb"\\([a-zA-Z]++)(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[^\\{}]++"
)
# What stands in these is no part of an instruction, and what stands in those is, with a star too.
NOT_READ = SKIPPED - {"fldinst"}
READ_WITH_STAR = frozenset(
    {"field", "ud", "b", "i", "ul", "v", "f", "fs", "cf", "cb", "lang", "langnp", "plain", "rtlch"}
    | {"ltrch", "af", "loch", "hich", "dbch", "uc", "lang", "langfe", "noproof", "cs", "highlight"}
)
SPACES = frozenset({"par", "line", "row", "page", "sect", "tab", "cell"})
SPACES |= {"emspace", "enspace", "qmspace"}
MAX_NESTED, MAX_DEPTH = 50, 2000
MAX_FALLBACK = 1000


Texts = tuple[str, str]
Done = list[tuple[str, Texts]]


class TooMuch(Exception):
    """What a file asks for nests too deep, or is longer than the file."""


@dataclass
class _Asked:
    """Hold what one group asks for, read in two ways.

    `strict` leaves out what a reader leaves out that knows all of the specification: unknown groups
    with a star, what stands for a letter of Unicode where that is not known, and what fields within
    had left before they are asked again. `all_text` has all of that.
    """

    kind: str
    depth: int
    # Where the ANSI form of a text began that is given in Unicode too (`\upr`, `\ud`).
    ansi_from: int | None = None
    strict: list[str] = field(default_factory=list)
    all_text: list[str] = field(default_factory=list)
    # Where the text goes on behind a field that gives this one its kind.
    kind_ends: int | None = None

    def texts(self) -> Texts:
        """Return both readings as one text each; two halves of a letter become one."""
        return _joined(self.strict), _joined(self.all_text)


def asked_in(content: bytes) -> Iterator[tuple[str, Texts]]:
    """Yield the kind and both readings of each group that asks for something; raises TooMuch."""
    yield from _Scan(content).run()


def _joined(pieces: list[str]) -> str:
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass
class _Group:
    """Hold what a group says for what stands in it."""

    fallback: int
    is_skipped: bool = False
    is_ignored: bool = False


class _Scan:
    """Hold the open groups, and those of them that ask for something."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._groups: list[_Group] = [_Group(1)]
        self._asked: list[_Asked] = []
        self._is_starred = False
        self._to_skip = 0
        self._budget = 4 * len(content) + 1000

    def run(self) -> Iterator[tuple[str, Texts]]:
        leap = LEAP_IN_GROUPS if SETS_LENGTH.search(self._content) else LEAP
        at = 0
        while at < len(self._content):
            match = (TOKEN.match if self._asked else leap.search)(self._content, at)
            if match is None:
                break
            at = match.end()
            if self._asked:
                done, at = self._read(match, at)
                yield from done
            elif match[1]:
                done, at = self._word(match[1], match[2], at)
                yield from done
            elif match.re is LEAP_IN_GROUPS and match[3]:
                self._leap_brace(match[3])
        while self._asked:
            yield from self._closed()

    def _leap_brace(self, brace: bytes) -> None:
        if brace == b"{":
            self._push(_Group(self._groups[-1].fallback))
        elif len(self._groups) > 1:
            self._groups.pop()

    def _push(self, group: _Group) -> None:
        if len(self._groups) >= MAX_DEPTH:
            raise TooMuch
        self._groups.append(group)

    def _read(self, match: re.Match[bytes], at: int) -> tuple[Done, int]:
        """Take one token in that stands in a group which asks for something."""
        word, number, code, symbol, brace = match.groups()
        if brace:
            return self._brace(brace), at
        if word is not None:
            return self._word(word, number, at)
        if code is not None:
            self._add(chr(int(code, 16)))
        elif symbol == b"*":
            self._is_starred = True
        elif symbol is not None:
            self._add(SYMBOLS.get(symbol, "") if symbol not in b"\r\n" else " ")
        else:
            plain = match[0].translate(None, b"\r\n")
            self._is_starred = self._is_starred and not plain.strip()
            self._add(plain.decode("latin-1"))
        return [], at

    def _brace(self, brace: bytes) -> Done:
        self._to_skip, self._is_starred = 0, False
        if brace == b"{":
            last = self._groups[-1]
            self._push(_Group(last.fallback, last.is_skipped, last.is_ignored))
            return []
        done: Done = []
        while self._asked and self._asked[-1].depth >= len(self._groups):
            done += self._closed()
        if len(self._groups) > 1:
            self._groups.pop()
        return done

    def _word(self, word: bytes, number: bytes | None, at: int) -> tuple[Done, int]:
        """Obey one control word; return what it ends and where to go on."""
        group = self._groups[-1]
        is_starred, self._is_starred = self._is_starred, False
        value = int(number) if number else 0
        done: Done = []
        if word == b"bin":
            # A number that leads out of the file is believed by nobody.
            return [], at + value if 0 < value <= len(self._content) - at else at
        if word == SUBDOCUMENT:
            done.append((SOURCE, (word.decode(), "")))
        elif word == b"uc":
            group.fallback = min(max(value, 0), MAX_FALLBACK)
        elif word in KINDS:
            self._open(KINDS[word], group)
        elif not self._asked:
            pass
        elif word == b"fldrslt" and self._asked[-1].depth == len(self._groups):
            done += self._closed()
        else:
            self._formatting(word, value, group, is_starred=is_starred)
        return done, at

    def _formatting(self, word: bytes, value: int, group: _Group, *, is_starred: bool) -> None:
        name = word.decode("ascii")
        asked = self._asked[-1]
        if word == b"u":
            self._to_skip = 0
            self._add(chr(value % 0x10000))
            self._to_skip = group.fallback
        elif word == b"upr":
            asked.ansi_from = len(asked.strict)
        elif word == b"ud" and asked.ansi_from is not None:
            del asked.strict[asked.ansi_from :]
            asked.ansi_from = None
        elif name in NOT_READ:
            group.is_skipped = True
        elif name == "fldrslt" or (is_starred and name not in READ_WITH_STAR):
            group.is_ignored = True
        elif name in SPACES:
            self._add(" ")
        elif name in BREAKS:
            self._add(BREAKS[name])

    def _open(self, kind: str, group: _Group) -> None:
        if len(self._asked) >= MAX_NESTED:
            raise TooMuch
        group.is_skipped = group.is_ignored = False
        self._to_skip = 0
        self._asked.append(_Asked(kind, len(self._groups)))

    def _add(self, text: str) -> None:
        """Add text; letters that stand for one of Unicode are no part of the strict reading."""
        group, asked = self._groups[-1], self._asked[-1]
        left = text[self._to_skip :]
        is_fallback = self._to_skip > 0
        self._to_skip = max(self._to_skip - len(text), 0)
        if group.is_skipped:
            return
        if left and not group.is_ignored:
            asked.strict.append(left)
        asked.all_text.append(text.removeprefix("?") if is_fallback else text)

    def _closed(self) -> Done:
        """End the innermost group that asks; what a field leaves is a part of the field around."""
        asked = self._asked.pop()
        texts = asked.texts()
        self._budget -= sum(map(len, texts))
        if self._budget < 0:
            raise TooMuch
        done: Done = [(asked.kind, texts)]
        if asked.kind_ends is not None and "".join(asked.strict[asked.kind_ends :]).strip():
            done.append((COMPUTED, texts))
        if self._asked and asked.kind == FIELD:
            around = self._asked[-1]
            result = word_fields.result_of(texts[0])
            is_kind = around.kind == FIELD and result == texts[0] and result.strip()
            if is_kind and word_fields.is_computed(around.strict):
                around.kind_ends = len(around.strict) + 1
            around.strict.append(result)
        return done
