"""A form that streams in while its sender's account ends or changes sends nothing (threat P13)."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from flask import Flask

from intake.access import gate
from intake.access.authors import AccountChanged
from intake.accounts import sign_in
from intake.arrivals import chunks
from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import User
from storage.database import Session
from storage.submissions.drafts import Draft, Upload
from storage.submissions.submissions import Submission
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import SITE, Person
from tests.portal.access.world import World
from tests.portal.building import HOST
from tests.portal.conftest import TOKEN

BOUNDARY = "xxBOUNDxx"
Change = Callable[[Services, Session, str], None]


class Streamed(io.RawIOBase):
    """A body in parts; something happens before its last part is read."""

    def __init__(self, parts: list[bytes], happens: Callable[[], None]) -> None:
        super().__init__()
        self.parts, self.happens = list(parts), happens

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what io calls it with
        """Give the next bytes of the part at hand."""
        if not self.parts:
            return 0
        given = self.parts[0][: len(buffer)]
        self.parts[0] = self.parts[0][len(given) :]
        if not self.parts[0]:
            self.parts.pop(0)
            if len(self.parts) == 1:
                self.happens()
        buffer[: len(given)] = given
        return len(given)


def nothing(services: Services, session: Session, user_id: str) -> None:
    """Leave the account as it is."""


def disable(services: Services, session: Session, user_id: str) -> None:
    """Disable it, its session open."""
    session.get_one(User, user_id).disabled_at = services.now()


def end(services: Services, session: Session, user_id: str) -> None:
    """Let its time be over."""
    session.get_one(User, user_id).expires_at = services.now()


def move(services: Services, session: Session, user_id: str) -> None:
    """Give it another region."""
    session.get_one(User, user_id).region = "SYD"


def demote(services: Services, session: Session, user_id: str) -> None:
    """Give it another role."""
    session.get_one(User, user_id).role = "COORD-DEP"


def sign_out(services: Services, session: Session, user_id: str) -> None:
    """End its sessions."""
    users.end_sessions_of(session, user_id, services.now())


def field(name: str, value: str) -> bytes:
    """Return one field of a form with files."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


@pytest.mark.parametrize(
    ("change", "status"),
    [(nothing, 303), (disable, 403), (end, 403), (move, 403), (demote, 403), (sign_out, 403)],
)
def test_a_form_on_its_way_is_sent_by_who_may_still_send_it(
    app: Flask, world: World, change: Change, status: int
) -> None:
    services, reference = world.services, world.lots[0].values["reference"]
    person = Person(app, next(each for each in PEOPLE if each.name == "COORD"))
    begun = person.ask(
        "POST", "referrals.add_documents", f"/referrals/{reference}/documents"
    ).location
    page = person.ask("GET", "drafts.show", begun).text
    token = re.search(TOKEN, page)
    assert token is not None
    with services.database.reading() as session:
        draft = session.get_one(Draft, begun.rsplit("/", 1)[1])
        before = session.query(Submission).count()
    head = field("csrf_token", token.group(1)) + field("note", "words")
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    ).encode() + b"x" * 100_000
    tail = b"\r\n" + field("act", "send") + f"--{BOUNDARY}--\r\n".encode()

    def happens() -> None:
        with services.database.transaction() as session:
            change(services, session, str(draft.owner_id))

    person.client.set_cookie(person.cookie_name, person.cookie, domain=HOST)
    answer = person.client.open(
        begun,
        method="POST",
        base_url=SITE,
        environ_overrides={
            "wsgi.input": io.BufferedReader(Streamed([head, file, tail], happens), 16),
            "CONTENT_LENGTH": str(len(head) + len(file) + len(tail)),
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        },
    )

    with services.database.reading() as session:
        sent = session.query(Submission).count() - before
    assert (answer.status_code, sent) == (status, int(status == 303))
    assert status == 303 or AccountChanged.public in answer.text


@pytest.mark.parametrize(
    ("change", "received"),
    [(nothing, 10), (disable, 0), (end, 0), (move, 0), (demote, 0), (sign_out, 0)],
)
def test_a_chunk_on_its_way_counts_for_who_may_still_send_it(
    app: Flask, world: World, change: Change, received: int
) -> None:
    services = world.services
    viewer = next(each for each in PEOPLE if each.name == "COORD")
    person = Person(app, viewer)
    draft_id = person.ask("POST", "referrals.begin", "/referrals/new").location.rsplit("/", 1)[1]
    person.client.set_cookie(person.cookie_name, person.cookie, domain=HOST)
    announced = person.client.post(
        f"/referrals/drafts/{draft_id}/uploads",
        json={"name": "a.pdf", "type": "application/pdf", "size": 10},
        headers={"X-CSRFToken": person.form_token},
        base_url=SITE,
    )
    user = sign_in.user_of_session(services, viewer.token)
    assert user is not None
    opened = gate.upload_to_change(services, user, announced.get_json()["id"])

    def content() -> Iterator[bytes]:
        yield b"12345"
        with services.database.transaction() as session:
            change(services, session, user.id)
        yield b"67890"

    with nullcontext() if received else pytest.raises(AccountChanged):
        chunks.take_chunk(services, opened, 0, 10, content())

    with services.database.reading() as session:
        assert session.get_one(Upload, announced.get_json()["id"]).received == received
