"""The name server of the tests says what it was told, by datagram and by stream."""

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from tests.components.dns import Conduct, DnsServer, Told
from tests.components.server import LOOPBACK

pytestmark = pytest.mark.components

LONG = b"x" * 3000


def ask(server: DnsServer, name: str) -> dns.message.Message:
    query = dns.message.make_query(name, "TXT")
    reply, _by_stream = dns.query.udp_with_fallback(query, LOOPBACK, 5, port=server.port)
    return reply


def test_records_come_as_they_were_told() -> None:
    with DnsServer({"a.example": [b"one", b'two "\xff'], "b.example": [LONG]}) as server:
        short, long = ask(server, "a.example"), ask(server, "b.example")

    assert sorted(b"".join(each.strings) for each in short.answer[0]) == [b"one", b'two "\xff']
    assert [b"".join(each.strings) for each in long.answer[0]] == [LONG]
    assert server.asked == ["a.example", "b.example", "b.example"]


def test_an_alias_is_followed_and_a_circle_ends() -> None:
    zone: dict[str, Told] = {
        "a.example": "b.example",
        "b.example": [b"end"],
        "c.example": "c.example",
    }

    with DnsServer(zone) as server:
        followed, circle = ask(server, "a.example"), ask(server, "c.example")

    assert [each.rdtype.name for each in followed.answer] == ["CNAME", "TXT"]
    assert [each.rdtype.name for each in circle.answer] == ["CNAME"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (None, dns.rcode.NXDOMAIN),
        (Conduct.SERVFAIL, dns.rcode.SERVFAIL),
        (Conduct.REFUSED, dns.rcode.REFUSED),
    ],
)
def test_refusals_have_their_codes(told: Conduct | None, code: int) -> None:
    with DnsServer({"a.example": told} if told else {}) as server:
        assert ask(server, "a.example").rcode() == code


@pytest.mark.parametrize("told", [Conduct.WRONG_ID, Conduct.WRONG_QUESTION, Conduct.GARBAGE])
def test_what_answers_no_question_is_refused_by_a_client(told: Conduct) -> None:
    with DnsServer({"a.example": told}) as server, pytest.raises(dns.exception.DNSException):
        ask(server, "a.example")
