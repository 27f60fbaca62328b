"""What a safe copy costs: pages a second beside bare pdfium, by kind, and the jail's own share.

Run by `python -m tests.bench.rendering`. Bare pdfium draws the same pages in this process and in
the same run: once only into memory, and once saved by Pillow as a PNG, which is what has to be
stored one way or the other.
"""

import io
import logging
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from intake.jail import Jail, JailPool, Rendition, rendition_checks
from intake.jail.frames import pack, unpack
from intake.jail.render import load_renderer
from intake.safe_pdf import build_safe_pdf
from tests.intake.jail.office_samples import docx
from tests.intake.jail.samples import picture
from tests.samples.pdf_writing import document, stream

PDF, DPI, ROUNDS = "application/pdf", 150, 5
PAGES = 48
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("AVRR_CORPUS", BESIDE)) / "pdf" / "pikepdf"
PUBLIC = ("form_dd0293.pdf", "form_210966.pdf", "graph.pdf", "jbig2global.pdf", "sandwich.pdf")


def main() -> None:
    """Measure and print."""
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)
    contents = [letter(PAGES)]
    contents += [(CORPUS / name).read_bytes() for name in PUBLIC if (CORPUS / name).is_file()]
    with closing(Jail(allow_reduced=False)) as jail:
        jail.start()
        for name, content in zip(("generated letter", *PUBLIC), contents, strict=False):
            beside_pdfium(name, jail, content)
        by_kind(jail)
        overhead(jail)
    pool_of_two(contents[0])


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


def beside_pdfium(name: str, jail: Jail, content: bytes) -> None:
    """Print pages a second of this jail and of bare pdfium, in turns."""
    drawn, saved, ours = [], [], []
    pages = len(pdfium.PdfDocument(content))
    for _ in range(ROUNDS):
        drawn.append(seconds(lambda: [*bare(content)]))
        saved.append(seconds(lambda: save_all(bare(content))))
        ours.append(seconds(lambda: jail.render(content, PDF, dpi=DPI)))
    draw, save, our = map(statistics.median, (drawn, saved, ours))
    print(
        f"{name:20} {pages:3} pages: jail {pages / our:6.1f}/s, "
        f"pdfium drawing {pages / draw:6.1f}/s ({draw / our:4.0%}), "
        f"pdfium and Pillow's PNG {pages / save:6.1f}/s ({save / our:4.0%})"
    )


def bare(content: bytes) -> Sequence[Image.Image]:
    """Draw every page with bare pdfium."""
    with pdfium.PdfDocument(content) as opened:
        opened.init_forms()
        return [page.render(scale=DPI / 72).to_pil() for page in opened]


def save_all(pictures: Sequence[Image.Image]) -> None:
    """Pack every picture as Pillow does by itself."""
    for each in pictures:
        each.save(io.BytesIO(), "PNG")


def by_kind(jail: Jail) -> None:
    """Print milliseconds a page for each kind of document, and for building the safe PDF."""
    photograph = picture("JPEG", size=(4000, 3000))
    text = b"The person was met on 12 March and asked for shelter.\n" * 900
    words = "<w:p><w:r><w:t>The person was met on 12 March.</w:t></w:r></w:p>" * 900
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    for kind, content, detected_type in (
        ("PDF of text", letter(PAGES), PDF),
        ("PDF of one page", letter(1), PDF),
        ("photograph, 12 Mpx", photograph, "image/jpeg"),
        ("plain text", text, "text/plain"),
        ("DOCX as words", docx(words), word),
    ):
        rendition: Rendition = jail.render(content, detected_type, dpi=DPI)
        pages = len(rendition.pages)
        spent = statistics.median(
            seconds(lambda c=content, t=detected_type: jail.render(c, t, dpi=DPI))  # type: ignore[misc]
            for _ in range(ROUNDS)
        )
        built = seconds(lambda r=rendition: build_safe_pdf(r.pages))  # type: ignore[misc]
        size = sum(len(page.image) for page in rendition.pages) / pages / 1000
        print(
            f"{kind:20} {pages:3} pages: {1000 * spent / pages:7.1f} ms a page, {size:6.0f} kB, "
            f"safe PDF {1000 * built / pages:5.1f} ms a page"
        )


def overhead(jail: Jail) -> None:
    """Print what the jail and the checks cost, against the same call in this process."""
    renderer = load_renderer()
    content = letter(1)
    arguments: dict[str, object] = {
        "detected_type": PDF, "first": 0, "count": 25, "dpi": DPI, "milliseconds": 9000,
    }  # fmt: skip

    def direct() -> None:
        head, blobs = unpack(b"".join(pack(*renderer.render(arguments, [content]))))
        rendition_checks.read_batch(head, blobs, 25)

    inside, outside = [], []
    for _ in range(30):
        inside.append(seconds(lambda: jail.render(content, PDF, dpi=DPI)))
        outside.append(seconds(direct))
    with_jail, without = statistics.median(inside), statistics.median(outside)
    print(
        f"one page: {1000 * with_jail:.1f} ms in the jail, {1000 * without:.1f} ms without, "
        f"the jail costs {1000 * (with_jail - without):.1f} ms"
    )


def pool_of_two(content: bytes) -> None:
    """Print pages a second of two jails side by side."""
    pool = JailPool(2, allow_reduced=False)
    pool.start()
    with ThreadPoolExecutor(2) as threads:
        spent = seconds(
            lambda: [*threads.map(lambda _: pool.render(content, PDF, dpi=DPI), range(6))]
        )
    pool.close()
    print(f"two jails: {6 * PAGES / spent:.1f} pages a second")


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call took."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
