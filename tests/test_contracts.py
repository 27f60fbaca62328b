"""The import contracts of pyproject.toml hold, and each is broken by an import that it forbids.

A contract that nothing can break looks like one that holds: a room that was renamed, or an import
that the linter does not see. So each is tried on a copy of the packages.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("portal", "mailbox", "intake", "storage")
LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"

TOP = "one way down"
INTAKE = "the rooms of intake"
SANDBOX = "the sandbox, from the wire up"
HOST = "the host imports no parser"
PORTAL = "the rooms of the portal"
STORAGE = "the rooms of storage"
CIRCLE = "no circle anywhere"
ENGINE = "only one module knows dbos"

FOR_TYPES = "\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    "
PLANTS = {
    "mailbox to portal": ("mailbox/backoff.py", "import portal.text.labels", {TOP}),
    "storage to intake": ("storage/errors.py", "from intake.core import regions", {TOP}),
    "up in intake": (
        "intake/reference_data/clock_rules.py",
        "from intake.inspection import verdicts",
        {INTAKE},
    ),
    "up in intake, for types": (
        "intake/reference_data/clock_rules.py",
        f"{FOR_TYPES}from intake.inspection import verdicts",
        {INTAKE},
    ),
    "up in intake, inside a function": (
        "intake/reference_data/clock_rules.py",
        "def planted() -> None:\n    import intake.inspection.verdicts",
        {INTAKE},
    ),
    "up in the sandbox": (
        "intake/sandbox/mail/boundaries.py",
        "from ..archives import inflate",
        {SANDBOX},
    ),
    # Every parser stands above or beside the host, so the order forbids the same import.
    "host to parser": (
        "intake/sandbox/host/pool.py",
        "from ..office import ole",
        {SANDBOX, HOST},
    ),
    "up in the portal": (
        "portal/account/own_account.py",
        "from portal.triage import filters",
        {PORTAL},
    ),
    "up in storage": ("storage/editions.py", "from storage.access import grants", {STORAGE}),
    "circle in a room": (
        "intake/core/environment.py",
        f"{FOR_TYPES}from intake.core import settings",
        {CIRCLE},
    ),
    "the engine past its door": (
        "intake/pipeline/work_queue.py",
        "from dbos import DBOSClient",
        {ENGINE},
    ),
    "new room of intake": ("intake/attic/__init__.py", "", {INTAKE}),
    "new room of the sandbox": ("intake/sandbox/attic/__init__.py", "", {SANDBOX}),
    "new room of the portal": ("portal/attic/__init__.py", "", {PORTAL}),
    "new room of storage": ("storage/attic/__init__.py", "", {STORAGE}),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages and the contracts."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[set[str]]:
    """Add the text of a plant to its file; give the contracts that should break."""
    name, text, contracts = PLANTS[request.param]
    path = copy / name
    before = path.read_text("utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{text}\n", "utf-8")
    yield contracts
    if before is None:
        shutil.rmtree(path.parent)
    else:
        path.write_text(before, "utf-8")


def broken(folder: Path) -> set[str]:
    """Return the names of the contracts that the linter finds broken in a folder."""
    environ = os.environ | {"NO_COLOR": "1", "COLUMNS": "200", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    judged = dict(re.findall(r"^(\S.*) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert len(judged) > 10, done.stdout + done.stderr
    return {name for name, verdict in judged.items() if verdict == "BROKEN"}


def test_contracts_hold() -> None:
    assert broken(ROOT) == set()


@pytest.mark.parametrize("planted", PLANTS, indirect=True)
def test_contract_breaks_by_what_it_forbids(planted: set[str], copy: Path) -> None:
    assert broken(copy) == planted
