"""Time a call, and make a PDF of any length: what the benchmarks share."""

import time
from collections.abc import Callable

from tests.samples.files.pdf_writing import document, stream


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call took."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def letter(pages: int) -> bytes:
    """Return a PDF of dense text, 45 lines a page."""
    lines = b"".join(
        b"(%d The person was met on 12 March and asked for shelter, a doctor and advice.) Tj T*\n"
        % number
        for number in range(45)
    )
    numbers = range(10, 10 + pages)
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    tree = b"<</Type/Pages/Count %d/Kids[%s]/Resources<<%s>>>>" % (pages, kids, font)
    shown = stream(b"BT /F 11 Tf 16 TL 50 790 Td\n" + lines + b"ET")
    return document(
        {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: tree, 4: shown, **dict.fromkeys(numbers, page)}
    )
