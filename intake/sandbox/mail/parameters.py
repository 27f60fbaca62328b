"""Read Content-Type and Content-Disposition values (RFC 2045 §5.1, RFC 2231).

Reading is linear and keeps repeated parameters, because two boundaries or two names are what an
attacker sends.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from ..protocol.results import MAX_NAME_CHARS, MAX_TOKEN_CHARS
from ..protocol.text import decode, decode_words, doubts_in, header_text, one_line

MAX_PARAMETERS = 200
PARAMETER = re.compile(
    rb';[ \t]*([^=;"\s]*)[ \t]*(?:=[ \t]*("(?:[^"\\]|\\.)*"?|[^;]*))?[^;]*', re.DOTALL
)
# A whole path on Windows, whose signs nobody escaped: the last piece is the name.
WINDOWS_PATH = re.compile(rb"[A-Za-z]:\\\\?|\\\\")
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
EXTENDED = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$")


@dataclass(frozen=True)
class HeaderValue:
    """Hold a value like b'text/plain; charset=x': its first token and its parameters in order."""

    main: str
    parameters: tuple[tuple[str, bytes], ...] = ()
    is_cut: bool = False

    def raw(self, name: str) -> list[bytes]:
        """Return each plain occurrence of the parameter, as it stands."""
        return [value for key, value in self.parameters if key == name]

    def texts(self, name: str) -> list[str]:
        """Return each reading of the parameter: plain ones, then the RFC 2231 one."""
        plain = [header_text(value) for value in self.raw(name)]
        extended = _extended(self.parameters, name)
        # Some programs encode a name twice; no name looks like an encoded word by itself.
        return plain if extended is None else [*plain, decode_words(decode(*extended))]

    def doubts_in(self, name: str) -> set[str]:
        """Return the signs of letters of the parameter that may be other ones."""
        extended = _extended(self.parameters, name)
        in_plain = (doubts_in(value) for value in self.raw(name))
        return set().union(*in_plain, doubts_in(*extended) if extended is not None else ())

    def first_text(self, name: str) -> str:
        """Return the first reading of the parameter, or an empty text."""
        return next(iter(self.texts(name)), "")


def read_value(value: bytes | None) -> HeaderValue:
    """Return the parsed value; `main` is in lower case and shortened, empty when there is none."""
    if value is None:
        return HeaderValue("")
    first, _, _ = value.partition(b";")
    main = one_line(header_text(first), MAX_TOKEN_CHARS).lower()
    parameters: list[tuple[str, bytes]] = []
    for match in PARAMETER.finditer(value, len(first)):
        if len(parameters) == MAX_PARAMETERS:
            return HeaderValue(main, tuple(parameters), is_cut=True)
        if match[1]:
            name = match[1].decode("ascii", "replace").lower()
            parameters.append((name, _unquote(match[2] or b"")))
    return HeaderValue(main, tuple(parameters))


def is_type(main: str) -> bool:
    """Say whether `main` is shaped like a media type."""
    return TYPE.match(main) is not None


def clean_name(text: str) -> str:
    """Return a claimed file name as one clean line; it is text to show, never a path."""
    return one_line(text, MAX_NAME_CHARS)


def _unquote(value: bytes) -> bytes:
    value = value.strip(b" \t\r\n")
    if not value.startswith(b'"'):
        return value
    value = value[1:].removesuffix(b'"')
    if WINDOWS_PATH.match(value):
        value = value.rsplit(b"\\", 1)[-1]
    return ESCAPED.sub(rb"\1", value)


def _extended(parameters: tuple[tuple[str, bytes], ...], name: str) -> tuple[bytes, str] | None:
    """Return the parameter that is joined from `name*`, `name*0`, `name*1*` …, or None.

    name*0*=utf-8''p%C3; name*1*=%A5 -> (b"p\xc3\xa5", "utf-8")
    """
    pieces: dict[int, tuple[bytes, bool]] = {}
    for key, value in parameters:
        match = EXTENDED.match(key)
        if match and match[1] == name and (match[2] or match[3]):
            pieces.setdefault(int(match[2] or 0), (value, bool(match[3])))
    if not pieces:
        return None
    content, charset = b"", "utf-8"
    for number in sorted(pieces):
        value, is_encoded = pieces[number]
        if is_encoded and number == min(pieces) and value.count(b"'") >= 2:
            raw_charset, _, value = value.split(b"'", 2)
            charset = raw_charset.decode("ascii", "replace")
        content += unquote_to_bytes(value) if is_encoded else value
    return content, charset
