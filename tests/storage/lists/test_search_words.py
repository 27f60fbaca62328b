"""Check the blind index: the newest first, all words together, codes by beginning, no erased."""

from datetime import timedelta

from intake.core.services import Services
from storage.crypto.keys import DataKeyRow
from storage.lists import search_words
from tests.support.building import Clock
from tests.support.rows import Planter

ONE, TWO, NONE = b"1" * 16, b"2" * 16, b"0" * 16
HERE = "header"
OURS = ("referrals",)


def test_the_newest_with_all_words_are_found(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        made = []
        for hours, words in (
            (3, {(ONE, HERE), (TWO, HERE)}),
            (2, {(ONE, HERE)}),
            (1, {(ONE, HERE), (TWO, HERE)}),
        ):
            at = clock.now() - timedelta(hours=hours)
            made.append(planter.submission(received_at=at))
            search_words.put(session, made[-1], words)
        oldest, middle, newest = (each.id for each in made)

        def found(*words: bytes, reach: int = 9, limit: int = 9) -> list[str]:
            return search_words.with_all(session, words, reach=reach, limit=limit)

        assert found(ONE) == [newest, middle, oldest]
        assert found(ONE, TWO) == found(TWO, ONE) == [newest, oldest]
        assert found(ONE, limit=1) == [newest]
        assert found(ONE, TWO, reach=2) == [newest]
        assert found(NONE) == found(ONE, NONE) == []
        assert search_words.count_up_to(session, ONE, 2) == 2
        assert search_words.count_up_to(session, TWO, 9) == 2


def test_words_are_replaced_and_forgotten(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        submission = Planter(session, services.keyring, clock.now()).submission()
        search_words.put(session, submission, {(ONE, HERE)})
        search_words.put(session, submission, {(TWO, HERE)})
        assert search_words.with_all(session, [ONE], reach=9, limit=9) == []
        assert search_words.not_indexed(session, after="", limit=9) == []

        search_words.forget(session, submission.id)
        assert search_words.with_all(session, [TWO], reach=9, limit=9) == []
        assert search_words.not_indexed(session, after="", limit=9) == [submission.id]


def test_codes_are_found_by_how_they_begin(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        case = planter.case(reference="ZZ2-222-22")
        own = planter.submission(reference="K7M-4QX-9T", case_id=case.id)
        near = planter.submission(reference="K7M-4QZ-22")
        planter.submission(reference="K7N-222-22")
        planter.submission(reference="K7M-4QX-22", programme="cash")

        def found(begin: str) -> set[str]:
            return set(search_words.by_code(session, begin, OURS, limit=9))

        assert found("K7M") == found("K7M-4Q") == {own.id, near.id}
        assert found("K7M-4QX") == found("K7M-4QX-9T") == {own.id}
        assert found("ZZ2-2") == {own.id}
        assert found("222") == set()
        assert len(search_words.by_code(session, "K7M", OURS, limit=1)) == 1


def test_what_was_erased_or_is_foreign_is_not_readable(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        kept, erased = planter.submission(), planter.submission()
        foreign = planter.submission(programme="cash")
        session.get_one(DataKeyRow, erased.data_key_id).destroyed_at = clock.now()
        session.flush()

        rows = search_words.readable(session, {kept.id, erased.id, foreign.id}, OURS)

        assert [row.id for row in rows] == [kept.id]
