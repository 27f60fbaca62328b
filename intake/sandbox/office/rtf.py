"""Find what an RTF document does beside showing text (RTF 1.9.1).

rtfobj finds objects as Word does, through broken and disguised control words; fields and templates
are searched for here.
"""

import re
from collections.abc import Iterator

from oletools import rtfobj

from . import ole, rtf_targets, unseen, word_fields

BROKEN = (
    OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError,
    OverflowError,
)  # fmt: skip
MAX_OBJECTS = 500
OBJECT_DATA = rb"\objdata"
OBJECT_WORDS = re.compile(
    rb"\\(?:object|objdata|objupdate|objautlink|objlink|objocx|objemb|objhtml)(?![a-z])"
)
# What the names of a shape's properties end with that hold the name of a picture.
PICTURE_NAMES = ("pibname", "blipname")
ON_A_SHARE = re.compile(r"\s*(?:[\\/]{2}|file:|smb:|ftp:)", re.IGNORECASE)
ESCAPED_BACKSLASH = b"\\\\"


def find_in_rtf(content: bytes) -> set[str]:
    """Return the findings in an RTF document."""
    found = {*_objects(content), *unseen.in_rtf(content)}
    # An escaped backslash begins no control word, and documentation of RTF is full of them.
    if OBJECT_WORDS.search(content.replace(ESCAPED_BACKSLASH, b"")):
        found.add("rtf_object")
    found.update(_asked(content))
    return found


def _asked(content: bytes) -> Iterator[str]:
    """Yield what the fields, the template and the named files of a document do."""
    property_name = ""
    has_remote_base = loads_by_name = has_named_template = False
    try:
        for kind, texts in rtf_targets.asked_in(content):
            is_picture = kind == rtf_targets.VALUE and property_name.endswith(PICTURE_NAMES)
            if kind == rtf_targets.NAME:
                property_name = texts[1].strip().lower()
            elif kind == rtf_targets.BASE:
                has_remote_base |= _is_remote(texts)
            elif kind != rtf_targets.VALUE or is_picture:
                yield from _of_target(kind, texts)
            has_named_template |= kind == rtf_targets.TEMPLATE and _is_name(texts)
            is_field = kind == rtf_targets.FIELD
            loads_by_name |= is_picture or (
                is_field and any(map(word_fields.is_loading_by_name, texts))
            )
    except rtf_targets.TooMuch:
        yield "office_not_fully_read"
    # A picture or template that is only named is looked for below the base of the document's links.
    if has_remote_base and loads_by_name:
        yield "office_external_link"
    if has_remote_base and has_named_template:
        yield "office_remote_template"


def _is_remote(texts: rtf_targets.Texts) -> bool:
    return any(word_fields.is_remote(text.strip()) for text in texts)


def _is_name(texts: rtf_targets.Texts) -> bool:
    return any(text.strip() and not word_fields.is_on_a_drive(text) for text in texts)


def _of_target(kind: str, texts: rtf_targets.Texts) -> Iterator[str]:
    """Yield the findings in one group; both readings of it count."""
    is_remote = _is_remote(texts)
    if kind == rtf_targets.FIELD:
        for instruction in texts:
            yield from word_fields.of_instruction(instruction)
    elif kind == rtf_targets.NAMESPACE:
        # An address of the web is only a name there, and everyday.
        if any(map(ON_A_SHARE.match, texts)):
            yield "office_external_link"
    elif kind == rtf_targets.COMPUTED:
        yield "office_dde"
    elif kind == rtf_targets.TEMPLATE:
        yield "office_remote_template" if is_remote else "office_local_template"
    elif is_remote or (kind == rtf_targets.SOURCE and any(map(str.strip, texts))):
        yield "office_external_link"


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
