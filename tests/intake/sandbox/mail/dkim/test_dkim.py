"""Hold which signatures are listed, and that our rules refuse what dkimpy would let pass."""

import time
from collections.abc import Callable

import dkim
import pytest

from intake.sandbox.mail.dkim import _reads_the_same, check, list_claims
from intake.sandbox.mail.headers import read_block
from intake.sandbox.protocol.errors import ParseCrash
from intake.sandbox.protocol.signatures import ClaimedSignatures, DkimClaim, SignatureOutcome
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.senders.authenticity.signed_mail import (
    DOMAIN,
    KEY_NAME,
    SIGNED_NAMES,
    Key,
    changed,
    make_key,
    plain,
    record,
    sign,
)


@pytest.fixture(scope="module")
def key() -> Key:
    """Make one key for all tests here."""
    return make_key()


def outcomes(raw: bytes, published: bytes, name: str = KEY_NAME) -> list[SignatureOutcome]:
    return [each.outcome for each in check(raw, {name: published}, int(time.time()))]


def dkimpy_believes(raw: bytes, published: bytes) -> bool:
    return bool(dkim.DKIM(raw).verify(0, dnsfunc=lambda *_, **__: published))


def test_signatures_are_listed_once_from_the_top(key: Key) -> None:
    raw = sign(plain(), key)
    for selector in ("s2", "s1", "S2"):
        raw = sign(raw, key, changed(selector=selector))

    assert list_claims(raw) == ClaimedSignatures(
        DOMAIN, (DkimClaim(DOMAIN, "s2"), DkimClaim(DOMAIN, "s1"))
    )


@pytest.mark.parametrize(
    "before",
    [b"From: b@evil.example\r\n", b"no field\r\n", b"X:\0\r\n", b"X: " + b"x" * 300_000 + b"\r\n"],
)
def test_a_sender_who_is_in_doubt_has_no_signatures(key: Key, before: bytes) -> None:
    raw = before + sign(plain(), key)

    assert list_claims(raw) == ClaimedSignatures(None, ())
    assert outcomes(raw, record(key)) == []


def test_a_header_alone_is_enough_to_list(key: Key) -> None:
    header = sign(plain(), key).partition(b"\r\n\r\n")[0]

    assert list_claims(header).claims == (DkimClaim(DOMAIN, "s1"),)


@pytest.mark.parametrize(
    ("forge", "before", "expected"),
    [
        (lambda k: sign(plain(), k, changed(body_length=36)) + b"x\r\n", "", "part_of_body"),
        (
            lambda k: sign(plain(), k, changed(names=SIGNED_NAMES[2:])).replace(
                b"From: ", b"From: other."
            ),
            "",
            "from_not_signed",
        ),
        (lambda k: b"Subject: mine\r\n" + sign(plain(), k), "", "header_repeated"),
        (lambda k: sign(plain(), k), "t=y; ", "key_only_tested"),
        (lambda k: sign(plain(), k), "h=sha1; ", "key_unusable"),
        (lambda k: sign(plain(), k), "g=boss; ", "key_unusable"),
        (
            lambda k: sign(plain(), k, changed(tags={"x": str(int(time.time()) - 60), "t": "1"})),
            "",
            "expired",
        ),
        (lambda k: sign(plain(), k, changed(is_sha1=True)), "", "algorithm_refused"),
    ],
)
def test_what_dkimpy_lets_pass_is_refused(
    key: Key, forge: Callable[[Key], bytes], before: str, expected: SignatureOutcome
) -> None:
    raw, published = forge(key), record(key, before)
    assert dkimpy_believes(raw, published)

    assert outcomes(raw, published) == [expected]


def test_a_record_for_another_name_is_not_used(key: Key) -> None:
    assert outcomes(sign(plain(), key), record(key), "s2._domainkey.evil.example") == [
        "not_looked_up"
    ]


def test_a_large_message_is_verified(key: Key) -> None:
    raw = sign(plain(body=b"QUJD" * 19 + b"\r\n" + (b"QUJD" * 19 + b"\r\n") * 100_000), key)

    assert outcomes(raw, record(key)) == ["pass"]


def test_two_readings_of_a_header_must_be_the_same() -> None:
    raw, other = plain(subject=b"a\r\n\tb"), plain(subject=b"a")
    block = read_block(raw, 0, len(raw))

    assert _reads_the_same(dkim.DKIM(raw).headers, block)
    assert not _reads_the_same(dkim.DKIM(other).headers, block)
    assert not _reads_the_same(dkim.DKIM(b"X: y\r\n" + raw).headers, block)


def test_the_jail_verifies_under_its_lock(jail: ProbedJail, key: Key) -> None:
    raw = sign(plain(), key)
    now = int(time.time())

    assert jail.signatures(raw) == list_claims(raw)
    assert jail.check_signatures(raw, {KEY_NAME: record(key)}, now) == check(
        raw, {KEY_NAME: record(key)}, now
    )


def test_a_message_that_is_too_much_for_the_jail_costs_only_its_answer(
    jail: ProbedJail, key: Key
) -> None:
    short_lines = sign(plain(body=b"a \r\n" * 4_000_000), key)

    with pytest.raises(ParseCrash):
        jail.check_signatures(short_lines, {KEY_NAME: record(key)}, int(time.time()))
    assert jail.signatures(plain()).claims == ()
