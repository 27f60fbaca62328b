"""Check what removed files and pieces take of the disk: nothing."""

from collections.abc import Iterator

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, drafts
from intake.arrivals.chunks import WrongPlace
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.oversight.verify import sweep_orphans, verify_storage
from tests.intake.arrivals.lines import Line, announce, plant_coordinator


@pytest.fixture
def coordinator(sqlite_services: Services) -> SignedInUser:
    """Give a coordinator of one region."""
    return plant_coordinator(sqlite_services)


def test_a_removed_file_leaves_nothing_behind(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)
    line.send(b"abc")
    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    chunks.remove_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    sweep_orphans(sqlite_services, orphan_after_seconds=0)
    assert list(sqlite_services.blobs.backend.listing()) == []
    assert (
        drafts.read_draft(
            sqlite_services, gate.draft_to_change(sqlite_services, coordinator, line.draft_id)
        ).files
        == ()
    )


def test_what_is_removed_takes_no_room(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    draft_id = drafts.start_draft(sqlite_services, coordinator)

    for _ in range(5):
        upload_id = chunks.begin_file(
            sqlite_services,
            gate.draft_to_change(sqlite_services, coordinator, draft_id),
            claimed_name="a",
            claimed_type="",
            size=6,
        )
        line = Line(sqlite_services, coordinator, draft_id, upload_id)
        line.send(b"abc")
        line.send(b"def", 3)
        chunks.finish_file(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, upload_id)
        )
        chunks.remove_file(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, upload_id)
        )

        assert list(sqlite_services.blobs.backend.listing()) == []
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_a_discarded_draft_takes_no_room(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)
    line.send(b"abc")

    drafts.discard_draft(
        sqlite_services, gate.draft_to_change(sqlite_services, coordinator, line.draft_id)
    )

    assert list(sqlite_services.blobs.backend.listing()) == []


def test_a_piece_that_comes_twice_at_once_takes_room_once(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)

    def content() -> Iterator[bytes]:
        # The same piece is stored by another connection while this one is still read.
        line.send(b"abc")
        yield b"abc"

    with pytest.raises(WrongPlace):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
            0,
            3,
            content(),
        )

    assert len(list(sqlite_services.blobs.backend.listing())) == 1


def test_a_piece_for_a_removed_file_takes_no_room(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)

    def content() -> Iterator[bytes]:
        chunks.remove_file(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
        )
        yield b"abc"

    with pytest.raises(NotFound):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
            0,
            3,
            content(),
        )

    assert list(sqlite_services.blobs.backend.listing()) == []
