"""Find what a PDF holds and its pages do not show: layers, forms without pages, notes, files.

A person who looks at pages takes them for the whole. What is found here is said beside the safe
copy. Only the catalogue is read, or one object at a time, so that a large document costs no more.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

MAX_LAYERS = 5_000
# pdfium follows each branch of a form's tree again, also where branches meet, to this depth. A tree
# of thirty fields may so have a thousand million (measured: 30 s for 3 KB).
MAX_FIELDS, MAX_FIELD_DEPTH = 50_000, 32
BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, OSError)
# Annotations that show a mark at most, and their words in a window that nobody opens here
# (ISO 32000-1 §12.5.6). In qpdf's normal form a text stands in round or in pointed brackets.
NOTE = re.compile(
    rb"/Subtype /(?:Text|Highlight|Underline|Squiggly|StrikeOut|Caret|Ink|Square|Circle|Line"
    rb"|Polygon|PolyLine|Stamp|FileAttachment|Sound|Redact)(?=[\s/<>()\[\]])"
)
# What a reader may run or open, and where it stands: /OpenAction 8 0 R. qpdf leaves an entry out
# that leads nowhere, so these are read from the bytes; a name may be written in another way.
BLANK = rb"(?:[\s\0]|%[^\r\n]{0,200}[\r\n])"
REFERENCE = re.compile(
    rb"/([^\s()<>\[\]{}/%%\0]{2,60})%b{1,20}+(\d{1,10})%b{1,20}+(\d{1,5})%b{1,20}+R(?![\w.])"
    % (BLANK, BLANK, BLANK)
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTING = frozenset({b"OpenAction", b"Names", b"AA", b"JavaScript", b"JS", b"EmbeddedFiles", b"XFA"})
MAX_PACKED_BYTES = 64 * 1024 * 1024
OBJECT = re.compile(rb"(?:^|[\r\n\s])\d{1,10}\s{1,20}\d{1,5}\s{1,20}obj(?![\w])")
WORDS = re.compile(rb"/Contents (?:\((?!\s*\))|<(?!(?:feff)?>))")


def is_note(written: bytes) -> bool:
    """Say whether an object in qpdf's normal form is an annotation that carries words."""
    return WORDS.search(written) is not None and NOTE.search(written) is not None


