"""Hold what a child may still do once it is locked, in both modes."""

import errno
import signal

import pytest

from intake.sandbox import ParseCrash
from intake.sandbox.worker.lockdown import assemble_filter
from tests.intake.sandbox.conftest import ProbedJail
from tests.samples.files import benign


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("socket", "1"),
        ("file", "/usr/bin/env"),
        ("write", "/tmp/x"),
        ("folder", "/"),
        ("fork", ""),
        ("run", ""),
        ("kill_parent", ""),
    ],
)
def test_lock_refuses_what_parsing_does_not_need(jail: ProbedJail, name: str, value: str) -> None:
    assert jail.probe(name, value) == {"errno": errno.EPERM}


def test_child_cannot_kill_the_warm_process_even_without_the_lock(jail: ProbedJail) -> None:
    assert jail.probe("kill_parent", is_locked=False) == {"seen": "killed"}
    assert jail.probe("user") == {"seen": [65534, 65534]}
    assert jail._starts == 1


@pytest.mark.parametrize(
    ("name", "value"), [("socket", "1"), ("file", __file__), ("fork", ""), ("kill_parent", "")]
)
def test_reduced_jail_has_the_lock(reduced: ProbedJail, name: str, value: str) -> None:
    assert reduced.probe(name, value) == {"errno": errno.EPERM}


def test_decoder_with_a_thread_works_behind_the_lock(jail: ProbedJail, reduced: ProbedJail) -> None:
    photo = benign.picture("HEIF")

    assert jail.inspect(photo, "image/heic", "a.heic").state == "clean"
    assert reduced.inspect(photo, "image/heic", "a.heic").state == "clean"


@pytest.mark.parametrize("call", ["tgkill", "tkill"])
def test_lock_lets_no_other_process_be_signalled(jail: ProbedJail, call: str) -> None:
    assert jail.probe("signal_parent", call) == {"errno": errno.EPERM}


@pytest.mark.parametrize("call", ["tgkill", "tkill"])
def test_reduced_jail_lets_no_other_process_be_signalled(reduced: ProbedJail, call: str) -> None:
    """Check threat S7: here the others are the worker and all that runs under its user."""
    assert reduced.probe("signal_parent", call) == {"errno": errno.EPERM}


def test_own_threads_may_be_signalled(jail: ProbedJail) -> None:
    assert jail.probe("signal_thread") == {"seen": "signalled"}
    with pytest.raises(ParseCrash, match=f"signal_{signal.SIGABRT:d}"):
        jail.probe("abort")


def test_own_threads_may_be_signalled_in_the_reduced_jail(reduced: ProbedJail) -> None:
    assert reduced.probe("signal_thread") == {"seen": "signalled"}
    with pytest.raises(ParseCrash, match=f"signal_{signal.SIGABRT:d}"):
        reduced.probe("abort")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_is_whole_instructions(machine: str) -> None:
    program = assemble_filter(machine, 7)

    assert program is not None
    assert len(program) % 8 == 0
    assert len(program) // 8 < 4096


def test_unknown_machine_has_no_filter() -> None:
    assert assemble_filter("pdp11", 7) is None
