"""Check that a mail which its server does not hand over comes before an officer."""

from pathlib import Path

import pytest

from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.sandbox import JailPool
from mailbox.notices import tell_officers
from storage.submissions import submissions
from tests.support.building import make_services, make_worker_services
from tests.support.desk import Desk

pytestmark = pytest.mark.components


def test_a_message_that_the_server_keeps_becomes_a_task_with_its_words(
    tmp_path: Path, jails: JailPool
) -> None:
    desk = Desk(make_worker_services(make_services(tmp_path), jails))

    failed = {41: "message_without_content"}
    tell_officers(desk.services, "referrals", "INBOX", 7, failed)
    with desk.services.database.reading() as session:
        (found,) = submissions.newest(session, limit=5)
    open_submission(desk.worker_services, found.id)
    inspect_and_file(desk.worker_services, found.id)

    words = desk.column(found.id, "body_text")
    desk.services.database.close()
    assert {("Q3", "submission"), ("Q4", "no_usable_sender")} <= set(desk.open_items(found.id))
    assert "Numbers of the messages (UID): 41" in words
    assert "gives no content" in words
