"""Check that whatever a mail shows besides its letter is a paper, by any type and in any place."""

from base64 import b64encode
from datetime import timedelta

import pytest

from intake.senders.papers import own_papers
from tests.samples.mail.mails import tiny_pdf
from tests.samples.mail.pasted import scribble
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.building import Clock
from tests.support.desk import Desk

pytestmark = pytest.mark.components

PAGE = "<p>Här kommer ett foto till som ni bad om.</p>"
HTML = [b"Content-Type: text/html; charset=utf-8"]
OCTETS = b"application/octet-stream"
VIDEO, AUDIO = b"\0\0\0\x18ftypmp42", b"ID3\x03"
SMALL = (90, 90)


def showing(
    number: int,
    kind: bytes,
    content: bytes,
    *,
    name: bytes = b"IMG.jpg",
    is_inline: bool = True,
    headers: tuple[bytes, ...] = (),
) -> bytes:
    """Build a letter in whose page something stands, always with the same words."""
    page = f'{PAGE}<img src="cid:bild">'.encode()
    shown = [b"Content-Type: " + kind + b'; name="' + name + b'"', b"Content-ID: <bild>"]
    shown += [b"Content-Disposition: inline"] if is_inline else []
    shown += [b"Content-Transfer-Encoding: base64"]
    parts = [part(HTML, page), part(shown, base64_lines(content))]
    return mail(
        f"shows-{number}",
        subject=b"Sv: Foton",
        headers=[b"Content-Type: multipart/related; boundary=bild", *headers],
        body=multipart(b"bild", parts),
    )


def pasted(number: int, content: bytes) -> bytes:
    """Build a letter that is one page with a picture written into it."""
    page = PAGE.encode() + b'<img src="data:image/jpeg;base64,' + b64encode(content) + b'">'
    return mail(f"pasted-{number}", subject=b"Sv: Foton", headers=HTML, body=page)


@pytest.mark.parametrize("is_inline", [True, False])
@pytest.mark.parametrize("name", [b"IMG.jpg", b"IMG.HEIC"])
def test_each_photograph_without_a_type_has_its_receipt(
    sqlite_desk: Desk, clock: Clock, name: bytes, is_inline: bool
) -> None:
    raws = [showing(n, OCTETS, scribble(n), name=name, is_inline=is_inline) for n in range(3)]

    assert are_answered(sqlite_desk, clock, raws)


@pytest.mark.parametrize(
    ("kind", "start"),
    [(b"application/pdf", b""), (b"video/mp4", VIDEO), (b"audio/mpeg", AUDIO)],
)
def test_each_paper_that_stands_in_the_text_has_its_receipt(
    sqlite_desk: Desk, clock: Clock, kind: bytes, start: bytes
) -> None:
    raws = [
        showing(n, kind, start + bytes([n]) * 900 if start else tiny_pdf(str(n)), name=b"a.bin")
        for n in range(3)
    ]

    assert are_answered(sqlite_desk, clock, raws)


def test_each_small_picture_that_is_written_into_a_page_has_its_receipt(
    sqlite_desk: Desk, clock: Clock
) -> None:
    raws = [pasted(n, scribble(n, SMALL)) for n in range(3)]

    assert all(len(raw) < 15_000 for raw in raws)
    assert are_answered(sqlite_desk, clock, raws)


def test_a_picture_written_into_a_page_is_a_paper_of_its_mail(sqlite_desk: Desk) -> None:
    opened = sqlite_desk.open(pasted(0, scribble(1, SMALL)))
    before = own_papers(sqlite_desk.documents(opened))
    sqlite_desk.inspect_again(opened)
    after = own_papers(sqlite_desk.documents(opened))

    assert [row.claimed_type for row in before] == ["text/html"]
    assert [row.claimed_type for row in after] == ["image/jpeg"]


@pytest.mark.parametrize(
    "header", [b"List-Unsubscribe: <https://x.example>", b"X-Auto-Response-Suppress: All"]
)
def test_a_paper_without_a_type_is_filed_by_way_of_an_offices_system(
    sqlite_desk: Desk, header: bytes
) -> None:
    sqlite_desk.register()

    came = sqlite_desk.handle(showing(0, OCTETS, scribble(0), headers=(header,)))

    assert sqlite_desk.submission(came).filing_reason == "looks_like_a_reply"


def are_answered(desk: Desk, clock: Clock, raws: list[bytes]) -> bool:
    """Tell whether each of several mails, a minute apart, has its receipt and is a person's."""
    desk.register()
    came = []
    for raw in raws:
        came.append(desk.handle(raw))
        clock.advance(timedelta(minutes=1))
    return all(
        desk.receipt(each).state == "due"
        and desk.submission(each).filing_reason == "looks_like_a_reply"
        for each in came
    )
