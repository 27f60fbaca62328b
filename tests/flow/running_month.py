"""Drive a month of mail through the use cases of production, and compare with the truth.

Accepting, opening, judging senders, receipts, filing, ranking and officers' acts are the real
ones on a real SQLite database; only the jail's answers are prepared, so that a thousand mails
take seconds. An officer files what was held at the end of each day, as the office does.
"""

import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals.accept import MailArrival, accept_mail
from intake.filing import case_actions
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.pipeline.worker_services import WorkerServices
from intake.sandbox.protocol.charsets import NOTHING_CHOSEN
from intake.sandbox.protocol.errors import ParseCrash
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.pdf import PdfFacts
from intake.sandbox.protocol.rendition import Rendition
from intake.sandbox.protocol.results import DeliveryReport, Inspection, MailFacts, OpenedMail
from intake.sandbox.protocol.unpacked import NO_KEYS, Keys, Unpacked
from intake.senders.register import add_sender
from storage.cases import cases, filing_acts
from storage.crypto.sealing import unseal_bytes
from storage.mail import outbox
from storage.submissions import submissions
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Submission, SubmissionState
from tests.samples.mail.month import MAILS, NEW, Kind, Letter, Month, plan_month
from tests.samples.mail.month_letters import AUTHSERV_ID, BOX, Receipt, write
from tests.support.building import Clock, ScriptedScanner, make_services, make_worker_services
from tests.support.people import plant_user

MONTH = timedelta(days=30)
DAY_MAILS = MAILS // 30
CODE = re.compile(rb"^Subject: Receipt ([0-9A-Z-]{10})\r$", re.MULTILINE)
REPLY_TO = re.compile(rb"^Reply-To: (\S+)\r$", re.MULTILINE)


@dataclass
class PreparedJails:
    """A stand-in for jails: it answers with what was prepared for a message, by its bytes."""

    mails: dict[bytes, OpenedMail] = field(default_factory=dict)
    mode: str = "bubblewrap"

    def start(self) -> None:
        """Do nothing: there is no jail to start."""

    def close(self) -> None:
        """Do nothing: there is no jail to end."""

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> OpenedMail:
        """Return the prepared message."""
        return self.mails[raw]

    def check_signed_parts(self, raw: bytes, *, left: TimeLeft | None = None) -> Mapping[str, str]:
        """Fail: no mail of the month is signed."""
        raise ParseCrash("not_prepared")

    def read_header(self, raw_header: bytes) -> MailFacts:
        """Fail: every mail of the month can be opened."""
        raise ParseCrash("not_prepared")

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> Inspection:
        """Find nothing wrong."""
        return Inspection(claimed_type, "clean", "", (), 1)

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        keys: Keys = NO_KEYS,
        left: TimeLeft | None = None,
    ) -> Unpacked:
        """Fail: no mail of the month holds a container."""
        raise ParseCrash("not_prepared")

    def read_delivery_report(self, raw: bytes) -> DeliveryReport:
        """Fail: no mail of the month is a delivery report."""
        raise ParseCrash("not_prepared")

    def form_fields(self, content: bytes) -> PdfFacts:
        """Fail: no mail of the month holds a form."""
        raise ParseCrash("not_prepared")

    def render(self, content: bytes, detected_type: str) -> Rendition:
        """Fail: the month makes no pictures."""
        raise ParseCrash("not_prepared")


@dataclass
class Run:
    """What became of a month.

    `first_state` is each mail's state, case and reason right after filing, before any officer
    came; `ranks` is the place of its true case among the candidates from 1, or 0 without one.
    """

    month: Month
    seconds: float = 0.0
    first_state: dict[int, tuple[str, str | None, str]] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    ranked: dict[int, int] = field(default_factory=dict)
    true_cases: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    accepted: int = 0

    def letters(self, *kinds: Kind) -> list[Letter]:
        """Return the mails of some kinds, or all without an argument."""
        return [each for each in self.month.letters if not kinds or each.kind in kinds]

    @property
    def replies(self) -> list[Letter]:
        """Return the genuine replies."""
        return [each for each in self.month.letters if each.is_reply]

    @property
    def filed(self) -> list[Letter]:
        """Return the mails that the rules filed to a case by themselves."""
        return [each for each in self.month.letters if self.first_state[each.number][1]]

    @property
    def misfiled(self) -> list[Letter]:
        """Return the mails that the rules filed to a wrong case, noise included."""
        return [each for each in self.filed if not self._is_right(each)]

    @property
    def share_filed(self) -> float:
        """Return the share of the genuine replies that the rules filed by themselves."""
        replies = self.replies
        return sum(bool(self.first_state[each.number][1]) for each in replies) / len(replies)

    @property
    def held(self) -> list[Letter]:
        """Return the genuine replies that waited for a person."""
        return [each for each in self.replies if not self.first_state[each.number][1]]

    @property
    def share_ranked(self) -> float:
        """Return the share of the held replies whose case was among the first three candidates."""
        held = self.held
        return sum(1 <= self.ranks[each.number] <= 3 for each in held) / len(held)

    def reasons(self, letters: list[Letter]) -> Counter[str]:
        """Count the filing reasons of some mails."""
        return Counter(self.first_state[each.number][2] for each in letters)

    def _is_right(self, letter: Letter) -> bool:
        case_id = self.first_state[letter.number][1]
        is_new = self.first_state[letter.number][2] == "registered_sender_new_case"
        if letter.kind in NEW:
            return is_new
        return not is_new and letter.case is not None and case_id == self.true_cases[letter.case]


