"""Check our own check.

A signature of the sender's domain or nothing, and no answer is a third thing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from intake.sandbox.protocol.errors import JailUnavailable, ParseCrash
from intake.sandbox.protocol.signatures import ClaimedSignatures, SignatureResult
from intake.senders.authenticity import OwnCheck, OwnOutcome, check_own
from intake.senders.authenticity.organisational_domain import Organisation
from tests.components.dns import Conduct, Told
from tests.intake.senders.authenticity.dns_zone import Zone
from tests.intake.senders.authenticity.signed_mail import (
    DOMAIN,
    KEY_NAME,
    SIGNED_NAMES,
    InProcess,
    Key,
    changed,
    plain,
    sign,
)
from tests.samples.mail.mails import REGISTERED_SENDER

ALIGNED = OwnOutcome.ALIGNED
NOT_AUTHENTIC = OwnOutcome.NOT_AUTHENTIC
COULD_NOT_CHECK = OwnOutcome.COULD_NOT_CHECK


def test_a_signature_of_the_senders_domain_holds_without_any_policy(zone: Zone, key: Key) -> None:
    found = zone.check(sign(plain(), key))

    assert found == OwnCheck(ALIGNED, ("signed_by_sender_domain",))
    assert zone.asked == [KEY_NAME]


GENUINE_WAYS: Mapping[str, Callable[[Key, Key], bytes]] = {
    "plain": lambda key, _: sign(plain(), key),
    "display-name": lambda key, _: sign(
        plain(sender=b"Anna <%b>" % REGISTERED_SENDER.encode()), key
    ),
    "from-once-signed": lambda key, _: sign(
        plain(), key, changed(names=("from", *SIGNED_NAMES[3:]))
    ),
    "as-the-largest-providers": lambda key, _: sign(
        plain(), key, changed(names=("from", "date", "subject", "message-id"))
    ),
    "capital-domain-in-tag": lambda key, _: sign(plain(), key, changed(domain=DOMAIN.upper())),
    "identity": lambda key, _: sign(plain(), key, changed(tags={"i": f"anna@{DOMAIN}"})),
    "not-yet-expired": lambda key, _: sign(plain(), key, changed(tags={"x": "99999999999"})),
    "folded-subject": lambda key, _: sign(plain(subject=b"a\r\n  long one"), key),
    "empty-body": lambda key, _: sign(plain(body=b""), key),
    "blanks-changed-on-the-way": lambda key, _: sign(plain(), key).replace(b"is  test", b"is test"),
    "header-added-on-top": lambda key, _: b"Received: by mx\r\n" + sign(plain(), key),
    "beside-a-broken-one": lambda key, _: b"DKIM-Signature: v=1; broken\r\n" + sign(plain(), key),
    "beside-a-mailing-service": lambda key, strange: sign(
        sign(plain(), key), strange, changed(domain="evil.example")
    ),
    "twice": lambda key, _: sign(sign(plain(), key), key),
}


@pytest.mark.parametrize("way", GENUINE_WAYS)
def test_what_the_senders_domain_signed_is_believed(
    zone: Zone, key: Key, strange_key: Key, way: str
) -> None:
    assert zone.check(GENUINE_WAYS[way](key, strange_key)).outcome is ALIGNED


SIGNED_BY_NEIGHBOUR = changed(domain=f"mail.{DOMAIN}")


@pytest.mark.parametrize(
    ("policy", "outcome", "reason"),
    [
        ([b"v=DMARC1; p=reject"], ALIGNED, "signed_by_sender_organisation"),
        ([b"v=DMARC1; p=none; adkim=r"], ALIGNED, "signed_by_sender_organisation"),
        ([b"v=DMARC1; p=reject; adkim=s"], NOT_AUTHENTIC, "signed_by_other_domain"),
        ([b"v=DMARC1; p=reject; adkim=?"], NOT_AUTHENTIC, "signed_by_other_domain"),
        ([b"v=spf1 -all"], NOT_AUTHENTIC, "no_policy_for_organisation"),
        ([b"v=DMARC1; p=none", b"v=DMARC1; p=reject"], NOT_AUTHENTIC, "no_policy_for_organisation"),
        ([b"v=DMARC1"], NOT_AUTHENTIC, "no_policy_for_organisation"),
        ([], NOT_AUTHENTIC, "no_policy_for_organisation"),
        (Conduct.SERVFAIL, COULD_NOT_CHECK, "dns_gave_no_answer"),
        (Conduct.SILENT, COULD_NOT_CHECK, "dns_gave_no_answer"),
    ],
)
def test_a_neighbours_signature_counts_where_a_policy_says_so(
    zone: Zone, key: Key, policy: Told, outcome: OwnOutcome, reason: str
) -> None:
    zone.zone[f"_dmarc.{DOMAIN}"] = policy

    assert zone.check(sign(plain(), key, SIGNED_BY_NEIGHBOUR)) == OwnCheck(outcome, (reason,))


def test_many_signatures_ask_for_few_keys(zone: Zone, key: Key) -> None:
    raw = plain()
    for number in range(30):
        raw = sign(raw, key, changed(selector=f"n{number}"))

    zone.check(raw)

    assert len(zone.asked) == 4


def test_a_strangers_signature_asks_nothing(zone: Zone, strange_key: Key) -> None:
    zone.check(sign(plain(), strange_key, changed(domain="evil.example")))

    assert zone.asked == []


def test_the_time_for_all_questions_is_bounded(organisation: Organisation, key: Key) -> None:
    now = [0.0]
    seconds_left: list[float] = []

    def slow(_name: str, seconds: float) -> None:
        seconds_left.append(seconds)
        now[0] += 1.0

    raw = plain()
    for number in range(4):
        raw = sign(raw, key, changed(selector=f"n{number}"))
    found = check_own(
        raw,
        REGISTERED_SENDER,
        jail=InProcess(),
        ask=slow,
        organisation=organisation,
        received_at=datetime.now(UTC),
        monotonic=lambda: now[0],
    )

    assert found.outcome is COULD_NOT_CHECK
    assert seconds_left == [2.5, 1.5, 0.5, -0.5]


@dataclass(frozen=True)
class BrokenJail:
    """Be a jail whose every request ends in `error`."""

    error: Exception

    def signatures(self, _raw: bytes) -> ClaimedSignatures:
        """Fail."""
        raise self.error

    def check_signatures(
        self, _raw: bytes, _records: Mapping[str, bytes], _at_seconds: int
    ) -> tuple[SignatureResult, ...]:
        """Fail."""
        raise self.error


def _check_with(jail: BrokenJail, organisation: Organisation) -> OwnCheck:
    return check_own(
        plain(),
        REGISTERED_SENDER,
        jail=jail,
        ask=lambda _name, _seconds: None,
        organisation=organisation,
        received_at=datetime.now(UTC),
    )


def test_a_message_that_kills_its_jail_could_not_be_checked(organisation: Organisation) -> None:
    found = _check_with(BrokenJail(ParseCrash("memory")), organisation)

    assert found == OwnCheck(COULD_NOT_CHECK, ("signatures_not_read",))


def test_a_jail_that_does_not_start_is_the_machines_fault(organisation: Organisation) -> None:
    with pytest.raises(JailUnavailable):
        _check_with(BrokenJail(JailUnavailable("not_started")), organisation)
