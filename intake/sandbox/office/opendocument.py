"""Find what an OpenDocument file does beside showing text (ODF 1.3 part 3)."""

import re
import zipfile
from collections.abc import Iterator, Mapping

from . import flat_opendocument, ole, ooxml, packages, unseen, xml_parts
from .formulas import in_cells

SCRIPTS = re.compile(r"^(?:basic|scripts)/.|/(?:basic|scripts)/.", re.IGNORECASE)
LOADED = frozenset({"http", "https", "ftp", "file", "smb", "data"})
PROGRAMS = frozenset({"vnd.sun.star.script", "macro", "javascript", "vnd.sun.star.execute"})
SCHEME = re.compile(r"\s*([a-z][a-z0-9.+-]{1,40}):", re.IGNORECASE)
LINKS = frozenset({"a"})
ELEMENTS = {
    "event-listener": "office_basic_macro",
    "dde-connection-decl": "office_dde",
    "dde-connection": "office_dde",
    "dde-source": "office_dde",
    "dde-link": "office_dde",
    "object-ole": "office_ole_object",
    "applet": "office_activex",
    "plugin": "office_activex",
    "encryption-data": "locked",
    # Basic in a file that is no ZIP.
    "library-embedded": "office_basic_macro",
    "library-linked": "office_basic_macro",
    "source-code": "office_basic_macro",
}
# An empty element of this language says only where macros would stand.
BASIC = "ooo:Basic"
# Where formulas stand: cells, names, conditions and rules for what may be typed.
FORMULAS = ("formula", "expression", "condition")
HEAD_BYTES = 8
ZIP = b"PK\x03\x04"
BINARY = (ole.MAGIC, ZIP)


def find_in_opendocument(content: bytes) -> set[str]:
    """Return the findings, with `locked` when the file is encrypted.

    Raises packages.Refused and packages.BROKEN.
    """
    found: set[str] = set()
    with packages.open_package(content) as package:
        for member in package.infolist():
            if not member.is_dir():
                found.update(_in_member(package, member))
    return found


def _in_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[str]:
    if SCRIPTS.search(member.filename):
        yield "office_basic_macro"
    with package.open(member) as opened:
        head = opened.read(HEAD_BYTES)
    if head.startswith(BINARY):
        yield from find_in_binary(package.read(member))
    elif head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        content = package.read(member)
        yield from find_in_xml(content)
        yield from unseen.in_part(member.filename, content)


def find_in_binary(content: bytes) -> set[str]:
    """Return the findings in an object that is no XML; a picture has none."""
    if content.startswith(ole.MAGIC):
        return ole.find_in_object(content)
    return _in_embedded_package(content) if content.startswith(ZIP) else set()


def _in_embedded_package(content: bytes) -> set[str]:
    """Return the findings in an embedded office file; any other file counts as a package."""
    kind = packages.kind_of(content) or ""
    if not kind.startswith("application/vnd.openxmlformats"):
        return {"office_ole_package"}
    try:
        return {"office_embedded_document"} | ooxml.find_in_office(content, depth=1)
    except packages.Refused:
        return {"office_not_fully_read"}
    except packages.BROKEN:
        return {"office_malformed"}


def find_in_xml(content: bytes) -> set[str]:
    """Return the findings in one XML part."""
    found: set[str] = set()

    def on_start(name: str, attributes: Mapping[str, str]) -> None:
        if name in ELEMENTS:
            found.add(ELEMENTS[name])
        elif name == "script" and attributes.get("language") != BASIC:
            found.add("office_basic_macro")
        if "href" in attributes:
            found.update(_of_link(name, attributes["href"]))
        for written in map(attributes.get, FORMULAS):
            found.update(in_cells.of_formula(written) if written else ())

    try:
        xml_parts.walk(content, on_start)
    except xml_parts.EntitiesDeclared:
        found.add("office_entities")
    except xml_parts.NotXml:
        found.add("office_malformed")
    return found


def _of_link(element: str, target: str) -> Iterator[str]:
    """Yield what a link does: `a` waits for a click, everything else is fetched."""
    match = SCHEME.match(target)
    scheme = match[1].lower() if match else ""
    if scheme in PROGRAMS:
        yield "office_basic_macro"
    elif element in LINKS:
        yield "office_hyperlink"
    elif element == "template":
        is_remote = scheme in ("http", "https", "ftp", "smb") or target.startswith(("//", "\\\\"))
        yield "office_remote_template" if is_remote else "office_local_template"
    elif scheme in LOADED or target.startswith(("/", "\\\\", "../../")):
        yield "office_external_link"


def find_in_flat(content: bytes) -> set[str]:
    """Return the findings of a file that is one XML file, as those of the same file as a ZIP."""
    found = find_in_xml(content) | flat_opendocument.in_flat(content)
    for part in flat_opendocument.parts(content):
        found |= find_in_binary(part.content)
    return found
