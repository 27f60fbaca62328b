"""Check that attempts are counted at once and forgotten in time, and invitations used once."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import RateEvent, User, UserSession
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together

ROOT = Path(__file__).parents[3]


def plant_user(services: Services, clock: Clock, **changes: object) -> User:
    """Store an account."""
    with services.database.transaction() as session:
        return Planter(session, services.keyring, clock.now()).user(**changes)


def test_attempts_are_counted_by_bucket_and_time(services: Services, clock: Clock) -> None:
    since = clock.now()
    with services.database.transaction() as session:
        users.note_rate(session, "a", since - timedelta(microseconds=1))
        users.note_rate(session, "a", since)
        users.note_rate(session, "a", since + timedelta(minutes=1))
        users.note_rate(session, "b", since)

    with services.database.reading() as session:
        assert users.count_rate(session, "a", since) == 2
        assert users.count_rate(session, "c", since) == 0


def test_a_reserved_attempt_counts_in_each_bucket(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        events = users.reserve_attempt(session, ["a", "b"], clock.now())

    assert len(events) == 2
    with services.database.reading() as session:
        assert [users.count_rate(session, bucket, clock.now()) for bucket in "abc"] == [1, 1, 0]


def test_an_attempt_given_back_no_longer_counts(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        users.note_rate(session, "a", clock.now())
        events = users.reserve_attempt(session, ["a", "b"], clock.now())
        users.give_back_attempt(session, events)

    with services.database.reading() as session:
        assert [users.count_rate(session, bucket, clock.now()) for bucket in "ab"] == [1, 0]


def test_attempts_at_once_are_all_counted(services: Services, clock: Clock) -> None:
    def attempt(_number: int) -> None:
        with services.database.transaction() as session:
            users.note_rate(session, "a", clock.now())

    outcome = run_together(8, attempt)

    assert outcome.errors == []
    with services.database.reading() as session:
        assert users.count_rate(session, "a", clock.now()) == 8


def test_who_locks_the_buckets_counts_and_reserves_alone(services: Services, clock: Clock) -> None:
    buckets = ["aa" * 32, "bb" * 32]

    def reserve(number: int) -> int:
        with services.database.transaction() as session:
            users.lock_rates(session, buckets if number % 2 else buckets[::-1])
            counted = users.count_rate(session, buckets[0], clock.now())
            users.reserve_attempt(session, buckets, clock.now())
        return counted

    outcome = run_together(8, reserve)

    assert outcome.errors == []
    assert sorted(outcome.results) == list(range(8))


def test_old_attempts_are_forgotten(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        users.note_rate(session, "a", clock.now() - timedelta(days=31))
        users.note_rate(session, "a", clock.now())
        users.forget_rates(session, clock.now() - timedelta(days=30))

    with services.database.reading() as session:
        assert session.query(RateEvent).count() == 1


@pytest.mark.parametrize(
    ("days_to_expiry", "is_disabled", "is_active"),
    [
        (None, False, True),
        (1, False, True),
        (0, False, False),
        (-1, False, False),
        (1, True, False),
    ],
)
def test_an_account_is_active_until_it_expires_or_is_disabled(
    clock: Clock, days_to_expiry: int | None, is_disabled: bool, is_active: bool
) -> None:
    expires_at = None
    if days_to_expiry is not None:
        expires_at = clock.now() + timedelta(days=days_to_expiry)
    user = User(expires_at=expires_at, disabled_at=clock.now() if is_disabled else None)

    assert users.is_active(user, clock.now()) is is_active


def test_an_invitation_is_used_once(services: Services, clock: Clock) -> None:
    user = plant_user(
        services,
        clock,
        invitation_hash=users.token_hash("token"),
        invitation_expires_at=clock.now() + timedelta(hours=1),
    )

    with services.database.transaction() as session:
        first = users.use_invitation(session, "token", "hash-1", clock.now())
    with services.database.transaction() as session:
        second = users.use_invitation(session, "token", "hash-2", clock.now())

    assert (first, second) == (user.id, None)
    with services.database.reading() as session:
        assert session.get_one(User, user.id).password_hash == "hash-1"


def test_of_many_who_use_an_invitation_at_once_one_succeeds(
    services: Services, clock: Clock
) -> None:
    user = plant_user(
        services,
        clock,
        invitation_hash=users.token_hash("token"),
        invitation_expires_at=clock.now() + timedelta(hours=1),
    )

    def use(number: int) -> str | None:
        with services.database.transaction() as session:
            return users.use_invitation(session, "token", f"hash-{number}", clock.now())

    outcome = run_together(4, use)

    assert outcome.errors == []
    assert (outcome.results.count(user.id), outcome.results.count(None)) == (1, 3)


@pytest.mark.parametrize("changes", [{"expires_in": 0}, {"expires_in": -1}, {"is_disabled": True}])
def test_an_old_or_disabled_invitation_is_refused(
    services: Services, clock: Clock, changes: dict[str, int]
) -> None:
    plant_user(
        services,
        clock,
        invitation_hash=users.token_hash("token"),
        invitation_expires_at=clock.now() + timedelta(hours=changes.get("expires_in", 1)),
        disabled_at=clock.now() if "is_disabled" in changes else None,
    )

    with services.database.transaction() as session:
        assert users.use_invitation(session, "token", "hash", clock.now()) is None


def test_an_account_is_found_by_what_names_it(services: Services, clock: Clock) -> None:
    user = plant_user(
        services, clock, email_hash="aa" * 32, invitation_hash=users.token_hash("token")
    )

    with services.database.reading() as session:
        found = [
            users.by_id(session, user.id),
            users.by_email_hash(session, "aa" * 32),
            users.by_invitation(session, "token"),
        ]
        unknown = [
            users.by_id(session, "unknown"),
            users.by_email_hash(session, "bb" * 32),
            users.by_invitation(session, "aa" * 32),
        ]
        labels = users.labels_of(session, {user.id, "unknown"})
        number = users.count_with_role(session, "INTAKE")
    assert [account.id if account else None for account in found] == [user.id] * 3
    assert unknown == [None] * 3
    assert labels == {user.id: "Intake officer 1"}
    assert number == 1


def test_a_session_begins_in_one_place() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for package in ("storage", "intake", "portal", "mailbox")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("UserSession")
    ]

    assert places == ["storage/accounts/users.py"]


def test_a_session_that_continues_another_lives_no_longer(services: Services, clock: Clock) -> None:
    user, before = plant_user(services, clock), clock.now() - timedelta(hours=1)
    with services.database.transaction() as session:
        users.begin_session(session, "first", user.id, clock.now())
        users.begin_session(session, "next", user.id, clock.now(), since=before)

    with services.database.reading() as session:
        rows = [users.session_by_token(session, token) for token in ("first", "next")]
    assert [row.created_at for row in rows if row] == [clock.now(), before]
    assert [row.seen_at for row in rows if row] == [clock.now(), clock.now()]
    assert [row.factor_at for row in rows if row] == [None, None]


def test_all_sessions_of_an_account_end_at_once(services: Services, clock: Clock) -> None:
    user, other = plant_user(services, clock), plant_user(services, clock)
    ended_before = clock.now() - timedelta(hours=1)
    with services.database.transaction() as session:
        for token, owner, ended_at in (
            ("one", user, None),
            ("two", user, None),
            ("old", user, ended_before),
            ("other", other, None),
        ):
            session.add(
                UserSession(
                    token_hash=users.token_hash(token),
                    user_id=owner.id,
                    created_at=ended_before,
                    seen_at=ended_before,
                    ended_at=ended_at,
                )
            )
        session.flush()
        users.note_seen(session, "other", clock.now())
        users.end_sessions_of(session, user.id, clock.now())

    with services.database.reading() as session:
        rows = {
            token: users.session_by_token(session, token)
            for token in ("one", "two", "old", "other", "none")
        }
    ended = {token: row.ended_at if row else "absent" for token, row in rows.items()}
    assert ended == {
        "one": clock.now(),
        "two": clock.now(),
        "old": ended_before,
        "other": None,
        "none": "absent",
    }
    assert rows["other"] is not None
    assert rows["other"].seen_at == clock.now()


def test_a_token_is_stored_as_a_hash_only() -> None:
    assert users.token_hash("token") != "token"
    assert len(users.token_hash("token")) == 64
