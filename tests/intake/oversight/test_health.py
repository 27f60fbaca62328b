"""Check health: each check says what is, and never raises."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.oversight.health import Check, check_health
from storage.crypto.keys import Keyring, MasterKey
from storage.mail import mailboxes
from storage.mail.outbox import MessageState
from storage.operations import heartbeats
from tests.components.clamd import Clamd
from tests.support.building import Clock, unprepared_services
from tests.support.rows import Planter


def check(services: Services, name: str) -> Check:
    """Return one check."""
    return next(check for check in check_health(services).checks if check.name == name)


def with_settings(services: Services, **changes: object) -> Services:
    """Return the same services under changed settings."""
    return replace(services, settings=replace(services.settings, **changes))  # type: ignore[arg-type] # a test's own keywords


def beat(services: Services, clock: Clock, role: str, **detail: str) -> None:
    """Let a process say that it lives."""
    with services.database.transaction() as session:
        heartbeats.beat(session, f"{role}-1", role, 1, detail, clock.now())


def poll(services: Services, clock: Clock, source: str = "referrals") -> None:
    """Record a look into a mailbox."""
    with services.database.transaction() as session:
        mailboxes.note_poll(session, source, "INBOX", 7, 1, clock.now())


def test_a_system_in_good_order_is_only_degraded_by_what_is_not_set(
    services: Services, clock: Clock
) -> None:
    beat(services, clock, "worker", sandbox="bubblewrap")
    beat(services, clock, "sender", smtp="ok")
    for source in ("referrals", "cash"):
        poll(services, clock, source)

    health = check_health(services)

    troubled = [found.name for found in health.checks if found.status != "ok"]
    assert troubled == ["scanner", "duty"]
    assert health.status == "degraded"
    assert [found.name for found in health.checks] == [
        "database",
        "blobs",
        "files",
        "keys",
        "engine",
        "sandbox",
        "smtp",
        "delivery reports",
        "mailbox referrals",
        "mailbox cash",
        "scanner",
        "queues",
        "duty",
        "callers",
    ]


@pytest.mark.parametrize(("minutes", "status"), [(0, "degraded"), (59, "degraded"), (61, "ok")])
def test_a_forwarded_address_that_is_not_believed_is_told_for_an_hour(
    services: Services, clock: Clock, minutes: int, status: str
) -> None:
    beat(services, clock, "forwarded")
    clock.advance(timedelta(minutes=minutes))

    found = check(services, "callers")

    assert found.status == status
    assert (found.hint == "AVRR_TRUSTED_PROXIES") is (status == "degraded")


def test_trusted_proxies_are_told(services: Services) -> None:
    assert "2 trusted" in check(with_settings(services, trusted_proxies=2), "callers").detail


def test_a_fresh_system_says_what_has_not_started(services: Services) -> None:
    health = check_health(services)

    down = {found.name for found in health.checks if found.status == "down"}
    assert down == {"engine", "smtp", "mailbox referrals", "mailbox cash"}
    assert health.status == "down"


def test_tables_of_another_release_are_down(tmp_path: Path) -> None:
    services = unprepared_services(tmp_path)

    health = check_health(services)

    assert health.status == "down"
    assert health.checks[0].name == "database"
    services.database.close()


def test_a_database_that_is_away_is_down(sqlite_services: Services, tmp_path: Path) -> None:
    sqlite_services.database.close()
    (tmp_path / "avrr.db").rename(tmp_path / "aside")
    (tmp_path / "avrr.db").mkdir()

    health = check_health(sqlite_services)

    assert health.status == "down"
    assert [found.name for found in health.checks] == ["database"]


def test_another_master_key_is_down(services: Services) -> None:
    other = replace(services, keyring=Keyring(MasterKey(bytes(32))))

    assert check(other, "keys").status == "down"


def test_a_disk_that_is_nearly_full_is_degraded(services: Services) -> None:
    full = with_settings(services, max_upload_bytes=2**60)

    assert check(full, "blobs").status == "degraded"
    assert check(services, "blobs").status == "ok"


def test_blobs_whose_folder_is_out_of_reach_are_down(sqlite_services: Services) -> None:
    lost = with_settings(sqlite_services, blobs_url="file:///no/such/disk/blobs")

    assert check(lost, "blobs").status == "down"


@pytest.mark.parametrize(("silent_seconds", "status"), [(0, "ok"), (60, "ok"), (61, "down")])
@pytest.mark.parametrize(("role", "name"), [("worker", "engine"), ("sender", "smtp")])
def test_a_process_is_down_after_a_minute_of_silence(
    services: Services, clock: Clock, role: str, name: str, silent_seconds: int, status: str
) -> None:
    beat(services, clock, role)
    clock.advance(timedelta(seconds=silent_seconds))

    found = check(services, name)

    assert found.status == status
    if status == "down":
        assert found.since == clock.now() - timedelta(seconds=silent_seconds)


@pytest.mark.parametrize(
    ("mode", "status"),
    [("bubblewrap", "ok"), ("reduced", "degraded"), ("not started", "degraded"), ("", "degraded")],
)
def test_the_sandbox_is_as_strong_as_the_worker_says(
    services: Services, clock: Clock, mode: str, status: str
) -> None:
    beat(services, clock, "worker", sandbox=mode)

    assert check(services, "sandbox").status == status


def test_a_mail_server_that_refuses_is_down(services: Services, clock: Clock) -> None:
    beat(services, clock, "sender", smtp="smtp_refused")

    found = check(services, "smtp")

    assert found.status == "down"
    assert found.hint == "smtp_refused"


@pytest.mark.parametrize(
    ("state", "waiting_seconds", "status"),
    [("due", 300, "ok"), ("due", 301, "degraded"), ("sent", 9999, "ok"), ("failed", 9999, "ok")],
)
def test_a_receipt_that_waits_long_degrades(
    services: Services, clock: Clock, state: str, waiting_seconds: int, status: str
) -> None:
    written_at = clock.now() - timedelta(seconds=waiting_seconds)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        planter.message(planter.submission(), state=MessageState(state), created_at=written_at)
    beat(services, clock, "sender", smtp="ok")

    assert check(services, "smtp").status == status


@pytest.mark.parametrize(("silent_seconds", "status"), [(60, "ok"), (61, "down")])
def test_a_mailbox_that_is_not_read_is_down(
    services: Services, clock: Clock, silent_seconds: int, status: str
) -> None:
    poll(services, clock)
    clock.advance(timedelta(seconds=silent_seconds))

    assert check(services, "mailbox referrals").status == status


def test_a_slow_poll_is_given_three_rounds(services: Services, clock: Clock) -> None:
    slow = with_settings(services, mail_poll_seconds=100.0)
    poll(services, clock)
    clock.advance(timedelta(seconds=300))

    assert check(slow, "mailbox referrals").status == "ok"


def test_a_message_that_cannot_be_taken_in_is_named_as_one(
    services: Services, clock: Clock
) -> None:
    with services.database.transaction() as session:
        mailboxes.note_poll(
            session, "referrals", "INBOX", 7, 1, clock.now(), error="message_without_content"
        )

    found = check(services, "mailbox referrals")

    assert found.status == "down"
    assert found.detail.startswith("It is read, but a message in it stays on the server")


def test_a_mailbox_that_cannot_be_read_is_down_since_its_first_failure(
    services: Services, clock: Clock
) -> None:
    failed_at = clock.now()
    for _ in range(2):
        with services.database.transaction() as session:
            mailboxes.note_failure(session, "referrals", "INBOX", "imap_away", clock.now())
        clock.advance(timedelta(minutes=1))

    found = check(services, "mailbox referrals")

    assert (found.status, found.since) == ("down", failed_at)
    assert found.hint == "imap_away"


def test_a_believed_from_address_is_said(services: Services, clock: Clock) -> None:
    poll(services, clock)

    believed = check(services, "mailbox referrals").hint
    proven = check(with_settings(services, authserv_id="mx"), "mailbox referrals").hint

    assert "AVRR_AUTHSERV_ID" in believed
    assert "AVRR_AUTHSERV_ID" not in proven


def test_no_scanner_is_degraded_and_a_dead_one_down(services: Services) -> None:
    dead = with_settings(services, clamd_url="unix:///no/such/socket")

    assert check(services, "scanner").status == "degraded"
    assert check(dead, "scanner").status == "down"


@pytest.mark.components
def test_a_scanner_that_answers_is_ok(sqlite_services: Services, clamd: Clamd) -> None:
    found = check(with_settings(sqlite_services, clamd_url=clamd.url), "scanner")

    assert found.status == "ok"
    assert "ClamAV" in found.detail


@pytest.mark.components
def test_a_scanner_with_old_signatures_is_degraded(
    sqlite_services: Services, clock: Clock, clamd: Clamd
) -> None:
    clock.advance(timedelta(days=3650))

    found = check(with_settings(sqlite_services, clamd_url=clamd.url), "scanner")

    assert found.status == "degraded"
    assert "too old" in found.detail


@pytest.mark.parametrize(
    ("due_in_seconds", "is_closed", "status"),
    [(1, False, "ok"), (-1, False, "degraded"), (-1, True, "ok")],
)
def test_a_clock_that_ran_out_degrades(
    services: Services, clock: Clock, due_in_seconds: int, is_closed: bool, status: str
) -> None:
    due_at = clock.now() + timedelta(seconds=due_in_seconds)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        closed_at = clock.now() if is_closed else None
        planter.item(planter.submission(), due_at=due_at, closed_at=closed_at)

    found = check(services, "queues")

    assert found.status == status
    assert found.since == (None if is_closed else due_at)


def test_health_says_when_no_delivery_report_can_be_believed(sqlite_services: Services) -> None:
    found = {
        (address, env): check(
            with_settings(sqlite_services, reply_address=address, env=env),
            "delivery reports",
        )
        for address in ("", "box@example.org")
        for env in ("embedded", "production")
    }

    assert {key: each.status for key, each in found.items()} == {
        ("", "embedded"): "ok",
        ("", "production"): "degraded",
        ("box@example.org", "embedded"): "ok",
        ("box@example.org", "production"): "ok",
    }
    assert found["", "production"].hint == "AVRR_REPLY_ADDRESS"
