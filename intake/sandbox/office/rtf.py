"""Find what an RTF document does beside showing text (RTF 1.9.1).

rtfobj finds objects as Word does, through broken and disguised control words; fields and templates
are searched for here.
"""

import re
from collections.abc import Iterator

from oletools import rtfobj

from . import ole, unseen, word_fields

BROKEN = (
    OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError,
    OverflowError,
)  # fmt: skip
MAX_OBJECTS = 500
OBJECT_DATA = rb"\objdata"
OBJECT_WORDS = re.compile(
    rb"\\(?:object|objdata|objupdate|objautlink|objlink|objocx|objemb|objhtml)(?![a-z])"
)
# Instructions and targets may be cut up by control words and groups, and their letters escaped.
FIELD = re.compile(rb"\\fldinst(?![a-z])(.{0,4000}?)(?:\\fldrslt|\\fldinst|\Z)", re.DOTALL)
TEMPLATE = re.compile(rb"\\template(?![a-z])")
MAX_TEMPLATES, MAX_TEMPLATE_BYTES = 100, 4000
# An escape, or the beginning or end of a group; a group with an unknown word behind `\*` is left
# out by its readers, whatever stands in it.
BRACES = re.compile(rb"\\[^a-zA-Z]|\{\s*\\\*|[{}]")
ESCAPED = re.compile(rb"\\'([0-9a-fA-F]{2})")
WIDE = re.compile(rb"\\u(-?\d{1,6}) ?\??")
CONTROL_WORD = re.compile(rb"\\\*|\\[a-zA-Z]{1,32}-?\d{0,10} ?|[{}\r\n]")
ESCAPED_BACKSLASH = b"\\\\"


def find_in_rtf(content: bytes) -> set[str]:
    """Return the findings in an RTF document."""
    found = {*_objects(content), *unseen.in_rtf(content)}
    # An escaped backslash begins no control word, and documentation of RTF is full of them.
    if OBJECT_WORDS.search(content.replace(ESCAPED_BACKSLASH, b"")):
        found.add("rtf_object")
    for match in FIELD.finditer(content):
        found.update(word_fields.of_instruction(read_text(match[1])))
    for number, match in enumerate(TEMPLATE.finditer(content)):
        if number == MAX_TEMPLATES:
            found.add("office_not_fully_read")
            break
        whole, seen = _group(content[match.end() : match.end() + MAX_TEMPLATE_BYTES])
        targets = (read_text(whole).strip(), read_text(seen).strip())
        is_remote = any(map(word_fields.is_remote, targets))
        found.add("office_remote_template" if is_remote else "office_local_template")
    return found


def _group(written: bytes) -> tuple[bytes, bytes]:
    r"""Return the rest of a group up to its own brace, with and without groups that are left out.

    b"h{\*\xx a}ttp:}more" -> (b"h{\*\xx a}ttp:", b"http:")
    """
    depth, hidden_from, at = 0, 0, 0
    seen: list[bytes] = []
    for match in BRACES.finditer(written):
        mark = match[0]
        if mark.startswith(b"{"):
            depth += 1
            if not hidden_from and len(mark) > 1:
                seen.append(written[at : match.start()])
                hidden_from = depth
        elif mark == b"}":
            if not depth:
                whole = written[: match.start()]
                return whole, b"".join([*seen, b"" if hidden_from else whole[at:]])
            if hidden_from == depth:
                hidden_from, at = 0, match.end()
            depth -= 1
    return written, b"".join([*seen, b"" if hidden_from else written[at:]])


def read_text(written: bytes) -> str:
    r"""Return the letters of a piece of RTF without its control words.

    b"D{\\b D}\\'45 \\\\\\\\server" -> "DDE \\\\server"
    """
    pieces = []
    for raw in written.split(ESCAPED_BACKSLASH):
        letters = WIDE.sub(lambda match: _wide(match[1]), raw)
        letters = ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), letters)
        pieces.append(CONTROL_WORD.sub(b"", letters).decode("latin-1"))
    return "\\".join(pieces)


def _wide(number: bytes) -> bytes:
    code = int(number) % 65536
    return bytes([code]) if code < 256 else b"?"


def has_objects(content: bytes) -> bool:
    """Say whether rtfobj can find an object: it takes nothing but this control word for one.

    It reads each control word by itself, which takes half a minute for ten megabytes of text.
    """
    return OBJECT_DATA in content


def _objects(content: bytes) -> Iterator[str]:
    """Yield what rtfobj finds; when it fails, only the search for control words is left."""
    if not has_objects(content):
        return
    parser = rtfobj.RtfObjParser(content)
    try:
        parser.parse()
    except BROKEN:
        yield "office_not_fully_read"
    for each in parser.objects[:MAX_OBJECTS]:
        yield "rtf_object"
        if each.is_package:
            yield "rtf_package"
        if each.is_ole and each.oledata and each.oledata.startswith(ole.MAGIC):
            yield from ole.find_in_object(each.oledata) - {"office_not_fully_read"}
