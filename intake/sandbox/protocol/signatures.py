"""Hold what the jail says about a message's DKIM signatures (RFC 6376).

A claim is what a signature's header says of itself, and anybody can write it; an outcome is what
came of checking it.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

# A message of a large office carries two or three; more is a way to make us work.
MAX_SIGNATURES = 10
MAX_SELECTOR_CHARS = 127
MAX_DOMAIN_CHARS = 253
MAX_RECORD_BYTES = 4096

DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
SELECTOR = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")

SignatureOutcome = Literal[
    "pass",
    "no_match",
    "malformed",
    "algorithm_refused",
    "part_of_body",
    "from_not_signed",
    "header_not_signed",
    "header_repeated",
    "expired",
    "too_old",
    "too_costly",
    "key_missing",
    "key_revoked",
    "key_unusable",
    "key_too_small",
    "key_only_tested",
    "not_looked_up",
]
SIGNATURE_OUTCOMES: tuple[SignatureOutcome, ...] = get_args(SignatureOutcome)


@dataclass(frozen=True)
class DkimClaim:
    """Hold whom a signature names: its domain (d=) and selector (s=), in lower case."""

    domain: str
    selector: str

    @property
    def key_name(self) -> str:
        """Give the name under which the key is published (RFC 6376 §3.6.2.1), no dot behind."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True)
class ClaimedSignatures:
    """Hold the sender's domain, and the claims from the top down, each once.

    `from_domain` is None, and there are no claims, unless the From header names exactly one sender.
    """

    from_domain: str | None
    claims: tuple[DkimClaim, ...]


@dataclass(frozen=True)
class SignatureResult:
    """Hold what came of checking one signature."""

    claim: DkimClaim
    outcome: SignatureOutcome
