"""Limit what is sent automatically to senders who are not proven: by address, domain and in total.

Whoever forges a From lets us write to somebody who never wrote to us (threat B7). Each spelling
that common mail servers deliver to one box counts as one address: upper case, dots in the local
part, and a sub-address behind `+` (RFC 5233). All boxes of one domain share a number, because a
domain that takes any name is one victim, and all strangers together share another. The domain is
that of the organisation where the public suffix list knows it, so new names below one domain help
nobody.

What was answered is counted as events under keyed hashes, like attempts to sign in, and forgotten
with them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.accounts import users

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

# As `intake.senders.authenticity.organisational_domain.Organisation`.
Organisation = Callable[[str], str | None]

WINDOW = timedelta(hours=1)
MAX_TO_DOMAIN = 2
MAX_TO_ALL = 30


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


def wait_for_turn(services: "Services", session: "Session") -> None:
    """Let one transaction at a time count and write to strangers, to its end.

    The lock comes after that of the audit, which whoever opens a mail holds already.
    """
    users.lock_rates(session, [_bucket(services, session, "all")])


def refusal(services: "Services", session: "Session", domain: str) -> str | None:
    """Return why no stranger of a domain may be answered now, as a code, or None."""
    since = services.now() - WINDOW
    if users.count_rate(session, _bucket(services, session, f"@{domain}"), since) >= MAX_TO_DOMAIN:
        return "too_many_to_this_domain"
    if users.count_rate(session, _bucket(services, session, "all"), since) >= MAX_TO_ALL:
        return "too_many_to_strangers"
    return None


def note_answer(services: "Services", session: "Session", domain: str) -> None:
    """Count one answer to a stranger of a domain, in the transaction that writes it."""
    for name in (f"@{domain}", "all"):
        users.note_rate(session, _bucket(services, session, name), services.now())


def _bucket(services: "Services", session: "Session", name: str) -> str:
    return services.keyring.lookup(session, "answered-strangers", name)


def _ascii(domain: str) -> str:
    """Return a domain in its ASCII form (RFC 5891), so that both spellings count as one."""
    try:
        return domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return domain
