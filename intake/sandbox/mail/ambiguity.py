"""Find the signs by which two programs would take the same message apart differently (threat B1).

A message with one of these signs is opened as well as it can be, and a person looks before anything
of it counts as clean: what the scanner saw may not be what a mail program shows.
"""

import re
from collections.abc import Iterator

from ..protocol.signs import AMBIGUOUS
from .boundaries import Split
from .headers import HeaderBlock
from .parameters import HeaderValue, clean_name
from .transfer_encoding import PLAIN, read_encoding

PREFIX = AMBIGUOUS
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
EXTENSION = re.compile(r"\.([^.\s]{1,10})\s*$")


def of_block(block: HeaderBlock) -> Iterator[str]:
    """Yield the signs in one header block, the root's or a part's."""
    yield from block.defects
    yield from (code for name, code in STRUCTURAL.items() if len(block.all(name)) > 1)


def has_duplicates(block: HeaderBlock) -> bool:
    """Say whether a field that decides how the entity is read is there more than once."""
    return any(len(block.all(name)) > 1 for name in STRUCTURAL)


def of_type(value: HeaderValue) -> Iterator[str]:
    """Yield the signs in a Content-Type, and the types that hide their content elsewhere."""
    if value.is_cut:
        yield "too_many_parameters"
    names = [name for name, _ in value.parameters]
    if names.count("boundary") > 1:
        yield "duplicate_boundary"
    if any(name.startswith("boundary*") for name in names):
        yield "encoded_boundary"
    if value.main == "message/partial":
        yield "message_partial"
    if value.main == "message/external-body":
        yield "external_body"


def of_encoding(block: HeaderBlock, *, is_container: bool) -> Iterator[str]:
    """Yield the signs in a Content-Transfer-Encoding.

    A container must not be encoded (RFC 2045 §6.4), but half of the programs decode one that is.
    """
    encoding, defect = read_encoding(block.first("content-transfer-encoding"))
    if defect:
        yield defect
    if is_container and encoding not in PLAIN:
        yield "encoded_container"


def of_names(disposition: HeaderValue, content_type: HeaderValue) -> Iterator[str]:
    """Yield `names_disagree` when one part carries names that would be opened differently.

    These are one parameter twice with different values, or name and filename with different
    extensions. Different spellings of one name are everyday mail.
    """
    names = (*disposition.texts("filename"), *content_type.texts("name"))
    repeated = (disposition.raw("filename"), content_type.raw("name"))
    extensions = {_extension(name) for name in names}
    if len(extensions) > 1 or any(len(set(values)) > 1 for values in repeated):
        yield "names_disagree"


def of_split(split: Split, preamble: bytes, epilogue: bytes) -> Iterator[str]:
    """Yield the signs around the parts of a multipart."""
    if not is_customary(preamble):
        yield "preamble"
    if epilogue.strip():
        yield "epilogue"
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


def _extension(name: str) -> str:
    match = EXTENSION.search(clean_name(name))
    return match[1].lower() if match else ""
