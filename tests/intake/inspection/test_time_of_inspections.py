"""Hold that judging and opening a document share their time, and all documents of a mail too."""

import pytest

from intake.inspection.unpack import MAX_SECONDS
from intake.sandbox.protocol.limits import INSPECTION_SECONDS, TimeLeft
from intake.sandbox.protocol.results import Inspection
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.desk import Desk, FailingJails

pytestmark = pytest.mark.components

PDF = ("a.pdf", "application/pdf", tiny_pdf("harmless"))
ZIP = ("c.zip", "application/zip", plain_zip({"inside.txt": b"words"}))


class SlowJails(FailingJails):
    """Wraps real jails: judging a document takes all of its time, as its clock says."""

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> Inspection:
        """Inspect, and use the time up."""
        assert left is not None
        found = super().inspect(content, claimed_type, claimed_name, left=left)
        left.use(left.seconds)
        return found


def test_container_that_is_not_opened_in_the_time_of_its_document_is_held_whole(
    desk: Desk,
) -> None:
    desk.set_jails(SlowJails(desk.worker_services.jails))

    submission_id = desk.handle(referral(attachments=[ZIP, PDF]))

    assert desk.states(submission_id) == [
        ("CLEAN", ""),
        ("HELD", "unpacking_wall_clock"),
        ("CLEAN", ""),
    ]
    assert ("Q6", "quarantine") in desk.open_items(submission_id)


def test_slow_documents_of_one_mail_do_not_keep_a_worker_for_hours(desk: Desk) -> None:
    desk.set_jails(SlowJails(desk.worker_services.jails))
    most = round(MAX_SECONDS / INSPECTION_SECONDS)
    texts = [(f"{number}.txt", "text/plain", b"words %d" % number) for number in range(most)]

    submission_id = desk.handle(referral(attachments=texts))

    states = desk.states(submission_id)
    assert states[:most] == [("CLEAN", "")] * most
    assert states[most:] == [("HELD", "inspection_wall_clock")]
