"""Check columns that seal what they hold, and columns that hold keyed hashes."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from intake.core.services import Services
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.cash_decisions import CashDecision
from storage.cases.legal_dates import LegalDate, LegalDateKind
from storage.crypto.column_types import KeyedHash, keyed, open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import open_database
from storage.errors import KeyUnavailable, ValueDamaged
from tests.support.building import Clock
from tests.support.rows import Planter

DAY = date(2027, 3, 14)
CIPHERTEXT_BYTES = 12 + 32 + 16


@pytest.fixture
def decision(services: Services, clock: Clock) -> str:
    """Plant a decision and return its id."""
    with services.database.transaction() as session:
        row = CashDecision(
            id=new_id(),
            submission_id=Planter(session, services.keyring, clock.now()).submission().id,
            country="IRQ",
            decided_on=DAY,
            adults=2,
            children=0,
            amount_sek=30_000,
            confirmed_by="a",
            confirmed_at=clock.now(),
        )
        session.add(row)
    return row.id


def stored(services: Services, column: str) -> list[bytes]:
    """Return a column of decisions as the database holds it."""
    with services.database.reading() as session:
        return list(session.scalars(text(f"SELECT {column} FROM cash_decisions")))


def test_sealed_values_come_back_and_are_of_one_length(services: Services, decision: str) -> None:
    with services.database.reading() as session:
        row = session.get_one(CashDecision, decision)

    assert (row.country, row.decided_on, row.collect_by) == ("IRQ", DAY, None)
    assert (row.adults, row.children, row.amount_sek) == (2, 0, 30_000)
    sealed = [stored(services, f"sealed_{name}")[0] for name in ("country", "children")]
    assert [len(bytes(value)) for value in sealed] == [CIPHERTEXT_BYTES] * 2


def test_a_value_does_not_open_in_another_column(services: Services, decision: str) -> None:
    with services.database.transaction() as session:
        session.execute(text("UPDATE cash_decisions SET sealed_adults = sealed_children"))

    with pytest.raises(ValueDamaged), services.database.reading() as session:
        session.get_one(CashDecision, decision)


def test_another_master_key_opens_nothing(services: Services, decision: str) -> None:
    other = Keyring(MasterKey(bytes(32)))
    url = services.database.engine.url.render_as_string(hide_password=False)
    database = open_columns(open_database(url), other)

    with pytest.raises(KeyUnavailable), database.reading() as session:
        session.get_one(CashDecision, decision)
    database.close()


def test_without_a_keyring_nothing_is_written_in_clear(services: Services, clock: Clock) -> None:
    url = services.database.engine.url.render_as_string(hide_password=False)
    database = open_database(url)

    with pytest.raises(KeyUnavailable), database.transaction() as session:
        Planter(session, services.keyring, clock.now()).submission()
    database.close()


def test_no_query_can_compare_or_order_what_is_sealed() -> None:
    for question in (
        lambda: CashDecision.amount_sek == 30_000,
        lambda: CashDecision.decided_on < DAY,
        lambda: CashDecision.country.in_(["IRQ"]),
        lambda: select(CashDecision).order_by(CashDecision.decided_on.desc()),
    ):
        with pytest.raises(TypeError, match="cannot be compared"):
            question()
    assert CashDecision.collect_by.is_(None) is not None


def test_a_hash_needs_the_key_and_its_purpose(services: Services) -> None:
    with services.database.reading() as session:
        found = keyed(session, "content", "a")

        assert found == services.keyring.lookup(session, "content", "a")
        assert found != keyed(session, "paper", "a")
    assert isinstance(found, KeyedHash)
    assert found == keyed(services.database, "content", "a")


@pytest.mark.parametrize(("since", "until", "number"), [(0, 0, 1), (-9, 30, 1), (1, 30, 0)])
def test_days_are_found_between_two_days(
    services: Services, clock: Clock, since: int, until: int, number: int
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission()
        planter.item(submission)
        note = LegalDate(
            id=new_id(),
            submission_id=submission.id,
            kind=LegalDateKind.TRIAL,
            day=DAY,
            noted_at=clock.now(),
        )
        assert legal_dates.note(session, note)

    first, last = (date.fromordinal(DAY.toordinal() + days) for days in (since, until))
    with services.database.reading() as session:
        near = legal_dates.submissions_near(session, first, last, after="", limit=10)
        assert len(near) == number
        assert legal_dates.find(session, submission.id, "trial", DAY) is not None
        assert legal_dates.find(session, submission.id, "removal", DAY) is None
        assert session.scalar(select(func.count()).select_from(LegalDate)) == 1
