"""Define what a drawn page is before it is packed, and what a document offers to be drawn."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from ..protocol.rendition import Word


class NotDrawn(Exception):
    """The document has no pages to show; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Drawn:
    """Hold one page as pixels in RGB or RGBX, its text as found, and its words in pixels."""

    picture: Image.Image
    dpi: int
    text: str = ""
    words: tuple[Word, ...] = ()


class DocumentPages(Protocol):
    """Offer a document page by page.

    `reason` is a code for what is missing although every page can be drawn, else empty; `unseen`
    are codes of `rendition.UNSEEN` for what the document holds beside its pages.
    """

    @property
    def count(self) -> int:
        """Return the number of pages."""

    @property
    def reason(self) -> str:
        """Return the code, once the pages of this batch are drawn."""

    @property
    def unseen(self) -> Collection[str]:
        """Return the codes, once the pages of this batch are drawn."""

    def draw(self, number: int) -> Drawn:
        """Return the page, counted from zero; raise any error when that one page is bad."""
