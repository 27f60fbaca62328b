"""Check every mail leaves in one way: one place decides, one place makes the row."""

import ast
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from intake.core.services import Services
from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox import post, stop_list
from intake.outbox.addressees import (
    Addressee,
    Caution,
    Trust,
    recipient_hash,
    registered_sender_of,
    sender_of,
)
from intake.outbox.guard import MAX_TO_REGISTERED, MAX_TO_UNVERIFIED
from intake.outbox.mail_texts import MailText
from intake.outbox.post import OutgoingMail
from intake.outbox.unproven_limits import BY_A_PERSON
from storage.cases.cases import CaseState
from storage.database import Session
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.support.rows import Planter
from tests.support.waiting import ADDRESS, Waiting, seed_waiting

ROOT = Path(__file__).parents[3]
ROOMS = ("intake", "portal", "mailbox")
MAIL = OutgoingMail("MSG1", "A subject", MailText("A text.\n"))
HEADER = replace(
    EMPTY_HEADER,
    from_address=ADDRESS,
    message_id="<original@region.example>",
    references=("<first@region.example>",),
)


@dataclass
class Counter:
    """An open transaction with one submission, and a way to write about it."""

    waiting: Waiting
    session: Session
    submission: Submission

    @property
    def services(self) -> Services:
        """Return the services, as they are set now."""
        return self.waiting.services

    def to(self, caution: Caution = Caution.AUTOMATIC, **changes: Any) -> Addressee:
        """Return the sender as an addressee. Any: fields of one."""
        return replace(Addressee(self.submission, ADDRESS, caution), **changes)

    def write(self, to: Addressee, mail: OutgoingMail = MAIL) -> OutboxMessage:
        """Write one mail."""
        return post.write(self.services, self.session, to, mail)

    def refusal(self, to: Addressee) -> str | None:
        """Ask whether somebody may be written to."""
        return post.refusal(self.services, self.session, to, MAIL.kind)

    def stop(self) -> None:
        """Put the address on the stop list."""
        stop_list.stop_address(
            self.services, self.session, ADDRESS, "bounce_hard", self.submission.id
        )

    def have_written(self, times: int, trust: Trust = Trust.REGISTERED) -> None:
        """Let some mails have gone to the address within the last hour."""
        hashed = recipient_hash(self.services, self.session, ADDRESS, trust)
        planter = Planter(self.session, self.services.keyring, self.services.now())
        for number in range(times):
            planter.message(self.submission, kind=f"T{number}", recipient_hash=hashed)

    def withdraw(self) -> None:
        """File the submission to a case whose person withdrew."""
        planter = Planter(self.session, self.services.keyring, self.services.now())
        self.submission.case_id = planter.case(state=CaseState.WITHDRAWN).id

    def calls(self) -> list[str]:
        """Return why somebody is to be called about the submission."""
        items = queue_items.of_submission(self.session, self.submission.id)
        return [each.reason for each in items if each.kind == TaskKind.CALL_SENDER]

    def letter(self, row: OutboxMessage) -> Message:
        """Open a mail that waits to be sent."""
        return email.message_from_bytes(self.waiting.letter(row), policy=email.policy.default)


@pytest.fixture
def counter(sqlite_services: Services) -> Iterator[Counter]:
    """Give a submission of a registered sender; what is written is not committed."""
    services = replace(
        sqlite_services,
        settings=replace(sqlite_services.settings, reply_address="box@example.org"),
    )
    waiting = replace(seed_waiting(sqlite_services), services=services)
    with services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        yield Counter(waiting, session, submission)


def test_mail_that_may_leave_is_due_and_sealed(counter: Counter) -> None:
    row = counter.write(counter.to(header=HEADER))

    letter = counter.letter(row)
    assert (row.kind, row.state, row.reason) == ("MSG1", "due", "")
    assert row.next_try_at == row.created_at
    assert row.recipient_hash == recipient_hash(
        counter.services, counter.session, ADDRESS.upper(), Trust.REGISTERED
    )
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "A subject")
    assert letter["Message-ID"] == row.message_id
    assert letter["In-Reply-To"] == "<original@region.example>"
    assert letter["References"] == "<first@region.example> <original@region.example>"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["Reply-To"] is None


def test_mail_that_may_not_leave_is_stored_without_words_or_address(counter: Counter) -> None:
    row = counter.write(counter.to(barred="account_ended"))

    assert (row.state, row.reason) == ("suppressed", "account_ended")
    assert (row.recipient, row.content, row.next_try_at) == (None, None, None)
    assert row.recipient_hash is not None


def test_hash_of_a_typed_address_is_kept_only_with_its_mail(counter: Counter) -> None:
    to = counter.to(Caution.BY_A_PERSON, is_hash_kept=False)

    sent = counter.write(to)
    counter.stop()
    stopped = counter.write(to, replace(MAIL, kind="MSG2"))

    assert sent.recipient_hash is not None
    assert (stopped.reason, stopped.recipient_hash) == ("address_stopped", None)


