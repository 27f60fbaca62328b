"""Read what a PDF's page says, as it is seen: what is drawn, in the order of its script.

pdfium gives every letter of a page, also those of layers that are off and those beyond its edge;
they are left out here. The letters of one Arabic ligature come reversed, and are turned round.
"""

import ctypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ..protocol.rendition import MAX_TEXT_CHARS, MAX_WORDS, Word
from . import pdf_ink

# A letter that is left out stands as this until the words are found, so that places stay right.
LEFT_OUT = "\0"
WORD = re.compile(rf"[^\s{LEFT_OUT}]+")
# Every call that asks pdfium for a box writes here; only one thread of a child calls pdfium.
CORNERS = tuple(ctypes.c_double() for _ in range(4))
COLOUR = tuple(ctypes.c_uint() for _ in range(4))
# What pdfium puts for a hyphen at the end of a line.
HYPHEN_MARKS = str.maketrans({"\x02": "-", "\ufffe": "-"})
RIGHT_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
FROM_RIGHT = re.compile(RIGHT_LETTER + "{2,}")
# A number of groups, which stand in turned order in a line of Arabic (UAX 9, rules W2 and W4).
NUMBER = re.compile(r"(?<![\w-])\d+(?:-\d+)+(?![\w-])")
SPELLED = re.compile(f"{FROM_RIGHT.pattern}|{NUMBER.pattern}")
ANY_FROM_RIGHT = re.compile(RIGHT_LETTER)
SIGN_BETWEEN = re.compile(r"\w[\W_]\w|\d[A-Za-z]")
LINE = re.compile(r"[^\r\n]+")
# Marks of Arabic and Thai, and one that begins a word.
MARKS = "\u064b-\u0652\u0670\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
MARK, MARK_APART = re.compile(f"[{MARKS}]"), re.compile(rf"(?<![^\s{LEFT_OUT}])[{MARKS}]")
MARKS_AND_SPACES = re.compile(rf"[{MARKS} ]+")
# Between letters or marks of the scripts of India, Bangladesh, Nepal and Sri Lanka, and between
# those of Ethiopia and Eritrea and a sign of another font.
SPACE_MOVED = re.compile(r"(?<=[\u0900-\u0dff]) (?=[\u0900-\u0dff])|(?<=[\u1200-\u139f]) (?=[!-/])")
LATIN = re.compile(r"[^\W\d_]", re.ASCII)
MAX_COMPARED = 200_000
# A gap that is wider than this share of a letter's height parts two words.
WIDE_OF_HIGH = 0.4
LAM, ALEFS = "\u0644", "\u0622\u0623\u0625\u0627\u0671"
# The colour in which the office program is told to draw deleted words (red, green, blue).
DELETED = (0xC0, 0x00, 0x01)
MAX_OBJECTS, MAX_FORM_DEPTH, MAX_MARKS = 200_000, 8, 20
MAX_NAME_UNITS = 256


@dataclass(frozen=True)
class Sieve:
    """Hold what is not seen on any page, and how words were spelled before they were laid out.

    `layers_off` are names of layers; `spellings` gives words that lost their joints on the way, and
    numbers whose groups were turned.
    """

    layers_off: frozenset[str] = frozenset()
    drops_deleted: bool = False
    spellings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageText:
    """Hold a page's text and words; `is_cut` says that words stand beyond the page's edge."""

    text: str = ""
    words: tuple[Word, ...] = ()
    is_cut: bool = False


