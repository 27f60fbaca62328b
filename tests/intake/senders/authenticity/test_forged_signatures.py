"""Our own check believes no forged signature, whoever made it and whatever it leaves out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from intake.senders.authenticity import OwnCheck, OwnOutcome
from tests.intake.senders.authenticity.dns_zone import Zone
from tests.intake.senders.authenticity.signed_mail import (
    DOMAIN,
    GENUINE,
    SIGNED_NAMES,
    Key,
    Signing,
    changed,
    plain,
    sign,
)
from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import mail

NOT_AUTHENTIC = OwnOutcome.NOT_AUTHENTIC


def _signed_by_stranger(signing: Signing) -> Callable[[Key, Key], bytes]:
    return lambda _, strange: sign(plain(), strange, signing)


def _altered(old: bytes, new: bytes, signing: Signing = GENUINE) -> Callable[[Key, Key], bytes]:
    def alter(key: Key, _: Key) -> bytes:
        signed = sign(plain(), key, signing)
        assert old in signed
        return signed.replace(old, new, 1)

    return alter


FORGERIES: Mapping[str, tuple[Callable[[Key, Key], bytes], str]] = {
    "unsigned": (lambda _, __: plain(), "not_signed"),
    "body-changed": (_altered(b"this is", b"that was"), "signature_no_match"),
    "page-added": (lambda key, _: sign(plain(), key) + b"more\r\n", "signature_no_match"),
    "page-added-behind-l": (
        lambda key, _: sign(plain(), key, changed(body_length=36)) + b"<html>more\r\n",
        "signature_part_of_body",
    ),
    "l-is-zero": (
        lambda key, _: sign(plain(), key, changed(body_length=0)) + b"more\r\n",
        "signature_part_of_body",
    ),
    "l-covers-all": (
        lambda key, _: sign(plain(), key, changed(body_length=36)),
        "signature_part_of_body",
    ),
    "subject-changed": (_altered(b"Subject: signed", b"Subject: Signed"), "signature_no_match"),
    "subject-not-signed": (
        lambda key, _: sign(plain(), key, changed(names=("from", "date"))),
        "signature_header_not_signed",
    ),
    "subject-added": (
        lambda key, _: b"Subject: mine\r\n" + sign(plain(), key),
        "signature_header_repeated",
    ),
    "content-type-repeated": (
        lambda key, _: b"Content-Type: text/html\r\ncontent-type: text/plain\r\n"
        + sign(plain(), key),
        "signature_header_repeated",
    ),
    "from-not-signed": (
        lambda key, _: sign(plain(), key, changed(names=SIGNED_NAMES[2:])),
        "signature_from_not_signed",
    ),
    "second-from-on-top": (
        lambda key, _: b"From: mallory@evil.example\r\n" + sign(plain(), key),
        "signatures_not_read",
    ),
    "second-from-hidden-by-a-blank": (
        lambda key, _: b"From : mallory@evil.example\r\n" + sign(plain(), key),
        "signatures_not_read",
    ),
    "from-taken-from-anothers-mail": (
        lambda _, strange: sign(
            mail("x", sender=b"mallory@evil.example"), strange, changed(domain="evil.example")
        ).replace(b"mallory@evil.example", REGISTERED_SENDER.encode()),
        "signed_by_other_domain",
    ),
    "signed-by-a-stranger": (
        _signed_by_stranger(changed(domain="evil.example")),
        "signed_by_other_domain",
    ),
    "strangers-key-senders-name": (_signed_by_stranger(GENUINE), "signature_no_match"),
    "senders-domain-as-sub-domain": (
        _signed_by_stranger(changed(domain=f"{DOMAIN}.evil.example")),
        "signed_by_other_domain",
    ),
    "ending-alone": (_signed_by_stranger(changed(domain="example")), "not_signed"),
    "identity-of-another-domain": (
        lambda key, _: sign(plain(), key, changed(tags={"i": "a@evil.example"})),
        "signature_no_match",
    ),
    "expired-a-minute-ago": (
        lambda key, _: sign(plain(), key, changed(tags={"t": "1", "x": _ago(minutes=1)})),
        "signature_expired",
    ),
    "sent-again-after-a-month": (
        lambda key, _: sign(plain(), key, changed(tags={"t": _ago(days=30)})),
        "signature_too_old",
    ),
    "made-tomorrow": (
        lambda key, _: sign(plain(), key, changed(tags={"t": _ago(days=-1)})),
        "signature_no_match",
    ),
    "time-is-no-number": (
        lambda key, _: sign(plain(), key, changed(tags={"x": "never"})),
        "signature_malformed",
    ),
    "sha1": (
        lambda key, _: sign(plain(), key, changed(is_sha1=True)),
        "signature_algorithm_refused",
    ),
    "no-algorithm": (
        lambda key, _: sign(plain(), key, changed(tags={"a": "none"})),
        "signature_algorithm_refused",
    ),
    "empty-signature": (
        lambda _, __: b"DKIM-Signature: v=1; a=rsa-sha256; d=%b; s=s1; " % DOMAIN.encode()
        + b"h=from:subject:date; bh=; b=\r\n"
        + plain(),
        "signature_no_match",
    ),
    "tag-twice": (
        lambda key, _: sign(plain(), key).replace(b"; c=", b"; d=evil.example; c="),
        "not_signed",
    ),
    "odd-selector": (lambda key, _: sign(plain(), key, changed(selector="s1/../x")), "not_signed"),
    "blanks-without-end": (
        lambda key, _: sign(plain(), key).replace(b"; b=", b"; " + b" " * 3000 + b"b="),
        "not_signed",
    ),
}  # fmt: skip


def _ago(**span: int) -> str:
    return str(int((datetime.now(UTC) - timedelta(**span)).timestamp()))


@pytest.mark.parametrize("trick", FORGERIES)
def test_no_forgery_is_believed(zone: Zone, key: Key, strange_key: Key, trick: str) -> None:
    forge, reason = FORGERIES[trick]

    found = zone.check(forge(key, strange_key))

    assert found.outcome is NOT_AUTHENTIC
    assert found.reasons == (reason,)


def test_blanks_in_the_body_that_would_take_minutes_are_refused(zone: Zone, key: Key) -> None:
    found = zone.check(sign(plain(body=b" " * 200_000 + b"x\r\n"), key))

    assert found == OwnCheck(NOT_AUTHENTIC, ("signature_too_costly",))
