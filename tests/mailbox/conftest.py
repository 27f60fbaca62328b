"""Give each test its services."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.core.services import Services
from tests.components.smtp_sink import SmtpSink
from tests.mailbox.building import Clock, build_services, with_smtp


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Give real services on a scratch database."""
    with build_services(tmp_path) as built:
        yield built


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands."""
    return Clock()


@pytest.fixture
def office(tmp_path: Path, smtp_sink: SmtpSink, clock: Clock) -> Iterator[Services]:
    """Give services whose mail leaves through the sink, under a standing clock."""
    with build_services(tmp_path, now=clock) as built:
        yield with_smtp(built, smtp_sink.port)
