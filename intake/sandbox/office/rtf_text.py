"""Find the words of an RTF file (RTF 1.9.1) in one scan that never goes back.

Objects, pictures and every destination that a reader may ignore are left out.

b"{\\\\rtf1 {\\\\b Hi} d\\\\'e5\\\\par}" -> "Hi då\\n"
"""

import re
from dataclasses import dataclass, replace

from ..protocol.charsets import WESTERN, codec_of_page
from ..protocol.decoding import read

MAX_DEPTH = 500
MAX_CHARS = 2_000_000
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)"
)
BREAKS = {"par": "\n", "line": "\n", "row": "\n", "page": "\n", "sect": "\n", "tab": "\t"}
BREAKS |= {"cell": "\t", "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022"}
BREAKS |= {"lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d"}
SYMBOLS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n"}
SKIPPED = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "themedata", "xe"}
    | {"datastore", "colorschememapping", "latentstyles", "listtable", "listoverridetable"}
    | {"rsidtbl", "generator", "fldinst", "filetbl", "revtbl", "bkmkstart", "bkmkend"}
)
# Sets of characters by the number that fonts give them (RTF 1.9.1, "Font Table"); 0 and 1 are that
# of the document, and what is not there is none of letters.
CHARSETS = {
    77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
    177: 1255, 178: 1256, 179: 1256, 180: 1256, 181: 1255, 186: 1257, 204: 1251, 222: 874,
    238: 1250, 254: 437, 255: 850,
}  # fmt: skip
# What a document says of its letters before it names a code page.
DOCUMENTS = {"mac": 10000, "pc": 437, "pca": 850}
MAX_FONTS = 2000


class RtfRefused(Exception):
    """The content is no RTF, or nests too deep; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text_of_rtf(content: bytes) -> str:
    """Return the words; raises RtfRefused when the content is no RTF or nests too deep."""
    if not content.lstrip()[:5] == b"{\\rtf":
        raise RtfRefused("office_cannot_be_read")
    return _Scan().run(content)


@dataclass(frozen=True)
class _Group:
    """Hold what holds within one group: whether it is read, and the font of its letters."""

    is_skipped: bool = False
    fallback_chars: int = 1
    font: int | None = None


class _Scan:
    """Hold the state of the scan: what each open group says, and what was read.

    Letters of a font that names its charset are in that; all others in that of the document, which
    may be said wrongly, so they are read together at the end.
    """

    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self._group = _Group()
        self._to_skip = 0
        self._codec = WESTERN
        self._fonts: dict[int, str] = {}
        self._default_font: int | None = None
        # Within the table of fonts: how deep it is, and the font that is described.
        self._table_depth = 0
        self._described = -1
        self._pieces: list[str | bytes] = []
        self._pending = bytearray()
        self._size = 0

    def run(self, content: bytes) -> str:
        """Return the text of all groups that are read."""
        position = 0
        while position < len(content) and self._size < MAX_CHARS:
            match = TOKEN.match(content, position)
            if match is None:
                break  # a backslash at the very end
            position = match.end()
            word, number, code, symbol, brace, plain = match.groups()
            if brace:
                self._brace(brace)
            elif word is not None:
                position = self._control(word.decode("ascii"), number, position)
            elif code is not None:
                self._byte(int(code, 16))
            elif symbol is not None:
                self._symbol(symbol)
            else:
                for value in plain.replace(b"\r", b"").replace(b"\n", b""):
                    self._byte(value)
        self._flush()
        # A letter beyond the first plane is written as two \\u, each half of it.
        return self._text().encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _text(self) -> str:
        """Return the pieces, those in the charset of the document read by all that they say."""
        codec = self._codec
        if codec == WESTERN:
            # Many programs name the code page of the West whatever they write.
            said = b" ".join(each for each in self._pieces if isinstance(each, bytes))
            codec = read(said, WESTERN).codec if not said.isascii() else codec
        return "".join(
            each.decode(codec, "replace") if isinstance(each, bytes) else each
            for each in self._pieces
        )

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._groups.append(self._group)
            if len(self._groups) > MAX_DEPTH:
                raise RtfRefused("rtf_too_deep")
        elif self._groups:
            self._group = self._groups.pop()
            if len(self._groups) < self._table_depth:
                self._table_depth = 0

    def _control(self, word: str, number: bytes | None, position: int) -> int:
        """Obey one control word and return where to go on."""
        value = int(number) if number else 0
        if word == "bin":
            return position + max(value, 0)
        if word == "uc":
            self._group = replace(self._group, fallback_chars=min(max(value, 0), 10))
        elif word == "u":
            self._add(chr(value % 0x10000))
            self._to_skip = self._group.fallback_chars
        elif word in SKIPPED:
            if word == "fonttbl":
                self._table_depth = len(self._groups)
            self._group = replace(self._group, is_skipped=True)
        elif word in BREAKS:
            self._add(BREAKS[word])
        elif self._table_depth:
            self._describe(word, value)
        else:
            self._charset_word(word, value)
        return position

    def _charset_word(self, word: str, value: int) -> None:
        """Obey a word that says in which charset the letters behind it are."""
        if word in ("f", "plain"):
            font = value if word == "f" else self._default_font
            if self._fonts.get(font or 0) != self._fonts.get(self._font() or 0):
                self._flush()
            self._group = replace(self._group, font=font)
        elif word == "deff":
            self._default_font = value
        elif word == "ansicpg" or word in DOCUMENTS:
            self._codec = codec_of_page(DOCUMENTS.get(word, value)) or self._codec

    def _describe(self, word: str, value: int) -> None:
        """Take in what the table of fonts says of one."""
        if word == "f":
            self._described = value
        elif word in ("fcharset", "cpg"):
            codec = codec_of_page(CHARSETS.get(value, 0) if word == "fcharset" else value)
            if codec is not None and len(self._fonts) < MAX_FONTS:
                self._fonts[self._described] = codec

    def _font(self) -> int | None:
        return self._group.font if self._group.font is not None else self._default_font

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._group = replace(self._group, is_skipped=True)
        else:
            self._add(SYMBOLS.get(symbol, ""))

    def _byte(self, value: int) -> None:
        """Take one byte, or drop it when it stands in for a \\u that was read."""
        if self._to_skip:
            self._to_skip -= 1
        elif not self._group.is_skipped:
            self._pending.append(value)

    def _add(self, text: str) -> None:
        self._flush()
        if not self._group.is_skipped:
            self._pieces.append(text)
            self._size += len(text)

    def _flush(self) -> None:
        if self._pending:
            font = self._font()
            codec = self._fonts.get(font) if font is not None else None
            written = bytes(self._pending)
            self._pieces.append(written.decode(codec, "replace") if codec else written)
            self._size += len(written)
            self._pending.clear()
