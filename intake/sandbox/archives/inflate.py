"""Unpack a compressed stream in pieces, so that a limit can stop it at any byte."""

import bz2
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

CHUNK_BYTES = 1024 * 1024
# What one decompressor may use; archives made with the strongest settings need 65 MiB.
MAX_LZMA_BYTES = 256 * 1024**2
RAW_DEFLATE, ZLIB, GZIP = -15, 15, 31
BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


@dataclass
class Stream:
    """Hold one compressed stream; read it once.

    `consumed` counts the packed bytes, and `is_complete` says whether the stream's own end was
    found; both are right only after the last piece was taken.
    """

    content: memoryview
    consumed: int = 0
    is_complete: bool = False

    def inflate(self, window_bits: int) -> Iterator[bytes]:
        """Yield the content of a deflate stream wrapped as `window_bits` say; raises zlib.error."""
        inflater = zlib.decompressobj(window_bits)
        while not inflater.eof and self.consumed < len(self.content):
            piece: memoryview | bytes = self.content[self.consumed : self.consumed + CHUNK_BYTES]
            self.consumed += len(piece)
            is_drained = False
            while not is_drained:
                output = inflater.decompress(piece, CHUNK_BYTES)
                if output:
                    yield output
                piece = inflater.unconsumed_tail
                # The inflater may still hold output although it took all input.
                is_drained = inflater.eof or (not piece and len(output) < CHUNK_BYTES)
        self.consumed -= len(inflater.unused_data)
        self.is_complete = inflater.eof

    def unpack(self, kind: str) -> Iterator[bytes]:
        """Yield the content of a stream of `kind` bzip2 or xz; raises one of BROKEN."""
        opened = (
            bz2.BZ2Decompressor()
            if kind == "bzip2"
            else lzma.LZMADecompressor(memlimit=MAX_LZMA_BYTES)
        )
        while not opened.eof:
            piece: memoryview | bytes = b""
            if opened.needs_input:
                piece = self.content[self.consumed : self.consumed + CHUNK_BYTES]
                if not piece:
                    break
                self.consumed += len(piece)
            output = opened.decompress(piece, CHUNK_BYTES)
            if output:
                yield output
        self.consumed -= len(opened.unused_data)
        self.is_complete = opened.eof
