"""Find what an office file holds and its pages do not show: comments, changes, what is hidden.

A search through the bytes is enough for nearly every part; it looks at each byte a few times. A
part in another charset, or with letters written as numbers, may hide a word from it: such a part is
read as XML (`xml_parts.is_plain` tells).
"""

import re
from collections.abc import Iterator, Mapping

from . import cut_rows, packages, speaker_notes, xml_parts

# Element names are ECMA-376's (part 1 §17.13, §18.3, §19.4) and ODF 1.3's (part 3 §5.5, §9, §14.1).
# What stands between a name and its attribute is bounded, so that the search stays linear.
TAG = rb"<(?:\w{1,20}:)?"
SIGNS = (
    (re.compile(TAG + rb"(?:comment|threadedComment|cm)[\s>]"), "office_comments"),
    # Mathematics has annotations too, which name their encoding.
    (re.compile(TAG + rb"annotation(?:>|\s(?!\s*encoding))"), "office_comments"),
    (
        re.compile(TAG + rb"(?:del|ins|moveFrom|moveTo)\s[^<>]{0,400}?\bauthor\s*="),
        "office_tracked_changes",
    ),
    (re.compile(TAG + rb"changed-region[\s>]"), "office_tracked_changes"),
    (
        re.compile(
            TAG + rb"sheet\s[^<>]{0,600}?\bstate\s*=\s*[\"'](?:hidden|veryHidden)", re.IGNORECASE
        ),
        "office_hidden_sheets",
    ),
    (
        re.compile(
            TAG + rb"(?:row|col)\s[^<>]{0,600}?\b(?:hidden\s*=\s*[\"'](?:1|true)"
            rb"|(?:ht|width)\s*=\s*[\"']0(?:\.0{1,20})?[\"'])"
        ),
        "office_hidden_cells",
    ),
    (
        re.compile(
            TAG + rb"table-(?:row|column)\s[^<>]{0,600}?\bvisibility\s*=\s*[\"'](?:collapse|filter)"
        ),
        "office_hidden_cells",
    ),
    (
        re.compile(TAG + rb"table-properties\s[^<>]{0,600}?\bdisplay\s*=\s*[\"']false"),
        "office_hidden_sheets",
    ),
    (
        re.compile(TAG + rb"(?:section|text-properties)\s[^<>]{0,2000}?:display\s*=\s*[\"']none"),
        "office_hidden_text",
    ),
    (
        re.compile(TAG + rb"hidden-(?:text|paragraph)\s[^<>]{0,2000}?is-hidden\s*=\s*[\"']true"),
        "office_hidden_text",
    ),
)
ANY = re.compile(
    rb"omment|:cm|annotation|author|changed-region|idden|\"0|'0|visibility|:display|vanish"
)
NO = frozenset({"0", "false", "off"})
EMBEDDED = re.compile(r"(?:^|/)embeddings/.")
STYLES = re.compile(r"(?:^|/)(?:styles|stylesWithEffects|numbering)\.xml$", re.IGNORECASE)


# Control words of RTF 1.9.1: revisions, annotations and hidden text.
RTF_SIGNS = (
    (re.compile(rb"\\(?:deleted|revised)(?![a-z0-9])"), "office_tracked_changes"),
    (re.compile(rb"\\annotation(?![a-z])"), "office_comments"),
    (re.compile(rb"\\v(?:1)? [^\\{}\s]"), "office_hidden_text"),
)


def in_package(content: bytes) -> set[str]:
    """Return the codes of an office file that is a ZIP; none of one that cannot be read."""
    found: set[str] = set()
    try:
        with packages.open_package(content) as package:
            for member in package.infolist():
                name = member.filename
                if EMBEDDED.search(name):
                    found.add("office_embedded_document")
                elif name.lower().endswith((".xml", ".vml")):
                    found.update(in_part(name, package.read(member)))
    except (packages.Refused, *packages.BROKEN):
        return found
    return found


def in_rtf(content: bytes) -> set[str]:
    """Return the codes of an RTF document."""
    plain = content.replace(b"\\\\", b"")
    found = {code for pattern, code in RTF_SIGNS if pattern.search(plain)}
    return found | {cut_rows.FINDING} if cut_rows.in_rtf(plain) else found


def in_part(name: str, content: bytes) -> Iterator[str]:
    """Yield the codes of one XML part of an office file."""
    if not EMBEDDED.search(name):
        if speaker_notes.has_notes(content):
            yield speaker_notes.FINDING
        if cut_rows.in_part(content):
            yield cut_rows.FINDING
    if EMBEDDED.search(name) or not (ANY.search(content) or not xml_parts.is_plain(content)):
        return
    reader = _Reader()
    if not xml_parts.is_plain(content):
        reader.walk(content)
        yield from reader.found
        return
    found = {code for pattern, code in SIGNS if pattern.search(content)}
    # A style may be hidden and used by nothing; only text that is hidden itself counts.
    is_styles = STYLES.search(name) is not None
    yield from found - {"office_hidden_text"} if is_styles else found
    if b"vanish" in content and not is_styles:
        reader.walk(content)
        yield from reader.found & {"office_hidden_text"}


class _Reader:
    """Take the elements of one part in, in their order."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._is_hidden = False

    def walk(self, content: bytes) -> None:
        """Read a part; one that is not well-formed is another finding, and read so far."""
        try:
            xml_parts.walk(content, self._on_start)
        except (xml_parts.EntitiesDeclared, xml_parts.NotXml):
            return

    def _on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("p", "r"):
            self._is_hidden = False
        elif name == "vanish":
            self._is_hidden = attributes.get("val", "").lower() not in NO
        elif name == "t" and self._is_hidden:
            self.found.add("office_hidden_text")
        elif name in ("comment", "threadedComment", "cm") or (
            name == "annotation" and "encoding" not in attributes
        ):
            self.found.add("office_comments")
        elif name == "changed-region" or (
            name in ("del", "ins", "moveFrom", "moveTo") and "author" in attributes
        ):
            self.found.add("office_tracked_changes")
        elif name == "sheet" and attributes.get("state", "").lower() in ("hidden", "veryhidden"):
            self.found.add("office_hidden_sheets")
        elif _is_hidden_in_opendocument(name, attributes):
            self.found.add("office_hidden_text")
        elif name in ("row", "col") and attributes.get("hidden", "0").lower() not in NO:
            self.found.add("office_hidden_cells")


def _is_hidden_in_opendocument(name: str, attributes: Mapping[str, str]) -> bool:
    """Say whether an element of ODF hides text (ODF 1.3 part 3 §19.789, §20.421, §19.819)."""
    if name in ("hidden-text", "hidden-paragraph"):
        return attributes.get("is-hidden", "").lower() == "true"
    return name in ("section", "text-properties") and attributes.get("display") == "none"
