"""Hold the walls and limits around a program of the system."""

import socket

import pytest

from intake.sandbox import JailError, OutputRefused, ParseCrash, ParseTimeout
from intake.sandbox.host.confined import Walls, run_confined

TIGHT = Walls(cpu_seconds=2, wall_seconds=10.0, max_output_bytes=1_000_000)


def shell(script: str, content: bytes = b"", walls: Walls = TIGHT) -> bytes:
    """Run a shell's script in the walls."""
    return run_confined(("/bin/sh", "-c", script), content, walls)


def test_program_answers_what_it_is_given() -> None:
    assert shell("cat; cat", b"hello" * 100_000) == b"hello" * 100_000


def test_program_sees_nothing_of_the_machine() -> None:
    seen = shell("ls / /etc /tmp /home /work; env; id -u; ls -d /proc/[0-9]* | wc -l; true")

    lines = seen.decode().split()
    assert {"passwd", "shadow", "home", "work", "root"} & set(lines) == set()
    assert {line.partition("=")[0] for line in lines if "=" in line} == {
        "HOME",
        "OMP_THREAD_LIMIT",
        "PATH",
        "PWD",
    }
    assert "65534" in lines
    assert int(lines[-1]) < 8


@pytest.mark.parametrize("place", ["/usr/x", "/x", "/dev/x", "/dev/shm/x", "/etc/x"])
def test_program_can_write_only_in_its_scratch_folder(place: str) -> None:
    assert shell(f"echo x > {place} || echo refused; echo y > /tmp/x") == b"refused\n"


def test_program_has_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        script = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo reached || echo refused"

        assert run_confined(("/bin/bash", "-c", script), b"", TIGHT) in (b"refused\n", b"")
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("script", "expected", "reason"),
    [
        ("while :; do :; done", ParseTimeout, "cpu_time"),
        ("exit 7", ParseCrash, "exit_7"),
        ("head -c 2000000 /dev/zero", OutputRefused, "too_large"),
        ("no-such-program", ParseCrash, "exit_127"),
    ],
)
def test_program_that_misbehaves_is_told_by_a_code(
    script: str, expected: type[JailError], reason: str
) -> None:
    with pytest.raises(expected) as caught:
        shell(script)

    assert caught.value.reason == reason


def test_program_that_sleeps_is_ended_by_the_wall_clock() -> None:
    with pytest.raises(ParseTimeout) as caught:
        shell("sleep 60", walls=Walls(wall_seconds=0.5))

    assert caught.value.reason == "wall_clock"


def test_scratch_folder_has_a_bound() -> None:
    walls = Walls(scratch_bytes=2_000_000)

    size = shell("head -c 9000000 /dev/zero > /tmp/x; wc -c < /tmp/x", walls=walls)

    assert int(size) <= 2_100_000


def test_memory_has_a_bound() -> None:
    walls = Walls(address_space_bytes=256 * 1024**2)
    with pytest.raises(ParseCrash):
        shell("exec head -c 1000000000 /dev/zero | tail -c 900000000 | wc -c; exit 3", walls=walls)
