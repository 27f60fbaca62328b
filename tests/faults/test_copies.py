"""Check that a worker may die while it makes a safe copy.

There is one copy in the end, and nothing beside it.
"""

import sys
from pathlib import Path

import pytest

from intake.core.settings import read_settings
from intake.pipeline.worker_services import MAX_ATTEMPTS
from storage.database import open_database
from storage.documents import safe_copies
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.dying import COPY_BOUNDARIES
from tests.faults.ledger import SENDERS, Sent, faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.soak, id="whole")])
def test_death_while_a_copy_is_made_leaves_one_copy_and_no_orphan(
    times: int, dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    deaths = [boundary for boundary in COPY_BOUNDARIES for _ in range(times)]
    sent = [
        token_mail(number, sender=SENDERS[number % len(SENDERS)], run="copies")
        for number in range(len(deaths))
    ]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare(*SENDERS)
        installation.start("poll", "send")
        exits = []
        for number, boundary in enumerate(deaths):
            deliver(installation, dovecot, imap_user, sent[: number + 1])
            exits.append(die(installation, boundary))
            # After two deaths the copy is taken up again; a third would end it.
            if number % 2:
                installation.flask("work", "--until-idle")
        wait_for(all_routed(installation, len(sent)), "all mails in queues and answered", 120)

        assert exits == [-9] * len(deaths)
        assert faults(sent, installation.submissions(), sink.received) == []
        # Blobs of copies that died before their commit are swept, and each copy's own are whole.
        assert " 0 faults" in installation.verify()
        assert set(copies(installation).values()) == {("ready", 1, 1)}


def test_a_document_that_ends_every_worker_is_held_and_the_others_are_copied(
    dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    sent = [token_mail(number, sender=SENDERS[0], run="deadly") for number in range(3)]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare()
        installation.start("poll", "send")
        for number in range(len(sent)):
            deliver(installation, dovecot, imap_user, sent[: number + 1])

        exits = [die(installation, "before_drawing", "deadly 1") for _ in range(MAX_ATTEMPTS + 1)]

        assert exits == [-9] * MAX_ATTEMPTS + [0]
        states = sorted(
            (document["state"], document["reason"])
            for submission in installation.submissions()
            for document in submission["documents"]
            if document["name"].endswith(".txt")
        )
        assert states == [("CLEAN", ""), ("CLEAN", ""), ("HELD", "no_copy_failed")]
        assert set(copies(installation).values()) == {("ready", 1, 1)}


def deliver(
    installation: Installation, dovecot: Dovecot, user: str, sent_so_far: list[Sent]
) -> None:
    """Deliver the last of the mails and wait until it is stored."""
    dovecot.deliver(user, sent_so_far[-1].raw)
    here = len(sent_so_far)
    wait_for(lambda: installation.arrived() == here, "the mail is here")


def die(installation: Installation, boundary: str, *word: str) -> int:
    """Let a worker run until it dies at a boundary or has nothing to do; return its exit code."""
    command = [sys.executable, "-m", "tests.faults.dying", "work", boundary, "1", *word]
    return installation.run("dying", command).wait(timeout=60)


def copies(installation: Installation) -> dict[str, tuple[str, int, int]]:
    """Return state, promised pages and stored pages of each attachment's copy."""
    attached = [
        document["id"]
        for submission in installation.submissions()
        for document in submission["documents"]
        if document["name"].endswith(".txt")
    ]
    database = open_database(read_settings(installation.environ).database_url)
    with database.reading() as session:
        found = safe_copies.of_documents(session, attached)
        states = {
            document_id: (
                copy.state,
                copy.page_count,
                len(safe_copies.pages_of(session, document_id)),
            )
            for document_id, copy in found.items()
        }
    database.close()
    return states
