"""Check threat M5: every From vector under every word of a mail server, and under every signature.

None that is forged may be registered, and of the genuine at least 99 in 100 must be.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from intake.sandbox.mail.message import read_header
from intake.senders.authenticity import OwnCheck, check_own, load_organisations
from intake.senders.authenticity.organisational_domain import Organisation
from intake.senders.verdict import Sender, judge_sender, needs_own_check
from storage.submissions.submissions import SenderVerdict
from tests.intake.senders.authenticity.signed_mail import (
    BODY,
    DOMAIN,
    KEY_NAME,
    InProcess,
    Key,
    changed,
    make_key,
    plain,
    record,
    sign,
)
from tests.samples.mail.forged_senders import FROM_VECTORS, FromVector
from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import mail

OURS = "mx.example.org"
PASS = f"Authentication-Results: {OURS}; dmarc=pass header.from={DOMAIN}".encode()
FAIL = f"Authentication-Results: {OURS}; dmarc=fail header.from={DOMAIN}".encode()
SIGNATURES = f"Authentication-Results: {OURS}; dkim=none".encode()
FORGED = f"Authentication-Results: mx.evil.example; dmarc=pass header.from={DOMAIN}".encode()

# Each from the top of the message down, and whether a genuine sender has our server's word.
SERVERS_WORDS: Mapping[str, tuple[tuple[bytes, ...], bool]] = {
    "ours": ((PASS,), True),
    "ours-above-forged": ((PASS, FORGED), True),
    "forged-above-ours": ((FORGED, PASS), True),
    "other-case": ((PASS.upper(),), True),
    "folded": ((PASS.replace(b"; ", b";\r\n\t"),), True),
    "ours-above-a-no-in-our-name": ((PASS, FAIL), False),
    "our-two-programs": ((SIGNATURES, PASS), True),
    "our-unreadable-no-above-one-in-our-name": ((FAIL + b" x=" + b"x" * 5000, PASS), False),
    "our-no-above-one-in-our-name": ((FAIL, PASS), False),
    "forged": ((FORGED,), False),
    "forged-twice": ((FORGED, FORGED), False),
    "our-no": ((FAIL,), False),
    "our-name-and-more": ((PASS.replace(b".org;", b".org.evil.example;"),), False),
    "pass-in-a-comment": ((PASS.replace(b"dmarc", b"(dmarc") + b")",), False),
    "missing": ((), False),
}
GENUINE = [vector for vector in FROM_VECTORS if vector.is_genuine]
FORGERIES = [vector for vector in FROM_VECTORS if not vector.is_genuine]


def judged(raw: bytes, own: Callable[[bytes, str], OwnCheck] | None = None) -> Sender:
    """Judge a whole message as a worker does; only one address is in the register."""
    facts = read_header(raw)
    address = facts.from_address
    is_registered = address is not None and address.lower() == REGISTERED_SENDER
    own_check = None
    if own and address and is_registered:
        assert needs_own_check(facts.authentication_results, OURS, address)
        own_check = own(raw, address)
    return judge_sender(
        from_address=address,
        from_defects=facts.from_defects,
        registered_region="STHLM" if is_registered else None,
        authentication_results=facts.authentication_results,
        authserv_id=OURS,
        own_check=own_check,
    )


def under(vector: FromVector, words: tuple[bytes, ...]) -> bytes:
    headers = b"".join(word + b"\r\n" for word in words)
    return headers + mail(vector.name, sender=None, headers=vector.lines, body=BODY)


def test_the_matrix_is_as_large_as_it_says() -> None:
    assert len(FORGERIES) >= 40
    assert len(GENUINE) >= 4
    assert len(SERVERS_WORDS) >= 6


@pytest.mark.parametrize("word", SERVERS_WORDS)
def test_no_forged_from_is_registered_whatever_a_server_says(word: str) -> None:
    headers, _ = SERVERS_WORDS[word]

    accepted = [
        vector.name
        for vector in FORGERIES
        if judged(under(vector, headers)).verdict is SenderVerdict.REGISTERED
    ]

    assert accepted == []


@pytest.mark.parametrize("word", SERVERS_WORDS)
def test_a_genuine_from_is_registered_exactly_when_our_server_says_so(word: str) -> None:
    headers, is_passed = SERVERS_WORDS[word]

    verdicts = {judged(under(vector, headers)).verdict for vector in GENUINE}

    assert verdicts == {SenderVerdict.REGISTERED if is_passed else SenderVerdict.UNVERIFIED}


@pytest.mark.parametrize("word", SERVERS_WORDS)
def test_a_from_that_stands_twice_is_registered_by_our_servers_word_alone(
    word: str, own: Callable[[bytes, str], OwnCheck], keys: tuple[Key, Key]
) -> None:
    headers, is_passed = SERVERS_WORDS[word]
    twice = FromVector("twice", (f"From: {REGISTERED_SENDER}".encode(),) * 2)

    verdict = judged(under(twice, headers)).verdict

    assert verdict is (SenderVerdict.REGISTERED if is_passed else SenderVerdict.UNVERIFIED)
    signed = judged(sign(under(twice, ()), keys[0]), own)
    assert signed.verdict is SenderVerdict.UNVERIFIED


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """Give what finds a domain's organisation."""
    return load_organisations()


