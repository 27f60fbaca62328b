"""Find what an Office Open XML file does beside showing text (ECMA-376 parts 1 and 2).

Every part is looked at, also those that no relationship names: by content type, by name and by its
first bytes, since any of the three may lie.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

from . import legacy_binary, ole, packages, unseen, word_fields, xml_parts
from .formulas import in_cells

MAX_DEPTH = 3
HEAD_BYTES = 8
CONTENT_TYPES = {
    "application/vnd.ms-office.vbaproject": "office_vba_macro",
    "application/vnd.ms-word.vbadata+xml": "office_vba_macro",
    "application/vnd.ms-excel.macrosheet": "office_xlm_macro",
    "application/vnd.ms-excel.macrosheet+xml": "office_xlm_macro",
    "application/vnd.ms-excel.intlmacrosheet": "office_xlm_macro",
    "application/vnd.ms-excel.intlmacrosheet+xml": "office_xlm_macro",
    "application/vnd.openxmlformats-officedocument.oleobject": "office_ole_object",
    "application/vnd.ms-office.activex": "office_activex",
    "application/vnd.ms-office.activex+xml": "office_activex",
}
NAMES = (
    (re.compile(r"(?:^|/)vbaproject[^/]*\.bin$"), "office_vba_macro"),
    (re.compile(r"(?:^|/)macrosheets/sheet[^/]*\.(?:xml|bin)$"), "office_xlm_macro"),
    (re.compile(r"(?:^|/)activex/activex[^/]*\.(?:xml|bin)$"), "office_activex"),
    (re.compile(r"(?:^|/)webextensions/"), "office_web_extension"),
)
# The last word of a relationship's type (part 2 §9.3), whatever the target.
RELATIONSHIPS = {
    "vbaproject": "office_vba_macro",
    "xlmacrosheet": "office_xlm_macro",
    "xlintlmacrosheet": "office_xlm_macro",
    "oleobject": "office_ole_object",
    "control": "office_activex",
    "activexcontrolbinary": "office_activex",
    "afchunk": "office_inserted_file",
    "webextension": "office_web_extension",
    "webextensiontaskpanes": "office_web_extension",
    "connections": "office_data_connection",
}
SCHEMES_OF_LINKS = re.compile(r"\s*(?:https?|mailto|tel|ftp):|\s*#", re.IGNORECASE)


def _names(*functions: str) -> bytes:
    """Return a pattern for names of functions in any case, whether they are called or passed on.

    Each alternative begins with one letter, so that a search leaps from one such letter to the
    next; a group that ignores case is tried at every byte, which takes five times as long.
    """
    either = [
        first + "".join(f"[{letter}{letter.lower()}]" for letter in name[1:]) + r"(?![0-9A-Za-z_])"
        for name in functions
        for first in (name[0], name[0].lower())
    ]
    return "|".join(either).encode("ascii")


TELLING = re.compile(
    rb"ddeLink|instrText|fldSimple|OLEObject|oleLink|altChunk|binData|docOleData"
    rb"|Relationship|pkg:part|DDE|Formula\s*=|HyperlinkBase|_PID_HLINKBASE|attachedTemplate"
)
# The base of a document's links (part 1 §22.2.2.6), and how a file of 2003 calls it too. Word looks
# below it for what is named without a place, and it stands in another part than those names.
BASES = frozenset({"HyperlinkBase", "_PID_HLINKBASE"})
MAX_BASE_CHARS = 2000
REMOTE_BASE, TEMPLATE_BY_NAME, FILE_BY_NAME = "remote base", "template by name", "file by name"
BELOW_REMOTE_BASE = {
    TEMPLATE_BY_NAME: "office_remote_template",
    FILE_BY_NAME: "office_external_link",
}
# Where a workbook keeps formulas: cells, names, conditions, rules for what may be typed, tables and
# what is drawn, which has some of them in attributes.
FORMULAS = frozenset(
    {
        "f", "definedName", "formula", "formula1", "formula2", "oldFormula",
        "calculatedColumnFormula", "totalsRowFormula",
    }
)  # fmt: skip
# SpreadsheetML of 2003 keeps each formula in an attribute.
FORMULA_ATTRIBUTES = frozenset(
    {"Formula", "formula", "textlink", "fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup"}
)
# A prefix may have any letter that a name of XML may have.
HAS_FORMULA = re.compile(
    rb"<(?:[^\s<>/:]++:)?"
    rb"(?:f|definedName|formula[12]?|oldFormula|calculatedColumnFormula|totalsRowFormula)[\s>]"
    rb"|[\s:](?:formula|textlink|fmla\w{1,10})\s*="
)
ASKING = re.compile(
    rb"\||(?i:_xll\.)|"
    + _names(*in_cells.WEB_FUNCTIONS, *in_cells.PROGRAM_FUNCTIONS, *in_cells.DDE_FUNCTIONS)
)
OLE_MAGIC, ZIP_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
EMBEDDED = re.compile(r"(?:^|/)embeddings/")
# The parts of a binary workbook in which something may be hidden.
BINARY_PART = re.compile(r"^xl/(?:workbook|worksheets/[^/]{1,80}|comments\d{0,9})\.bin$")


def find_in_office(content: bytes, depth: int = 0) -> set[str]:
    """Return the findings in an Office Open XML file and in the files that it holds.

    Raises packages.Refused and packages.BROKEN.
    """
    if depth > MAX_DEPTH:
        return {"office_nested_too_deep"}
    with packages.open_package(content) as package:
        found = set(_by_content_type(package))
        for member in package.infolist():
            if not member.is_dir():
                found.update(_in_member(package, member, depth))
    return _settled(found)


def _by_content_type(package: zipfile.ZipFile) -> Iterator[str]:
    try:
        types = packages.content_types(package)
    except (xml_parts.NotXml, xml_parts.EntitiesDeclared, KeyError):
        yield "office_malformed"
        return
    yield from (CONTENT_TYPES[written] for written in types.values() if written in CONTENT_TYPES)


def _in_member(package: zipfile.ZipFile, member: zipfile.ZipInfo, depth: int) -> Iterator[str]:
    """Yield the findings in one part, by its name and its content."""
    name = member.filename.lower()
    yield from (code for pattern, code in NAMES if pattern.search(name))
    with package.open(member) as opened:
        head = opened.read(HEAD_BYTES)
    if head.startswith(OLE_MAGIC):
        yield from ole.find_in_object(package.read(member))
    elif head.startswith(ZIP_MAGIC):
        yield "office_embedded_document"
        yield from _in_embedded_package(package.read(member), depth)
    elif name.endswith((".xml", ".rels", ".vml")) or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        b"<"
    ):
        content = package.read(member)
        yield from _in_xml(content)
        yield from unseen.in_part(name, content)
    elif name.endswith(".bin") and "externallink" in name:
        yield from legacy_binary.find_in_binary_link(package.read(member))
    elif BINARY_PART.search(name):
        yield from legacy_binary.find_unseen_in_binary_part(package.read(member))
    elif EMBEDDED.search(name):
        # No office program writes a file of this form, so somebody embedded it: a package.
        yield "office_ole_package"


def _in_embedded_package(content: bytes, depth: int) -> set[str]:
    """Return the findings in an embedded office file; any other file counts as a package."""
    kind = packages.kind_of(content) or ""
    if not kind.startswith(("application/vnd.openxmlformats", "application/vnd.ms-")):
        return {"office_ole_package"}
    try:
        return find_in_office(content, depth + 1)
    except packages.Refused:
        return {"office_not_fully_read"}
    except packages.BROKEN:
        return {"office_malformed"}


def find_in_xml(content: bytes) -> set[str]:
    """Return the findings in one XML part: relationships, fields, links and formulas.

    A part that is not well-formed is a finding: one program mends what another leaves out.
    """
    return _settled(_in_xml(content))


def _settled(found: set[str]) -> set[str]:
    """Return the findings once every part is read: what is named may lie below a remote base."""
    marks = found & {REMOTE_BASE, *BELOW_REMOTE_BASE}
    below = {BELOW_REMOTE_BASE[mark] for mark in marks - {REMOTE_BASE}}
    return (found - marks) | (below if REMOTE_BASE in marks else set())


def _in_xml(content: bytes) -> set[str]:
    """Return the findings in one part, and the marks that `_settled` takes away."""
    if xml_parts.is_plain(content) and not (TELLING.search(content) or _has_asking(content)):
        return set()
    reader = _PartReader()
    try:
        xml_parts.walk(content, reader.on_start, reader.on_text)
    except xml_parts.EntitiesDeclared:
        reader.found.add("office_entities")
    except xml_parts.NotXml:
        reader.found.add("office_malformed")
    reader.finish()
    return reader.found


def _has_asking(content: bytes) -> bool:
    """Say whether a part may have a formula that asks something."""
    return HAS_FORMULA.search(content) is not None and ASKING.search(content) is not None


class _PartReader:
    """Hold what was found in one part so far, and the field that is being read."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._fields: list[list[str]] = [[]]
        # Where the text of a field goes on behind another one that gives it its kind.
        self._kind_ends: list[int | None] = [None]
        self._element = ""
        self._formula: list[str] = []
        self._base = ""

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take one element in."""
        self._end_formula()
        self._element, self._base = name, ""
        handler = _HANDLERS.get(name)
        if handler is not None:
            self.found.update(handler(attributes))
        if name == "fldChar":
            self._field_mark(attributes.get("fldCharType", ""))
        for attribute in FORMULA_ATTRIBUTES.intersection(attributes):
            self.found.update(in_cells.of_formula(attributes[attribute]))

    def on_text(self, text: str) -> None:
        """Take the text of the elements that hold instructions and formulas."""
        if self._element in ("instrText", "delInstrText"):
            self._fields[-1].append(text)
        elif self._element in FORMULAS:
            self._formula.append(text)
        elif self._element in BASES:
            self._base = (self._base + text).lstrip()[:MAX_BASE_CHARS]
            if word_fields.is_remote(self._base):
                self.found.add(REMOTE_BASE)

    def finish(self) -> None:
        """Judge what was still open at the end of the part."""
        self._end_formula()
        while self._fields:
            self._end_field()

    def _field_mark(self, kind: str) -> None:
        """Follow nested fields; the instruction of a field may be cut into any pieces."""
        if kind == "begin" and len(self._fields) < 100:
            self._fields.append([])
            self._kind_ends.append(None)
        elif kind == "end" and len(self._fields) > 1:
            instruction = self._end_field()
            # A field may be the text of another one around it.
            result = word_fields.result_of(instruction)
            around = self._fields[-1]
            is_kind = len(self._fields) > 1 and result == instruction and result.strip()
            if is_kind and word_fields.is_computed(around):
                self._kind_ends[-1] = len(around) + 1
            around.append(result)

    def _end_field(self) -> str:
        pieces, kind_ends = self._fields.pop(), self._kind_ends.pop()
        if kind_ends is not None and "".join(pieces[kind_ends:]).strip():
            self.found.add("office_dde")
        instruction = "".join(pieces)
        self.found.update(_of_instruction(instruction))
        return instruction

    def _end_formula(self) -> None:
        if self._formula:
            self.found.update(in_cells.of_formula("".join(self._formula)))
            self._formula = []


def _of_relationship(attributes: Mapping[str, str]) -> Iterator[str]:
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "")
    is_external = attributes.get("TargetMode", "").lower() == "external"
    if kind in RELATIONSHIPS:
        yield RELATIONSHIPS[kind]
    if not is_external:
        return
    if kind == "hyperlink":
        is_web = SCHEMES_OF_LINKS.match(target) or ":" not in target
        yield "office_hyperlink" if is_web else "office_external_link"
    elif kind == "attachedtemplate":
        yield from _of_template(target)
    else:
        yield "office_external_link"


def _of_template(target: str) -> Iterator[str]:
    """Judge the template that a document was made from, mostly one on the writer's own disk."""
    if word_fields.is_remote(target):
        yield "office_remote_template"
        return
    yield "office_local_template"
    if target.strip() and not word_fields.is_on_a_drive(target):
        yield TEMPLATE_BY_NAME


