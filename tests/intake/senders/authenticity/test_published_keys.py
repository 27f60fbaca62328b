"""Check what the name server says about a key decides.

A doubtful one is a no, no answer is neither.
"""

from collections.abc import Callable, Mapping

import pytest

from intake.senders.authenticity import OwnCheck, OwnOutcome
from tests.components.dns import Conduct, Told
from tests.intake.senders.authenticity.dns_zone import Zone
from tests.intake.senders.authenticity.signed_mail import (
    KEY_NAME,
    Key,
    make_key,
    plain,
    record,
    sign,
)

ALIGNED = OwnOutcome.ALIGNED
NOT_AUTHENTIC = OwnOutcome.NOT_AUTHENTIC
COULD_NOT_CHECK = OwnOutcome.COULD_NOT_CHECK

KEYS: Mapping[str, tuple[Callable[[Key], Told], str]] = {
    "revoked": (lambda _: [b"v=DKIM1; k=rsa; p="], "signature_key_revoked"),
    "being-tested": (lambda key: [record(key, "v=DKIM1; t=y; ")], "signature_key_only_tested"),
    "being-tested-among-others": (
        lambda key: [record(key, "t=s:y; ")],
        "signature_key_only_tested",
    ),
    "two-records": (lambda key: [record(key), b"v=spf1 -all"], "signature_key_missing"),
    "no-text": (lambda _: [], "signature_key_missing"),
    "other-type": (lambda _: Conduct.OTHER_TYPE, "signature_key_missing"),
    "alias-to-nothing": (lambda _: "nowhere.example", "signature_key_missing"),
    "another-service": (lambda key: [record(key, "s=tlsrpt; ")], "signature_key_unusable"),
    "another-hash": (lambda key: [record(key, "h=sha1; ")], "signature_key_unusable"),
    "some-local-parts": (lambda key: [record(key, "g=boss; ")], "signature_key_unusable"),
    "another-version": (lambda key: [record(key, "v=DKIM2; ")], "signature_key_unusable"),
    "version-not-first": (lambda key: [record(key, "k=rsa; v=DKIM1; ")], "signature_key_unusable"),
    "elliptic": (lambda _: [b"v=DKIM1; k=ed25519; p=AAAA"], "signature_algorithm_refused"),
    "no-base64": (lambda _: [b"v=DKIM1; p=!!!!"], "signature_key_unusable"),
    "no-key": (lambda _: [b"v=DKIM1; p=AAAA"], "signature_key_unusable"),
    "no-tags": (lambda _: [b"hello"], "signature_key_unusable"),
    "another-key": (lambda _: [record(make_key(1024))], "signature_no_match"),
}  # fmt: skip


@pytest.mark.parametrize("published", KEYS)
def test_no_doubtful_key_vouches(zone: Zone, key: Key, published: str) -> None:
    told, reason = KEYS[published]
    zone.zone[KEY_NAME] = told(key)

    found = zone.check(sign(plain(), key))

    assert found == OwnCheck(NOT_AUTHENTIC, (reason,))


def test_a_name_that_does_not_exist_has_no_key(zone: Zone, key: Key) -> None:
    del zone.zone[KEY_NAME]

    assert zone.check(sign(plain(), key)) == OwnCheck(NOT_AUTHENTIC, ("signature_key_missing",))


def test_an_alias_to_the_key_is_followed(zone: Zone, key: Key) -> None:
    zone.zone |= {KEY_NAME: "key.host.example", "key.host.example": [record(key)]}

    assert zone.check(sign(plain(), key)).outcome is ALIGNED


AWAY: Mapping[str, Told] = {
    "servfail": Conduct.SERVFAIL,
    "refused": Conduct.REFUSED,
    "silent": Conduct.SILENT,
    "garbage": Conduct.GARBAGE,
    "wrong-question": Conduct.WRONG_QUESTION,
    "wrong-id": Conduct.WRONG_ID,
    "stream-breaks-off": Conduct.HANG_UP,
    "alias-of-itself": KEY_NAME,
    "giant": [b"x" * 60_000],
    "many": [b"v=DKIM1; p=%d" % number for number in range(200)],
}


@pytest.mark.parametrize("trouble", AWAY)
def test_no_proper_answer_is_neither_yes_nor_no(zone: Zone, key: Key, trouble: str) -> None:
    zone.zone[KEY_NAME] = AWAY[trouble]

    found = zone.check(sign(plain(), key))

    assert found == OwnCheck(COULD_NOT_CHECK, ("dns_gave_no_answer",))


def test_an_alias_that_goes_in_a_circle_is_no_answer(zone: Zone, key: Key) -> None:
    zone.zone |= {KEY_NAME: "a.example", "a.example": "b.example", "b.example": "a.example"}

    assert zone.check(sign(plain(), key)).outcome is not ALIGNED
