"""Check threat M5: our own server's word in each order and spelling that strangers bring about.

Each message is read as the jail reads it, and judged as a worker does. What must come out is
counted from the kinds of its headers, not from their text.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from intake.sandbox.mail.message import read_header
from intake.senders.verdict import DMARC_FAILED, judge_sender
from storage.submissions.submissions import SenderVerdict

OURS = "mx.example.org"
THEIRS = "mx.evil.example"
DOMAIN = "partner.example"


@dataclass(frozen=True)
class Kind:
    """What one header says, before anybody spells it; `dmarc` are results with their domain."""

    is_ours: bool
    dmarc: tuple[tuple[str, str], ...] = ()


KINDS = {
    "pass": Kind(True, (("pass", DOMAIN),)),
    "fail": Kind(True, (("fail", DOMAIN),)),
    "none": Kind(True, (("none", DOMAIN),)),
    "pass-for-another": Kind(True, (("pass", "evil.example"),)),
    "fail-and-pass": Kind(True, (("fail", DOMAIN), ("pass", DOMAIN))),
    "no-dmarc": Kind(True),
    "foreign-pass": Kind(False, (("pass", DOMAIN),)),
    "foreign-fail": Kind(False, (("fail", DOMAIN),)),
}
SIGNATURE = ";\r\n dkim=fail header.d={}.example header.s=s"


def spelled(kind: Kind, before: str = "", after: str = "", server: str = "") -> str:
    """Write a header; `before` and `after` are what else stands around the results of DMARC."""
    named = server or (OURS if kind.is_ours else THEIRS)
    found = "".join(f"; dmarc={result} header.from={domain}" for result, domain in kind.dmarc)
    return f"{named}{before}{found}{after}"


READABLE: tuple[Callable[[Kind], str], ...] = (
    spelled,
    lambda kind: spelled(kind).upper(),
    lambda kind: spelled(kind).replace("; ", ";\r\n\t"),
    lambda kind: spelled(kind, before=" 1; spf=pass smtp.mailfrom=x@evil.example"),
    lambda kind: spelled(kind, before="; spf=pass (a (nested; dmarc=pass) comment)"),
    lambda kind: spelled(kind, before='; spf=none smtp.mailfrom="; dmarc=pass (\\" "'),
    lambda kind: spelled(kind, before='; spf=none (helo=";\\)") smtp.mailfrom=x@evil.example'),
    lambda kind: spelled(kind, before=SIGNATURE.format("a" * 20) * 40),
    lambda kind: spelled(kind, server=f'"{OURS if kind.is_ours else THEIRS}"'),
    lambda kind: spelled(kind, server=f"(ours) {OURS if kind.is_ours else THEIRS}"),
)
# Of a header that is emptied nobody knows whose it is, so a foreign one counts as well.
EMPTIED: tuple[Callable[[Kind], str], ...] = (
    lambda kind: spelled(kind, before=SIGNATURE.format("a" * 50) * 60),
    lambda kind: spelled(kind, after=SIGNATURE.format("a" * 50) * 60),
    lambda kind: spelled(kind, before="; spf=pass smtp.mailfrom=\u00e5@evil.example"),
    lambda kind: spelled(kind, after="; spf=pass smtp.mailfrom=x@evil\u3002example"),
    lambda kind: spelled(kind, before="; spf=pass smtp.helo=\x01"),
)
NEVER_CLOSED: tuple[Callable[[Kind], str], ...] = (
    lambda kind: spelled(kind, before='; spf=pass smtp.mailfrom="\\"(@evil.example'),
    lambda kind: spelled(kind, before="; spf=pass (helo=( ) smtp.mailfrom=x@evil.example"),
    lambda kind: spelled(kind, after='; spf=pass smtp.mailfrom="@evil.example'),
    lambda kind: spelled(kind, after="; spf=pass (helo=\\)"),
)


@dataclass(frozen=True)
class Header:
    """A header as it stands in a message, and what may be known of it."""

    name: str
    text: str
    kind: Kind
    may_be_ours: bool
    is_readable: bool


def every_header() -> dict[str, list[Header]]:
    """Return every spelling of every kind, by kind and whether it can be read."""
    made: dict[str, list[Header]] = {}
    for name, kind in KINDS.items():
        made[name] = [
            Header(f"{name}/{number}", spell(kind), kind, kind.is_ours, is_readable=True)
            for number, spell in enumerate(READABLE)
        ]
        made[f"{name}-emptied"] = [
            Header(f"{name}/e{number}", spell(kind), kind, may_be_ours=True, is_readable=False)
            for number, spell in enumerate(EMPTIED)
        ]
        made[f"{name}-never-closed"] = [
            Header(f"{name}/c{number}", spell(kind), kind, kind.is_ours, is_readable=False)
            for number, spell in enumerate(NEVER_CLOSED)
        ]
    return made


HEADERS = every_header()


def messages() -> Iterator[tuple[Header, ...]]:
    """Yield each header alone in every spelling, and all pairs and some triples of kinds."""
    for spellings in HEADERS.values():
        yield from ((each,) for each in spellings)
    turns = {name: itertools.cycle(spellings) for name, spellings in HEADERS.items()}
    for names in itertools.product(HEADERS, repeat=2):
        yield tuple(next(turns[name]) for name in names)
    for names in itertools.product(KINDS, HEADERS, KINDS):
        yield tuple(next(turns[name]) for name in names)


def due(headers: tuple[Header, ...]) -> tuple[bool, bool]:
    """Return whether the sender must be registered, and whether DMARC counts as failed.

    The rule: from the first header on that may be ours, down to the first that is foreign, there
    must be exactly one result of DMARC and nothing that cannot be read. It failed where any result
    says so, where two differ, and where anything cannot be read.
    """
    below = itertools.dropwhile(lambda header: not header.may_be_ours, headers)
    ours = list(itertools.takewhile(lambda header: header.may_be_ours, below))
    found = [each for header in ours for each in header.kind.dmarc]
    is_readable = all(header.is_readable for header in ours)
    is_pass = is_readable and found == [("pass", DOMAIN)]
    results = {result for result, _ in found}
    return is_pass, not is_readable or len(results) > 1 or "fail" in results


def judged(headers: tuple[Header, ...], authserv_id: str = OURS) -> tuple[bool, bool]:
    """Send the message through the jail's reader and the verdict."""
    lines = "".join(f"Authentication-Results: {header.text}\r\n" for header in headers)
    facts = read_header(f"{lines}From: Anna <anna@{DOMAIN}>\r\nSubject: x\r\n\r\n".encode())
    sender = judge_sender(
        from_address=facts.from_address,
        from_defects=facts.from_defects,
        registered_region="STHLM",
        authentication_results=facts.authentication_results,
        authserv_id=authserv_id,
    )
    return sender.verdict is SenderVerdict.REGISTERED, DMARC_FAILED in sender.reasons


