"""Any bytes are stored, opened or held, answered or not by rule, and the next mail works.

All public mail and all hostile mail of our own goes through accept, open, inspect
and route on real storage and a real jail.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from intake.arrivals.accept import MailArrival, accept_mail
from intake.core.services import Services
from intake.oversight.verify import verify_storage
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.pipeline.worker_services import WorkerServices
from intake.sandbox import JailPool
from intake.senders.register import add_sender
from storage.crypto.sealing import unseal, unseal_bytes
from storage.documents import documents
from storage.documents.documents import DocumentState
from storage.mail import outbox
from storage.submissions import submissions
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Submission
from tests.components.clamd import Clamd
from tests.samples.hostile import CANARIES, FROM_VECTORS, INJECTED_ADDRESS, hostile
from tests.samples.mail.automatic import AUTOMATIC, NOT_AUTOMATIC
from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER, referral, tiny_pdf
from tests.support.building import make_services, make_worker_services

pytestmark = pytest.mark.components

DECIDED = set(DocumentState) - {DocumentState.STORED}


@pytest.fixture(scope="module")
def jails() -> Iterator[JailPool]:
    pool = JailPool(2, allow_reduced=False)
    pool.start()
    yield pool
    pool.close()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = make_services(tmp_path, AVRR_OWN_ADDRESSES=INTAKE_ADDRESS)
    add_sender(services, "test", REGISTERED_SENDER, "VAST")
    yield services
    services.database.close()


def run_all(
    services: Services, jails: JailPool, raws: Sequence[bytes], *, first_uid: int = 1
) -> list[str]:
    """Take each message the whole way; return the ids of their submissions in order."""
    worker_services = make_worker_services(services, jails)
    return [run_one(worker_services, raw, uid) for uid, raw in enumerate(raws, start=first_uid)]


def run_one(worker_services: WorkerServices, raw: bytes, uid: int) -> str:
    """Take one message the whole way."""
    where = Place("referrals", "INBOX", 1, uid)
    header_sha256 = hashlib.sha256(raw).hexdigest()
    accepted = accept_mail(
        worker_services.services, MailArrival("referrals", where, raw, header_sha256)
    )
    open_submission(worker_services, accepted.submission_id)
    inspect_and_file(worker_services, accepted.submission_id)
    return accepted.submission_id


def sent_messages(services: Services, submission_id: str) -> list[tuple[str, bytes]]:
    """Return (recipient, message) of what is due to a submission's sender."""
    with services.database.reading() as session:
        found = []
        for row in outbox.of_submission(session, submission_id):
            if row.content is None:
                continue
            key = services.keyring.open(session, row.data_key_id)
            recipient = unseal(key, f"outbox.recipient:{row.id}", row.recipient)
            found.append((recipient, unseal_bytes(key, f"outbox.content:{row.id}", row.content)))
        return found


def states_of(services: Services, submission_id: str) -> list[str]:
    """Return the states of a submission's documents."""
    with services.database.reading() as session:
        return [document.state for document in documents.of_submission(session, submission_id)]


def submission(services: Services, submission_id: str) -> Submission:
    """Return one submission."""
    with services.database.reading() as session:
        found = submissions.by_id(session, submission_id)
    assert found is not None
    return found


@pytest.mark.corpus
def test_all_public_mail_ends_in_a_recorded_state(
    services: Services, jails: JailPool, corpus: Path
) -> None:
    # The expected results beside the mails go along: they are bytes, and a mailbox may hold any.
    files = sorted(path for path in (corpus / "mail").rglob("*") if path.is_file())
    contents = list(dict.fromkeys(path.read_bytes() for path in files))

    ids = run_all(services, jails, contents)

    assert len(files) >= 900
    assert len(set(ids)) == len(contents)
    states = Counter(state for each in ids for state in states_of(services, each))
    assert set(states) <= DECIDED
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_all_hostile_mail_ends_in_a_recorded_state(services: Services, jails: JailPool) -> None:
    samples = [sample.build() for sample in hostile("B2", "B4", "B7", "B8", "B9", "B28")]

    ids = run_all(services, jails, samples)
    sound = referral(attachments=[("a.txt", "text/plain", b"sound")])
    after = run_all(services, jails, [sound], first_uid=10_000)

    assert len(samples) >= 40
    assert all(set(states_of(services, each)) <= DECIDED for each in ids)
    assert set(states_of(services, after[0])) == {"CLEAN"}
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_hidden_virus_is_never_clean(services: Services, jails: JailPool, clamd: Clamd) -> None:
    from dataclasses import replace

    from intake.inspection.scanner import Clamd as Scanner

    worker_services = replace(make_worker_services(services, jails), scanner=Scanner(clamd.url))
    samples = hostile("B1")

    served = []
    for uid, sample in enumerate(samples, start=1):
        submission_id = run_one(worker_services, sample.build(), uid)
        states = set(states_of(services, submission_id))
        if states & {"CLEAN", "ACTIVE"} and not states & {"INFECTED"}:
            served.append(sample.name)

    assert len(samples) >= 17
    assert served == []