def run_month(folder: Path, *, month: Month | None = None) -> Run:
    """Let a month happen on scratch storage below `folder`."""
    run = Run(month or plan_month())
    clock, jails = Clock(), PreparedJails()
    services = make_services(
        folder,
        None,
        clock.now,
        AVRR_AUTHSERV_ID=AUTHSERV_ID,
        AVRR_REPLY_ADDRESS=BOX,
    )
    worker_services = make_worker_services(services, jails, scanner=ScriptedScanner())
    for writer in run.month.writers:
        add_sender(
            services, "operator", writer.address, writer.region, deputy_for=writer.deputy_for
        )
    officer = plant_user(services)
    receipts: dict[int, Receipt] = {}
    started_at = time.monotonic()
    for letter in run.month.letters:
        _deliver(worker_services, jails, run, letter, receipts)
        clock.advance(MONTH / MAILS)
        if letter.number % DAY_MAILS == DAY_MAILS - 1:
            _work_off(worker_services, officer, run)
    run.seconds = time.monotonic() - started_at
    services.database.close()
    return run


def _deliver(
    worker_services: WorkerServices,
    jails: PreparedJails,
    run: Run,
    letter: Letter,
    receipts: dict[int, Receipt],
) -> None:
    raw = f"letter {letter.number}".encode()
    jails.mails[raw] = write(letter, receipts)
    place = Place("referrals", "INBOX", 7, letter.number + 1)
    arrival = MailArrival("referrals", place, raw, "aa" * 32)
    submission_id = accept_mail(worker_services.services, arrival).submission_id
    open_submission(worker_services, submission_id)
    inspect_and_file(worker_services, submission_id)
    run.ids[letter.number] = submission_id
    with worker_services.services.database.reading() as session:
        found = submissions.by_id(session, submission_id)
        assert found is not None
        state = (found.state, found.case_id, found.filing_reason or "")
        run.first_state[letter.number] = state
        if letter.kind in NEW and found.case_id and letter.case is not None:
            run.true_cases[letter.case] = found.case_id
        ranks = [rank.case_id for rank in filing_acts.ranks_of(session, submission_id)]
        true_case = run.true_cases.get(letter.case) if letter.case is not None else None
        run.ranks[letter.number] = ranks.index(true_case) + 1 if true_case in ranks else 0
        run.ranked[letter.number] = len(ranks)
    receipt = _receipt(worker_services, submission_id)
    if receipt is not None:
        receipts[letter.number] = receipt


def _receipt(worker_services: WorkerServices, submission_id: str) -> Receipt | None:
    """Read what the receipt told the sender; None when it told nothing."""
    services = worker_services.services
    with services.database.reading() as session:
        (row,) = outbox.of_submission(session, submission_id)
        if row.content is None:
            return None
        key = services.keyring.open(session, row.data_key_id)
    raw = unseal_bytes(key, submissions.place("outbox", "content", row.id), row.content)
    code, reply_to = CODE.search(raw), REPLY_TO.search(raw)
    if code is None or reply_to is None:
        return None
    return Receipt(code[1].decode(), row.message_id, reply_to[1].decode())


def _work_off(worker_services: WorkerServices, officer: SignedInUser, run: Run) -> None:
    """File genuine mail that is held to its true case, as an officer who reads it does."""
    services = worker_services.services
    with services.database.reading() as session:
        asked = select(Submission.id).where(Submission.state == SubmissionState.HOLDING)
        held = set(session.scalars(asked))
    for letter in run.replies:
        # Most were filed on an earlier day, and need not be read once more on each.
        if run.ids.get(letter.number) not in held or letter.case is None:
            continue
        with services.database.reading() as session:
            found = submissions.by_id(session, run.ids[letter.number])
            case = cases.by_id(session, run.true_cases[letter.case])
        if found is None or case is None or found.state != SubmissionState.HOLDING:
            continue
        case_actions.accept_submission(
            services,
            gate.submission_to_file(services, officer, found.reference),
            gate.case_to_file_into(services, officer, case.reference),
        )
        run.accepted += 1
