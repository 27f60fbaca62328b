"""Notice that a request names a forwarded address, and not enough proxies are trusted.

Then either a reverse proxy stands before the portal and `AVRR_TRUSTED_PROXIES` does not count it,
so that every limit by network is one for all callers; or somebody pretends. Health tells it.
"""

import os
import threading
from datetime import datetime, timedelta

from flask import Flask, current_app, request

from intake.oversight.health import FORWARDED
from portal.web import session
from storage.operations import heartbeats

NOTED_EVERY = timedelta(minutes=1)
EXTENSION = "avrr_forwarded"
SINGLE = ("Forwarded", "X-Real-IP")


class Watch:
    """When this process last noted a forwarded address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether to note one now; once a minute, so that nobody can make us write often."""
        with self._lock:
            # abs(): a clock that was set back must not silence the notes.
            if self._noted_at is not None and abs(now - self._noted_at) < NOTED_EVERY:
                return False
            self._noted_at = now
            return True


def register(app: Flask) -> None:
    """Let an application look at every request."""
    app.extensions[EXTENSION] = Watch()
    app.before_request(note)


def note() -> None:
    """Note a forwarded address that cannot be believed."""
    services = session.services()
    if not is_unbelieved(services.settings.trusted_proxies):
        return
    watch: Watch = current_app.extensions[EXTENSION]
    now = services.now()
    if watch.is_due(now):
        with services.database.transaction() as stored:
            heartbeats.beat(stored, FORWARDED, FORWARDED, os.getpid(), {}, now)


def is_unbelieved(trusted_proxies: int) -> bool:
    """Tell whether this request went through fewer trusted proxies than it says, or more.

    With trusted proxies a longer list is usual: anybody may begin it, and only its end counts.
    """
    hops = [hop for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if trusted_proxies:
        return 0 < len(hops) < trusted_proxies
    return bool(hops) or any(name in request.headers for name in SINGLE)
