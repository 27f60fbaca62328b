"""Know how TXT records are asked for, within limits, and which names are never asked.

Imports dnspython. A name in a question was chosen by a stranger, and so was the server that holds
the answer. So: one resolver given by the operator, names held to a pattern, no search list, a
deadline, few and short records. No answer, a refusal and an answer that is too large are None,
«could not tell»; only what was answered is remembered.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver

# What a question may take of the time that its message has; a lost packet is sent again once.
LOOKUP_SECONDS = 1.6
TRY_SECONDS = 0.7
MAX_RECORDS = 10
MAX_RECORD_BYTES = 4096
MAX_REMEMBERED = 1000
# However long a domain says: a key that was withdrawn must stop counting the same day.
MAX_TTL_SECONDS = 3600.0
MAX_ABSENT_TTL_SECONDS = 300.0
DNS_PORT = 53

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?:{LABEL}\.)+(?!\d+\Z)[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
MAX_NAME_CHARS = 253
# Names of this machine and of the house's own network (RFC 6761, RFC 6762, RFC 7686, RFC 8375).
PRIVATE_ENDINGS = frozenset({"localhost", "local", "internal", "intranet", "lan", "onion", "arpa"})


@dataclass(frozen=True)
class ResolverAddress:
    """Hold where the resolver listens: an IP address, no name, for a name would need a resolver."""

    host: str
    port: int = DNS_PORT


def is_askable(name: str) -> bool:
    """Tell whether a name may be asked: plain letters, two labels at least, no private network."""
    is_plain = len(name) <= MAX_NAME_CHARS and NAME.fullmatch(name) is not None
    return is_plain and name.rpartition(".")[2] not in PRIVATE_ENDINGS


class TxtResolver:
    """Ask one resolver for TXT records and remember its answers; threads may share it."""

    def __init__(
        self, address: ResolverAddress, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = [address.host]
        self._resolver.port = address.port
        self._resolver.timeout = TRY_SECONDS
        # Fits a datagram on every path (the DNS flag day's size); what is larger comes by TCP.
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
        """Return the records and how many seconds they hold."""
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
                # Full of answers that still hold: forget them all rather than grow.
                self._remembered = kept if len(kept) < MAX_REMEMBERED else {}
            self._remembered[name] = (now + ttl_seconds, records)
