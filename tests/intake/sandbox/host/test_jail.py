"""Hold the walls of the jail, its limits, and that a dead child costs nobody else anything."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake.sandbox import (
    Document,
    Jail,
    JailError,
    Limits,
    OutputRefused,
    ParseCrash,
    ParseTimeout,
)
from intake.sandbox.protocol.limits import TimeLeft
from tests.intake.sandbox.bombs import bombs
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.samples import pdf

MAIL = b"From: a@example.org\r\n\r\nhello"
TEXT = Document(b"hello", "text/plain", "a.txt")


def test_constructor_starts_nothing() -> None:
    assert Jail(allow_reduced=False).mode == "not started"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("memory", "out_of_memory"), ("crash", f"signal_{int(signal.SIGSEGV)}"), ("raise", "exit_73")],
)
def test_child_that_dies_costs_the_next_one_nothing(
    jail: ProbedJail, name: str, reason: str
) -> None:
    with pytest.raises(ParseCrash) as caught:
        jail.probe(name)

    assert caught.value.reason == reason
    assert jail.open_mail(MAIL).body_text == "hello"
    assert jail._starts == 1


def test_unknown_operation_is_a_crash(jail: ProbedJail) -> None:
    with pytest.raises(ParseCrash):
        jail._request("no such thing", {}, [])


@pytest.mark.parametrize("name", ["loop", "sleep"])
def test_endless_child_is_stopped_by_the_wall_clock(make_jail: MakeJail, name: str) -> None:
    jail = make_jail(Limits(wall_seconds=0.3))

    with pytest.raises(ParseTimeout) as caught:
        jail.probe(name)

    assert caught.value.reason == "wall_clock"
    assert jail.open_mail(MAIL).body_text == "hello"
    assert jail._starts == 1


def test_busy_child_is_stopped_by_its_processor_time(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(cpu_seconds=1))

    with pytest.raises(ParseTimeout) as caught:
        jail.probe("loop")

    assert caught.value.reason == "cpu_time"


def test_steps_of_one_inspection_share_its_time(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.inspect(b"hello", "text/plain", "a.txt")
    left = TimeLeft(0.4)

    jail.inspect(b"hello", "text/plain", "a.txt", left=left)
    with pytest.raises(ParseTimeout) as caught:
        jail._request("probe", {"name": "sleep"}, [], left)

    assert caught.value.reason == "wall_clock"
    assert left.is_over
    assert jail._starts == 1


def test_step_for_which_no_time_is_left_is_not_begun(make_jail: MakeJail) -> None:
    jail, left = make_jail(), TimeLeft(0.0)

    for step in (
        lambda: jail.open_mail(MAIL, left=left),
        lambda: jail.check_signed_parts(MAIL, left=left),
        lambda: jail.inspect(b"hello", "text/plain", "a.txt", left=left),
        lambda: jail.unpack(b"hello", "text/plain", "a.txt", left=left),
    ):
        with pytest.raises(ParseTimeout) as caught:
            step()
        assert caught.value.reason == "wall_clock"

    assert jail.mode == "not started"


def test_share_of_the_time_is_taken_off_the_whole() -> None:
    whole = TimeLeft(40.0)

    first, second = whole.share(30.0), whole.share(30.0)
    first.use(25.0)
    second.use(10.0)
    third = whole.share(30.0)

    assert (first.seconds, second.seconds, third.seconds) == (5.0, 20.0, 5.0)


def test_output_over_the_limit_is_refused(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(max_output_bytes=100_000))

    with pytest.raises(OutputRefused) as caught:
        jail.probe("output", "200000")

    assert caught.value.reason == "too_large"
    assert jail.probe("output", "1000")["seen"] == "x" * 1000


def test_fork_bomb_ends_with_its_request_even_without_the_lock(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(wall_seconds=2.0))

    assert isinstance(jail.probe("descendants", is_locked=False)["seen"], int)
    processes = jail.probe("folder", "/proc", is_locked=False)["seen"]

    assert isinstance(processes, list)
    assert len([name for name in processes if name.isdigit()]) == 2  # the warm one and this one


def test_nothing_runs_any_more_after_close(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.start()
    started = jail.process_id()
    family = descendants(started)

    jail.close()

    assert len(family) == 1
    assert [process for process in (started, *family) if Path(f"/proc/{process}").exists()] == []


def test_closing_ends_a_request_that_is_running(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.start()
    started = jail.process_id()
    timer = threading.Timer(0.2, os.kill, (started, signal.SIGKILL))
    timer.start()

    with pytest.raises(ParseCrash) as caught:
        jail.probe("sleep")

    assert caught.value.reason == "jail_died"


def test_jail_that_died_while_idle_starts_again_unnoticed(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.start()
    started = jail._started
    assert started is not None
    os.kill(jail.process_id(), signal.SIGKILL)
    started.wait(5)

    assert jail.open_mail(MAIL).body_text == "hello"
    assert jail._starts == 2


def test_jail_outlives_the_thread_that_started_it(make_jail: MakeJail) -> None:
    jail = make_jail()
    starter = threading.Thread(target=jail.start)
    starter.start()
    starter.join()

    assert jail.open_mail(MAIL).body_text == "hello"
    assert jail._starts == 1


def test_forked_process_gets_a_jail_of_its_own(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.start()
    child = os.fork()
    if child == 0:
        os._exit(0 if jail.open_mail(MAIL).body_text == "hello" and jail._starts == 2 else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert jail.open_mail(MAIL).body_text == "hello"
    assert jail._starts == 1


def test_closed_jail_starts_again_at_the_next_request(make_jail: MakeJail) -> None:
    jail = make_jail()
    jail.start()
    jail.close()

    assert jail.mode == "not started"
    assert jail.inspect(b"hello", "text/plain", "a.txt").state == "clean"


def test_threads_each_get_their_own_answer(jail: ProbedJail) -> None:
    mails = [b"From: a@example.org\r\n\r\nmail %d" % number for number in range(40)]

    with ThreadPoolExecutor(8) as threads:
        texts = [mail.body_text for mail in threads.map(jail.open_mail, mails)]

    assert texts == [f"mail {number}" for number in range(40)]


def test_large_message_goes_in_and_out_whole(jail: ProbedJail) -> None:
    content = os.urandom(1024) * 16 * 1024

    mail = jail.open_mail(b"Content-Type: application/octet-stream\r\n\r\n" + content)

    assert mail.parts[0].content == content


def test_many_documents_are_inspected_in_order(jail: ProbedJail) -> None:
    documents = [TEXT, Document(pdf(), "application/pdf", "a.pdf"), Document(b"", "", "")] * 3

    states = [inspection.state for inspection in jail.inspect_many(documents)]

    assert states == ["clean", "clean", "unreadable"] * 3
    assert jail.inspect_many([]) == []


def test_bomb_among_documents_is_held_and_its_neighbours_are_judged(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(address_space_bytes=160 * 1024**2))
    bomb = Document(b"hello " * 16 * 1024**2, "text/plain", "a.txt")

    found = jail.inspect_many([TEXT, bomb, TEXT])

    assert [inspection.state for inspection in found] == ["clean", "held", "clean"]
    assert (found[1].reason, found[1].findings) == ("parse_crash", ("out_of_memory",))


def test_mail_bombs_all_become_opened_mails_and_the_jail_stays_up(make_jail: MakeJail) -> None:
    jail = make_jail(Limits(address_space_bytes=512 * 1024**2, cpu_seconds=10, wall_seconds=10.0))
    generated = list(bombs())

    opened = [jail.open_mail(bomb) for bomb in generated]

    assert len(generated) >= 70
    assert all(mail.parts or mail.flags for mail in opened)
    assert jail._starts == 1


def test_header_alone_can_be_read(jail: ProbedJail) -> None:
    assert jail.read_header(MAIL).from_address == "a@example.org"


def test_errors_carry_a_code_and_nothing_else(jail: ProbedJail) -> None:
    with pytest.raises(JailError) as caught:
        jail.probe("raise")

    assert caught.value.args == (caught.value.reason,)


def descendants(process: int) -> list[int]:
    """Return all processes below `process`."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [below for child in map(int, children) for below in (child, *descendants(child))]
