"""Check that the text of a mail is closed with each document whose words it shows.

Mails of many shapes go their whole way; every part says a word of its own. Whatever document holds
a word that the text shows is then closed, and the text must be closed with it.
"""

import re

import pytest

from intake.access import closings, rights
from intake.access.compartments import Compartment
from intake.access.visibility import Closing, Relationship, pages_of, visibility_of
from storage.accounts.users import Role
from storage.blobs.blobs import BlobRow
from storage.documents.documents import Document
from tests.samples.files.outlook import msg
from tests.samples.mail.wire import mail, multipart, part
from tests.support.desk import Desk

pytestmark = pytest.mark.components

INTAKE = Relationship(Role.INTAKE, "referrals", reads=True)
WORD = re.compile(rb"WORD\d+")
NAMED = b"Content-Disposition: inline; filename=a.txt"


def text(number: int, *headers: bytes, kind: str = "plain") -> bytes:
    """Return a text part that says one word."""
    words = f"<p>Remiss WORD{number}</p>" if kind == "html" else f"Remiss WORD{number}"
    return part([f"Content-Type: text/{kind}".encode(), *headers], words.encode())


def group(kind: str, *parts: bytes) -> bytes:
    """Return a multipart part."""
    mark = f"{kind}{len(parts)}".encode()
    head = [b"Content-Type: multipart/%b; boundary=%b" % (kind.encode(), mark)]
    return part(head, multipart(mark, parts))


def inner(entity: bytes) -> bytes:
    """Return a part that is a mail."""
    head = b"From: b@b.example\r\nTo: a@a.example\r\nSubject: inner\r\n"
    return part([b"Content-Type: message/rfc822"], head + entity)


def file(name: str, content: bytes) -> bytes:
    """Return a file of bytes that need no encoding, as mails do."""
    head = [b"Content-Type: application/octet-stream; name=%b" % name.encode()]
    return part([*head, b"Content-Disposition: attachment; filename=%b" % name.encode()], content)


def whole(entity: bytes) -> bytes:
    """Return the mail whose own entity this is."""
    head, _, body = entity.partition(b"\r\n\r\n")
    return mail("x", headers=head.split(b"\r\n"), body=body)


SHAPES = {
    "one text": text(1),
    "one page": text(1, kind="html"),
    "two forms": group("alternative", text(1), text(2, kind="html")),
    "three texts": group("mixed", text(1), text(2, kind="html"), text(3)),
    "the same twice": group("mixed", text(1), text(1, kind="html")),
    "a form of two texts": group(
        "alternative", text(1), group("mixed", text(2, kind="html"), text(3, kind="html"))
    ),
    "forms within forms": group(
        "mixed", text(1), group("alternative", text(2), text(3, kind="html")), text(4)
    ),
    "a file alone": group("mixed", text(1, NAMED)),
    "files alone": group("mixed", text(1, NAMED), text(2, NAMED)),
    "a file beside an empty text": group("mixed", part([], b"\r\n"), text(1, NAMED)),
    "a file beside a text": group("mixed", text(1), text(2, NAMED)),
    "a text with a name": part([b"Content-Type: text/plain; name=a.txt"], b"Remiss WORD1"),
    "forms with names": group(
        "alternative",
        part([b"Content-Type: text/plain; name=a.txt"], b"Remiss WORD1"),
        part([b"Content-Type: text/html; name=a.htm"], b"<p>Remiss WORD2</p>"),
    ),
    "a page with a name": group(
        "alternative", text(1), part([b"Content-Type: text/html; name=a.htm"], b"<p>WORD2</p>")
    ),
    "a mail": group("mixed", text(1), inner(group("mixed", text(2), text(3)))),
    "a mail that is a file": group("mixed", text(1), inner(group("mixed", text(2, NAMED)))),
    "a mail in a mail": inner(group("mixed", text(1), inner(group("mixed", text(2), text(3))))),
    "a mail as a file": group(
        "mixed", text(1), file("a.eml", whole(group("mixed", text(2), text(3))))
    ),
    "a mail of Outlook": group("mixed", text(1), file("a.msg", msg("x", "Remiss WORD2", {}))),
}  # fmt: skip


def closed_with(rows: list[Document], closed: Document) -> bool:
    """Say whether the text is closed to an intake officer once one document is."""
    closing = Closing(1, 1, Compartment.HEALTH, is_confirmed=True)
    spread = closings.spread(rows, {}, {closed.id: {closing}})
    seen = {row.id: visibility_of(INTAKE, pages_of((), spread[row.id])) for row in rows}
    return not rights.shows_letter(seen, rows)


@pytest.mark.parametrize("name", SHAPES)
def test_the_text_is_closed_with_every_document_whose_words_it_shows(
    sqlite_desk: Desk, name: str
) -> None:
    services = sqlite_desk.services
    submission_id = sqlite_desk.handle(whole(SHAPES[name]))
    rows = sqlite_desk.documents(submission_id)
    shown = set(WORD.findall(sqlite_desk.column(submission_id, "body_text").encode()))

    with services.database.reading() as session:
        key = services.keyring.open(session, sqlite_desk.submission(submission_id).data_key_id)
        contents = {
            row.id: services.blobs.read_whole(key, session.get_one(BlobRow, row.blob_id))
            for row in rows
        }
    speaking = [row for row in rows if shown & set(WORD.findall(contents[row.id]))]
    left_open = [(row.path, row.role) for row in speaking if not closed_with(rows, row)]
    assert {word for row in speaking for word in WORD.findall(contents[row.id])} >= shown != set()
    assert left_open == []


def test_a_file_beside_a_text_does_not_close_it(sqlite_desk: Desk) -> None:
    rows = sqlite_desk.documents(sqlite_desk.handle(whole(SHAPES["a file beside a text"])))

    (row,) = [each for each in rows if each.role == "attachment"]
    assert not closed_with(rows, row)
