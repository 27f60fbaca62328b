"""Check opening: a message becomes documents and a receipt, in one step that may be repeated."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from intake.pipeline.open_mail import open_submission
from intake.sandbox.protocol.charsets import NOTHING_CHOSEN
from intake.sandbox.protocol.errors import JailUnavailable, ParseCrash, ParseTimeout
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.results import OpenedMail
from storage import audit
from storage.errors import NotFound, StorageUnavailable
from storage.operations import reconciliation
from storage.submissions import submissions
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf
from tests.samples.mail.wire import mail, multipart, part
from tests.support.building import Clock
from tests.support.desk import Desk, FailingJails
from tests.support.threads import run_together

pytestmark = pytest.mark.components

PDF = ("Remiss Åsa CANARY.pdf", "application/pdf", tiny_pdf("x"))
PICTURE = ("page.pdf", "application/pdf", tiny_pdf("second"))
ORDINARY = referral(attachments=[PDF, PICTURE], subject="Remiss CANARY", token="CANARY")


def acts(desk: Desk, submission_id: str) -> list[str]:
    """Return what the audit trail says of a submission."""
    with desk.services.database.reading() as session:
        return [event.act for event in audit.of_subject(session, "submission", submission_id)]


def orphans(desk: Desk) -> int:
    """Count blobs without a row."""
    services = desk.services
    with services.database.reading() as session:
        keys = [key for key, _ in services.blobs.backend.listing()]
        return sum(not reconciliation.has_blob(session, key) for key in keys)


def test_a_message_becomes_its_documents(desk: Desk) -> None:
    submission_id = desk.open(ORDINARY)

    submission = desk.submission(submission_id)
    body, first, second = desk.documents(submission_id)
    assert (submission.state, submission.item_count, submission.flags) == ("DOCUMENTS", 2, [])
    assert [row.role for row in (body, first, second)] == ["body", "attachment", "attachment"]
    assert {row.state for row in (body, first, second)} == {"STORED"}
    assert desk.names(submission_id) == ["", PDF[0], PICTURE[0]]
    assert (first.size, first.claimed_type) == (len(PDF[2]), "application/pdf")
    assert desk.column(submission_id, "subject") == "Remiss CANARY"
    assert desk.column(submission_id, "sender") == REGISTERED_SENDER
    assert "CANARY" in desk.column(submission_id, "body_text")
    assert acts(desk, submission_id)[:2] == ["submission.received", "submission.opened"]


def test_each_document_holds_the_bytes_that_were_sent(desk: Desk) -> None:
    from storage.blobs.blobs import BlobRow

    submission_id = desk.open(ORDINARY)

    _, first, second = desk.documents(submission_id)
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, desk.submission(submission_id).data_key_id)
        rows = [session.get_one(BlobRow, row.blob_id) for row in (first, second)]
    assert [desk.services.blobs.read_whole(key, row) for row in rows] == [PDF[2], PICTURE[2]]


def test_opening_again_changes_nothing(desk: Desk) -> None:
    submission_id = desk.open(ORDINARY)
    before = (
        desk.documents(submission_id),
        desk.receipts(submission_id),
        acts(desk, submission_id),
    )

    open_submission(desk.worker_services, submission_id)

    after = (desk.documents(submission_id), desk.receipts(submission_id), acts(desk, submission_id))
    assert [row.id for row in before[0]] == [row.id for row in after[0]]
    assert [row.id for row in before[1]] == [row.id for row in after[1]]
    assert before[2] == after[2]
    assert orphans(desk) == 0


def test_workers_that_open_at_once_make_one_set_of_documents(desk: Desk) -> None:
    submission_id = desk.accept(ORDINARY)

    outcome = run_together(3, lambda _number: open_submission(desk.worker_services, submission_id))

    assert outcome.errors == []
    assert len(desk.documents(submission_id)) == 3
    assert len(desk.receipts(submission_id)) == 1
    assert acts(desk, submission_id).count("submission.opened") == 1


def test_an_unknown_submission_is_not_found(sqlite_desk: Desk) -> None:
    with pytest.raises(NotFound):
        open_submission(sqlite_desk.worker_services, "unknown")


def test_a_mail_without_attachments_counts_as_one_item(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.open(referral())

    assert sqlite_desk.submission(submission_id).item_count == 1


def test_a_forwarded_mail_counts_as_one_item(sqlite_desk: Desk) -> None:
    inner = referral(attachments=[PDF], subject="inner")
    outer = b"Content-Type: message/rfc822\r\n" + mail("outer").split(b"\r\n\r\n")[0]

    submission_id = sqlite_desk.open(outer + b"\r\n\r\n" + inner)

    rows = sqlite_desk.documents(submission_id)
    assert sqlite_desk.submission(submission_id).item_count == 1
    assert [row.role for row in rows].count("message") == 1
    message = next(row for row in rows if row.role == "message")
    assert {row.parent_id for row in rows if row.role != "message"} == {message.id}


def test_the_same_mail_by_another_way_points_at_the_first(desk: Desk, clock: Clock) -> None:
    sent = referral(message_id="<1@partner.example>")
    first = desk.open(sent)
    clock.advance(timedelta(minutes=1))
    second = desk.open(b"Received: from list.example; Mon, 2 Nov 2026 09:16:00 +0000\r\n" + sent)
    cash = desk.open(sent, programme="cash")

    assert desk.submission(first).duplicate_of is None
    assert desk.submission(second).duplicate_of == first
    assert desk.submission(cash).duplicate_of is None


OTHERS = {
    "other words": referral(message_id="<1@partner.example>", token="other"),
    "another subject": referral(message_id="<1@partner.example>", subject="Another"),
    "another paper": referral(message_id="<1@partner.example>", attachments=[PDF]),
    "another sender": referral("x@elsewhere.example", message_id="<1@partner.example>"),
}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_two_different_mails_with_one_message_id_are_two(
    sqlite_desk: Desk, other: bytes, is_first: bool
) -> None:
    desk, plain = sqlite_desk, referral(message_id="<1@partner.example>")
    desk.register()

    came = [desk.open(raw) for raw in ((other, plain) if is_first else (plain, other))]

    rows = [desk.submission(each) for each in came]
    assert [row.duplicate_of for row in rows] == [None, None]
    assert rows[0].message_id_hash == rows[1].message_id_hash


HEADER_TOO_LARGE = referral(headers=[(f"X-{number}", "x " * 450) for number in range(300)])


def test_what_cannot_be_opened_is_one_held_document(desk: Desk) -> None:
    desk.register()

    submission_id = desk.open(HEADER_TOO_LARGE)

    submission = desk.submission(submission_id)
    assert (submission.state, submission.item_count) == ("DOCUMENTS", None)
    assert submission.flags == ["header_too_large"]
    assert desk.states(submission_id) == [("HELD", "header_too_large")]
    assert desk.documents(submission_id)[0].blob_id == submission.raw_blob_id
    assert ("Q6", "not_opened") in desk.open_items(submission_id)


def test_a_header_that_was_cut_names_no_sender_to_answer(desk: Desk) -> None:
    desk.register()

    submission_id = desk.open(HEADER_TOO_LARGE)

    # What was cut away may hold a second From: a person answers, if anyone.
    assert desk.receipt(submission_id).reason == "no_usable_sender"
    assert ("Q4", "no_usable_sender") in desk.open_items(submission_id)
    assert desk.column(submission_id, "sender") == REGISTERED_SENDER


TOO_MANY_PARTS = mail(
    "too-many-parts",
    headers=[b"Content-Type: multipart/mixed; boundary=b"],
    body=multipart(b"b", [part([b"Content-Type: text/plain"], b"x")] * 600),
)


def test_what_cannot_be_opened_is_answered_without_a_count(desk: Desk) -> None:
    desk.register()

    submission_id = desk.open(TOO_MANY_PARTS)

    assert desk.states(submission_id) == [("HELD", "too_many_parts")]
    assert "tagit emot ditt meddelande" in desk.letter(submission_id).get_content()
    assert desk.submission(submission_id).sender_verdict == "registered"


def test_an_over_limit_message_is_answered_with_the_way_to_go(desk: Desk) -> None:
    desk.register()
    header = referral().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    submission_id = desk.accept(header, oversize_bytes=200_000_000)

    open_submission(desk.worker_services, submission_id)

    assert desk.states(submission_id) == [("HELD", "too_large")]
    assert desk.open_items(submission_id) == {("Q6", "too_large")}
    letter = desk.letter(submission_id)
    assert letter["Subject"] == "Message / Meddelande"
    assert "för stort" in letter.get_content()


def test_a_parser_that_dies_three_times_is_not_asked_again(desk: Desk) -> None:
    desk.register()
    jails = FailingJails(desk.worker_services.jails, on_open=[ParseCrash("signal")] * 9)
    desk.set_jails(jails)

    submission_id = desk.open(ORDINARY)

    assert len(jails.on_open) == 6
    assert desk.states(submission_id) == [("HELD", "not_opened")]
    assert ("Q6", "not_opened") in desk.open_items(submission_id)
    assert "ditt meddelande" in desk.letter(submission_id).get_content()


def test_a_parser_that_dies_once_is_asked_again(desk: Desk) -> None:
    desk.set_jails(FailingJails(desk.worker_services.jails, on_open=[ParseCrash("signal")]))

    submission_id = desk.open(ORDINARY)

    assert len(desk.documents(submission_id)) == 3


def test_a_parse_that_takes_too_long_is_not_tried_again(desk: Desk) -> None:
    jails = FailingJails(desk.worker_services.jails, on_open=[ParseTimeout("wall")] * 3)
    desk.set_jails(jails)

    submission_id = desk.open(ORDINARY)

    assert len(jails.on_open) == 2
    assert desk.states(submission_id) == [("HELD", "not_opened")]


class CrashingLate(FailingJails):
    """Wraps real jails: opening a mail dies when all its time is over."""

    tries = 0

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> OpenedMail:
        """Use the time up and die, unless there is none."""
        assert left is not None
        if left.is_over:
            return super().open_mail(raw, charsets=charsets, left=left)
        self.tries += 1
        left.use(left.seconds)
        raise ParseCrash("signal")


def test_further_tries_share_the_time_of_the_first(desk: Desk) -> None:
    jails = CrashingLate(desk.worker_services.jails)
    desk.set_jails(jails)

    submission_id = desk.open(ORDINARY)

    assert jails.tries == 1
    assert desk.states(submission_id) == [("HELD", "not_opened")]
    assert desk.receipt(submission_id).reason == ""


def test_a_header_that_cannot_be_read_either_is_a_staff_task(desk: Desk) -> None:
    jails = FailingJails(
        desk.worker_services.jails, on_open=[ParseTimeout("wall")], on_header=[ParseCrash("signal")]
    )
    desk.set_jails(jails)

    submission_id = desk.open(ORDINARY)

    assert desk.receipt(submission_id).reason == "no_usable_sender"
    assert desk.open_items(submission_id) == {("Q6", "not_opened"), ("Q4", "no_usable_sender")}
    assert desk.submission(submission_id).sender_verdict == "unknown"


def test_a_message_that_took_workers_down_is_not_parsed_again(desk: Desk) -> None:
    submission_id = desk.accept(ORDINARY)
    for _ in range(3):
        with desk.services.database.transaction() as session:
            submissions.count_attempt(session, submission_id, "open")

    open_submission(desk.worker_services, submission_id)

    assert desk.states(submission_id) == [("HELD", "not_opened")]


def test_a_machine_without_jails_is_not_held_against_the_message(desk: Desk) -> None:
    desk.set_jails(
        FailingJails(desk.worker_services.jails, on_open=[JailUnavailable("no_bwrap")] * 4)
    )
    submission_id = desk.accept(ORDINARY)
    for _ in range(4):
        with pytest.raises(JailUnavailable):
            open_submission(desk.worker_services, submission_id)

    open_submission(desk.worker_services, submission_id)

    assert len(desk.documents(submission_id)) == 3


def test_blobs_that_are_away_are_not_held_against_the_message(desk: Desk, tmp_path: Path) -> None:
    submission_id = desk.accept(ORDINARY)
    folder = (tmp_path / "blobs" / desk.submission(submission_id).raw_blob_id).parent
    aside = folder.rename(tmp_path / "aside")
    folder.touch()
    for _ in range(4):
        with pytest.raises(StorageUnavailable):
            open_submission(desk.worker_services, submission_id)
    folder.unlink()
    aside.rename(folder)

    open_submission(desk.worker_services, submission_id)

    assert len(desk.documents(submission_id)) == 3


def test_a_machine_without_jails_leaves_the_message_as_it_was(desk: Desk) -> None:
    desk.set_jails(FailingJails(desk.worker_services.jails, on_open=[JailUnavailable("no_bwrap")]))
    submission_id = desk.accept(ORDINARY)

    with pytest.raises(JailUnavailable):
        open_submission(desk.worker_services, submission_id)

    assert desk.submission(submission_id).state == "RECEIVED"
    assert desk.documents(submission_id) == []
    assert desk.receipts(submission_id) == []
    open_submission(desk.worker_services, submission_id)
    assert len(desk.documents(submission_id)) == 3
