"""Read the fields of a PDF's form and the sizes of its pages (ISO 32000-1 §12.7).

Nothing is calculated, rendered or run. The fields form a tree that a stranger drew: it may have
loops, a million leaves or no end, so every step is counted. Forms of the old kind (XFA) hold their
values in XML, which is not read here.
"""

import dataclasses
import io
from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from ..protocol import pdf as pdf_facts
from ..protocol.pdf import FormField, PdfFacts
from ..protocol.text import one_line, paragraphs
from .pdf import BROKEN

MAX_DEPTH = 16
# Fields and widgets together; an honest form has a few widgets for each field.
MAX_NODES = 5_000
MAX_CHOICES = 50
# What a string may hold before it is decoded; UTF-16 takes up to four bytes a character.
MAX_STRING_BYTES = 4 * pdf_facts.MAX_VALUE_CHARS
MM_PER_POINT = 25.4 / 72
# Bits of a field's flags (ISO 32000-1 tables 226 and 228), counted from one there.
RADIO, PUSH_BUTTON, PASSWORD = 1 << 15, 1 << 16, 1 << 13

Answer = tuple[dict[str, object], list[bytes]]


def form_fields(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the fields and the sizes of the pages; see `checks.pdf`."""
    return dataclasses.asdict(read_pdf_facts(blobs[0])), []


def read_pdf_facts(content: bytes) -> PdfFacts:
    """Return the form's fields and the pages' sizes; a PDF that does not open has a reason."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            return _read_opened(pdf)
    except pikepdf.PasswordError:
        return PdfFacts((), (), "password_needed")
    except BROKEN:
        return PdfFacts((), (), "pdf_cannot_be_opened")


def _read_opened(pdf: pikepdf.Pdf) -> PdfFacts:
    walk = _Walk()
    found: list[FormField] = []
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        for each in walk.fields(form):
            if len(found) == pdf_facts.MAX_FIELDS:
                walk.reason = "too_many_fields"
                break
            found.append(each)
    return PdfFacts(tuple(found), tuple(_sizes(pdf)), walk.reason)


@dataclasses.dataclass(frozen=True)
class _Node:
    """Hold one place in the tree with what it inherits (ISO 32000-1 §12.7.3.1)."""

    value: object
    name: str
    kind: str
    flags: int
    content: object
    depth: int


class _Walk:
    """Go through the tree in order, each object once, and remember why something was left out."""

    def __init__(self) -> None:
        self.reason = ""
        self._seen: set[tuple[int, int]] = set()
        self._left = MAX_NODES

    def fields(self, form: Dictionary) -> Iterator[FormField]:
        """Yield the fields that can be filled in."""
        flags = form.get("/Ff")
        top = _Node(form, "", "", flags if isinstance(flags, int) else 0, None, 0)
        waiting = list(self._below(top, form.get("/Fields")))
        while waiting:
            node = waiting.pop()
            inner = self._enter(node)
            if inner is None:
                continue
            below = list(self._below(inner, _kids(inner.value)))
            if any(_is_named(each.value) for each in below):
                waiting += below
                continue
            # Children without a name are only the field's places on the pages.
            field = _field(inner)
            if field is not None:
                yield field

    def _below(self, parent: _Node, kids: object) -> Iterator[_Node]:
        """Yield the children, last first, since the end of the list is taken next."""
        if not isinstance(kids, Array):
            return
        count = min(len(kids), self._left)
        if count < len(kids):
            self.reason = "too_many_fields"
        self._left -= count
        for number in reversed(range(count)):
            yield dataclasses.replace(parent, value=kids[number], depth=parent.depth + 1)

    def _enter(self, node: _Node) -> _Node | None:
        """Return the node with its own name and content, None when the walk must stop there."""
        value = node.value
        if not isinstance(value, Dictionary):
            return None
        if node.depth > MAX_DEPTH:
            self.reason = "form_too_deep"
            return None
        if value.is_indirect:
            if value.objgen in self._seen:
                self.reason = "form_with_a_loop"
                return None
            self._seen.add(value.objgen)
        kind, flags, content = value.get("/FT"), value.get("/Ff"), value.get("/V")
        own = _string(value.get("/T"), pdf_facts.MAX_NAME_CHARS)
        name = f"{node.name}.{own}" if node.name and own else own or node.name
        if isinstance(content, Stream):
            # A long text may stand in a stream, which may unpack to anything.
            self.reason, content = "value_in_a_stream", None
        return dataclasses.replace(
            node,
            name=name[: pdf_facts.MAX_NAME_CHARS],
            kind=str(kind) if isinstance(kind, Name) else node.kind,
            flags=flags if isinstance(flags, int) else node.flags,
            content=node.content if content is None else content,
        )


def _kids(value: object) -> object:
    return value.get("/Kids") if isinstance(value, Dictionary) else None


def _is_named(value: object) -> bool:
    return isinstance(value, Dictionary) and "/T" in value


def _field(node: _Node) -> FormField | None:
    """Return the field; None for one without a name and for a button that only does something."""
    if not node.name or (node.kind == "/Btn" and node.flags & PUSH_BUTTON):
        return None
    match node.kind:
        case "/Tx":
            value = "" if node.flags & PASSWORD else _text(node.content)
            return FormField(node.name, "text", value)
        case "/Btn":
            kind: pdf_facts.FieldKind = "radio" if node.flags & RADIO else "checkbox"
            state = _text(node.content)
            return FormField(node.name, kind, "" if state == "Off" else state)
        case "/Ch":
            return FormField(node.name, "choice", _text(node.content))
        case "/Sig":
            value = "signed" if isinstance(node.content, Dictionary) else ""
            return FormField(node.name, "signature", value)
    return None


def _text(content: object) -> str:
    """Return a value as clean text, several chosen entries joined."""
    if isinstance(content, Array):
        chosen = [content[number] for number in range(min(len(content), MAX_CHOICES))]
        parts = [_string(each, pdf_facts.MAX_VALUE_CHARS) for each in chosen]
        return ", ".join(part for part in parts if part)[: pdf_facts.MAX_VALUE_CHARS].strip()
    if isinstance(content, Name):
        return one_line(str(content)[1:], pdf_facts.MAX_VALUE_CHARS)
    if isinstance(content, String):
        return paragraphs(_decoded(content), pdf_facts.MAX_VALUE_CHARS).strip()
    return ""


def _string(value: object, max_chars: int) -> str:
    return one_line(_decoded(value), max_chars) if isinstance(value, String) else ""


def _decoded(value: String) -> str:
    """Return a string's text; an overlong one is cut before it is decoded."""
    raw = bytes(value)
    if len(raw) > MAX_STRING_BYTES:
        value = String(raw[:MAX_STRING_BYTES])
    try:
        return str(value)
    except UnicodeError:
        return raw[:MAX_STRING_BYTES].decode("latin-1")


def _sizes(pdf: pikepdf.Pdf) -> Iterator[pdf_facts.PageSize]:
    for number in range(min(len(pdf.pages), pdf_facts.MAX_SIZED_PAGES)):
        try:
            yield _size(pdf.pages[number])
        except BROKEN:
            yield None


def _size(page: pikepdf.Page) -> pdf_facts.PageSize:
    """Return the visible box in millimetres, turned as the page is (ISO 32000-1 §14.11.2)."""
    left, bottom, right, top = (float(corner) for corner in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (abs(side) * unit * MM_PER_POINT for side in (right - left, top - bottom))
    if not all(0 < side <= pdf_facts.MAX_SIDE_MM for side in (width, height)):
        return None
    if page.rotation % 180:
        width, height = height, width
    return round(width, 1), round(height, 1)
