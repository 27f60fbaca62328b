"""Run the portal as it is deployed, a process of gunicorn, and talk to it as a coordinator."""

import http.client
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyotp

from intake.accounts import accounts, second_factor
from intake.arrivals import drafts
from intake.bootstrap import build_services, prepare_storage
from intake.core.services import Services
from intake.core.settings import read_settings
from tests.components.server import Server, descendants
from tests.portal.building import PASSWORD
from tests.portal.conftest import TOKEN

ROOT = Path(__file__).parents[3]
EMAIL = "coordinator@region.example"
BOUNDARY = "a-boundary-of-a-test"
STEP_SECONDS = 30


class PortalServer(Server):
    """`flask serve` as an operator starts it, its data and temporary files in one folder."""

    name = "portal"
    max_upload_bytes = 300 * 1024 * 1024

    def environ(self) -> dict[str, str]:
        """Return what the process is started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AVRR_")}
        return kept | {
            "AVRR_DATA_DIR": str(self.folder / "var"),
            "AVRR_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "AVRR_LISTEN": f"127.0.0.1:{self.port}",
            "AVRR_MAX_UPLOAD_BYTES": str(self.max_upload_bytes),
            "TMPDIR": str(self.folder / "tmp"),
        }

    def _prepare(self) -> None:
        (self.folder / "tmp").mkdir()
        self.services = build_services(read_settings(self.environ()))
        prepare_storage(self.services)

    def _command(self) -> Sequence[str]:
        settings = [f"{name}={value}" for name, value in self.environ().items()]
        serve = [sys.executable, "-m", "flask", "serve"]
        return ["/usr/bin/env", "-i", f"--chdir={ROOT}", *settings, *serve]

    def _answers(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            line.request("GET", "/sign-in")
            return line.getresponse().status == 200

    def memory_bytes(self, line: str) -> int:
        """Return the largest value of a line of `/proc/PID/status` among our processes."""
        found = []
        for pid in (self.pid, *descendants(self.pid)):
            status = Path(f"/proc/{pid}/status").read_text()
            match = re.search(rf"^{line}:\s+(\d+) kB", status, re.MULTILINE)
            found.append(int(match.group(1)) * 1024 if match is not None else 0)
        return max(found)

    def forget_peak(self) -> None:
        """Let VmHWM begin anew: hashing the password has taken memory for a moment."""
        for pid in (self.pid, *descendants(self.pid)):
            # proc_pid_clear_refs(5): 5 resets the peak.
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def processor_seconds(self) -> float:
        """Return the processor time that our processes have used so far."""
        return sum(
            sum(int(ticks) for ticks in _stat_of(pid)[11:13]) / os.sysconf("SC_CLK_TCK")
            for pid in (self.pid, *descendants(self.pid))
        )

    def left_overs(self) -> list[str]:
        """Return half-written and temporary files that nobody holds any more."""
        found = [*(self.folder / "tmp").rglob("*"), *(self.folder / "var").rglob("*.part")]
        # gunicorn's own heartbeat files have no name; a file with a name is left over.
        return [str(path) for path in found if path.is_file()]

    def places_with(self, canary: bytes) -> list[str]:
        """Return files that hold some bytes: in our folder, and open ones without a name."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        for pid in (self.pid, *descendants(self.pid)):
            files += [link for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_file()]
        return [str(path) for path in files if canary in _content(path)]