@pytest.fixture(scope="module")
def keys() -> tuple[Key, Key]:
    """Give the registered domain's key and a stranger's."""
    return make_key(), make_key()


@pytest.fixture
def own(organisation: Organisation, keys: tuple[Key, Key]) -> Callable[[bytes, str], OwnCheck]:
    """Give our own check with both domains' keys published."""
    published = {
        KEY_NAME: (record(keys[0]),),
        "s1._domainkey.evil.example": (record(keys[1]),),
    }

    def check(raw: bytes, address: str) -> OwnCheck:
        return check_own(
            raw,
            address,
            jail=InProcess(),
            ask=lambda name, _seconds: published.get(name, ()),
            organisation=organisation,
            received_at=datetime.now(UTC),
        )

    return check


def _own_key(vector: FromVector, keys: tuple[Key, Key]) -> bytes:
    return sign(under(vector, ()), keys[1], changed(domain="evil.example"))


def _own_key_in_their_name(vector: FromVector, keys: tuple[Key, Key]) -> bytes:
    return sign(under(vector, ()), keys[1])


def _replayed(vector: FromVector, keys: tuple[Key, Key]) -> bytes:
    """Take a mail that the registered sender really signed, and put these From lines in."""
    genuine = sign(plain(), keys[0])
    line = b"From: " + REGISTERED_SENDER.encode() + b"\r\n"
    assert line in genuine
    return genuine.replace(line, b"".join(each + b"\r\n" for each in vector.lines))


def _replayed_with_more(vector: FromVector, keys: tuple[Key, Key]) -> bytes:
    """Take such a mail and put these From lines on top, beside the signed one."""
    return b"".join(each + b"\r\n" for each in vector.lines) + sign(plain(), keys[0])


@pytest.mark.parametrize("forge", [_own_key, _own_key_in_their_name, _replayed])
def test_no_forged_from_is_registered_whoever_signed(
    own: Callable[[bytes, str], OwnCheck],
    keys: tuple[Key, Key],
    forge: Callable[[FromVector, tuple[Key, Key]], bytes],
) -> None:
    accepted = [
        vector.name
        for vector in FORGERIES
        if judged(forge(vector, keys), own).verdict is SenderVerdict.REGISTERED
    ]

    assert accepted == []


def test_no_second_from_is_registered_on_a_replayed_signature(
    own: Callable[[bytes, str], OwnCheck], keys: tuple[Key, Key]
) -> None:
    added = [vector for vector in FROM_VECTORS if any(b"From" in line for line in vector.lines)]

    accepted = [
        vector.name
        for vector in added
        if judged(_replayed_with_more(vector, keys), own).verdict is SenderVerdict.REGISTERED
    ]

    assert accepted == []


def test_every_genuine_from_is_registered_by_its_domains_signature(
    own: Callable[[bytes, str], OwnCheck], keys: tuple[Key, Key]
) -> None:
    senders = [judged(sign(under(vector, ()), keys[0]), own) for vector in GENUINE]

    assert {sender.verdict for sender in senders} == {SenderVerdict.REGISTERED}
