"""Check the demo from its start to its end: what it prints, who can sign in, and that it ends."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

import pyotp
import pytest

from mailbox.demo.people import PEOPLE
from tests.components.server import descendants, free_port, wait_until

pytestmark = pytest.mark.components

ROOT = Path(__file__).parents[3]
WITHIN_SECONDS = 240
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Demo:
    """A demo that runs in a data folder of its own, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.port, imap, smtp = free_port(), free_port(), free_port()
        self.output = folder / "terminal.txt"
        data = folder / "data"
        mailbox = f"imap://referrals@127.0.0.1:{imap}/INBOX?idle=no"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "demo"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "AVRR_DATA_DIR": str(data),
                    "AVRR_LISTEN": f"127.0.0.1:{self.port}",
                    "AVRR_MAILBOX_REFERRALS_URL": mailbox,
                    "AVRR_MAILBOX_REFERRALS_PASSWORD_FILE": str(data / "mail-password"),
                    "AVRR_MAILBOX_CASH_URL": mailbox.replace("referrals", "cash"),
                    "AVRR_MAILBOX_CASH_PASSWORD_FILE": str(data / "mail-password"),
                    "AVRR_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def printed(self) -> str:
        """Return what stands on the terminal so far."""
        return self.output.read_text("utf-8")

    def wait_for(self, words: str) -> str:
        """Return what was printed once these words are in it, or the demo has ended."""
        wait_until(
            lambda: words in self.printed or self.process.poll() is not None,
            f"the demo prints «{words}»; so far: {self.printed}",
            WITHIN_SECONDS,
        )
        return self.printed

    def sign_in(self, email: str, then: str = "") -> str:
        """Sign in with what the terminal says; return the first page, or the one of `then`."""
        found = re.search(rf"{re.escape(email)} +(\S+)\n.*\n(?:.*an app: (\S+))?", self.printed)
        assert found is not None, self.printed
        password, key = found.groups()
        browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        page = self._send(browser, "/sign-in", email=email, password=password)
        if key:
            page = self._send(browser, "/sign-in/code", code=pyotp.TOTP(key).now())
        return self._read(browser, then) if then else page

    def _send(self, browser: OpenerDirector, path: str, **fields: str) -> str:
        token = TOKEN.search(self._read(browser, path))
        assert token is not None
        body = urlencode({**fields, "csrf_token": token.group(1)}).encode()
        return self._read(browser, path, body)

    def _read(self, browser: OpenerDirector, path: str, body: bytes | None = None) -> str:
        with browser.open(f"http://127.0.0.1:{self.port}{path}", body) as answer:
            return str(answer.read().decode())


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """Run a demo, and end it however the test ends."""
    demo = Demo(folder)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(WITHIN_SECONDS)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give a demo whose arrivals have their places."""
    with running(tmp_path_factory.mktemp("demo")) as started:
        started.wait_for("Ctrl-C stops")
        yield started


@pytest.mark.parametrize(
    ("shows", "place"),
    [
        ("an addition", "new referrals"),
        ("a PDF behind a password", "quarantine"),
        ("EICAR", "quarantine"),
        ("a sender whom nobody knows", "mail to match"),
        ("a question about cash", "enquiries"),
        ("a phone's photo", "new referrals"),
        ("a machine's absence note", "mail to match"),
        ("an emergency", "emergency"),
        ("a forged mail", "on hold"),
    ],
)
def test_each_arrival_stands_where_it_belongs(demo: Demo, shows: str, place: str) -> None:
    (line,) = (each for each in demo.printed.splitlines() if each.startswith(f"  {shows}"))

    assert place in line


def test_the_first_referral_is_told_step_by_step(demo: Demo) -> None:
    for step in ("mail arrived", "stored", "opened", "scanned", "filed", "queued", "receipt sent"):
        assert f" s  {step}" in demo.printed


@pytest.mark.parametrize("email", [each.email for each in PEOPLE])
def test_everybody_signs_in_with_what_the_terminal_says(demo: Demo, email: str) -> None:
    page = demo.sign_in(email)

    assert "Sign out" in page
    assert "Demo: all data here is invented." in page


def test_the_caseworker_has_a_case(demo: Demo) -> None:
    case = re.search(r"to case (\S+)", demo.printed)

    assert case is not None
    assert case.group(1) in demo.sign_in("caseworker@demo.example", "/cases/mine")


def test_it_says_that_it_stops_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with running(tmp_path) as demo:
        demo.wait_for("receipt sent")
        children = descendants(demo.process.pid)

        demo.process.send_signal(signal.SIGINT)
        demo.process.wait(WITHIN_SECONDS)

    assert children
    assert demo.process.returncode == 0
    assert demo.printed.endswith(
        "Stopping.\nStopped. The data is kept; the next start continues with it.\n"
    )
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in children), "all ended")