def test_mail_of_a_person_says_so(counter: Counter) -> None:
    row = counter.write(counter.to(), replace(MAIL, is_automatic=False))

    assert counter.letter(row)["Auto-Submitted"] == "no"


@pytest.mark.parametrize(("kind", "wait"), [("MSG1", 30), ("REM3", 0)])
def test_what_an_officer_sends_waits_and_the_rest_leaves_at_once(
    counter: Counter, kind: str, wait: int
) -> None:
    settings = replace(counter.services.settings, undo_seconds=30)
    services = replace(counter.services, settings=settings)
    mail = replace(MAIL, kind=kind, is_automatic=False)

    row = post.write(services, counter.session, counter.to(Caution.ACCOUNT), mail)

    assert row.next_try_at == row.created_at + timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("trust", "is_named"), [(Trust.REGISTERED, True), (Trust.UNVERIFIED, False)]
)
def test_only_a_proven_sender_gets_an_address_that_names_the_submission(
    counter: Counter, trust: Trust, is_named: bool
) -> None:
    row = counter.write(counter.to(trust=trust), replace(MAIL, takes_replies=True))

    assert ("box+" in (counter.letter(row)["Reply-To"] or "")) is is_named


def test_suppressed_mail_has_the_id_that_it_would_have_had(counter: Counter) -> None:
    row = post.suppress(
        counter.services, counter.session, counter.submission, "R1", "processing_failed"
    )
    again = counter.write(counter.to())

    assert (row.state, row.reason, row.recipient_hash) == ("suppressed", "processing_failed", None)
    assert row.message_id.startswith("<r1.")
    assert again.message_id.startswith("<msg1.")
    assert row.data_key_id == counter.submission.data_key_id


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, {}),
        ({"address": None}, dict.fromkeys(Caution, "no_usable_sender")),
        ({"address": ""}, dict.fromkeys(Caution, "no_usable_sender")),
        ({"barred": "account_ended"}, dict.fromkeys(Caution, "account_ended")),
        ({"barred": "account_ended", "address": None}, dict.fromkeys(Caution, "account_ended")),
        (
            {"header": replace(HEADER, list_headers=True)},
            {Caution.AUTOMATIC: "mailing_list"},
        ),
        (
            {"header": replace(HEADER, return_path="<>")},
            {
                Caution.AUTOMATIC: "null_return_path",
                Caution.BY_A_PERSON: "null_return_path",
            },
        ),
        (
            {"address": "no-reply@partner.example"},
            {Caution.AUTOMATIC: "robot_address", Caution.BY_A_PERSON: "robot_address"},
        ),
    ],
)
def test_more_is_asked_the_less_a_person_decided(
    counter: Counter, change: dict[str, Any], refused: dict[Caution, str]
) -> None:
    found = {caution: counter.refusal(counter.to(caution, **change)) for caution in Caution}

    assert {caution: code for caution, code in found.items() if code} == refused


def test_stopped_address_gets_only_the_receipt_for_what_its_owner_just_sent(
    counter: Counter,
) -> None:
    counter.stop()

    free = [caution for caution in Caution if counter.refusal(counter.to(caution)) is None]

    assert free == [Caution.NONE]
    assert counter.refusal(counter.to()) == "address_stopped"


def test_calendar_program_gets_no_automatic_mail(counter: Counter) -> None:
    planter = Planter(counter.session, counter.services.keyring, counter.services.now())
    planter.document(
        counter.submission, position=99, claimed_type="text/calendar", part_flags=["calendar_form"]
    )

    assert counter.refusal(counter.to()) == "calendar_mail"
    assert counter.refusal(counter.to(Caution.BY_A_PERSON)) is None


@pytest.mark.parametrize(
    ("trust", "most"),
    [(Trust.REGISTERED, MAX_TO_REGISTERED), (Trust.UNVERIFIED, MAX_TO_UNVERIFIED)],
)
def test_each_trust_is_counted_apart(counter: Counter, trust: Trust, most: int) -> None:
    (other,) = set(Trust) - {trust}
    counter.have_written(most, trust)

    assert counter.refusal(counter.to(trust=trust)) == "too_many_to_this_address"
    assert counter.refusal(counter.to(trust=other)) is None


def test_an_officer_writes_six_mails_an_hour_to_a_box_that_nothing_proves(counter: Counter) -> None:
    to = counter.to(Caution.BY_A_PERSON, trust=Trust.UNVERIFIED)

    rows = [counter.write(to, replace(MAIL, kind=f"MSG{number}")) for number in range(8)]

    assert [row.reason for row in rows] == [""] * 6 + ["too_many_to_this_address"] * 2


