"""A worker dies while it makes a safe copy: there is one copy in the end, and nothing beside it."""

import sys
from pathlib import Path

import pytest

from intake.settings import read_settings
from storage import safe_copies
from storage.database import open_database
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.dying import COPY_BOUNDARIES
from tests.faults.ledger import SENDERS, faults, token_mail
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
        installation.prepare()
        for address in SENDERS:
            installation.flask("senders", "add", address, "--region", "VAST")
        installation.start("poll", "send")
        exits = []
        for number, boundary in enumerate(deaths):
            dovecot.deliver(imap_user, sent[number].raw)
            wait_for(lambda n=number: len(installation.submissions()) == n + 1, "the mail is here")  # type: ignore[misc] # bound at once
            command = [sys.executable, "-m", "tests.faults.dying", "work", boundary, "1"]
            exits.append(installation.run("dying", command).wait(timeout=60))
        installation.start("work")
        wait_for(all_routed(installation, len(sent)), "all mails in queues and answered", 120)
        wait_for(lambda: len(copies(installation)) == len(sent), "a copy of each attachment", 60)

        assert exits == [-9] * len(deaths)
        assert faults(sent, installation.submissions(), sink.received) == []
        # Blobs of copies that died before their commit are swept; each copy's own are whole.
        assert " 0 faults" in installation.verify()
        assert set(copies(installation).values()) == {("ready", 1, 1)}


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
        standing = {
            document_id: (
                copy.state,
                copy.page_count,
                len(safe_copies.pages_of(session, document_id)),
            )
            for document_id, copy in found.items()
        }
    database.close()
    return standing
