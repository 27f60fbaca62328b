"""Run a real clamd for tests, which finds one malware: EICAR.

Its hand-written database loads at once, where the official one takes half a minute and a
gigabyte. Limits and alerts are set as the README tells an operator to set them.
"""

import datetime
import socket
from collections.abc import Sequence
from pathlib import Path

from mailbox.demo.scanner import test_file_signatures
from tests.components.server import LOOPBACK, Server, find_program, is_root, wait_until

DEFAULT_MAX_BYTES = 30 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0
_CHUNK_BYTES = 64 * 1024
_CONFIG = """\
# Written by tests/components/clamd.py.
LocalSocket {socket}
LocalSocketMode 600
FixStaleSocket yes
TCPSocket {port}
TCPAddr {host}
Foreground yes
LogTime yes
LogVerbose yes
{user}
DatabaseDirectory {folder}/signatures
TemporaryDirectory {temporary}
# With `no` a reload waits, scans and all, until idle threads end after half a minute.
ConcurrentDatabaseReload yes
SelfCheck 0
DisableCache yes
ExitOnOOM yes
MaxThreads 4
MaxQueue 100
ReadTimeout 60
CommandReadTimeout 30
StreamMaxLength {max_bytes}
MaxFileSize {max_bytes}
MaxScanSize {max_scan_bytes}
HeuristicAlerts yes
AlertBrokenExecutables yes
AlertBrokenMedia yes
AlertEncrypted yes
AlertEncryptedArchive yes
AlertEncryptedDoc yes
AlertOLE2Macros yes
AlertPhishingSSLMismatch yes
AlertPhishingCloak yes
AlertPartitionIntersection yes
AlertExceedsMax yes
"""


class Clamd(Server):
    """Serve clamd on a Unix socket in `folder` and on a loopback port.

    `max_bytes` is both `StreamMaxLength` and `MaxFileSize`: with a larger stream than file limit
    clamd answers OK for what it did not look at. `signatures_at` is the age that `VERSION` tells.
    `temporary_folder` may be a full file system, to see what clamd says then.
    """

    name = "clamd"

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        signatures_at: datetime.datetime | None = None,
        temporary_folder: Path | None = None,
    ) -> None:
        super().__init__(folder)
        self.max_bytes = max_bytes
        self.socket_path = folder / "clamd.sock"
        self.temporary_folder = temporary_folder or folder / "temporary"
        self._signatures_at = signatures_at

    @property
    def url(self) -> str:
        """Give the address of the Unix socket, as in `unix:///tmp/avrr-x/clamd/clamd.sock`."""
        return f"unix://{self.socket_path}"

    @property
    def tcp_url(self) -> str:
        """Give the address of the loopback port, as in `tcp://127.0.0.1:3310`."""
        return f"tcp://{LOOPBACK}:{self.port}"

    def ask(self, command: str) -> str:
        """Send one command, such as `PING` or `VERSION`, and give the answer as it came."""
        return self._talk([f"z{command}\0".encode()])

    def scan(self, content: bytes) -> str:
        """Send bytes by INSTREAM and give the answer: `stream: OK` or `stream: NAME FOUND`.

        Raises ConnectionError when clamd hangs up on a stream above its limit. For tests of the
        component and for spot checks; the product has its own client.
        """
        chunks = [b"zINSTREAM\0"]
        for start in range(0, len(content), _CHUNK_BYTES):
            chunk = content[start : start + _CHUNK_BYTES]
            chunks += [len(chunk).to_bytes(4, "big"), chunk]
        return self._talk([*chunks, bytes(4)])

    def set_signatures_at(self, signatures_at: datetime.datetime) -> None:
        """Let the signatures be of that moment, and return once clamd has reloaded them."""
        self._signatures_at = signatures_at
        self._write_signatures()
        self.ask("RELOAD")
        # clamd tells the time in the machine's zone, which it shares with us.
        told = signatures_at.astimezone().ctime()
        wait_until(lambda: told in self.ask("VERSION"), "the signatures are reloaded")

    def _talk(self, pieces: list[bytes]) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_TIMEOUT_SECONDS)
            connection.connect(str(self.socket_path))
            for piece in pieces:
                connection.sendall(piece)
            answer = b""
            while received := connection.recv(4096):
                answer += received
        return answer.rstrip(b"\0\n").decode()

    def _prepare(self) -> None:
        self.folder.chmod(0o700)
        self.temporary_folder.mkdir(exist_ok=True)
        self._write_signatures()
        self._config_path.write_text(
            _CONFIG.format(
                socket=self.socket_path,
                port=self.port,
                host=LOOPBACK,
                # Started by root, clamd would become `clamav`, who may not enter this folder.
                user="User root" if is_root() else "",
                folder=self.folder,
                temporary=self.temporary_folder,
                max_bytes=self.max_bytes,
                max_scan_bytes=4 * self.max_bytes,
            )
        )

    def _write_signatures(self) -> None:
        signatures = self.folder / "signatures"
        signatures.mkdir(exist_ok=True)
        at = self._signatures_at or datetime.datetime.now(datetime.UTC)
        unfinished = signatures.with_name("daily.unfinished")
        unfinished.write_bytes(test_file_signatures(at))
        unfinished.rename(signatures / "daily.cud")

    @property
    def _config_path(self) -> Path:
        return self.folder / "clamd.conf"

    def _command(self) -> Sequence[str]:
        return [find_program("clamd"), f"--config-file={self._config_path}"]

    def _answers(self) -> bool:
        return self.ask("PING") == "PONG"
