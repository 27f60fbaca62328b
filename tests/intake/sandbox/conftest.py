"""Start real jails for the tests; nothing here is faked."""

from collections.abc import Callable, Iterator

import pytest

from intake.sandbox import ALL_DUTIES, Jail, Limits
from intake.sandbox.host import process


class ProbedJail(Jail):
    """Be a jail that also offers the operations that misbehave on purpose."""

    _options = ("--probes",)

    def probe(self, name: str, value: str = "", *, is_locked: bool = True) -> dict[str, object]:
        """Return the answer of one probe, with or without the lock on system calls."""
        operation = "probe" if is_locked else "unlocked_probe"
        return self._request(operation, {"name": name, "value": value}, [])[0]

    def process_id(self) -> int:
        """Return the identifier of the program that was started last."""
        assert self._started is not None
        assert self._started.process_id is not None
        return self._started.process_id


MakeJail = Callable[..., ProbedJail]

SMALL = Limits(address_space_bytes=512 * 1024**2, cpu_seconds=20, wall_seconds=20.0)


@pytest.fixture
def make_jail() -> Iterator[MakeJail]:
    """Return a function that makes jails, which are closed after the test."""
    made: list[ProbedJail] = []

    def make(limits: Limits = SMALL, *, allow_reduced: bool = False) -> ProbedJail:
        made.append(ProbedJail(limits=limits, allow_reduced=allow_reduced))
        return made[-1]

    yield make
    for jail in made:
        jail.close()


@pytest.fixture(scope="module")
def jail(request: pytest.FixtureRequest) -> Iterator[ProbedJail]:
    """Return one jail under bubblewrap for all tests of a module.

    A module that says `DUTIES` gets one that has loaded no more than those need.
    """
    duties = getattr(request.module, "DUTIES", ALL_DUTIES)
    shared = ProbedJail(limits=SMALL, allow_reduced=False, duties=duties)
    yield shared
    shared.close()


@pytest.fixture
def reduced(monkeypatch: pytest.MonkeyPatch, make_jail: MakeJail) -> ProbedJail:
    """Return a jail on a machine where bubblewrap is not installed."""
    monkeypatch.setattr(process, "jailed_command", lambda *_: ["bubblewrap-is-not-here"])
    return make_jail(allow_reduced=True)