def _of_named_template(attributes: Mapping[str, str]) -> Iterator[str]:
    """Judge a template that is named in its place, as in a Word 2003 XML file."""
    if "val" in attributes:
        yield from _of_template(attributes["val"])


def _of_instruction(written: str) -> Iterator[str]:
    yield from word_fields.of_instruction(written)
    if word_fields.is_loading_by_name(written):
        yield FILE_BY_NAME


def _of_simple_field(attributes: Mapping[str, str]) -> Iterator[str]:
    yield from _of_instruction(attributes.get("instr", ""))


def _of_link(_attributes: Mapping[str, str]) -> Iterator[str]:
    yield "office_dde"


def _of_object(attributes: Mapping[str, str]) -> Iterator[str]:
    yield "office_ole_object"
    if attributes.get("ProgID", "").lower() == "package":
        yield "office_ole_package"


def _of_flat_part(attributes: Mapping[str, str]) -> Iterator[str]:
    """Judge a part of a package that is written as one XML file."""
    name, kind = attributes.get("name", "").lower(), attributes.get("contentType", "").lower()
    if kind in CONTENT_TYPES:
        yield CONTENT_TYPES[kind]
    yield from (code for pattern, code in NAMES if pattern.search(name))


def _of_binary_data(attributes: Mapping[str, str]) -> Iterator[str]:
    """Judge the binary data of a Word 2003 XML file by the name that Word gives it."""
    name = attributes.get("name", "").lower()
    if name.endswith(".mso"):
        yield "office_ole_object" if name.startswith("oledata") else "office_vba_macro"


_HANDLERS: dict[str, Callable[[Mapping[str, str]], Iterator[str]]] = {
    "Relationship": _of_relationship,
    "attachedTemplate": _of_named_template,
    "fldSimple": _of_simple_field,
    "instrText": _of_simple_field,
    "ddeLink": _of_link,
    "OLEObject": _of_object,
    "oleObject": _of_object,
    "docOleData": _of_object,
    "altChunk": lambda _: iter(["office_inserted_file"]),
    "part": _of_flat_part,
    "binData": _of_binary_data,
}
