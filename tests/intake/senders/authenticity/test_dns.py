"""Check the resolver's client: which names are asked, what is remembered, and where it is."""

import pytest

from intake.senders.authenticity.dns import ResolverAddress, TxtResolver, is_askable
from tests.components.dns import TTL_SECONDS, Conduct, DnsServer
from tests.components.server import LOOPBACK

ASKABLE = [
    "s1._domainkey.partner.example",
    "_dmarc.partner.example",
    "20230601._domainkey.xn--malm-8qa.se",
    "a.b._domainkey.partner.example",
]
NOT_ASKABLE = [
    "",
    "localhost",
    "se",
    "a.localhost",
    "s1._domainkey.printer.local",
    "s1._domainkey.db.internal",
    "1.0.0.127.in-addr.arpa",
    "s1._domainkey.127.0.0.1",
    "a..example",
    ".example",
    "a.example.",
    "A.example",
    "a b.example",
    "a/../b.example",
    "a\n.example",
    "a.example\n",
    "å.example",
    "*.example",
    "-a.example",
    "a-.example",
    f"{'a' * 64}.example",
    ".".join(["a" * 60] * 5) + ".example",
]


@pytest.mark.parametrize("name", ASKABLE)
def test_an_ordinary_name_may_be_asked(name: str) -> None:
    assert is_askable(name)


@pytest.mark.parametrize("name", NOT_ASKABLE)
def test_an_odd_name_is_not_asked(name: str) -> None:
    with DnsServer() as server:
        found = TxtResolver(ResolverAddress(LOOPBACK, server.port)).ask(name, 1.0)

    assert found is None
    assert server.asked == []


def test_strings_of_one_record_are_joined_and_records_kept_apart() -> None:
    with DnsServer({"a.example": [b"x" * 300, b"two"], "none.example": []}) as server:
        resolver = TxtResolver(ResolverAddress(LOOPBACK, server.port))

        assert sorted(resolver.ask("a.example", 1.0) or ()) == [b"two", b"x" * 300]
        assert resolver.ask("none.example", 1.0) == ()
        assert resolver.ask("absent.example", 1.0) == ()


def test_without_time_left_nothing_is_asked() -> None:
    with DnsServer({"a.example": [b"x"]}) as server:
        assert TxtResolver(ResolverAddress(LOOPBACK, server.port)).ask("a.example", 0.0) is None

    assert server.asked == []


def test_an_answer_is_remembered_for_as_long_as_it_says() -> None:
    now = [1000.0]
    with DnsServer({"a.example": [b"x"]}) as server:
        resolver = TxtResolver(ResolverAddress(LOOPBACK, server.port), monotonic=lambda: now[0])
        resolver.ask("a.example", 1.0)
        now[0] += TTL_SECONDS - 1
        resolver.ask("a.example", 1.0)
        asked_before = len(server.asked)
        now[0] += 2
        resolver.ask("a.example", 1.0)

    assert (asked_before, len(server.asked)) == (1, 2)


def test_a_failure_is_not_remembered() -> None:
    with DnsServer({"a.example": Conduct.SERVFAIL}) as server:
        resolver = TxtResolver(ResolverAddress(LOOPBACK, server.port))
        before = resolver.ask("a.example", 1.0)
        server.zone["a.example"] = [b"x"]

        assert (before, resolver.ask("a.example", 1.0)) == (None, (b"x",))


def test_a_resolver_that_is_not_there_is_no_answer() -> None:
    with DnsServer() as server:
        port = server.port

    assert TxtResolver(ResolverAddress(LOOPBACK, port)).ask("a.example", 0.3) is None
