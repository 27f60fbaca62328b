"""Check that a newsletter ends by one key on its page, and a letter by way of a list never does."""

import pytest

from intake.triage.endings.outcomes import Ways, may_be_a_person, ways_of
from storage.submissions.submissions import Outcome
from tests.samples.mail.mails import REGISTERED_SENDER, tiny_pdf
from tests.samples.mail.wire import mail, multipart, part
from tests.support.desk import Desk

pytestmark = pytest.mark.components

SENDER = b"Branschnytt <news@post.example>"
LEAVE = b"List-Unsubscribe: <https://post.example/leave/1>, <mailto:leave@post.example>"
ONE_CLICK = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
LIST_ID = b"List-Id: Branschnytt <branschnytt.post.example>"
BULK = b"Precedence: bulk"
NO_POSTS = b"List-Post: NO"
HTML = b"Content-Type: text/html; charset=utf-8"
PAPER = [b'Content-Type: application/pdf; name="a.pdf"', b"Content-Disposition: attachment"]

NEWS = "Veckans nyheter om upphandling.\r\n\r\nAvregistrera dig: https://post.example/leave/1\r\n"
NEWS_HTML = (
    "<p>Veckans nyheter.</p><p>Vill du inte ha dem? "
    '<a href="https://click.post.example/c/8f3a">Avsluta din prenumeration</a></p>'
)
LETTER = "Hej!\r\n\r\nEn kvinna här vill resa hem i vår. Kan ni ta emot en remiss?\r\n\r\nMaria\r\n"
FOOTER = (
    "_______________________________________________\r\nNatverket mailing list\r\n"
    "To unsubscribe: https://lists.example/mailman/options/natverket\r\n"
)


def news(*fields: bytes, body: str = NEWS, sender: bytes = SENDER, subject: str = "Nr 8") -> bytes:
    """Build a mail of a bulk sender."""
    headers = [b"Content-Type: text/plain; charset=utf-8", *fields]
    if HTML in fields:
        headers.remove(b"Content-Type: text/plain; charset=utf-8")
    return mail(
        "news", sender=sender, subject=subject.encode(), headers=headers, body=body.encode()
    )


def with_a_paper() -> bytes:
    """Build a newsletter with a PDF."""
    parts = [
        part([b"Content-Type: text/plain; charset=utf-8"], NEWS.encode()),
        part(PAPER, tiny_pdf("x")),
    ]
    outer = b"Content-Type: multipart/mixed; boundary=outer"
    headers = [outer, BULK, LIST_ID, LEAVE]
    return mail("news", sender=SENDER, headers=headers, body=multipart(b"outer", parts))


CERTAIN = {
    "nobody may post": news(NO_POSTS, LIST_ID, LEAVE),
    "nobody may post, as a program says it": news(
        b"List-Post: No (posting is not allowed on this list)", b"List-Archive: <https://a.example>"
    ),
    "bulk with the way out": news(BULK, LEAVE),
    "a list with one click": news(LIST_ID, LEAVE, ONE_CLICK),
    "bulk in HTML": news(HTML, LIST_ID, LEAVE, BULK, body=NEWS_HTML),
}
# By way of lists through which people write, as their programs send it; and what is not certain.
LETTERS = {
    "Mailman": news(
        b"Precedence: list", b"List-Id: Natverket <natverket.lists.example>",
        b"List-Post: <mailto:natverket@lists.example>", LEAVE,
        b"List-Archive: <https://lists.example/>", body=LETTER + FOOTER,
    ),
    "Google Groups": news(
        b"Precedence: list", b"Mailing-list: list natverket@groups.example", LIST_ID,
        b"List-Post: <https://groups.example/natverket/post>, <mailto:natverket@groups.example>",
        LEAVE, body=LETTER + FOOTER,
    ),
    "LISTSERV": news(
        BULK, b"List-Subscribe: <mailto:NATVERKET-subscribe@LISTSERV.example>", LEAVE,
        b"List-Owner: <mailto:NATVERKET-request@LISTSERV.example>", body=LETTER + FOOTER,
    ),
    "an old list that names nothing": news(b"Precedence: list", LEAVE, body=LETTER + FOOTER),
    "both and neither": news(
        NO_POSTS, b"List-Post: <mailto:natverket@lists.example>", LEAVE, BULK, body=LETTER + FOOTER
    ),
    "posts are not forbidden": news(b"List-Post: Nobody knows", BULK, LEAVE),
    "a gateway's field alone": news(LEAVE, body=LETTER),
    "bulk without the way out": news(BULK, LIST_ID, LEAVE, body=LETTER),
    "the words without a link": news(BULK, LEAVE, body=f"{LETTER}Jag vill avregistrera mig.\r\n"),
    "an answer": news(BULK, LEAVE, b"In-Reply-To: <receipt@portal.example>"),
    "an answer by its subject": news(BULK, LEAVE, subject="SV: Nr 8"),
    "names a reference": news(NO_POSTS, body=f"{LETTER}Ärende K7M-4QX-9T\r\n"),
    "with a paper": with_a_paper(),
    "of somebody registered": news(NO_POSTS, BULK, LEAVE, sender=REGISTERED_SENDER.encode()),
    "words of it all over": news(BULK, LEAVE, body=f"https://a.example {'unsubscribe ' * 5000}"),
    "cuts of a field": news(b"List-Post: " + b"no " * 3000, LEAVE, BULK),
}  # fmt: skip


def is_left_to_open(desk: Desk, submission_id: str) -> bool:
    """Tell whether the list leaves it to somebody who opens it."""
    row = desk.submission(submission_id)
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, row.data_key_id)
        return may_be_a_person(desk.services, session, row, key)


def ways(desk: Desk, submission_id: str) -> Ways:
    """Return how a submission may end."""
    row = desk.submission(submission_id)
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, row.data_key_id)
        found = ways_of(desk.services, session, row, key)
    assert found is not None
    return found


@pytest.mark.parametrize("raw", CERTAIN.values(), ids=CERTAIN)
def test_a_newsletter_of_a_stranger_is_a_machines(sqlite_desk: Desk, raw: bytes) -> None:
    came = sqlite_desk.handle(raw)

    found = ways(sqlite_desk, came)
    assert (found.likely, found.is_of_machine) == (Outcome.AUTOMATIC, True)
    # Somebody sees it: nothing of a list is finished unopened.
    assert is_left_to_open(sqlite_desk, came)


@pytest.mark.parametrize("raw", LETTERS.values(), ids=LETTERS)
def test_what_a_person_may_have_written_is_not(sqlite_desk: Desk, raw: bytes) -> None:
    sqlite_desk.register()

    assert not ways(sqlite_desk, sqlite_desk.handle(raw)).is_of_machine