def read(page: pdfium.PdfPage, picture: Image.Image, sieve: Sieve) -> PageText:
    """Return a page's text and its words; a page that cannot be read is shown all the same.

    Where layers are off, a word without ink in the picture is on one of them: pdfium does not tell
    the layer of a form, or of several layers together.
    """
    width, height = picture.size
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return PageText()
    count = min(textpage.count_chars(), MAX_TEXT_CHARS)
    if count <= 0:
        return PageText()
    text = textpage.get_text_range(0, count).translate(HYPHEN_MARKS)
    text = _in_written_order(textpage.raw, text)
    text = _without_unseen(page, textpage.raw, text, sieve)
    text = _with_whole_words(textpage.raw, text)
    place = pdf_ink.placement(page, width, height)
    words: list[Word] = []
    dropped: list[tuple[int, int]] = []
    is_cut = False
    for match in WORD.finditer(text):
        box = _find(textpage.raw, match.start(), match.end())
        if box is None:
            continue
        placed = place(*box)
        left, top, right, bottom = placed
        is_beyond = right <= 0 or left >= width or bottom <= 0 or top >= height
        if is_beyond or (sieve.layers_off and pdf_ink.is_flat(picture, placed)):
            dropped.append(match.span())
            is_cut = is_cut or (is_beyond and any(map(str.isalnum, match[0])))
            continue
        words.append((*placed, _spelled(match[0], sieve) if sieve.spellings else match[0]))
        if len(words) == MAX_WORDS:
            break
    if not dropped:
        text = _with_marks(textpage.raw, text)
    textpage.close()
    text = _spelled(_blank(text, dropped).replace(LEFT_OUT, ""), sieve)
    return PageText(text, tuple(words), is_cut)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text without some of its parts, which are in order."""
    if not spans:
        return text
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    return "".join((*pieces, text[at:]))


def _spelled(text: str, sieve: Sieve) -> str:
    if not sieve.spellings:
        return text
    return SPELLED.sub(lambda run: sieve.spellings.get(run[0], run[0]), text)


def _in_written_order(textpage: object, text: str) -> str:
    """Turn round the letters of each ligature of a script that runs from right to left.

    pdfium reverses such a line letter by letter, and so also the two letters that one glyph stands
    for (lam and alef): they share their box.
    """
    letters: list[str] | None = None
    for run in FROM_RIGHT.finditer(text):
        boxes = [_box(textpage, index) for index in range(*run.span())]
        for start, end in _shared(boxes):
            first, last = run.start() + start, run.start() + end
            if text[first] == LAM and text[first + 1] in ALEFS:
                continue
            letters = list(text) if letters is None else letters
            letters[first:last] = letters[first:last][::-1]
    return text if letters is None else "".join(letters)


def _with_whole_words(textpage: object, text: str) -> str:
    """Put the letters of an address or a number back where they stand, from left to right.

    In a line that runs from right to left pdfium turns round the pieces between signs also of what
    is written in Latin letters: "b.example@a" for a@b.example.
    """
    letters: list[str] | None = None
    for line in LINE.finditer(text):
        if not ANY_FROM_RIGHT.search(line[0]):
            continue
        for word in WORD.finditer(text, *line.span()):
            if ANY_FROM_RIGHT.search(word[0]) or not SIGN_BETWEEN.search(word[0]):
                continue
            boxes = [_box(textpage, index) for index in range(*word.span())]
            lefts = [box[0] for box in boxes if box is not None]
            if len(lefts) < len(boxes) or lefts == sorted(lefts):
                continue
            letters = list(text) if letters is None else letters
            order = sorted(range(len(lefts)), key=lefts.__getitem__)
            letters[slice(*word.span())] = [word[0][place] for place in order]
    return text if letters is None else "".join(letters)


def _with_marks(textpage: object, text: str) -> str:
    """Put a vowel or tone mark that pdfium takes for a word of its own back on its letter.

    It is the letter that the mark stands above or below. A space beside a mark where the letters
    stand close together is none.
    """
    letters = list(text)
    for space in SPACE_MOVED.finditer(text):
        if _is_moved(textpage, space.start()):
            letters[space.start()] = ""
    for line in LINE.finditer(text):
        if not MARK.search(line[0]):
            continue
        apart = [match.start() for match in MARK_APART.finditer(text, *line.span())]
        if len(apart) * len(line[0]) > MAX_COMPARED:
            continue
        places = range(*line.span()) if apart else range(0)
        bases = [(at, box) for at in places if text[at].isalpha() and (box := _box(textpage, at))]
        for at in apart:
            mark = _box(textpage, at)
            if mark is not None and bases:
                _, base = min((_apart(mark, box), place) for place, box in bases)
                _move(text, letters, at, base)
        _close_gaps(textpage, text, letters, line.span())
        _put_in_order(textpage, text, letters, line.span())
    return "".join(letters)


def _is_moved(textpage: object, at: int) -> bool:
    """Tell whether a space stands before the letter that it is read behind.

    A vowel of Bengali and its kin that is drawn before its letter turns the order of their boxes,
    and with it that of the space before the word. All spaces in one font may come before the signs
    in it.
    """
    before, behind = _box(textpage, at - 1), _box(textpage, at + 1)
    index = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, at)
    if before is None or behind is None or index < 0:
        return False
    if not pdfium_c.FPDFText_GetCharBox(textpage, index, *CORNERS):
        return False
    middle = (CORNERS[0].value + CORNERS[1].value) / 2
    is_close = behind[0] - before[1] < WIDE_OF_HIGH * (before[3] - before[2])
    return is_close and middle < before[0]


def _move(text: str, letters: list[str], at: int, base: int) -> None:
    """Take a mark from its place and put it behind a letter and the marks that it has."""
    while base + 1 < len(text) and MARK.match(text[base + 1]):
        base += 1
    letters[at] = ""
    letters[base] += text[at]


def _close_gaps(textpage: object, text: str, letters: list[str], span: tuple[int, int]) -> None:
    """Leave one space where marks stood between words, and none inside a word."""
    for gap in MARKS_AND_SPACES.finditer(text, *span):
        before, behind = gap.start() - 1, gap.end()
        spaces = [at for at in range(*gap.span()) if text[at] == " "]
        if not spaces or not MARK.search(gap[0]) or before < span[0] or behind >= span[1]:
            continue
        left, right = _box(textpage, before), _box(textpage, behind)
        if left is None or right is None:
            continue
        wide = max(right[0] - left[1], left[0] - right[1])
        is_space = wide > WIDE_OF_HIGH * (left[3] - left[2])
        for at in spaces[1:] if is_space else spaces:
            letters[at] = ""


def _put_in_order(textpage: object, text: str, letters: list[str], span: tuple[int, int]) -> None:
    """Put the words of a line that runs from right to left where they stand.

    A mark that stands higher than its letter parts such a line for pdfium, which may then give what
    is farther left before what is nearer. Where Latin letters stand between, it is left alone.
    """
    line = text[slice(*span)]
    if not ANY_FROM_RIGHT.search(line) or LATIN.search(line):
        return
    found: list[tuple[float, str]] = []
    end = span[0]
    for word in WORD.finditer(text, *span):
        said = "".join(letters[slice(*word.span())])
        if not said:
            continue
        box = _find(textpage, *word.span())
        if box is None:
            return
        if found and not "".join(letters[end : word.start()]):
            right, before = found.pop()
            found.append((max(right, box[2]), before + said))
        else:
            found.append((box[2], said))
        end = word.end()
    ordered = sorted(found, key=lambda each: each[0], reverse=True)
    if ordered != found:
        letters[slice(*span)] = [" ".join(said for _, said in ordered), *[""] * (len(line) - 1)]


def _apart(mark: tuple[float, ...], base: tuple[float, ...]) -> float:
    """Return how far a mark's middle is beside a letter; nearer to its middle is better."""
    middle = (mark[0] + mark[1]) / 2
    return max(base[0] - middle, middle - base[1], 0.0) + abs(middle - sum(base[:2]) / 2) / 1000


