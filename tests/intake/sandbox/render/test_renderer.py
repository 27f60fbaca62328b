"""Hold what the safe copy of each kind of document is: pixels and text, whole or with a reason."""

import io
import threading
import time
from collections.abc import Sequence

import pytest
from PIL import Image

from intake.sandbox import Duty, Jail, JailPool, Limits, OutputRefused, ParseTimeout
from intake.sandbox.host import rendering
from intake.sandbox.host.jail import Answer
from intake.sandbox.protocol import rendition as shape
from intake.sandbox.protocol.limits import TimeLeft
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.render.shown import pixel, shown
from tests.intake.sandbox.samples import locked_pdf
from tests.samples.files.pdf_writing import document, one_page, stream

DUTIES = (Duty.PICTURES,)
PDF = "application/pdf"
CANNOT = "pdf_cannot_be_opened"
HELVETICA = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


def writing(text: str, *, turned: int = 0) -> bytes:
    """Return a PDF of one page that says `text` in its upper left corner."""
    shown = b"BT /F 24 Tf 72 700 Td (%s) Tj ET" % text.encode("cp1252")
    entries = b"/Rotate %d" % turned if turned else b""
    return one_page(shown, resources=HELVETICA, entries=entries)


def many_pages(count: int, *, bad: int | None = None) -> bytes:
    """Return a PDF of numbered pages, of which one may be no page at all."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    numbers = range(10, 10 + count)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]/Resources<<%s>>>>" % (count, kids, HELVETICA)
    for number in numbers:
        contents = stream(b"BT /F 24 Tf 30 30 Td (page %d) Tj ET" % (number - 10))
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents %d 0 R>>"
        objects[number] = b"null" if number - 10 == bad else page % (number + count)
        objects[number + count] = contents
    return document(objects)


def test_pdf_becomes_a_picture_with_its_words_in_their_places(jail: ProbedJail) -> None:
    rendition = jail.render(writing("Åsa är här"), PDF)

    page = rendition.pages[0]
    assert (rendition.reason, rendition.is_complete, rendition.page_count) == ("", True, 1)
    assert (page.width, page.height, page.dpi) == (1275, 1650, 150)
    assert page.media_type == "image/png"
    assert page.text == "Åsa är här"
    assert [word[4] for word in page.words] == ["Åsa", "är", "här"]
    left, top, right, bottom, _ = page.words[0]
    inside = shown(rendition).crop((left, top, right, bottom)).convert("L").tobytes()
    assert (min(inside), max(inside)) == (0, 255)
    assert 140 < left < 160
    assert 140 < top < bottom < 200


def test_words_of_a_turned_page_stand_where_they_are_seen(jail: ProbedJail) -> None:
    page = jail.render(writing("turned", turned=90), PDF).pages[0]

    left, top, right, bottom, _ = page.words[0]
    assert (page.width, page.height) == (1650, 1275)
    assert left > 1400
    assert bottom - top > right - left


def test_filled_in_forms_are_shown(jail: ProbedJail) -> None:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/Rect[0 0 600 700]/AP<</N 6 0 R>>/P 3 0 R>>"
    )
    look = stream(b"0 0 600 700 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 700]")
    content = one_page(b"", entries=b"/Annots[5 0 R]", others={5: field, 6: look}).replace(
        b"/Pages 2 0 R>>", b"/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"
    )

    assert pixel(shown(jail.render(content, PDF)), (600, 1000)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "detected_type", "reason"),
    [
        (locked_pdf(user="secret"), PDF, "password_needed"),
        (b"%PDF-1.7 and nothing else", PDF, CANNOT),
        (document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Kids[]>>"}), PDF, CANNOT),
        (b"no picture", "image/png", "picture_cannot_be_read"),
        (b"anything", "application/x-dosexec", "type_not_rendered"),
        (b"<svg/>", "image/svg+xml", "type_not_rendered"),
    ],
)
def test_what_cannot_be_shown_says_why(
    jail: ProbedJail, content: bytes, detected_type: str, reason: str
) -> None:
    rendition = jail.render(content, detected_type)

    assert rendition.pages == ()
    assert (rendition.reason, rendition.is_complete, rendition.thumbnail) == (reason, False, b"")


def test_bad_page_is_grey_and_its_neighbours_are_shown(jail: ProbedJail) -> None:
    rendition = jail.render(many_pages(3, bad=1), PDF)

    assert (rendition.reason, len(rendition.pages)) == ("page_failed", 3)
    assert pixel(shown(rendition, 1), (5, 5)) == (222, 222, 222)
    assert [page.text for page in rendition.pages] == ["page 0", "", "page 2"]


def test_long_document_is_drawn_in_batches_and_in_order(jail: ProbedJail) -> None:
    rendition = jail.render(many_pages(60), PDF)

    assert rendition.is_complete
    assert [page.text for page in rendition.pages] == [f"page {number}" for number in range(60)]


def test_pages_beyond_the_limit_are_left_out(jail: ProbedJail) -> None:
    rendition = jail.render(many_pages(60), PDF, max_pages=30)

    assert (len(rendition.pages), rendition.page_count) == (30, 60)
    assert (rendition.reason, rendition.is_complete) == ("too_many_pages", False)


def test_oversized_page_is_drawn_at_a_lower_resolution(jail: ProbedJail) -> None:
    page = jail.render(one_page(b"", box=b"0 0 14400 14400"), PDF).pages[0]

    assert page.width * page.height <= shape.MAX_PAGE_PIXELS
    assert page.dpi == 32


def test_resolution_can_be_chosen_within_reason(jail: ProbedJail) -> None:
    assert jail.render(writing("x"), PDF, dpi=72).pages[0].width == 612
    with pytest.raises(ValueError, match="dpi"):
        jail.render(writing("x"), PDF, dpi=5000)


def test_thumbnail_is_a_small_picture_of_the_first_page(jail: ProbedJail) -> None:
    opened = Image.open(io.BytesIO(jail.render(writing("x"), PDF).thumbnail))

    assert max(opened.size) == shape.MAX_THUMBNAIL_PIXELS


def test_slow_document_is_continued_by_the_next_child(jail: ProbedJail) -> None:
    asked: list[object] = []

    def ask(arguments: dict[str, object], blobs: Sequence[bytes], left: TimeLeft) -> Answer:
        asked.append(arguments["first"])
        return jail._request("render", arguments, blobs, left)

    rendition = rendering.render(ask, many_pages(4), PDF, dpi=72, max_pages=200, batch_seconds=0.0)

    assert asked == [0, 1, 2, 3]
    assert [page.text for page in rendition.pages] == [f"page {number}" for number in range(4)]


def test_pages_that_are_there_when_the_time_is_over_are_kept(jail: ProbedJail) -> None:
    def ask(arguments: dict[str, object], blobs: Sequence[bytes], left: TimeLeft) -> Answer:
        answer = jail._request("render", arguments, blobs, left)
        left.use(left.seconds if arguments["first"] else 0.0)
        return answer

    rendition = rendering.render(ask, many_pages(60), PDF, dpi=72, max_pages=200, batch_seconds=9.0)

    assert (len(rendition.pages), rendition.page_count) == (50, 60)
    assert rendition.reason == "out_of_time_or_room"


def test_document_for_which_no_time_is_left_is_not_begun(jail: ProbedJail) -> None:
    with pytest.raises(ParseTimeout):
        jail.render(writing("x"), PDF, left=TimeLeft(0.0))


def test_page_that_kills_its_child_leaves_the_earlier_batches(jail: ProbedJail) -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    numbers = range(10, 40)
    pages = dict.fromkeys(numbers, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")
    pages[39] = pages[39][:-2] + b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    content = document(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 30/Kids[" + kids + b"]>>",
            4: stream(b"/F Do"),
            5: stream(b"/F Do /F Do /F Do", form),
            **pages,
        }
    )

    rendition = jail.render(content, PDF)

    assert (len(rendition.pages), rendition.reason) == (25, "parse_crash")


def test_pool_renders_beside_a_document_that_takes_long() -> None:
    pool = JailPool(2, allow_reduced=False, limits=Limits(cpu_seconds=4, wall_seconds=4.0))
    slow = threading.Thread(target=render_quietly, args=(pool,))
    try:
        pool.start()
        slow.start()
        started = time.monotonic()
        assert pool.render(writing("x"), PDF).is_complete
        assert time.monotonic() - started < 3
    finally:
        slow.join()
        pool.close()


def render_quietly(pool: JailPool) -> None:
    from tests.samples.files.pdf_bombs import endless_function

    with pytest.raises(Exception, match=r"cpu_time|wall_clock"):
        pool.render(endless_function(), PDF, dpi=72)


def test_answer_that_is_not_as_agreed_is_refused(jail: ProbedJail) -> None:
    class Lying(Jail):
        def _request(self, *_: object) -> tuple[dict[str, object], list[bytes]]:
            return {"pages": [{}], "page_count": 1, "reason": ""}, [b"", b"", b""]

    with pytest.raises(OutputRefused):
        Lying(allow_reduced=False).render(b"", PDF)
