"""Check tags: only the true one names its submission, in either case, as long as its key lives."""

import pytest

from intake.core.services import Services
from intake.outbox import threads
from storage.crypto.keys import DataKey, DataKeyRow
from storage.submissions.submissions import Submission
from tests.support.building import Clock
from tests.support.rows import Planter

BOX = "box@example.org"


def planted(services: Services, clock: Clock, programme: str = "referrals") -> Submission:
    """Store a mail."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        return planter.submission(programme=programme)


def key_of(services: Services, submission: Submission) -> DataKey:
    """Open a mail's key."""
    with services.database.reading() as session:
        return services.keyring.open(session, submission.data_key_id)


def proven(services: Services, *tags: str, programme: str = "referrals") -> list[str]:
    """Return the mails that tags prove."""
    with services.database.reading() as session:
        return threads.proven_by_tags(services, session, tags, programme)


def test_a_tag_names_its_submission(services: Services, clock: Clock) -> None:
    submission = planted(services, clock)
    address = threads.reply_address(BOX, submission, key_of(services, submission))

    (tag,) = threads.tags_in([f" {address.upper()} ", "other@example.org"], BOX)

    assert proven(services, tag) == [submission.id]
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 §4.5.3.1.1


def test_a_tag_holds_a_hundred_bits_that_nobody_can_guess(services: Services, clock: Clock) -> None:
    one, other = planted(services, clock), planted(services, clock)
    tags = [threads.tag_of(each, key_of(services, each)) for each in (one, other)]

    macs = {tag[threads.CODE_SYMBOLS :] for tag in tags}

    assert len(macs) == 2
    assert {len(mac) * 5 for mac in macs} == {100}


def test_every_wrong_symbol_makes_a_tag_worthless(services: Services, clock: Clock) -> None:
    submission = planted(services, clock)
    tag = threads.tag_of(submission, key_of(services, submission))

    wrong = [tag[:at] + ("a" if tag[at] != "a" else "b") + tag[at + 1 :] for at in range(len(tag))]

    assert proven(services, *wrong) == []


def test_a_tag_of_one_submission_does_not_fit_another(services: Services, clock: Clock) -> None:
    one, other = planted(services, clock), planted(services, clock)
    first, second = (threads.tag_of(each, key_of(services, each)) for each in (one, other))

    mixed = first[: threads.CODE_SYMBOLS] + second[threads.CODE_SYMBOLS :]

    assert proven(services, mixed) == []


def test_a_tag_ends_with_the_key(services: Services, clock: Clock) -> None:
    submission = planted(services, clock)
    tag = threads.tag_of(submission, key_of(services, submission))
    with services.database.transaction() as session:
        row = session.get_one(DataKeyRow, submission.data_key_id)
        row.wrapped, row.destroyed_at = b"", clock.now()

    assert proven(services, tag) == []


def test_a_tag_names_nothing_in_the_other_programme(services: Services, clock: Clock) -> None:
    submission = planted(services, clock, "cash")
    tag = threads.tag_of(submission, key_of(services, submission))

    assert proven(services, tag) == []
    assert proven(services, tag, programme="cash") == [submission.id]


@pytest.mark.parametrize(
    "address",
    [
        "box@example.org",
        "box+@example.org",
        "box+short@example.org",
        "box+k7m4qx9tqhf3jw5p7eznu2ldk4ra@elsewhere.example",
        "other+k7m4qx9tqhf3jw5p7eznu2ldk4ra@example.org",
        "box+k7m4qx9tqhf3jw5p7eznu2ldk4rax@example.org",
        "box+k7m4qx9tqhf3jw5p7eznu2ldk4r1@example.org",
        "box+k7m4qx9tqhf3jw5p7eznu2ldk4r\u212a@example.org",
        "k7m4qx9tqhf3jw5p7eznu2ldk4ra",
        "",
    ],
)
def test_other_addresses_hold_no_tag(address: str) -> None:
    assert threads.tags_in([address], BOX) == []


def test_without_a_reply_address_there_are_no_tags(services: Services, clock: Clock) -> None:
    submission = planted(services, clock)

    assert threads.reply_address("", submission, key_of(services, submission)) == ""
    assert threads.tags_in(["box+k7m4qx9tqhf3jw5p7eznu2ldk4ra@example.org"], "") == []


def test_only_so_many_tags_are_looked_at() -> None:
    symbols = "abcdefghijklmnopqrstuvwxyz"
    addresses = [f"box+k7m4qx9tqhf3jw5p7eznu2ldk4r{symbol}@example.org" for symbol in symbols]

    assert len(threads.tags_in(addresses, BOX)) == threads.MAX_TAGS
