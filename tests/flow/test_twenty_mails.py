"""Twenty mails go the whole way on a real IMAP server, scanner and SMTP server."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.components.clamd import Clamd
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import Received, SmtpSink
from tests.flow.installation import (
    AUTHSERV_ID,
    COORDINATOR,
    Installation,
    all_routed,
    wait_for,
)
from tests.flow.twenty_mails import MAX_BYTES, Shape, twenty

pytestmark = [pytest.mark.components, pytest.mark.corpus]

FORBIDDEN = ("traffick", "prostitut", "victim", "avrr", "asyl", "reintegrat", "remiss", ".pdf")


class Outcome:
    """What stands in the portal and in the sink after all has come to rest."""

    def __init__(
        self, shapes: list[Shape], submissions: list[dict[str, Any]], received: list[Received]
    ) -> None:
        self.shapes = shapes
        self.submissions = submissions
        self.received = received
        self.replies = [message_from_bytes(item.raw) for item in received]
        self.installation: Installation

    def reply_to(self, shape: Shape) -> list[Message]:
        """Return the replies to one mail, by its Message-ID."""
        message_id = str(message_from_bytes(shape.raw)["Message-ID"])
        return [reply for reply in self.replies if reply["In-Reply-To"] == message_id]


@pytest.fixture(scope="module")
def outcome(
    dovecot: Dovecot, clamd: Clamd, corpus: Path, scratch_of_session: Path
) -> Iterator[Outcome]:
    shapes = twenty(corpus)
    user = "twenty@example.org"
    with (
        SmtpSink(scratch_of_session / "twenty-smtp") as sink,
        Installation(
            scratch_of_session / "twenty",
            dovecot,
            user=user,
            smtp_url=sink.url,
            clamd_url=clamd.url,
            AVRR_AUTHSERV_ID=AUTHSERV_ID,
            AVRR_MAX_UPLOAD_BYTES=str(MAX_BYTES),
        ) as installation,
    ):
        installation.prepare()
        installation.start("work", "poll", "send")
        for shape in shapes:
            dovecot.deliver(user, shape.raw)
        wait_for(all_routed(installation, len(shapes)), "twenty submissions in queues")
        found = Outcome(shapes, installation.submissions(), sink.received)
        found.installation = installation
        yield found


def test_twenty_mails_become_twenty_submissions(outcome: Outcome) -> None:
    assert len(outcome.submissions) == len(outcome.shapes) == 20
    assert len({s["reference"] for s in outcome.submissions}) == 20


def test_each_mail_gets_its_answer_or_its_silence(outcome: Outcome) -> None:
    answered = [shape for shape in outcome.shapes if shape.answer != "silence"]

    assert len(outcome.received) == len(answered)
    for shape in outcome.shapes:
        if "Message-ID:" in shape.raw.decode("latin-1"):
            expected = 0 if shape.answer == "silence" else 1
            assert len(outcome.reply_to(shape)) == expected, shape.name


def test_only_registered_senders_learn_a_reference(outcome: Outcome) -> None:
    references = [str(s["reference"]) for s in outcome.submissions]
    for shape in outcome.shapes:
        for reply in outcome.reply_to(shape):
            text = reply.get_payload(decode=True).decode() + str(reply["Subject"])  # type: ignore[union-attr] # one text part
            names_one = any(reference in text for reference in references)
            is_receipt = shape.answer == "receipt" and shape.name != "too-large"
            assert names_one == is_receipt, shape.name


def test_receipts_leave_neutral_and_unanswerable(outcome: Outcome) -> None:
    for item, reply in zip(outcome.received, outcome.replies, strict=True):
        text = reply.get_payload(decode=True).decode().lower()  # type: ignore[union-attr] # one text part
        assert item.mail_from == ""
        assert len(item.recipients) == 1
        assert reply["Auto-Submitted"] == "auto-replied"
        assert not [word for word in FORBIDDEN if word in text]


def test_receipt_counts_what_was_attached(outcome: Outcome) -> None:
    shape = next(shape for shape in outcome.shapes if shape.name == "three-files")

    (reply,) = outcome.reply_to(shape)

    text = reply.get_payload(decode=True).decode()  # type: ignore[union-attr] # one text part
    assert "3 handlingar" in text
    assert "3 items" in text


def test_every_document_has_the_state_it_deserves(outcome: Outcome) -> None:
    found = sorted(
        (s["sender_verdict"], s["queue"], tuple(_attachment_states(s))) for s in outcome.submissions
    )
    expected = sorted(
        (shape.verdict, shape.queue, shape.states)
        for shape in outcome.shapes
        if not shape.name.startswith(("from-corpus", "bounce", "too-large"))
    )

    missing = [row for row in expected if found.count(row) < expected.count(row)]
    assert not missing


def test_the_test_virus_is_never_clean(outcome: Outcome) -> None:
    states = [d["state"] for s in outcome.submissions for d in s["documents"]]

    assert states.count("INFECTED") == 2


def test_too_large_mail_is_recorded_answered_and_left(outcome: Outcome, dovecot: Dovecot) -> None:
    shape = next(shape for shape in outcome.shapes if shape.name == "too-large")

    assert len(outcome.reply_to(shape)) == 1
    assert len(dovecot.messages("twenty@example.org", "Too large")) == 1


def test_the_mailbox_is_empty_and_all_mail_still_exists(outcome: Outcome, dovecot: Dovecot) -> None:
    user = "twenty@example.org"

    assert dovecot.messages(user) == []
    assert len(dovecot.messages(user, "Processed")) == 19


def test_everything_is_proven(outcome: Outcome) -> None:
    assert " 0 faults" in outcome.installation.verify()


def test_coordinator_reply_is_filed_to_the_case(outcome: Outcome, dovecot: Dovecot) -> None:
    from tests.flow.twenty_mails import passed
    from tests.samples.mail.mails import referral, tiny_pdf

    first = next(s for s in outcome.submissions if s["queue"] == "Q1")
    raw = referral(
        COORDINATOR,
        message_id="<later@example.org>",
        reference=first["reference"],
        attachments=[("mer.pdf", "application/pdf", tiny_pdf("mer"))],
    )

    dovecot.deliver("twenty@example.org", passed(raw))
    wait_for(all_routed(outcome.installation, 21), "the addition in a queue")

    newest = outcome.installation.submissions()[0]
    assert newest["case"] == first["case"]


def _attachment_states(submission: dict[str, Any]) -> list[str]:
    # Bodies are documents too; the attachments are those with a name.
    return [d["state"] for d in submission["documents"] if d["name"]]