def test_what_officers_and_machines_send_to_strangers_is_counted_apart(counter: Counter) -> None:
    def stranger(number: int, caution: Caution) -> Addressee:
        address = f"person{number}@mail.example"
        unverified = Trust.UNVERIFIED
        return counter.to(caution, address=address, domain="mail.example", trust=unverified)

    reasons: dict[Caution, list[str]] = {}
    for caution in (Caution.AUTOMATIC, Caution.BY_A_PERSON):
        for number in range(BY_A_PERSON.to_domain + 1):
            mail = replace(MAIL, kind=f"{caution.value[0]}{number}")
            row = counter.write(stranger(number, caution), mail)
            reasons.setdefault(caution, []).append(row.reason)

    full = "too_many_to_this_domain"
    assert reasons[Caution.AUTOMATIC] == ["", ""] + [full] * (BY_A_PERSON.to_domain - 1)
    assert reasons[Caution.BY_A_PERSON] == [""] * BY_A_PERSON.to_domain + [full]


@pytest.mark.parametrize("caution", Caution)
def test_only_receipts_leave_for_a_case_whose_person_withdrew(
    counter: Counter, caution: Caution
) -> None:
    counter.withdraw()
    to = counter.to(caution)

    assert counter.refusal(to) == "person_withdrew"
    assert counter.write(to).state == "suppressed"
    assert counter.write(to, replace(MAIL, kind="R1")).state == "due"


def test_nobody_is_called_about_a_case_whose_person_withdrew(counter: Counter) -> None:
    counter.withdraw()
    post.call_instead(counter.services, counter.session, counter.submission, "account_ended")
    assert counter.calls() == []

    counter.submission.case_id = None
    post.call_instead(counter.services, counter.session, counter.submission, "account_ended")

    assert counter.calls() == ["account_ended"]


def test_first_kind_that_is_not_used_is_free(counter: Counter) -> None:
    kinds = ("MSG1", "MSG2")

    found = [post.free_kind(counter.session, counter.submission, kinds)]
    for kind in kinds:
        counter.write(counter.to(), replace(MAIL, kind=kind))
        found.append(post.free_kind(counter.session, counter.submission, kinds))

    assert found == ["MSG1", "MSG2", None]


@pytest.mark.parametrize(
    ("verdict", "trust"), [("registered", Trust.REGISTERED), ("unverified", Trust.UNVERIFIED)]
)
def test_sender_is_trusted_as_far_as_the_verdict_goes(
    counter: Counter, verdict: str, trust: Trust
) -> None:
    counter.submission.sender_verdict = verdict

    to = sender_of(counter.submission, HEADER, Caution.AUTOMATIC)

    assert (to.address, to.trust, to.header, to.barred) == (ADDRESS, trust, HEADER, None)
    assert sender_of(counter.submission, None, Caution.AUTOMATIC).address is None


@pytest.mark.parametrize(
    ("verdict", "address", "barred"),
    [
        ("registered", ADDRESS, None),
        ("registered", ADDRESS.upper(), None),
        ("registered", "somebody@else.example", "sender_not_registered"),
        ("unverified", ADDRESS, "sender_not_registered"),
        ("registered", None, None),
    ],
)
def test_registered_sender_is_asked_of_the_register_again(
    counter: Counter, verdict: str, address: str | None, barred: str | None
) -> None:
    counter.submission.sender_verdict = verdict

    to = registered_sender_of(
        counter.services,
        counter.session,
        counter.submission,
        replace(HEADER, from_address=address),
        Caution.AUTOMATIC,
    )

    assert (to.address, to.barred) == (address, barred)


def test_nobody_else_decides_about_a_mail_or_makes_its_row() -> None:
    offences = {
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in _decisions(ast.parse(path.read_text("utf-8")))
    }

    assert offences == {
        "intake/outbox/addressees.py: Addressee",
        "intake/outbox/post.py: OutboxMessage",
        "intake/outbox/post.py: guard.refusal",
        "intake/outbox/post.py: guard.refusal_of_a_person",
        "intake/outbox/post.py: guard.refusal_of_an_account",
        "intake/outbox/post.py: stop_list.is_stopped",
    }


DECISIONS = {
    "intake.outbox.guard": {"refusal", "refusal_of_a_person", "refusal_of_an_account"},
    "intake.outbox.stop_list": {"is_stopped"},
}


def _decisions(tree: ast.Module) -> Iterator[str]:
    """Give what a module uses of the guard and the stop list, and whether it makes a row."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            made = ast.unparse(node.func).rpartition(".")[2]
            if made in {"OutboxMessage", "Addressee"}:
                yield made
        if isinstance(node, ast.Attribute):
            for module, names in DECISIONS.items():
                room = module.rpartition(".")[2]
                if node.attr in names and ast.unparse(node.value).endswith(room):
                    yield f"{room}.{node.attr}"
        if isinstance(node, ast.ImportFrom):
            for name in {each.name for each in node.names} & DECISIONS.get(
                node.module or "", set()
            ):
                yield f"{node.module}.{name}"
