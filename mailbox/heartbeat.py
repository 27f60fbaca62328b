"""Record that the poller or the sender lives."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.core.errors import StorageUnavailable
from storage.operations import heartbeats

if TYPE_CHECKING:
    from intake.core.services import Services

INTERVAL = timedelta(seconds=10)


class Heartbeat:
    """Writes that the process lives, every 10 seconds and whenever its detail changes."""

    def __init__(self, services: "Services", role: str, slot: str) -> None:
        self._services = services
        self._role = role
        self._executor_id = f"{role}-{slot}"
        self._beat_at: datetime | None = None
        self._detail: dict[str, str] = {}

    def beat(self, detail: dict[str, str]) -> None:
        """Record a beat when it is time; without a database none is recorded, and that shows."""
        now = self._services.now()
        # abs(): a clock that was set back must not silence the beats.
        is_recent = self._beat_at is not None and abs(now - self._beat_at) < INTERVAL
        if is_recent and detail == self._detail:
            return
        with suppress(StorageUnavailable), self._services.database.transaction() as session:
            heartbeats.beat(session, self._executor_id, self._role, os.getpid(), detail, now)
        self._beat_at, self._detail = now, detail

    def end(self) -> None:
        """Remove the process from the heartbeats, since it stops in good order."""
        with suppress(StorageUnavailable), self._services.database.transaction() as session:
            heartbeats.end(session, self._executor_id)
