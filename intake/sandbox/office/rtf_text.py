"""Find the words of an RTF file (RTF 1.9.1) in one scan that never goes back.

Objects, pictures and every destination that a reader may ignore are left out.

b"{\\\\rtf1 {\\\\b Hi} d\\\\'e5\\\\par}" -> "Hi då\\n"
"""

import re

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
CODE_PAGES = {437, 850, 866, 874, 932, 936, 949, 950, *range(1250, 1259)}


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


class _Scan:
    """Hold the state of the scan: whether each open group is skipped, and how bytes are decoded."""

    def __init__(self) -> None:
        self._groups: list[tuple[bool, int]] = []
        self._is_skipped = False
        self._fallback_chars = 1
        self._to_skip = 0
        self._codec = "cp1252"
        self._pieces: list[str] = []
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
        return "".join(self._pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._groups.append((self._is_skipped, self._fallback_chars))
            if len(self._groups) > MAX_DEPTH:
                raise RtfRefused("rtf_too_deep")
        elif self._groups:
            self._is_skipped, self._fallback_chars = self._groups.pop()

    def _control(self, word: str, number: bytes | None, position: int) -> int:
        """Obey one control word and return where to go on."""
        value = int(number) if number else 0
        if word == "bin":
            return position + max(value, 0)
        if word == "ansicpg" and value in CODE_PAGES:
            self._codec = f"cp{value}"
        elif word == "uc":
            self._fallback_chars = min(max(value, 0), 10)
        elif word == "u":
            self._add(chr(value % 0x10000))
            self._to_skip = self._fallback_chars
        elif word in SKIPPED:
            self._is_skipped = True
        elif word in BREAKS:
            self._add(BREAKS[word])
        return position

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._is_skipped = True
        else:
            self._add(SYMBOLS.get(symbol, ""))

    def _byte(self, value: int) -> None:
        """Take one byte, or drop it when it stands in for a \\u that was read."""
        if self._to_skip:
            self._to_skip -= 1
        elif not self._is_skipped:
            self._pending.append(value)

    def _add(self, text: str) -> None:
        self._flush()
        if not self._is_skipped:
            self._pieces.append(text)
            self._size += len(text)

    def _flush(self) -> None:
        if self._pending:
            text = self._pending.decode(self._codec, "replace")
            self._pieces.append(text)
            self._size += len(text)
            self._pending.clear()
