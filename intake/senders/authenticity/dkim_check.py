"""Check by DKIM and DMARC whether a signature vouches for the From domain.

The jail lists the signatures, the resolver is asked for the keys of those that could be aligned,
the jail verifies them with these keys, and alignment is judged here (RFC 7489 §3.1.1), on names
that `sandbox.checks` accepted. A resolver without an answer and a message that kills its jail
raise nothing here: the outcome is COULD_NOT_CHECK, the message counts as unverified, and its
receipt does not wait.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.signatures import ClaimedSignatures, DkimClaim, SignatureResult

from .dmarc import Alignment, read_alignment
from .organisational_domain import Organisation

# The limits of one message: so long DNS is asked, for at most MAX_KEYS keys and two policies.
DNS_SECONDS = 2.5
MAX_KEYS = 4


class OwnOutcome(Enum):
    """The three outcomes of the check."""

    ALIGNED = "a signature of the sender's domain holds"
    NOT_AUTHENTIC = "none does"
    COULD_NOT_CHECK = "nobody could tell"


@dataclass(frozen=True)
class OwnCheck:
    """An outcome, and the codes that say why."""

    outcome: OwnOutcome
    reasons: tuple[str, ...]


class SignatureJail(Protocol):
    """The jail, as far as signatures go. Both may raise JailError."""

    def signatures(self, raw: bytes) -> ClaimedSignatures:
        """List the domains and keys that a message's signatures name."""

    def check_signatures(
        self, raw: bytes, records: Mapping[str, bytes], at_seconds: int
    ) -> tuple[SignatureResult, ...]:
        """Verify the signatures whose key records are given as {name: record}.

        b"" says that the domain has no such key.
        """


# A function from a name and the seconds left to TXT records, as TxtResolver.ask.
Ask = Callable[[str, float], tuple[bytes, ...] | None]


def check_own(
    raw: bytes,
    from_address: str,
    *,
    jail: SignatureJail,
    ask: Ask,
    organisation: Organisation,
    received_at: datetime,
    monotonic: Callable[[], float] = time.monotonic,
) -> OwnCheck:
    """Tell whether a signature on `raw` vouches for the domain of `from_address`.

    Call it outside any transaction, and only for an address that is in the register: for any
    other the answer would change nothing, and the question would tell a stranger's name server
    that the mail was read. Asks DNS for at most DNS_SECONDS. Raises JailUnavailable when the jail
    does not start.
    """
    domain = from_address.rpartition("@")[2].lower()
    deadline = monotonic() + DNS_SECONDS

    def ask_in_time(name: str) -> tuple[bytes, ...] | None:
        return ask(name, deadline - monotonic())

    try:
        claimed = jail.signatures(raw)
        wanted = _worth_asking(claimed, domain, organisation)
        if not wanted:
            return _without_signature(claimed, domain)
        keys = {claim.key_name: ask_in_time(claim.key_name) for claim in wanted}
        records = {name: _key_record(found) for name, found in keys.items() if found is not None}
        results = jail.check_signatures(raw, records, int(received_at.timestamp()))
    except JailUnavailable:
        raise
    except JailError:
        return OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("signatures_not_read",))
    passed = [result.claim.domain for result in results if result.outcome == "pass"]
    if domain in passed:
        return OwnCheck(OwnOutcome.ALIGNED, ("signed_by_sender_domain",))
    if any(_is_akin(each, domain, organisation) for each in passed):
        return _of_relaxed(domain, organisation, ask_in_time)
    if len(records) < len(keys):
        return OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("dns_gave_no_answer",))
    outcomes = dict.fromkeys(
        f"signature_{result.outcome}" for result in results if result.claim in wanted
    )
    return OwnCheck(OwnOutcome.NOT_AUTHENTIC, tuple(outcomes) or ("signatures_not_read",))


def _worth_asking(
    claimed: ClaimedSignatures, domain: str, organisation: Organisation
) -> list[DkimClaim]:
    """Return the claims that would be aligned if valid, those of exactly this domain first."""
    if claimed.from_domain != domain:
        return []
    akin = [each for each in claimed.claims if _is_akin(each.domain, domain, organisation)]
    return sorted(akin, key=lambda claim: claim.domain != domain)[:MAX_KEYS]


def _is_akin(signing: str, domain: str, organisation: Organisation) -> bool:
    holder = organisation(domain)
    return signing == domain or (holder is not None and organisation(signing) == holder)


def _without_signature(claimed: ClaimedSignatures, domain: str) -> OwnCheck:
    if claimed.from_domain != domain:
        # The jail read another From than the header's reader did. One of them was deceived.
        return OwnCheck(OwnOutcome.NOT_AUTHENTIC, ("signatures_not_read",))
    reason = "signed_by_other_domain" if claimed.claims else "not_signed"
    return OwnCheck(OwnOutcome.NOT_AUTHENTIC, (reason,))


def _key_record(found: tuple[bytes, ...]) -> bytes:
    """Return the one record, else b"": what several mean is not defined (RFC 6376 §3.6.2.2)."""
    return found[0] if len(found) == 1 else b""


def _of_relaxed(
    domain: str, organisation: Organisation, ask: Callable[[str], tuple[bytes, ...] | None]
) -> OwnCheck:
    """Judge a signature of the same organisation by what the domain's policy allows.

    The From domain itself needs no policy for its signature to count. Another domain of the
    organisation counts only where a policy allows it (RFC 7489 §6.6.3 says where policies are).
    """
    for name in dict.fromkeys((domain, organisation(domain) or domain)):
        records = ask(f"_dmarc.{name}")
        if records is None:
            return OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("dns_gave_no_answer",))
        alignment = read_alignment(records)
        if alignment is Alignment.RELAXED:
            return OwnCheck(OwnOutcome.ALIGNED, ("signed_by_sender_organisation",))
        if alignment is Alignment.STRICT:
            return OwnCheck(OwnOutcome.NOT_AUTHENTIC, ("signed_by_other_domain",))
    return OwnCheck(OwnOutcome.NOT_AUTHENTIC, ("no_policy_for_organisation",))
