"""Hold what a child may still do once it is locked, in both modes."""

import errno

import pytest

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


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_is_whole_instructions(machine: str) -> None:
    program = assemble_filter(machine)

    assert program is not None
    assert len(program) % 8 == 0
    assert len(program) // 8 < 4096


def test_unknown_machine_has_no_filter() -> None:
    assert assemble_filter("pdp11") is None
