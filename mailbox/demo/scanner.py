"""Start clamd for the demo when it is installed, with the machine's signatures or a single one.

Without signatures of its own clamd does not start at all. Where the machine has none, it gets one
for the EICAR test file, so that the demo can show what becomes of malware; the terminal says so.
"""

import hashlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from mailbox.demo.eicar import eicar
from storage import private_files

MACHINE_SIGNATURES = Path("/var/lib/clamav")
PROGRAMS = ("/usr/sbin", "/usr/local/sbin")
START_SECONDS = 60.0
STOP_SECONDS = 1.5
CONFIG = """\
LocalSocket {socket}
LocalSocketMode 600
FixStaleSocket yes
Foreground yes
{user}
DatabaseDirectory {signatures}
TemporaryDirectory {temporary}
StreamMaxLength 110M
MaxFileSize 110M
MaxScanSize 400M
AlertEncrypted yes
AlertExceedsMax yes
"""


@dataclass
class DemoScanner:
    """A running clamd, and whether it knows nothing but the test file."""

    url: str
    is_for_test_file_only: bool
    process: "subprocess.Popen[bytes]"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def find_clamd() -> str | None:
    """Return where clamd is installed; an ordinary user's PATH often leaves its folder out."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), *PROGRAMS])
    return shutil.which("clamd", path=folders)


def start_scanner(folder: Path) -> DemoScanner | None:
    """Start clamd in `folder` and return once it answers; None when it is missing or does not."""
    program = find_clamd()
    if program is None:
        return None
    private_files.make_folder(folder)
    (folder / "temporary").mkdir(mode=0o700, exist_ok=True)
    signatures, is_for_test_file_only = _signatures(folder)
    # A socket's path may have about 100 bytes only, and the data folder may lie deep.
    address = f"/tmp/avrr-demo-clamd-{os.getpid()}.sock"  # noqa: S108 - closed to others by its mode
    config = folder / "clamd.conf"
    config.write_text(
        CONFIG.format(
            socket=address,
            # Started by root, clamd would become `clamav`, who may not enter this folder.
            user="User root" if os.geteuid() == 0 else "",
            signatures=signatures,
            temporary=folder / "temporary",
        ),
        encoding="utf-8",
    )
    with private_files.open_to_append(folder / "clamd.log") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", program, f"--config-file={config}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    scanner = DemoScanner(f"unix://{address}", is_for_test_file_only, process)
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if _answers(address):
            return scanner
        time.sleep(0.05)
    scanner.__exit__()
    return None


def _signatures(folder: Path) -> tuple[Path, bool]:
    """Return the folder of the signatures, and whether it holds that of the test file only."""
    if any(MACHINE_SIGNATURES.glob("*.c[lv]d")):
        return MACHINE_SIGNATURES, False
    own = folder / "signatures"
    own.mkdir(mode=0o700, exist_ok=True)
    unfinished = own.with_name("daily.unfinished")
    unfinished.write_bytes(test_file_signatures(datetime.now(UTC)))
    unfinished.replace(own / "daily.cud")
    return own, True


def _answers(address: str) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(START_SECONDS)
        connection.connect(address)
        connection.sendall(b"zPING\0")
        return connection.recv(16).startswith(b"PONG")
    return False


def test_file_signatures(at: datetime) -> bytes:
    """Build an unsigned ClamAV database (.cud) of that moment which knows EICAR.

    Only such a container, named `daily.…`, makes `VERSION` tell the signatures' age. It is a header
    of 512 bytes and a tar: `daily.info` repeats the header and lists the others with their sizes
    and digests, `daily.ndb` finds the bytes anywhere, `daily.hdb` a whole file.
    """
    # ClamAV knows whole files by MD5; nothing relies on it for safety.
    digest = hashlib.md5(eicar(), usedforsecurity=False).hexdigest()
    files = {
        "daily.ndb": f"Eicar-Test-Signature:0:*:{eicar().hex()}\n",
        "daily.hdb": f"{digest}:{len(eicar())}:Eicar-Test-File\n",
    }
    header = _header(at.astimezone(UTC), len(files))
    listing = [
        f"{name}:{len(text)}:{hashlib.sha256(text.encode()).hexdigest()}"
        for name, text in files.items()
    ]
    files = {"daily.info": "\n".join([header, *listing, ""]), **files}
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return header.encode().ljust(512) + content.getvalue()


def _header(at: datetime, signature_count: int) -> str:
    fields = [
        "ClamAV-VDB",
        at.strftime("%d %b %Y %H-%M +0000"),
        "1",  # the version
        str(signature_count),
        "90",  # the functionality level
        "X",  # no digest and
        "X",  # no signature, since nobody's key vouches for it
        "avrr",
        str(int(at.timestamp())),
    ]
    return ":".join(fields)
