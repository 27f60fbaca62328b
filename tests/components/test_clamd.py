"""clamd finds EICAR anywhere, tells its signatures' age, and can be stopped in its tracks."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest

from mailbox.demo.eicar import eicar
from tests.components.clamd import Clamd

pytestmark = pytest.mark.components


def test_clean_bytes_are_ok(clamd: Clamd) -> None:
    assert clamd.scan(b"an ordinary letter") == "stream: OK"


def test_eicar_is_found(clamd: Clamd) -> None:
    assert clamd.scan(eicar()).endswith(" FOUND")


def test_eicar_is_found_inside_other_bytes(clamd: Clamd) -> None:
    assert clamd.scan(b"before " + eicar() + b" after").endswith(" FOUND")


def test_eicar_is_found_in_a_zip(clamd: Clamd) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.txt", eicar())

    assert clamd.scan(content.getvalue()).endswith(" FOUND")


def test_second_scan_does_not_come_from_a_cache(clamd: Clamd) -> None:
    answers = {clamd.scan(eicar()) for _ in range(3)}

    assert len(answers) == 1


def test_stream_above_the_limit_is_an_error(scratch: Path) -> None:
    with Clamd(scratch, max_bytes=100_000) as server:
        assert server.scan(bytes(100_000)) == "stream: OK"
        assert _answer_or_hang_up(server, bytes(100_001)) in {
            "INSTREAM size limit exceeded. ERROR",
            "hung up",
        }


def test_signatures_have_the_age_they_are_given(scratch: Path) -> None:
    at = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)

    with Clamd(scratch, signatures_at=at) as server:
        assert server.ask("VERSION").endswith(at.astimezone().ctime())
        later = at + datetime.timedelta(days=40)
        server.set_signatures_at(later)

        assert server.ask("VERSION").endswith(later.astimezone().ctime())
        assert server.scan(eicar()).endswith(" FOUND")


def test_paused_scanner_takes_the_connection_and_never_answers(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.components.clamd._TIMEOUT_SECONDS", 0.2)
    with Clamd(scratch) as server:
        server.pause()

        with pytest.raises(TimeoutError):
            server.ask("PING")
        server.resume()

        assert server.ask("PING") == "PONG"


def test_paused_scanner_can_be_stopped(scratch: Path) -> None:
    server = Clamd(scratch).start()
    server.pause()

    server.stop()

    assert not server.is_running


def test_killed_scanner_refuses_connections_until_it_is_started(scratch: Path) -> None:
    with Clamd(scratch) as server:
        server.kill()

        with pytest.raises(OSError, match=r"refused|No such file"):
            server.ask("PING")
        server.start()

        assert server.ask("PING") == "PONG"


def _answer_or_hang_up(server: Clamd, content: bytes) -> str:
    """Scan; clamd may break the connection before its answer about the limit can be read."""
    try:
        return server.scan(content)
    except ConnectionError:
        return "hung up"
