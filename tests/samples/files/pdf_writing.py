"""Write PDFs object by object, well-formed or not."""

from collections.abc import Mapping


def document(objects: Mapping[int, bytes], *, head: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a PDF of the numbered objects; number 1 is its catalogue."""
    content = bytearray(head)
    places: dict[int, int] = {}
    for number, written in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    start, size = len(content), max(objects) + 1
    content += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        entry = b"%010d 00000 n \n" if number in places else b"%010d 65535 f \n"
        content += entry % places.get(number, 0)
    content += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(content)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def one_page(
    shown: bytes,
    *,
    resources: bytes = b"",
    box: bytes = b"0 0 612 792",
    others: Mapping[int, bytes] | None = None,
    entries: bytes = b"",
) -> bytes:
    """Return a PDF of one page that shows the content stream `shown`, from number 5 on others."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>%s>>"
    return document(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: page % (box, resources, entries),
            4: stream(shown),
            **(others or {}),
        }
    )
