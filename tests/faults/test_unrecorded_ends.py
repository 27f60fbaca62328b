"""Check that work whose end the engine could not record is not "running" for ever.

The engine records a workflow's end once. On a full disk it fails, and neither the engine nor the
search for strays would touch the submission again before the worker is started anew.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from intake.core.settings import read_settings
from intake.pipeline.work_queue import IntakeQueue
from storage.database import open_database
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSink
from tests.faults.ledger import faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components

NO_END = text(
    "CREATE TRIGGER no_end BEFORE UPDATE OF status ON workflow_status"
    " WHEN NEW.status IN ('SUCCESS', 'ERROR')"
    " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
)


def test_an_end_that_was_not_recorded_is_recorded_later(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    sent = [token_mail(number, run="unrecorded") for number in range(2)]
    with Installation(
        scratch / "app", dovecot, user=imap_user, smtp_url=smtp_sink.url
    ) as installation:
        installation.prepare()
        database = open_database(read_settings(installation.environ).database_url)
        queue = IntakeQueue(database)
        with database.engine.begin() as connection:
            connection.execute(NO_END)
        installation.start("poll", "work", "send")
        for mail in sent:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(all_routed(installation, len(sent)), "all mails in queues")
        wait_for(lambda: len(queue.unfinished()) >= len(sent), "ends that are not recorded")

        with database.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER no_end"))
        wait_for(lambda: not queue.unfinished(), "all ends are recorded")

        database.close()
        assert "event=workflows_resumed" in installation.log("work")
        assert faults(sent, installation.submissions(), smtp_sink.received) == []
        assert " 0 faults" in installation.verify()
