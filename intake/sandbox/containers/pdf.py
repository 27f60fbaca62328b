"""Take out the files that a PDF carries (ISO 32000-1 §7.11.4, §12.5.6.15).

Files hang in a tree of names, on annotations, or on nothing at all; so every object is looked at
for a file specification.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ..archives import inflate
from ..archives.members import Container, Gathering, held, locked, unreadable
from ..formats.pdf import BROKEN, MAX_OBJECTS

MAX_WALK_DEPTH = 12
PLAIN_KEYS = ("/UF", "/F", "/Unix", "/DOS", "/Mac")
FLATE = (Name("/FlateDecode"), Name("/Fl"))


def open_pdf(container: Container, gathering: Gathering) -> None:
    """Add each file that the PDF carries; raises NotOpened, `locked` when no password fits."""
    for password in ("", *container.passwords):
        try:
            with pikepdf.open(
                io.BytesIO(container.content),
                password=password,
                suppress_warnings=True,
                inherit_page_attributes=False,
            ) as pdf:
                _add_files(pdf, gathering)
                return
        except pikepdf.PasswordError:
            continue
        except BROKEN:
            raise unreadable("pdf_cannot_be_opened") from None
    raise locked("wrong_password" if container.passwords else "password_needed")


def _add_files(pdf: pikepdf.Pdf, gathering: Gathering) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise held("pdf_too_large_to_judge")
    seen: set[tuple[int, int]] = set()
    loose: list[Stream] = []
    for whole in pdf.objects:
        if isinstance(whole, Stream) and whole.get("/Type") == Name.EmbeddedFile:
            loose.append(whole)
        for specification in _specifications(whole, 0):
            for stream in _streams(specification):
                if stream.objgen not in seen:
                    seen.add(stream.objgen)
                    _add_stream(stream, _name(specification), gathering)
    for stream in loose:
        if stream.objgen not in seen:
            seen.add(stream.objgen)
            _add_stream(stream, "", gathering)
    if "/Collection" in pdf.Root:
        gathering.flags.add("portfolio")


def _specifications(value: object, depth: int) -> Iterator[Dictionary]:
    """Yield the file specifications in one object; references to other objects are not followed."""
    if depth > MAX_WALK_DEPTH:
        return
    if isinstance(value, (Dictionary, Stream)):
        if isinstance(value, Dictionary) and isinstance(value.get("/EF"), Dictionary):
            yield value
        inner = [value[key] for key in value.keys()]  # noqa: SIM118 its objects iterate otherwise
    elif isinstance(value, Array):
        inner = list(value)
    else:
        return
    for one in inner:
        if isinstance(one, (Dictionary, Array)) and not one.is_indirect:
            yield from _specifications(one, depth + 1)


def _streams(specification: Dictionary) -> Iterator[Stream]:
    files = specification["/EF"]
    for key in files.keys():  # noqa: SIM118 its objects iterate otherwise
        stream = files[key]
        if isinstance(stream, Stream):
            yield stream


def _name(specification: Dictionary) -> str:
    for key in PLAIN_KEYS:
        value = specification.get(key)
        if isinstance(value, pikepdf.String) and str(value):
            return str(value)
    return ""


def _add_stream(stream: Stream, name: str, gathering: Gathering) -> None:
    """Add one file; plain deflate is undone piece by piece, the rarer filters in one go."""
    gathering.expect_count(1)
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters] if filters else []
    raw = stream.read_raw_bytes()
    defects: tuple[str, ...] = ()
    if not names:
        content = gathering.read([raw])
    elif len(names) == 1 and names[0] in FLATE and "/DecodeParms" not in stream:
        packed = inflate.Stream(memoryview(raw))
        try:
            content = gathering.read(packed.inflate(inflate.ZLIB), len(raw))
        except inflate.BROKEN:
            raise unreadable("pdf_attachment_damaged") from None
        defects = () if packed.is_complete else ("truncated",)
    else:
        try:
            content = gathering.read([stream.read_bytes()], len(raw))
        except BROKEN:
            raise held("unsupported_method") from None
    subtype = stream.get("/Subtype")
    media_type = str(subtype)[1:] if isinstance(subtype, Name) else ""
    gathering.add(name, content, claimed_type=media_type, defects=defects, unnamed="file")
