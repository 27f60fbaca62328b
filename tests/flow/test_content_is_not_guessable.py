"""Check threat P9: whoever has the database and no key can confirm no guess at what was sent.

Real mail goes its whole way and is decided on; then the whole database is searched for the SHA-256
of everything that came and was made, for types, days and amounts. The same holds for a database of
the release that kept them in clear, once it was upgraded.
"""

import email
import email.policy
import hashlib
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases.cash_decisions import TypedDecision, note_decision
from intake.confirmations import signed_papers
from intake.confirmations.receipt_pdf import issue_receipt
from intake.oversight.verify import verify_storage
from intake.triage import confirm_facts, confirm_types
from storage import schema
from storage.accounts.users import Role
from storage.blobs.blobs import BlobRow
from storage.cases import cash_decisions, legal_dates
from storage.documents import document_types, quarantine
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.desk import Desk
from tests.support.dumps import Dump, dump, hashes_of
from tests.support.people import plant_user

pytestmark = pytest.mark.components

BEFORE = "0014"
REPORT = tiny_pdf("A police report. " * 80)
LETTER = b"Hon kommer tillbaka i mars.\r\n"
KINDS = ("MIG-DEC", "POL-RPT")
TRIAL, DECIDED, COLLECT = date(2027, 3, 14), date(2026, 10, 7), date(2027, 4, 9)
AMOUNT = 7_654_321
MAIL = referral(
    attachments=[("a.pdf", "application/pdf", REPORT), ("b.txt", "text/plain", LETTER)],
    message_id="<first@partner.example>",
)
CASH = referral(
    attachments=[("c.pdf", "application/pdf", tiny_pdf("Beslut"))],
    message_id="<cash@partner.example>",
)


class Run:
    """What was sent, decided and signed, and who did it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.register()
        services = desk.services
        self.officer = plant_user(services)
        cash_officer = plant_user(services, "Cash officer 1", "CASH")
        self.submission_id = desk.handle(MAIL)
        self.report, self.letter = desk.documents(self.submission_id)[1:3]
        reference = desk.submission(self.submission_id).reference
        self.pdf = signed_papers.open_paper(
            services,
            signed_papers.paper_to_read(
                services, self.officer, issue_receipt(services, self.submission_id)
            ),
        )
        confirm_types.set_type(
            services,
            gate.document_to_change(services, self.officer, self.report.id),
            KINDS[0],
            KINDS,
        )
        confirm_types.set_type(
            services,
            gate.document_to_change(services, self.officer, self.report.id),
            KINDS[1],
            KINDS,
        )
        confirm_facts.note_day(
            services, gate.submission_to_change(services, self.officer, reference), "trial", TRIAL
        )
        self.cash_id = desk.handle(CASH, programme="cash")
        self._decide_cash(cash_officer)
        self.contents = tuple(self._contents())

    def _decide_cash(self, officer: SignedInUser) -> None:
        services = self.desk.services
        assert officer.role is Role.CASH
        typed = TypedDecision("SRB", DECIDED, COLLECT, adults=1, amount_sek=AMOUNT)
        reference = self.desk.submission(self.cash_id).reference
        note_decision(services, gate.submission_to_change(services, officer, reference), typed)

    def reject(self) -> None:
        """Remember the letter as rejected."""
        services = self.desk.services
        with services.database.transaction() as session:
            quarantine.keep_hash(session, self.letter.content_hash, services.now())

    def _contents(self) -> list[bytes]:
        """Return all bytes that came in or were made: whole mails, headers, parts and blobs."""
        found = [MAIL, CASH]
        for raw in (MAIL, CASH):
            found.append(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
                content = part.get_payload(decode=True)
                found.append(content if isinstance(content, bytes) else b"")
        services = self.desk.services
        with services.database.reading() as session:
            for blob in session.query(BlobRow):
                key = services.keyring.open(session, blob.data_key_id)
                found.append(services.blobs.read_whole(key, blob))
        return [content for content in found if content]

    def guessable(self) -> dict[str, set[str]]:
        """Return {what: the columns in which it stands}."""
        seen = dump(self.desk.services.database)
        return {
            "hashes": seen.places_of(hashes_of(self.contents)),
            "types": seen.places_of(kind.encode() for kind in KINDS),
            "days": _days_in(seen),
            "kinds of days": seen.places_of([b"trial"]),
            "amounts": seen.places_of([str(AMOUNT).encode()]),
            "countries": {place for place, value in seen.values if value == "SRB"},
        }


def _days_in(seen: Dump) -> set[str]:
    words = {str(day) for day in (TRIAL, DECIDED, COLLECT)}
    # The day begins in Sweden while it is still the day before in UTC.
    words |= {f"{TRIAL - timedelta(days=1)} 23:00"}
    return seen.places_of(word.encode() for word in words)


@pytest.fixture
def run(desk: Desk) -> Run:
    """Give a run, on each database."""
    return Run(desk)


def assert_nothing_is_guessable(run: Run) -> None:
    found = run.guessable()
    assert {what: places for what, places in found.items() if places} == {}


def test_a_dump_tells_no_hash_type_day_or_amount(run: Run) -> None:
    assert len(run.contents) > 8

    assert_nothing_is_guessable(run)


def test_a_database_of_the_last_release_tells_nothing_once_it_is_upgraded(
    run: Run,
) -> None:
    desk, services = run.desk, run.desk.services
    run.reject()
    schema.downgrade(services.database, BEFORE)
    was = dump(services.database)
    places = was.places_of(hashes_of(run.contents))
    assert {"documents.sha256", "blobs.sha256", "submissions.identity"} <= places
    assert "rejected_hashes.sha256" in places
    assert {"document_kinds.kind", "audit_events.detail"} <= was.places_of([b"POL-RPT", b"MIG-DEC"])

    schema.upgrade(services.database)

    assert_nothing_is_guessable(run)
    with services.database.reading() as session:
        (trial,) = legal_dates.of_submissions(session, [run.submission_id])
        (decision,) = cash_decisions.of_submission(session, run.cash_id)
        kinds = document_types.of_documents(session, [run.report.id])
    assert [kind.document_type for kind in kinds] == ["POL-RPT"]
    assert (trial.kind, trial.day) == ("trial", TRIAL)
    assert (decision.amount_sek, decision.collect_by) == (AMOUNT, COLLECT)
    assert signed_papers.find_issued(services, hashlib.sha256(run.pdf).hexdigest()) is not None
    assert verify_storage(services).faults == ()
    # The same mail is one submission, its file in another mail is seen, and a rejected one is held.
    assert desk.accept(MAIL) == run.submission_id
    again = desk.handle(
        referral(
            attachments=[("x.pdf", "application/pdf", REPORT), ("y.txt", "text/plain", LETTER)],
            message_id="<second@partner.example>",
        )
    )
    assert desk.submission(again).possible_duplicate_of == run.submission_id
    assert ("HELD", "rejected_before") in desk.states(again)
