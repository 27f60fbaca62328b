"""Check that an entry of the register counts until it ends or expires."""

from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.base import new_id
from storage.errors import Conflict
from storage.mail import senders
from storage.mail.senders import RegisteredSender
from tests.support.building import Clock


def entry(clock: Clock, **changes: object) -> RegisteredSender:
    """Give an entry that does not expire."""
    fields = {"id": new_id(), "address": b"sealed", "address_hash": "aa" * 32, "region": "SYD"}
    return RegisteredSender(**fields, added_at=clock.now(), **changes)


@pytest.mark.parametrize(
    ("days_to_expiry", "has_ended", "is_current"),
    [
        (None, False, True),
        (1, False, True),
        (0, False, False),
        (-1, False, False),
        (1, True, False),
    ],
)
def test_an_entry_counts_until_it_ends_or_expires(
    clock: Clock, days_to_expiry: int | None, has_ended: bool, is_current: bool
) -> None:
    expires_at = None
    if days_to_expiry is not None:
        expires_at = clock.now() + timedelta(days=days_to_expiry)
    ended_at = clock.now() if has_ended else None

    found = entry(clock, expires_at=expires_at, ended_at=ended_at)

    assert senders.is_current(found, clock.now()) is is_current


def test_an_ended_entry_is_still_found(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        session.add(entry(clock, ended_at=clock.now()))

    with services.database.reading() as session:
        assert senders.by_address_hash(session, "aa" * 32) is not None
        assert senders.by_address_hash(session, "bb" * 32) is None
        assert senders.count(session) == 1


def test_an_address_stands_in_the_register_once(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        session.add(entry(clock))

    with pytest.raises(Conflict), services.database.transaction() as session:
        session.add(entry(clock))
