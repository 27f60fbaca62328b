"""Check that a mail can be finished whatever its case holds, that nothing is lost, and comes back.

Every table that names a case is asked: a row of it is planted into the case that a mail opened,
and the mail must have an honest end all the same. A new table is planted by itself.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Column, func, select

import storage.tables  # noqa: F401 - every table is loaded
from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.cases import withdrawal
from intake.cases.ownership import closing, without_owner
from intake.cases.ownership.closing import CaseGoesOn
from intake.cases.read import read_case
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft
from intake.filing import case_actions
from intake.queues.task_outcomes import CALL_SAID_FORGED
from intake.triage.endings import finish
from intake.triage.endings.outcomes import Ways, ways_of
from storage import audit
from storage.base import Base, UtcTime, new_id
from storage.cases.cases import Case
from storage.submissions.submissions import Outcome, Submission
from tests.intake.reference_data.office import Office
from tests.samples.mail.mails import referral
from tests.support import stepping
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

pytestmark = pytest.mark.components

# What hangs on a submission and is of its case all the same, and what a case holds of its own.
OF_A_SUBMISSION = {"cash_decisions", "confirmations", "legal_dates"}
NO_CONTENT = {
    # It is what is filed, how it was filed, and for what other mail the case was considered.
    "submissions",
    "filing_acts",
    "case_guesses",
    # Filing the mail makes its sender one of the case.
    "case_participants",
}
TABLES = sorted(
    {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "cases"
    }
    - NO_CONTENT
    | OF_A_SUBMISSION
)
# Values that a check of the database or a reader asks for.
GIVEN: dict[str, dict[str, Any]] = {  # Any: a column's value
    "queue_items": {"queue": "Q2", "kind": "coordinator_wrote", "closed_at": None},
    "case_messages": {"kind": "note"},
    "confirmations": {"kind": "R1", "number": 1},
    "outbox": {"kind": "M1", "state": "sent"},
}


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


def plant(office: Office, table: str, mail: str) -> None:
    """Put a row of a table into the case of a mail, or hang it on the mail."""
    with office.services.database.transaction() as session:
        submission = session.get_one(Submission, mail)
        planter = Planter(session, office.services.keyring, office.services.now())
        item = planter.item(submission, kind="call_sender", queue="Q4", closed_at=planter.at)
        known = {
            "cases": submission.case_id,
            "submissions": submission.id,
            "users": office.user.id,
            "data_keys": submission.data_key_id,
            "blobs": submission.raw_blob_id,
            "queue_items": item.id,
            "senders": submission.sender_id,
            "registered_senders": submission.sender_id,
        }
        made = Base.metadata.tables[table]
        is_own = table in OF_A_SUBMISSION
        values = {
            column.name: value_of(column, known, is_own=is_own, at=planter.at)
            for column in made.columns
        }
        given = GIVEN.get(table, {})
        session.execute(made.insert().values({**values, **given}))


def value_of(
    column: "Column[Any]", known: dict[str, str | None], *, is_own: bool, at: datetime
) -> Any:  # Any: whatever the column holds
    """Return a value that a column takes: its case, another known row, or something of its type."""
    to = next((key.column.table.name for key in column.foreign_keys), "")
    if to == "cases" or (to == "submissions" and is_own):
        return known[to]
    if column.primary_key and not to:
        return new_id()
    if column.nullable:
        return None
    return known.get(to) or sample(column.type, at)


def sample(kind: "TypeEngine[Any]", at: datetime) -> Any:  # Any: a value of that type
    """Return some value of a type of column."""
    if isinstance(kind, UtcTime):
        return at
    if "Date" in type(kind).__name__:
        return date(2026, 1, 2)
    text = new_id()[: getattr(kind, "length", None) or 32]
    return {bytes: b"sealed", int: 1, bool: False}.get(kind.python_type, text)


def opened(office: Office, mail: str) -> OpenedToChange[Submission]:
    """Open a mail for the officer."""
    return gate.submission_to_change(office.services, office.user, office.mail(mail).reference)


def ways(office: Office, mail: str) -> Ways:
    """Return how the page says that a mail may end."""
    with office.services.database.reading() as session:
        row = session.get_one(Submission, mail)
        key = office.services.keyring.open(session, row.data_key_id)
        found = ways_of(office.services, session, row, key)
    assert found is not None
    return found


def rows_of(office: Office, case_id: str, mail: str) -> dict[str, int]:
    """Count what every table holds of a case, and of a mail."""
    counted = {}
    with office.services.database.reading() as session:
        for name in TABLES:
            table = Base.metadata.tables[name]
            to, value = ("submission_id", mail) if name in OF_A_SUBMISSION else ("case_id", case_id)
            query = select(func.count()).select_from(table).where(table.c[to] == value)
            counted[name] = session.scalar(query) or 0
    return counted


def case_of(office: Office, case_id: str) -> Case:
    with office.services.database.reading() as session:
        return session.get_one(Case, case_id)


@pytest.mark.parametrize("table", TABLES)
def test_a_mail_has_an_end_whatever_hangs_on_its_case_and_nothing_is_lost(
    office: Office, table: str
) -> None:
    mail = office.opened()
    plant(office, table, mail)
    case_id = office.mail(mail).case_id or ""
    before, kept = office.state(mail), rows_of(office, case_id, mail)
    assert kept[table] >= 1

    for outcome in (Outcome.FORGED, Outcome.NOTHING_TO_DO, Outcome.ANSWERED):
        assert (ways(office, mail).obstacle, outcome in ways(office, mail).fitting) == ("", True)
        finish.finish_submission(office.services, opened(office, mail), outcome)
        assert (office.mail(mail).state, office.mail(mail).outcome) == ("CLOSED", outcome)
        assert rows_of(office, case_id, mail) == kept
        stepping.undo_last(office.services, opened(office, mail))
        assert office.state(mail) == before
        assert rows_of(office, case_id, mail) == kept

    with office.services.database.reading() as session:
        assert audit.check_chain(session, office.services.keyring) == []


def noted(office: Office, code: str) -> None:
    case_messages.write_note(
        office.services,
        gate.case_to_change(office.services, office.user, code),
        MessageDraft(new_id(), "Called her: she did not write it."),
    )


def later_state(office: Office, code: str) -> None:
    with office.services.database.transaction() as session:
        session.query(Case).filter_by(reference=code).one().state = "ASSESSMENT"


def merged_into_it(office: Office, code: str) -> None:
    other = office.opened("other")
    services, user = office.services, office.user
    case_actions.merge_cases(
        services,
        gate.case_to_file_into(services, user, office.case_code(other), follows=False),
        gate.case_to_file_into(services, user, code),
    )


def more_mail(office: Office, code: str) -> None:
    office.desk.handle(referral(reference=code, token="2"))


def stopped(office: Office, code: str) -> None:
    withdrawal.stop_case(office.services, gate.case_to_change(office.services, office.user, code))


def reminded(office: Office, code: str) -> None:
    with office.services.database.reading() as session:
        case = session.query(Case).filter_by(reference=code).one()
        mail = session.query(Submission).filter_by(case_id=case.id).first()
    assert mail is not None
    office.leave(mail.id, "REM3")


STANDS = (noted, later_state, merged_into_it, more_mail, stopped, reminded)


@pytest.mark.parametrize("stands", STANDS)
@pytest.mark.parametrize("is_called", [False, True])
def test_a_mail_has_an_end_however_its_case_stands(
    office: Office, stands: Callable[[Office, str], None], *, is_called: bool
) -> None:
    mail = office.opened()
    code = office.case_code(mail)
    stands(office, code)
    if is_called:
        with office.services.database.transaction() as session:
            session.get_one(Submission, mail).sender_reasons = [CALL_SAID_FORGED]

    if ways(office, mail).obstacle:
        # What is not alone is taken out first, and then has its end.
        services = office.services
        filing = gate.submission_to_file(services, office.user, office.mail(mail).reference)
        case_actions.split_submission(services, filing)
    before = office.state(mail)
    finish.finish_submission(office.services, opened(office, mail), Outcome.FORGED)

    assert (office.mail(mail).state, office.mail(mail).outcome) == ("CLOSED", "forged")
    finish.open_again(office.services, opened(office, mail))
    assert office.state(mail) == before


def test_its_case_waits_for_a_decision_closes_and_comes_back_with_the_mail(office: Office) -> None:
    services, mail = office.services, office.opened()
    code, case_id = office.case_code(mail), office.mail(mail).case_id or ""
    noted(office, code)
    with pytest.raises(CaseGoesOn):
        closing.close_case(services, gate.case_to_change(services, office.user, code))
    assert ways(office, mail).case_stays

    finish.finish_submission(services, opened(office, mail), Outcome.FORGED)

    listed = {row.reference: row for row in without_owner.list_unowned(services, office.user)}
    assert listed[code].is_without_submission
    view = read_case(services, gate.case_to_read(services, office.user, code))
    assert view.ending.is_without_submission
    assert view.needs_owner
    assert [each.reference for each in view.ending.ended] == [office.mail(mail).reference]
    closing.close_case(services, gate.case_to_change(services, office.user, code))
    assert case_of(office, case_id).state == "CLOSED"
    assert without_owner.list_unowned(services, office.user) == ()
    finish.open_again(services, opened(office, mail))
    assert case_of(office, case_id).state == "RECEIVED"
    view = read_case(services, gate.case_to_read(services, office.user, code))
    assert not view.ending.is_without_submission
    assert not view.needs_owner