def _shared(boxes: list[tuple[float, ...] | None]) -> Iterator[tuple[int, int]]:
    """Yield the spans of two and more letters in one box."""
    start = 0
    for at in range(1, len(boxes) + 1):
        if at == len(boxes) or boxes[at] is None or boxes[at] != boxes[start]:
            if at - start > 1:
                yield start, at
            start = at


def _box(textpage: object, index: int) -> tuple[float, ...] | None:
    """Return the box of a letter; None when it has none or it is empty."""
    at = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, index)
    if at < 0 or not pdfium_c.FPDFText_GetCharBox(textpage, at, *CORNERS):
        return None
    left, right, bottom, top = (corner.value for corner in CORNERS)
    return (left, right, bottom, top) if left < right and bottom < top else None


def _without_unseen(page: pdfium.PdfPage, textpage: object, text: str, sieve: Sieve) -> str:
    """Put LEFT_OUT for each letter on a layer that is off, and for each deleted one."""
    hidden = _objects_off(page, sieve.layers_off) if sieve.layers_off else set()
    if not hidden and not sieve.drops_deleted:
        return text
    letters = list(text)
    for index in range(len(text)):
        at = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, index)
        if at < 0:
            continue
        is_hidden = bool(hidden) and (
            _address(pdfium_c.FPDFText_GetTextObject(textpage, at)) in hidden
        )
        if is_hidden or (sieve.drops_deleted and _is_deleted(textpage, at)):
            letters[index] = LEFT_OUT
    return "".join(letters)