def read_catalogue(content: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes of `find_in_catalogue`, and the names of layers that are off.

    A file that qpdf cannot open says nothing here; its inspection says so.
    """
    try:
        with pikepdf.open(
            io.BytesIO(content), suppress_warnings=True, inherit_page_attributes=False
        ) as pdf:
            return frozenset(find_in_catalogue(pdf)), layers_off(pdf)
    except (*BROKEN, pikepdf.PasswordError):
        return frozenset(), frozenset()


def find_in_catalogue(pdf: Pdf) -> Iterator[str]:
    """Yield the codes of what the catalogue names and no page shows."""
    if _needs_xfa(pdf.Root):
        yield "pdf_xfa_only"
    if layers_off(pdf):
        yield "pdf_layers_off"
    if _has_endless_form(pdf.Root):
        yield "pdf_form_not_drawn"
    names = pdf.Root.get("/Names")
    if "/Collection" in pdf.Root or (isinstance(names, Dictionary) and "/EmbeddedFiles" in names):
        yield "pdf_embedded_files"


def find_in_bytes(pdf: Pdf, content: bytes) -> Iterator[str]:
    """Yield the codes of what the bytes have and qpdf does not show.

    That is an action or a name that leads nowhere, and objects behind the end: another reader may
    find what is meant, by another way.
    """
    if any(_leads_nowhere(pdf, each) for each in (content, *_packed_objects(pdf))):
        yield "pdf_leads_nowhere"
    at = content.rfind(b"startxref")
    if at >= 0 and OBJECT.search(content, at):
        yield "pdf_objects_behind_end"


def _leads_nowhere(pdf: Pdf, written: bytes) -> bool:
    for match in REFERENCE.finditer(written):
        name = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), match[1])
        if name in ACTING and not _has_object(pdf, int(match[2]), int(match[3])):
            return True
    return False


def _has_object(pdf: Pdf, number: int, generation: int) -> bool:
    try:
        return pdf.get_object(number, generation) is not None
    except BROKEN:
        return False


def _packed_objects(pdf: Pdf) -> Iterator[bytes]:
    """Yield what object streams hold (ISO 32000-1 §7.5.7), up to a limit together."""
    left = MAX_PACKED_BYTES
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and each.stream_dict.get("/Type") == Name.ObjStm:
            try:
                unpacked = each.read_bytes()
            except BROKEN:
                continue
            left -= len(unpacked)
            if left < 0:
                return
            yield unpacked


def layers_off(pdf: Pdf) -> frozenset[str]:
    """Return the names of the layers that a reader does not show (ISO 32000-1 §8.11.4.3).

    A layer without a name counts with the empty one. Where two layers share a name and one of them
    is shown, the name is left out: what is seen must not be lost.
    """
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary):
        return frozenset()
    default = properties.get("/D")
    if not isinstance(default, Dictionary):
        return frozenset()
    on, off = _groups(default.get("/ON")), _groups(default.get("/OFF"))
    is_off_by_itself = default.get("/BaseState") == Name.OFF
    hidden, shown = set[str](), set[str]()
    layers = properties.get("/OCGs")
    listed = layers if isinstance(layers, Array) else Array()
    for number in range(min(len(listed), MAX_LAYERS)):
        layer = listed[number]
        if isinstance(layer, Dictionary):
            is_off = layer.objgen in off or (is_off_by_itself and layer.objgen not in on)
            by_use = _is_off_by_use(layer)
            is_off = is_off if by_use is None else by_use
            (hidden if is_off else shown).add(_name(layer))
    return frozenset(hidden - shown)


def _is_off_by_use(layer: Dictionary) -> bool | None:
    """Say whether a layer's own usage hides it from a screen (table 102), None where it is silent.

    pdfium draws by it before it looks at the lists of the configuration, so the words follow.
    """
    usage = layer.get("/Usage")
    view = usage.get("/View") if isinstance(usage, Dictionary) else None
    state = view.get("/ViewState") if isinstance(view, Dictionary) else None
    return None if state is None else state == Name.OFF


def _has_endless_form(root: pikepdf.Object) -> bool:
    """Say whether a form's fields (ISO 32000-1 §12.7.3.1) branch more often than any form's."""
    form = root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, Dictionary) else None
    waiting = [(fields, 0)] if isinstance(fields, Array) else []
    count = 0
    while waiting:
        branch, depth = waiting.pop()
        count += len(branch)
        if count > MAX_FIELDS:
            return True
        for number in range(len(branch) if depth < MAX_FIELD_DEPTH else 0):
            field = branch[number]
            kids = field.get("/Kids") if isinstance(field, Dictionary) else None
            if isinstance(kids, Array):
                waiting.append((kids, depth + 1))
    return False


def _groups(value: object) -> set[tuple[int, int]]:
    """Return the numbers of the layers in a list, since they are always objects of their own."""
    if not isinstance(value, Array):
        return set()
    groups = (value[number] for number in range(min(len(value), MAX_LAYERS)))
    return {group.objgen for group in groups if isinstance(group, Dictionary)}


def _name(layer: Dictionary) -> str:
    value = layer.get("/Name")
    try:
        return str(value) if isinstance(value, String) else ""
    except UnicodeError:
        return ""


def _needs_xfa(root: pikepdf.Object) -> bool:
    """Say whether the form is XFA and has no fields of the plain kind (ISO 32000-1 §12.7.8).

    Such a PDF has one page that asks for another program, and the form itself is nowhere.
    """
    form = root.get("/AcroForm")
    if not isinstance(form, Dictionary) or "/XFA" not in form:
        return False
    fields = form.get("/Fields")
    has_fields = isinstance(fields, Array) and len(fields) > 0
    return not has_fields or bool(root.get("/NeedsRendering", False))
