"""Find the signs by which two programs would take the same message apart differently (threat B1).

A message with one of these signs is opened as well as it can be, and a person looks before anything
of it counts as clean: what the scanner saw may not be what a mail program shows. What is odd and is
read alike by every program is advice; `protocol/signs.py` says which sign is which.
"""

import re
from collections.abc import Iterator

from .boundaries import Split
from .headers import FIELD, HeaderBlock, read_block
from .parameters import HeaderValue, clean_name, read_value
from .transfer_encoding import PLAIN, hidden_files, read_encoding

STRUCTURAL = {
    "content-type": "duplicate_content_type",
    "content-transfer-encoding": "duplicate_encoding",
    "content-disposition": "duplicate_disposition",
    "mime-version": "duplicate_mime_version",
}
# Sentences that mail programs put before the first part for readers without MIME.
CUSTOMARY_PREAMBLE = re.compile(
    rb"(?:>?\s*This (?:is|message is|message contains|email is)"
    rb"[^\r\n]*\b(?:MIME|S/MIME|multi-?part)\b[^\r\n]*\s*){1,2}"
    rb"(?:[A-Z][A-Za-z ,'-]{0,200}\.?\s*){0,2}",
    re.IGNORECASE,
)
MAX_CUSTOMARY_BYTES = 400
MAX_VALUE_BYTES = 2000
# Words around the parts are shown by no program. What could be a part to one of them is no words:
# the header of a part that would hold a file or more parts, a file written out in letters, or bytes
# that are no text. A program that takes a part to begin there needs a blank line behind its header;
# a field that names a file or a boundary, or how a file is encoded, counts without one.
MAX_WORDS_BYTES = 64 * 1024
NO_WORDS = re.compile(
    rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]|%PDF-|-----BEGIN "
    rb"|(?:^|[\r\n])[ \t]*content-(?!type|description|language)[a-z-]{1,40}[ \t]*:"
    rb"|(?:^|[\r\n])(?=[^\r\n]*[a-z0-9])[a-z0-9+/]{40,}={0,2}[ \t]*(?:[\r\n]|$)",
    re.IGNORECASE,
)
# The type of a part, with the lines that go on with it, and what follows.
TYPE_FIELD = re.compile(
    rb"(?:^|[\r\n])[ \t]*content-type[ \t]*:([^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*){0,20})",
    re.IGNORECASE,
)
OF_A_FILE = re.compile(rb"\b(?:boundary|(?:file)?name)\b[*0-9]{0,4}[ \t]*=", re.IGNORECASE)
TEXT_TYPE = re.compile(rb"[ \t]*text/(?:plain|html)(?![a-z0-9.+-])", re.IGNORECASE)
ANY_TYPE = re.compile(rb"[ \t]*[a-z0-9.+-]+/[a-z0-9.+-]", re.IGNORECASE)
BLANK_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)[ \t]*(?:\r\n|\r|\n)")
SPACES = re.compile(rb"\s+")
# A value of which each program reads the same: a token, and parameters whose values are tokens or
# quoted without anything escaped (RFC 2045 §5.1).
TOKEN = rb"[!#$&-'*+.0-9A-Z^_`a-z{|}~-]+"
PLAIN_VALUE = re.compile(
    rb"%b(?:/%b)?(?:[ \t]*;[ \t]*%b[ \t]*=[ \t]*(?:[^\s\"();,<>@\[\]\\]+|\"[^\"\\\r\n]*\"))*"
    rb"[ \t]*;?[ \t]*" % (TOKEN, TOKEN, TOKEN)
)
# Parameters that are read without regard to the case of their letters.
CASELESS = frozenset(
    {"charset", "format", "delsp", "type", "protocol", "micalg", "report-type", "method"}
)
COMMENT = re.compile(rb"\([^()]*\)")
# A number behind the last dot, as in "Remiss 2026.11.20", is no extension.
EXTENSION = re.compile(r"\.(?=[^.\s]*[^.\s\d])([^.\s]{1,10})\s*$")


def of_block(block: HeaderBlock) -> Iterator[str]:
    """Yield the signs in one header block, the root's or a part's.

    A field that is written twice with one value is read alike by everybody.
    """
    yield from block.defects
    for name, code in STRUCTURAL.items():
        values = block.all(name)
        if len(values) > 1:
            is_one = len({_meaning(name, value) for value in values}) == 1
            yield "repeated_header" if is_one else code


def _meaning(name: str, value: bytes) -> object:
    """Return a value without what no program reads: folding, case, quotes, a version's comment."""
    if name == "mime-version":
        value = COMMENT.sub(b"", value)
    flat = SPACES.sub(b" ", value).strip()
    if len(flat) > MAX_VALUE_BYTES or PLAIN_VALUE.fullmatch(flat) is None:
        return flat
    read = read_value(flat)
    return read.main, tuple(
        (key, each.lower() if key in CASELESS else each) for key, each in read.parameters
    )


def has_duplicates(block: HeaderBlock) -> bool:
    """Say whether a field that decides how the entity is read is there more than once."""
    return any(len(block.all(name)) > 1 for name in STRUCTURAL)


