"""Hold that a pool gives each request a jail of its own while it has one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from intake.sandbox import ALL_DUTIES, Document, Duty, JailPool, ParseCrash
from intake.sandbox.protocol.duties import DUTY_OF


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


def test_each_request_goes_to_the_family_that_has_its_duty() -> None:
    pool = JailPool(1, allow_reduced=False, families=((Duty.MAIL,), (Duty.DOCUMENTS,)))
    mail, documents = pool._jails

    pool.read_header(b"")
    after_mail = (mail.mode, documents.mode)
    pool.inspect(b"hello", "text/plain", "a.txt")
    pool.close()

    assert after_mail == ("bubblewrap", "not started")
    assert (mail._starts, documents._starts) == (1, 1)


def test_mail_is_opened_while_all_jails_for_documents_are_busy() -> None:
    pool = JailPool(1, allow_reduced=False, families=((Duty.MAIL,), (Duty.DOCUMENTS,)))

    with pool._jail("inspect"):
        opened = pool.open_mail(b"From: a@example.org\r\n\r\nhello")
    pool.close()

    assert opened.body_text == "hello"


def test_a_jail_refuses_what_is_not_its_duty() -> None:
    pool = JailPool(1, allow_reduced=False, families=((Duty.MAIL,),))
    (mail,) = pool._jails

    with pytest.raises(ParseCrash) as caught:
        mail.inspect(b"hello", "text/plain", "a.txt")
    pool.close()

    assert caught.value.reason == "exit_73"


def test_every_operation_has_a_duty_and_every_duty_an_operation() -> None:
    assert set(DUTY_OF.values()) == set(ALL_DUTIES)
