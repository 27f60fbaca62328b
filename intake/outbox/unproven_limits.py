"""Limit what is sent to addresses that nothing proves: by address, domain and in total.

Whoever forges a From lets us write to somebody who never wrote to us (threat B7). Each spelling
that common mail servers deliver to one box counts as one address: upper case, dots in the local
part, and a sub-address behind `+` (RFC 5233). All boxes of one domain share a number, because a
domain that takes any name is one victim, and all strangers together share another. The domain is
that of the organisation where the public suffix list knows it, so new names below one domain help
nobody.

A program that answers slowly would go on for ever, so the receipts of a day are counted as well.

What officers send has counts of its own, which are higher: most enquirers have their box at one of
few domains, and what machines answer to forged mail must not keep officers from answering people.

What was answered is counted as events under keyed hashes, like attempts to sign in, and forgotten
with them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from storage import audit
from storage.accounts import users

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

# As `intake.senders.authenticity.organisational_domain.Organisation`.
Organisation = Callable[[str], str | None]

WINDOW = timedelta(hours=1)
MAX_TO_DOMAIN = 2
MAX_TO_ALL = 30
DAY = timedelta(days=1)
MAX_RECEIPTS_A_DAY = 6


@dataclass(frozen=True)
class UnprovenLimits:
    """How many mails an hour may go to strangers of one domain, and to all; `counted_as` is whose.

    The cap for an address is the guard's.
    """

    counted_as: str
    to_domain: int
    to_all: int


BY_MACHINE = UnprovenLimits("", MAX_TO_DOMAIN, MAX_TO_ALL)
BY_A_PERSON = UnprovenLimits("person:", 30, 60)


def folded(address: str) -> str:
    """Return an address as strangers are counted: common spellings of one box are one.

    >>> folded("Vic.Tim+7@Mail.Example")
    'victim@mail.example'
    """
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{_ascii(domain)}"


def domain_of(address: str, organisation: Organisation | None) -> str:
    """Return the domain under which an address is counted, in ASCII and lower case."""
    domain = _ascii(address.strip().lower().rpartition("@")[2])
    return (organisation(domain) if organisation is not None else None) or domain


def wait_for_turn(services: "Services", session: "Session", limits: UnprovenLimits) -> None:
    """Let one transaction at a time count and write to strangers, to its end.

    The lock comes after that of the audit, which whoever opens a mail holds already.
    """
    audit.take_turn(session)
    users.lock_rates(session, [_bucket(services, session, limits, "all")])


def refusal(
    services: "Services", session: "Session", limits: UnprovenLimits, domain: str
) -> str | None:
    """Return why no stranger of a domain may be written to now, as a code, or None."""
    since = services.now() - WINDOW
    of_domain = _bucket(services, session, limits, f"@{domain}")
    if users.count_rate(session, of_domain, since) >= limits.to_domain:
        return "too_many_to_this_domain"
    of_all = _bucket(services, session, limits, "all")
    if users.count_rate(session, of_all, since) >= limits.to_all:
        return "too_many_to_strangers"
    return None


def refusal_of_day(receipts: int) -> str | None:
    """Return why a stranger gets no receipt who got so many within a day, as a code, or None."""
    return "too_many_to_this_address_today" if receipts >= MAX_RECEIPTS_A_DAY else None


def note_answer(
    services: "Services", session: "Session", limits: UnprovenLimits, domain: str
) -> None:
    """Count one mail to a stranger of a domain, in the transaction that writes it."""
    for name in (f"@{domain}", "all"):
        users.note_rate(session, _bucket(services, session, limits, name), services.now())


def _bucket(services: "Services", session: "Session", limits: UnprovenLimits, name: str) -> str:
    return services.keyring.lookup(session, "answered-strangers", f"{limits.counted_as}{name}")


def _ascii(domain: str) -> str:
    """Return a domain in its ASCII form (RFC 5891), so that both spellings count as one."""
    try:
        return domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return domain
