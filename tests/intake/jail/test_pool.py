"""Hold that a pool gives each request a jail of its own while it has one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from intake.jail import Document, JailPool


@pytest.fixture(scope="module")
def pool() -> Iterator[JailPool]:
    shared = JailPool(2, allow_reduced=False)
    yield shared
    shared.close()


def test_pool_starts_nothing_by_itself() -> None:
    assert JailPool(2, allow_reduced=False).mode == "not started"


def test_pool_answers_more_threads_than_it_has_jails(pool: JailPool) -> None:
    mails = [b"From: a@example.org\r\n\r\nmail %d" % number for number in range(20)]

    with ThreadPoolExecutor(6) as threads:
        texts = [mail.body_text for mail in threads.map(pool.open_mail, mails)]

    assert texts == [f"mail {number}" for number in range(20)]
    assert pool.mode == "bubblewrap"


def test_pool_offers_what_a_jail_does(pool: JailPool) -> None:
    document = Document(b"hello", "text/plain", "a.txt")

    assert pool.read_header(b"From: a@example.org\r\n\r\n").from_address == "a@example.org"
    assert pool.inspect(b"hello", "text/plain", "a.txt").state == "clean"
    assert [found.state for found in pool.inspect_many([document] * 3)] == ["clean"] * 3


def test_idle_pool_keeps_to_one_warm_jail() -> None:
    pool = JailPool(3, allow_reduced=False)
    for _ in range(3):
        pool.read_header(b"")

    modes = [jail.mode for jail in pool._jails]
    pool.close()

    assert sorted(modes) == ["bubblewrap", "not started", "not started"]
