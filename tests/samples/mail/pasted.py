"""Make mail with a picture that stands in its text, as people paste a photograph of a passport."""

import io
import random
from collections.abc import Sequence

from PIL import Image

from tests.samples.mail.wire import mail, multipart, part


def scribble(number: int, size: tuple[int, int] = (320, 400)) -> bytes:
    """Return a JPEG whose bytes are like those of no other number."""
    grey = random.Random(number).randbytes(size[0] * size[1])
    written = io.BytesIO()
    Image.frombytes("L", size, grey).save(written, "JPEG")
    return written.getvalue()


def with_picture(
    token: str,
    content: bytes,
    *,
    subject: str = "Remiss",
    words: str = "",
    headers: Sequence[bytes] = (),
) -> bytes:
    """Return a mail of the registered sender, in whose text one picture stands."""
    page = f'<p>{words}</p><p><img src="cid:bild"></p>'.encode()
    shown = [b"Content-Type: image/jpeg", b"Content-ID: <bild>", b"Content-Disposition: inline"]
    parts = [
        part([b"Content-Type: text/html; charset=utf-8"], page),
        part(shown, content),
    ]
    return mail(
        token,
        subject=subject.encode(),
        headers=[b"Content-Type: multipart/related; boundary=bild", *headers],
        body=multipart(b"bild", parts),
    )
