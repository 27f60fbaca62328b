"""Mail in and mail out load no library that renders, learns or reads scans.

Their processes run all day beside the worker, and what they do not load no mail can reach.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from intake.bootstrap import build_services, prepare_storage
from intake.core.settings import read_settings
from tests.mailbox.building import accepted, put_message

ROOT = Path(__file__).parents[1]
HEAVY = {
    "PIL",
    "fpdf",
    "msoffcrypto",
    "numpy",
    "olefile",
    "oletools",
    "openpyxl",
    "pikepdf",
    "pillow_heif",
    "py3langid",
    "py7zr",
    "pypdfium2",
    "scipy",
    "sklearn",
    "tesserocr",
    "pytesseract",
    "uharfbuzz",
    "yara_x",
}
# Ours that open, inspect, draw and read; the worker alone runs them.
OURS = ("intake.pipeline.engine", "intake.sandbox.worker", "intake.sandbox.render")
# Runs `flask …` in this process and tells at its end, on a line of its own, what it has loaded.
COMMAND = """
import atexit, json, sys
from flask.cli import main
atexit.register(lambda: print("\\nLOADED", json.dumps(sorted(sys.modules))))
main()
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return settings of an installation whose mail servers refuse every connection."""
    password = tmp_path / "password"
    password.write_text("secret", "utf-8")
    password.chmod(0o600)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AVRR_")}
    return kept | {
        "AVRR_DATA_DIR": str(tmp_path / "var"),
        "AVRR_MAILBOX_REFERRALS_URL": f"imap://one@{address}/INBOX",
        "AVRR_MAILBOX_REFERRALS_PASSWORD_FILE": str(password),
        "AVRR_MAILBOX_CASH_URL": f"imap://two@{address}/INBOX",
        "AVRR_MAILBOX_CASH_PASSWORD_FILE": str(password),
        "AVRR_SMTP_URL": f"smtp://{address}",
    }


def loaded(environ: dict[str, str], *arguments: str) -> tuple[set[str], str]:
    """Run one command to its end; return the modules that it loaded, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said, _, told = done.stdout.partition("\nLOADED ")
    assert told, done.stderr
    return set(json.loads(told)), said + done.stderr


def heavy(modules: set[str]) -> set[str]:
    """Return what mail in and mail out should not have loaded."""
    libraries = {module.partition(".")[0] for module in modules} & HEAVY
    return libraries | {module for module in modules if module.startswith(OURS)}


def test_mail_poll_loads_nothing_heavy(environ: dict[str, str]) -> None:
    modules, said = loaded(environ, "mail", "poll", "--once")

    assert "referrals: connection_refused" in said
    assert {"mailbox.poller", "mailbox.imap", "intake.arrivals.accept"} <= modules
    assert heavy(modules) == set()


def test_mail_send_loads_nothing_heavy(environ: dict[str, str]) -> None:
    services = build_services(read_settings(environ))
    prepare_storage(services)
    put_message(services, accepted(services))
    services.database.close()

    modules, said = loaded(environ, "mail", "send", "--once")

    assert "event=message_delayed" in said
    assert {"mailbox.sender", "mailbox.smtp"} <= modules
    assert heavy(modules) == set()
