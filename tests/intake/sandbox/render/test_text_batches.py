"""Hold that a long text is set once: its further pages are drawn of the rows of the first child."""

import random
from collections.abc import Sequence

import pytest

from intake.sandbox import Duty
from intake.sandbox.host import rendering
from intake.sandbox.host.jail import Answer
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.rendition import Rendition
from intake.sandbox.render.renderer import Renderer, load_renderer
from tests.intake.sandbox.conftest import ProbedJail
from tests.support.growth.measure import is_linear

DUTIES = (Duty.PICTURES,)
TEXT, MARKUP = "text/plain", "text/html"
DPI = 36
LETTERS = "abcdefghijklmnopqrstuvwxyz\u00e5\u00e4\u00f6"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Give the renderer as a child has it, in this process."""
    return load_renderer()


def many_words(chars: int) -> str:
    """Return a text of different words, the same for the same length."""
    chosen = random.Random(chars)
    words = ("".join(chosen.choices(LETTERS, k=7)) for _ in range(chars // 8))
    return " ".join(words)


def drawn(renderer: Renderer, written: str, kind: str, asked: list[bytes]) -> Rendition:
    """Return all pages; `asked` gets what each child is given to draw."""

    def ask(arguments: dict[str, object], blobs: Sequence[bytes], _left: TimeLeft) -> Answer:
        asked.append(blobs[0])
        return renderer.render(arguments, blobs)

    content = written.encode()
    return rendering.render(ask, content, kind, dpi=DPI, max_pages=200, batch_seconds=60.0)


@pytest.mark.parametrize("kind", [TEXT, MARKUP])
def test_further_batches_are_given_rows_and_not_the_text(renderer: Renderer, kind: str) -> None:
    written = many_words(300_000)
    asked: list[bytes] = []

    rendition = drawn(renderer, written, kind, asked)

    assert len(asked) > 2
    assert asked[0] == written.encode()
    assert {*asked[1:]}.isdisjoint({asked[0]})
    assert (rendition.reason, len(rendition.pages)) == ("", rendition.page_count)
    assert " ".join(page.text.replace("\n", " ") for page in rendition.pages) == written


def test_page_of_a_further_batch_is_as_the_first_child_would_draw_it(renderer: Renderer) -> None:
    written = "\u0645\u0631\u062d\u0628\u0627 \u1230\u120b\u121d hej " * 12_000
    asked: list[bytes] = []

    rendition = drawn(renderer, written, TEXT, asked)
    arguments: dict[str, object] = {"first": 26, "count": 1, "dpi": DPI, "milliseconds": 9000}
    _, blobs = renderer.render(arguments | {"detected_type": TEXT}, [written.encode()])

    assert rendition.pages[26].image == blobs[1]
    assert len(rendition.pages[26].words) > 300


def test_what_is_missing_is_told_by_the_batch_that_set_the_text(renderer: Renderer) -> None:
    rendition = drawn(renderer, "x\n" * 3000 + "\U00030000", TEXT, [])

    assert (rendition.reason, len(rendition.pages) > 25) == ("script_not_drawn", True)


def test_long_text_is_drawn_whole_in_the_jail(jail: ProbedJail) -> None:
    written = many_words(150_000)

    rendition = jail.render(written.encode(), TEXT, dpi=DPI)

    assert rendition.is_complete
    assert " ".join(page.text.replace("\n", " ") for page in rendition.pages) == written


def test_drawing_a_text_grows_as_the_text_does(renderer: Renderer) -> None:
    assert is_linear(lambda written: drawn(renderer, written, TEXT, []), many_words, 700_000)