def of_type(value: HeaderValue) -> Iterator[str]:
    """Yield the signs in a Content-Type, and the types that hide their content elsewhere."""
    if value.is_cut:
        yield "too_many_parameters"
    names = [name for name, _ in value.parameters]
    if len({*value.raw("boundary")}) > 1:
        yield "duplicate_boundary"
    if any(name.startswith("boundary*") for name in names):
        yield "encoded_boundary"
    if value.main == "message/partial":
        yield "message_partial"
    if value.main == "message/external-body":
        yield "external_body"


def of_encoding(block: HeaderBlock, *, is_container: bool) -> Iterator[str]:
    """Yield the signs in a Content-Transfer-Encoding.

    A multipart must not be encoded (RFC 2045 §6.4), but half of the programs decode one that is.
    """
    encoding, defect = read_encoding(block.first("content-transfer-encoding"))
    if defect:
        yield defect
    if is_container and encoding not in PLAIN:
        yield "encoded_container"


def of_encoded_message(
    encoded: bytes, content: bytes, encoding: str, defects: tuple[str, ...]
) -> Iterator[str]:
    """Yield the sign of an attached mail that is encoded, which RFC 2046 §5.2.1 forbids.

    Whole base64 has one reading: where it is not decoded, there is no mail and nothing to read.
    Quoted-printable has one as well where nobody finds parts or a file in it undecoded: a program
    that encoded it wrote `=3D` into its boundary.
    """
    if encoding in PLAIN:
        return
    is_mail = FIELD.match(content, start_of_message(content)) is not None and not defects
    if encoding == "quoted-printable":
        is_mail = is_mail and not _has_parts(encoded)
    elif encoding != "base64":
        is_mail = False
    yield "encoded_message" if is_mail else "encoded_container"


def start_of_message(content: bytes) -> int:
    """Return where the header of an encoded mail begins: behind the blank lines of who encoded."""
    return len(content) - len(content.lstrip(b"\r\n"))


def _has_parts(encoded: bytes) -> bool:
    """Say whether a mail that is not decoded holds a file, or parts, to a program."""
    block = read_block(encoded, start_of_message(encoded), len(encoded), is_cut=True)
    value = read_value(block.first("content-type"))
    marks = (b"--" + mark for mark in value.raw("boundary") if mark)
    encoding, _ = read_encoding(block.first("content-transfer-encoding"))
    is_encoded = encoding not in PLAIN and encoding != "quoted-printable"
    is_file = value.main != "" and not value.main.startswith(("text/", "multipart/"))
    return is_encoded or is_file or any(mark in encoded for mark in marks)


def of_names(disposition: HeaderValue, content_type: HeaderValue) -> Iterator[str]:
    """Yield `names_disagree` when one part carries names that would be opened differently.

    These are names with different extensions. Different spellings of one name are everyday mail,
    and so is one without an extension beside one that has it.
    """
    names = (*disposition.texts("filename"), *content_type.texts("name"))
    if len({_extension(name) for name in names} - {""}) > 1:
        yield "names_disagree"


def of_split(split: Split, boundary: bytes, preamble: bytes, epilogue: bytes) -> Iterator[str]:
    """Yield the signs around the parts of a multipart.

    Words there are the sentence of a mail program in any language, or a gateway's disclaimer.
    """
    if not is_customary(preamble):
        yield "text_before_parts" if is_words(preamble, boundary) else "preamble"
    # The end said once more ends nothing else.
    if epilogue.replace(b"--" + boundary + b"--", b"").strip():
        yield "text_after_parts" if is_words(epilogue, boundary) else "epilogue"
    if split.has_junk:
        yield "boundary_with_junk"
    if split.has_repeats:
        yield "boundary_repeated"
    if not split.is_closed:
        yield "boundary_not_closed"


def is_customary(preamble: bytes) -> bool:
    """Say whether the bytes before the first boundary are blank or a customary sentence."""
    stripped = preamble.strip()
    if not stripped:
        return True
    if len(stripped) > MAX_CUSTOMARY_BYTES:
        return False
    return CUSTOMARY_PREAMBLE.fullmatch(stripped) is not None


def is_words(around: bytes, boundary: bytes) -> bool:
    """Say whether bytes around the parts are words only, which no program takes for a part."""
    if len(around) > MAX_WORDS_BYTES or b"--" + boundary in around:
        return False
    blanks = [found.start() for found in BLANK_LINE.finditer(around.rstrip())]
    last_blank = blanks[-1] if blanks else -1
    if any(_begins_part(found, last_blank) for found in TYPE_FIELD.finditer(around)):
        return False
    return NO_WORDS.search(around) is None and not hidden_files(around)


def _begins_part(found: re.Match[bytes], last_blank: int) -> bool:
    """Say whether the field of a type could begin a part that is more than words to a program.

    `last_blank` is where the last blank line stands that has something behind it, or -1.
    """
    if OF_A_FILE.search(found[1]):
        return True
    if TEXT_TYPE.match(found[1]) or not ANY_TYPE.match(found[1]):
        return False
    return found.end(1) <= last_blank


def _extension(name: str) -> str:
    match = EXTENSION.search(clean_name(name))
    return match[1].lower() if match else ""
