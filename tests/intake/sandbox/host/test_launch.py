"""Hold what a jail can see of the machine, each wall without the lock in front of it."""

import ast
import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import sandbox
from intake.sandbox import JailUnavailable
from intake.sandbox.host import process
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.samples import pdf

PROJECT = Path(__file__).resolve().parents[4]
MAIL = b"From: a@example.org\r\n\r\nhello"


@pytest.fixture
def listening() -> Iterator[int]:
    """Return the port of a server that a jail must not reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_jail_runs_under_bubblewrap_as_nobody(jail: ProbedJail) -> None:
    assert jail.probe("user") == {"seen": [65534, 65534]}
    assert jail.mode == "bubblewrap"


def test_jail_has_no_environment(jail: ProbedJail) -> None:
    seen = jail.probe("environment", is_locked=False)["seen"]

    assert isinstance(seen, list)
    assert set(seen) <= {"PWD", "LC_CTYPE"}


def test_jail_sees_no_file_of_the_project(jail: ProbedJail) -> None:
    seen = jail.probe("folder", str(PROJECT), is_locked=False).get("seen", [])

    assert isinstance(seen, list)
    assert set(seen) <= {".venv"}


def test_jail_sees_of_our_code_its_own_folder_only(jail: ProbedJail) -> None:
    assert jail.probe("folder", "/app", is_locked=False) == {"seen": ["jail"]}


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/hostname", __file__, "/home"])
def test_jail_cannot_read_the_machine(jail: ProbedJail, path: str) -> None:
    answer = jail.probe("file", path, is_locked=False)

    assert answer["errno"] in (errno.ENOENT, errno.EACCES)


@pytest.mark.parametrize("folder", ["/", "/usr", "/app", "/app/jail", "/etc"])
def test_jail_cannot_write_outside_its_scratch(jail: ProbedJail, folder: str) -> None:
    answer = jail.probe("write", f"{folder}/x", is_locked=False)

    assert answer["errno"] in (errno.EROFS, errno.EACCES, errno.EPERM)


def test_jail_has_no_network_even_without_the_lock(jail: ProbedJail, listening: int) -> None:
    answer = jail.probe("socket", str(listening), is_locked=False)

    assert answer["errno"] in (errno.ENETUNREACH, errno.ECONNREFUSED)


def test_missing_bubblewrap_is_unavailable(reduced: ProbedJail, make_jail: MakeJail) -> None:
    with pytest.raises(JailUnavailable) as caught:
        make_jail().start()

    assert caught.value.reason == "bubblewrap_missing"


def test_failing_bubblewrap_is_unavailable_and_says_why(
    make_jail: MakeJail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "jailed_command", lambda *_: ["bwrap", "--no-such-option"])

    with pytest.raises(JailUnavailable) as caught:
        make_jail().start()

    assert caught.value.reason == "bubblewrap_failed"
    assert "--no-such-option" in str(caught.value.__cause__)


def test_reduced_jail_says_so_and_works(reduced: ProbedJail) -> None:
    assert reduced.open_mail(MAIL).body_text == "hello"
    assert reduced.inspect(pdf(), "application/pdf", "a.pdf").state == "clean"
    assert reduced.mode == "reduced"


def test_reduced_jail_has_no_environment(
    reduced: ProbedJail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVRR_SECRET", "x")

    seen = reduced.probe("environment", is_locked=False)["seen"]

    assert isinstance(seen, list)
    assert set(seen) <= {"LC_CTYPE"}


def test_the_sandbox_imports_itself_by_relative_names_alone() -> None:
    folder = Path(sandbox.__file__).parent
    absolute = [
        f"{path.relative_to(folder)}:{node.lineno}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.level == 0
        and (node.module or "").startswith("intake")
    ]

    assert absolute == []
