"""Measure what drawing pages costs: pages a second beside bare pdfium, and of two jails at once.

Run by `python -m tests.bench.rendering`. Bare pdfium draws the same pages in this process and in
the same run: once only into memory, and once saved by Pillow as a PNG, which is what has to be
stored one way or the other.
"""

import io
import logging
import os
import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from intake.sandbox import Duty, Jail, JailPool
from tests.bench.timing import letter, seconds

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
    with closing(Jail(allow_reduced=False, duties=(Duty.PICTURES,))) as jail:
        jail.start()
        for name, content in zip(("generated letter", *PUBLIC), contents, strict=False):
            beside_pdfium(name, jail, content)
    pool_of_two(contents[0])


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
    """Compress every picture as Pillow does by default."""
    for each in pictures:
        each.save(io.BytesIO(), "PNG")


def pool_of_two(content: bytes) -> None:
    """Print pages a second of two jails side by side."""
    pool = JailPool(2, allow_reduced=False, families=((Duty.PICTURES,),))
    pool.start()
    with ThreadPoolExecutor(2) as threads:
        spent = seconds(
            lambda: [*threads.map(lambda _: pool.render(content, PDF, dpi=DPI), range(6))]
        )
    pool.close()
    print(f"two jails: {6 * PAGES / spent:.1f} pages a second")


if __name__ == "__main__":
    main()