def test_forged_senders_are_never_registered(services: Services, jails: JailPool) -> None:
    wrong = []
    genuine = {f"from-{vector.name}" for vector in FROM_VECTORS if vector.is_genuine}
    samples = hostile("B4")
    for uid, sample in enumerate(samples, start=1):
        submission_id = run_one(make_worker_services(services, jails), sample.build(), uid)
        is_registered = submission(services, submission_id).sender_verdict == "registered"
        if is_registered and sample.name not in genuine:
            wrong.append(sample.name)

    assert len(samples) >= 14
    assert wrong == []


def test_receipts_carry_nothing_of_the_message(services: Services, jails: JailPool) -> None:
    samples = [sample.build() for sample in hostile("B7")]

    ids = run_all(services, jails, samples)

    written = b"".join(raw for each in ids for _, raw in sent_messages(services, each))
    assert written
    assert not [canary for canary in CANARIES if canary.encode() in written]


def test_header_injection_reaches_nobody_else(services: Services, jails: JailPool) -> None:
    samples = hostile("B8")

    for uid, sample in enumerate(samples, start=1):
        submission_id = run_one(make_worker_services(services, jails), sample.build(), uid)
        messages = sent_messages(services, submission_id)
        for recipient, raw in messages:
            assert "\n" not in recipient
            assert INJECTED_ADDRESS not in recipient
            strict = BytesParser(policy=policy.default).parsebytes(raw)
            lenient = message_from_bytes(raw)
            assert strict.keys() == lenient.keys()
            assert len(strict.get_all("To", [])) == 1
            assert not {"Bcc", "Cc"} & set(strict.keys())

    assert len(samples) >= 20


def test_no_automatic_mail_is_answered_and_all_of_it_is_visible(
    services: Services, jails: JailPool
) -> None:
    ids = run_all(services, jails, [raw for _, raw in AUTOMATIC])

    assert len(AUTOMATIC) >= 40
    answered = [
        name
        for (name, _), each in zip(AUTOMATIC, ids, strict=True)
        if sent_messages(services, each)
    ]
    assert answered == []
    assert {submission(services, each).state for each in ids} <= {"HOLDING", "QUEUED"}


def test_mail_by_people_is_answered(services: Services, jails: JailPool) -> None:
    ids = run_all(services, jails, [raw for _, raw in NOT_AUTOMATIC])

    silent = [
        name
        for (name, _), each in zip(NOT_AUTOMATIC, ids, strict=True)
        if not sent_messages(services, each)
    ]
    assert len(silent) <= len(ids) - 5  # five an hour to one unverified address
    assert len(ids) - len(silent) >= 5


def test_repeated_steps_change_nothing(services: Services, jails: JailPool) -> None:
    raw = referral(attachments=[("a.pdf", "application/pdf", tiny_pdf("a"))])
    worker_services = make_worker_services(services, jails)
    submission_id = run_one(worker_services, raw, 1)
    before = submission(services, submission_id), states_of(services, submission_id)

    open_submission(worker_services, submission_id)
    inspect_and_file(worker_services, submission_id)

    after = submission(services, submission_id), states_of(services, submission_id)
    assert before[1] == after[1]
    assert before[0].case_id == after[0].case_id
    assert len(sent_messages(services, submission_id)) == 1
