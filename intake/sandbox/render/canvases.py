"""Know where pdfium's bitmaps lie: in huge pages, and taken up again for the next page.

Runs inside the jail; imports the standard library and pypdfium2. A page of 150 dpi is 8 MB; touched
for the first time in pieces of 4 KiB, they cost a child more than many a page takes to draw.
"""

import ctypes
import mmap
import weakref

import pypdfium2 as pdfium

CHANNELS = 4
# The kernel gives huge pages to a mapping that is whole ones (Linux, transparent huge pages).
HUGE_PAGE_BYTES = 2 * 1024 * 1024


class Canvases:
    """Make bitmaps of four channels; memory is free again when no picture refers to it."""

    def __init__(self) -> None:
        self._free: list[mmap.mmap] = []

    def bitmap(
        self,
        width: int,
        height: int,
        format: int,  # noqa: A002 - as pypdfium2 names it
        rev_byteorder: bool = False,
    ) -> pdfium.PdfBitmap:
        """Be what `PdfPage.render` calls `bitmap_maker`, for BGRx and RGBx."""
        size = CHANNELS * width * height
        memory = self._take(size)
        buffer = (ctypes.c_ubyte * size).from_buffer(memory)
        weakref.finalize(buffer, self._free.append, memory)
        return pdfium.PdfBitmap.new_native(width, height, format, rev_byteorder, buffer)

    def _take(self, size: int) -> mmap.mmap:
        for memory in self._free:
            if len(memory) >= size:
                self._free.remove(memory)
                return memory
        # What is free is too small for this document's pages.
        self._free.clear()
        whole = -(-size // HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES
        memory = mmap.mmap(-1, whole, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        memory.madvise(mmap.MADV_HUGEPAGE)
        return memory