def test_the_variants_are_as_many_as_they_say() -> None:
    made = list(messages())

    assert len(made) > 2000
    assert {True, False} == {due(headers)[0] for headers in made}
    assert {True, False} == {due(headers)[1] for headers in made}


def test_every_message_is_judged_by_the_rule() -> None:
    wrong = [
        ([header.name for header in headers], found)
        for headers in messages()
        if (found := judged(headers)) != due(headers)
    ]

    assert wrong == []


@pytest.mark.parametrize("spell", [*EMPTIED, *NEVER_CLOSED])
def test_a_forged_pass_below_our_unreadable_no_is_never_believed(
    spell: Callable[[Kind], str],
) -> None:
    ours = Header("ours", spell(KINDS["fail"]), KINDS["fail"], True, is_readable=False)
    forged = [
        Header("forged", spell(KINDS["pass"]), KINDS["pass"], True, True) for spell in READABLE
    ]

    assert {judged((ours, each)) for each in forged} == {(False, True)}


def test_two_programs_of_our_server_write_one_header_each() -> None:
    signatures = Header("opendkim", f"{OURS}; dkim=none", KINDS["no-dmarc"], True, True)

    def with_dmarc(name: str) -> tuple[bool, bool]:
        return judged((signatures, HEADERS[name][0]))

    assert with_dmarc("pass") == (True, False)
    assert with_dmarc("fail") == (False, True)


def test_a_word_between_two_foreign_ones_is_read_and_one_below_is_not() -> None:
    foreign, ours = HEADERS["foreign-pass"][0], HEADERS["pass"][0]

    assert judged((foreign, ours, foreign, HEADERS["fail"][0])) == (True, False)


def test_without_a_server_of_ours_nothing_unreadable_counts() -> None:
    assert {judged((each,), "") for each in HEADERS["fail-emptied"]} == {(True, False)}
