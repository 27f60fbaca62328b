"""Find the parts of an office file as its relationships name them (ECMA-376 part 2 §9.3).

Names of parts are free (part 1 §11.3.10): Word for the web writes `word/document2.xml`. Where no
relationship leads, the usual names are tried.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from .page import NotDrawn

MAX_MEMBERS = 5000
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_RATIO = 200
SMALL_BYTES = 1024 * 1024  # below this a high ratio harms nobody
CHUNK_BYTES = 64 * 1024
MAX_RELATED = 5000
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, LookupError, NotImplementedError, ValueError)


class OfficeParts:
    """Hold an opened office file; raises NotDrawn for one that is none or has too many members."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise NotDrawn("office_cannot_be_read") from error
        if len(self._archive.infolist()) > MAX_MEMBERS:
            raise NotDrawn("office_too_many_members")
        # Names of parts are compared without regard to case (part 2 §6.2.2.3).
        self._names = {name.lower(): name for name in self._archive.namelist()}

    def close(self) -> None:
        """Let the archive go."""
        self._archive.close()

    def names(self) -> list[str]:
        """Return the names of all parts."""
        return self._archive.namelist()

    def main_part(self, usual: str) -> str:
        """Return the name of the part that the document begins with, else the usual name."""
        return next(iter(self.related("", "officedocument")), usual)

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts of one kind that a part names, each that is there, in their order."""
        return [target for target in self._relations(part, kind).values() if target]

    def listed(self, part: str, element: str, kind: str) -> list[str]:
        """Return the related parts in the order in which elements of the part name them.

        Such are the sheets of a workbook (`sheet`) and the slides of a presentation (`sldId`).
        """
        targets = self._relations(part, kind)
        if not targets:
            return []
        elements = _elements(self.chunks(part), element)
        wanted = (_relation_id(attributes) for attributes in elements)
        found = [targets[name] for name in wanted if targets.get(name)]
        return list(dict.fromkeys(found)) or [target for target in targets.values() if target]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part's content, counted as it comes out, since the declared size may be a lie."""
        try:
            described = self._archive.getinfo(self._names.get(name.lower(), name))
            packed = max(described.compress_size, 1)
            total = 0
            with self._archive.open(described) as member:
                while chunk := member.read(CHUNK_BYTES):
                    total += len(chunk)
                    if total > MAX_MEMBER_BYTES or total > max(SMALL_BYTES, MAX_RATIO * packed):
                        raise NotDrawn("office_too_large")
                    yield chunk
        except RuntimeError as error:
            raise NotDrawn("password_needed") from error
        except BROKEN as error:
            raise NotDrawn("office_cannot_be_read") from error

    def _relations(self, part: str, kind: str) -> dict[str, str]:
        """Return the targets of relationships of one kind by id, empty for one that is not there.

        The last word of the type tells the kind, since strict files have other addresses.
        """
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if source.lower() not in self._names:
            return {}
        found: dict[str, str] = {}
        for attributes in _elements(self.chunks(source), "Relationship"):
            is_kind = attributes.get("Type", "").rpartition("/")[2].lower() == kind
            if is_kind and attributes.get("TargetMode", "") != "External":
                target = posixpath.normpath(
                    posixpath.join("/", folder, attributes.get("Target", ""))
                ).lstrip("/")
                found[attributes.get("Id", "")] = self._names.get(target.lower(), "")
        return found


def _elements(chunks: Iterator[bytes], wanted: str) -> list[Mapping[str, str]]:
    """Return the attributes of each element of one local name, with their names as written."""
    found: list[Mapping[str, str]] = []

    def on_start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted and len(found) < MAX_RELATED:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = on_start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotDrawn("office_cannot_be_read") from error
    return found


def _relation_id(attributes: Mapping[str, str]) -> str:
    """Return the id of a relationship: a slide has a number of its own beside it, as plain `id`."""
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _refuse(*_arguments: object) -> None:
    raise NotDrawn("xml_entities")
