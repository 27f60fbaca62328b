"""Read the words on a page image with tesseract, in walls of its own.

The picture was made in a jail and still shows what a stranger drew. So the program that reads it
sees nothing else, and its answer is treated like a stranger's text.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..checks.pictures import size_of
from ..protocol import rendition, text
from ..protocol.rendition import Word
from .confined import Walls, run_confined

DATA_FOLDERS = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata")
LANGUAGE = re.compile(r"[a-z]{3}(?:_[a-z]{3,4})?")
WALLS = Walls(cpu_seconds=60, wall_seconds=60.0, max_output_bytes=8 * 1024**2)
COLUMNS = 12  # level, page, block, paragraph, line, word, left, top, width, height, conf, text
WORD_LEVEL = "5"
MIN_CONFIDENCE = 30.0
CONTROLS = re.compile(r"[\x00-\x20]")


@dataclass(frozen=True)
class ReadPage:
    """Hold what was read on one page: its text line by line, and the words with their boxes."""

    text: str
    words: tuple[Word, ...]


def installed_languages() -> tuple[str, ...]:
    """Return the languages that tesseract can read here, none when it is not installed."""
    if shutil.which("tesseract", path="/usr/bin") is None:
        return ()
    found = (path.stem for folder in DATA_FOLDERS for path in Path(folder).glob("*.traineddata"))
    return tuple(sorted({name for name in found if name != "osd" and LANGUAGE.fullmatch(name)}))


def read_page(image: bytes, languages: Sequence[str], walls: Walls = WALLS) -> ReadPage:
    """Return the text of a page image; takes seconds.

    `languages` are tesseract's codes, such as "swe"; the first counts most. Raises ValueError for
    no code or a wrong one, and JailError when the image cannot be read or bubblewrap is missing.
    """
    if not languages or not all(map(LANGUAGE.fullmatch, languages)):
        raise ValueError("not a code of a language")
    width, height = size_of(image)
    program = ("tesseract", "stdin", "stdout", "-l", "+".join(languages), "--psm", "3", "tsv")
    written = run_confined(program, image, walls)
    return _read(written.decode("utf-8", "replace"), width, height)


def ocr_page(image: bytes, languages: Sequence[str]) -> tuple[Word, ...]:
    """Return the words of a page image with their boxes in its pixels; raises as `read_page`."""
    return read_page(image, languages).words


def _read(table: str, width: int, height: int) -> ReadPage:
    lines: dict[tuple[str, ...], list[str]] = {}
    words: list[Word] = []
    for line, word in _rows(table):
        left, top, right, bottom, written = word
        if 0 <= left < right <= width and 0 <= top < bottom <= height:
            lines.setdefault(line, []).append(written)
            words.append(word)
        if len(words) == rendition.MAX_WORDS:
            break
    whole = "\n".join(" ".join(line) for line in lines.values())
    return ReadPage(text.paragraphs(whole, rendition.MAX_TEXT_CHARS), tuple(words))


def _rows(table: str) -> Iterator[tuple[tuple[str, ...], Word]]:
    """Yield each word with the line that it belongs to; rows of another shape are left out."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != COLUMNS or cells[0] != WORD_LEVEL:
            continue
        try:
            left, top, width, height = (int(cell) for cell in cells[6:10])
            confidence = float(cells[10])
        except ValueError:
            continue
        written = CONTROLS.sub("", text.paragraphs(cells[11], rendition.MAX_WORD_CHARS))
        if written and confidence >= MIN_CONFIDENCE:
            yield tuple(cells[1:5]), (left, top, left + width, top + height, written)