def _is_deleted(textpage: object, at: int) -> bool:
    if not pdfium_c.FPDFText_GetFillColor(textpage, at, *COLOUR):
        return False
    return tuple(part.value for part in COLOUR[:3]) == DELETED


def _objects_off(page: pdfium.PdfPage, layers_off: frozenset[str]) -> set[int]:
    """Return where pdfium keeps the objects of a page that stand on a layer that is off."""
    found: set[int] = set()
    count = min(pdfium_c.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    waiting: list[tuple[object, bool, int]] = [
        (pdfium_c.FPDFPage_GetObject(page.raw, number), False, 0) for number in range(count)
    ]
    left = MAX_OBJECTS
    while waiting and left:
        left -= 1
        each, is_off, depth = waiting.pop()
        is_off = is_off or _is_off(each, layers_off)
        if is_off:
            found.add(_address(each))
        is_form = pdfium_c.FPDFPageObj_GetType(each) == pdfium_c.FPDF_PAGEOBJ_FORM
        if is_form and depth < MAX_FORM_DEPTH:
            inner = min(pdfium_c.FPDFFormObj_CountObjects(each), MAX_OBJECTS - len(waiting))
            waiting += [
                (pdfium_c.FPDFFormObj_GetObject(each, number), is_off, depth + 1)
                for number in range(max(inner, 0))
            ]
    return found


def _is_off(each: object, layers_off: frozenset[str]) -> bool:
    """Say whether marked content around an object names a layer that is off (§8.11.3.2)."""
    for number in range(min(pdfium_c.FPDFPageObj_CountMarks(each), MAX_MARKS)):
        mark = pdfium_c.FPDFPageObj_GetMark(each, number)
        buffer, size = (pdfium_c.FPDF_WCHAR * MAX_NAME_UNITS)(), ctypes.c_ulong()
        room = ctypes.sizeof(buffer)
        if not pdfium_c.FPDFPageObjMark_GetName(mark, buffer, room, size):
            continue
        if _text(buffer, size.value) != "OC":
            continue
        is_named = pdfium_c.FPDFPageObjMark_GetParamStringValue(mark, b"Name", buffer, room, size)
        if (_text(buffer, size.value) if is_named else "") in layers_off:
            return True
    return False


def _text(buffer: "ctypes.Array[ctypes.c_ushort]", size: int) -> str:
    """Return UTF-16 that pdfium wrote, without the zero at its end; size is in bytes."""
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")


def _address(pointer: object) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0  # type: ignore[arg-type] # pdfium's own kinds of pointer


def _find(textpage: object, start: int, end: int) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of some characters, in points of the page.

    For a word that is divided at the end of a line, this is the box of its first part. None when
    pdfium has no box.
    """
    first = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, start)
    last = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, end - 1)
    if first < 0 or last < first:
        return None
    if pdfium_c.FPDFText_CountRects(textpage, first, last - first + 1) < 1:
        return None
    if not pdfium_c.FPDFText_GetRect(textpage, 0, *CORNERS):
        return None
    left, top, right, bottom = CORNERS
    return left.value, top.value, right.value, bottom.value
