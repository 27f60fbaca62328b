"""Check what a connection remembers of a folder."""

from datetime import UTC, datetime, timedelta

from mailbox.folder_state import FolderMemory

_NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_failed_message_rests_and_comes_due_again() -> None:
    memory = FolderMemory()
    memory.begin(7)

    memory.rest(2, "message_failed", _NOW)

    assert memory.due([1, 2, 3], _NOW) == [1, 3]
    assert memory.due([1, 2, 3], _NOW + timedelta(seconds=31)) == [1, 2, 3]
    assert memory.troubled([1, 2]) == ["message_failed"]
    assert memory.troubled([1]) == []


def test_new_numbering_forgets_everything() -> None:
    memory = FolderMemory()
    memory.begin(7)
    memory.settled.add(1)
    memory.rest(2, "message_failed", _NOW)

    memory.begin(8)

    assert memory.due([1, 2], _NOW) == [1, 2]