def _stat_of(pid: int) -> list[str]:
    """Split `/proc/PID/stat` behind the name; 11 and 12 are user and system time (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        # It was renamed or removed since it was listed; its last name is in the list too.
        return b""


@dataclass(frozen=True)
class Answer:
    """An answer that was read to its end; `cookie` is empty when none was set."""

    status: int
    body: bytes
    cookie: str


def read_answer(line: http.client.HTTPConnection) -> Answer:
    """Read the answer to what was sent on a connection."""
    with line.getresponse() as answer:
        cookies = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        # Beside it there is the mark of a known browser, which these callers do not keep.
        session_cookie = next((each for each in cookies if each.startswith("avrr=")), "")
        return Answer(answer.status, answer.read(), session_cookie)


@dataclass
class Caller:
    """A coordinator at the other end of a connection."""

    server: PortalServer
    services: Services
    user: accounts.SignedInUser
    cookie: str = ""
    token: str = ""
    # The memory of the process before it took the first byte of a file.
    idle_bytes: int = 0

    def sign_in(self, secret: str) -> None:
        """Sign in by password and code, and keep cookie and form token."""
        self._post("/sign-in", {"email": EMAIL, "password": PASSWORD})
        # Setting the factor up has used the present code; the next one is valid already.
        later = self.services.now().timestamp() + STEP_SECONDS
        self._post("/sign-in/code", {"code": pyotp.TOTP(secret).at(int(later))})
        self.token = self._token_of("/referrals")

    def ask(
        self, method: str, path: str, body: bytes | Iterable[bytes] | None = None, **headers: str
    ) -> "Answer":
        """Send one request on a connection of its own."""
        with closing(self.line()) as line:
            line.request(method, path, body, self.headers() | headers)
            return read_answer(line)

    def headers(self) -> dict[str, str]:
        """Return the headers that every request of the coordinator carries."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.token}

    def line(self) -> http.client.HTTPConnection:
        """Open a connection."""
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def announce(self, draft_id: str, size: int) -> str:
        """Announce a file and return its id."""
        told = json.dumps({"name": "remiss.pdf", "type": "application/pdf", "size": size})
        answer = self.ask(
            "POST",
            f"/referrals/drafts/{draft_id}/uploads",
            told.encode(),
            **{"Content-Type": "application/json"},
        )
        upload_id: str = json.loads(answer.body)["id"]
        return upload_id

    def received(self, upload_id: str) -> int:
        """Ask how much of a file is there."""
        answer = self.ask("GET", f"/referrals/uploads/{upload_id}")
        received: int = json.loads(answer.body)["received"]
        return received

    def form(self, parts: Iterable[bytes], name: str = "film.mp4") -> Iterator[bytes]:
        """Return a form with one file, as a browser without script sends it."""
        yield (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
            f"{self.token}\r\n"
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{name}"\r\nContent-Type: video/mp4\r\n\r\n'
        ).encode()
        yield from parts
        yield (
            f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="act"\r\n\r\nadd\r\n'
            f"--{BOUNDARY}--\r\n"
        ).encode()

    def form_headers(self, content_bytes: int) -> dict[str, str]:
        """Return the headers of a form whose file has so many bytes."""
        around = sum(len(part) for part in self.form([]))
        return {
            "Cookie": self.cookie,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(around + content_bytes),
        }

    def _post(self, path: str, fields: dict[str, str]) -> None:
        body = urlencode({"csrf_token": self._token_of(path), **fields}).encode()
        answer = self.ask(
            "POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.status == 303, answer.body
        self.cookie = answer.cookie or self.cookie

    def _token_of(self, path: str) -> str:
        answer = self.ask("GET", path)
        found = TOKEN.search(answer.body.decode())
        assert found is not None
        self.cookie = answer.cookie or self.cookie
        return found.group(1)


def call(server: PortalServer) -> Caller:
    """Make a coordinator's account with a second factor, and sign it in."""
    services = server.services
    user = accounts.create_with_password(services, EMAIL, "COORD", "VAST", PASSWORD)
    secret = second_factor.begin_enrolment(services, "no session", user.id).secret
    second_factor.confirm_enrolment(services, "no session", user.id, pyotp.TOTP(secret).now())
    caller = Caller(server, services, user)
    caller.sign_in(secret)
    server.forget_peak()
    caller.idle_bytes = server.memory_bytes("VmRSS")
    return caller


def begin(caller: Caller) -> str:
    """Begin a draft."""
    return drafts.start_draft(caller.services, caller.user)


def finish(caller: Caller, upload_id: str) -> None:
    """Finish a file over HTTP."""
    answer = caller.ask("POST", f"/referrals/uploads/{upload_id}/finish")
    assert json.loads(answer.body) == {"ready": True}
