"""Ask for TXT records within limits, and refuse to ask for some names.

A stranger chose the name in a question, and with it the server that answers. So there is one
resolver, given by the operator; names must match a pattern; there is no search list; and there is
a deadline and a limit on records. No answer, a refusal and an answer that is too large are None,
«could not tell»; only real answers are remembered.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver

# The time limit of one question; a lost packet is sent again once.
LOOKUP_SECONDS = 1.6
TRY_SECONDS = 0.7
MAX_RECORDS = 10
MAX_RECORD_BYTES = 4096
MAX_REMEMBERED = 1000
# The longest that an answer is remembered, whatever the domain says: a key that was withdrawn
# must soon stop counting.
MAX_TTL_SECONDS = 3600.0
MAX_ABSENT_TTL_SECONDS = 300.0
DNS_PORT = 53

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?:{LABEL}\.)+(?!\d+\Z)[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
MAX_NAME_CHARS = 253
# The endings of names of this machine and of the office's own network (RFC 6761, RFC 6762, RFC
# 7686, RFC 8375).
PRIVATE_ENDINGS = frozenset({"localhost", "local", "internal", "intranet", "lan", "onion", "arpa"})


@dataclass(frozen=True)
class ResolverAddress:
    """Where the resolver listens. `host` is an IP address: to find a name would take a resolver."""

    host: str
    port: int = DNS_PORT


def is_askable(name: str) -> bool:
    """Tell whether a name may be asked for: plain letters, two labels or more, no private one."""
    is_plain = len(name) <= MAX_NAME_CHARS and NAME.fullmatch(name) is not None
    return is_plain and name.rpartition(".")[2] not in PRIVATE_ENDINGS


class TxtResolver:
    """Asks one resolver for TXT records and remembers its answers; threads may share it."""

    def __init__(
        self, address: ResolverAddress, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = [address.host]
        self._resolver.port = address.port
        self._resolver.timeout = TRY_SECONDS
        # 1232 bytes fit a datagram on every path (DNS flag day 2020); longer answers come by TCP.
        self._resolver.use_edns(0, 0, 1232)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._remembered: dict[str, tuple[float, tuple[bytes, ...]]] = {}

    def ask(self, name: str, seconds: float) -> tuple[bytes, ...] | None:
        """Return the TXT records at `name`, () when there are none, None when nobody could tell.

        Takes no longer than `seconds` and LOOKUP_SECONDS. Each record's strings are joined.
        """
        if not is_askable(name) or seconds <= 0:
            return None
        with self._lock:
            until, records = self._remembered.get(name, (0.0, ()))
        if until > self._monotonic():
            return records
        answered = self._ask_now(name, min(seconds, LOOKUP_SECONDS))
        if answered is None:
            return None
        records, ttl_seconds = answered
        self._remember(name, records, ttl_seconds)
        return records

    def _ask_now(self, name: str, seconds: float) -> tuple[tuple[bytes, ...], float] | None:
        """Return the records and for how many seconds they are valid, None for no answer."""
        try:
            answer = self._resolver.resolve(
                dns.name.from_text(f"{name}."),
                "TXT",
                lifetime=seconds,
                search=False,
                raise_on_no_answer=False,
            )
        except dns.resolver.NXDOMAIN:
            return (), MAX_ABSENT_TTL_SECONDS
        except (dns.exception.DNSException, OSError):
            return None
        if answer.rrset is None:
            return (), MAX_ABSENT_TTL_SECONDS
        records = tuple(b"".join(each.strings) for each in answer.rrset)
        if len(records) > MAX_RECORDS or any(len(each) > MAX_RECORD_BYTES for each in records):
            return None
        return records, min(float(answer.chaining_result.minimum_ttl), MAX_TTL_SECONDS)

    def _remember(self, name: str, records: tuple[bytes, ...], ttl_seconds: float) -> None:
        now = self._monotonic()
        with self._lock:
            if len(self._remembered) >= MAX_REMEMBERED:
                kept = {key: held for key, held in self._remembered.items() if held[0] > now}
                # All of them are still valid: forget them all rather than grow.
                self._remembered = kept if len(kept) < MAX_REMEMBERED else {}
            self._remembered[name] = (now + ttl_seconds, records)
