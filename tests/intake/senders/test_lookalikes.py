"""Who looks registered and is not is named; who is nothing like it, or is registered, is not."""

import base64
import unicodedata

import pytest

from intake.sandbox.mail.message import open_mail
from intake.senders.authenticity import load_organisations
from intake.senders.authenticity.organisational_domain import Organisation
from intake.senders.lookalikes import (
    DOUBLES,
    RegisteredNames,
    find_likeness,
    shown_domain,
    skeleton,
)

ALIKE = [
    ("malmo", "Malmö"),
    ("malmo", "rnalmo"),
    ("malmo", "ma1mo"),
    ("malmo", "maimo"),
    ("malmo", "malm0"),
    ("malmo", "mаlmо"),  # Cyrillic а and о
    ("malmo", "ΜALMΟ"),  # Greek capitals
    ("malmo", "ｍａｌｍｏ"),
    ("malmo", "ma\u200blmo"),
    ("malmo", "ma\u0142mo"),
    ("malmo", "m\u0251lmo"),
    ("partner", "pаrtnеr"),
    ("registered", "reg\u0131stered"),
    ("window", "vvindow"),
    ("kommun", "kornrnun"),
    ("office", "оffice"),
    ("clara", "dara"),
    ("strasse", "straße"),
]
UNLIKE = [("malmo", "malma"), ("lund", "land"), ("solna", "sala"), ("mora", "tora"), ("a", "")]

REGISTER = RegisteredNames(
    addresses=frozenset(
        {
            "anna.registered@partner.example",
            "test.worker@region-north.example",
            "desk@harbourtown.example",
            "info@mora.example",
        }
    ),
    names=frozenset({"demo person one"}),
)
DOMAIN = "looks_like_registered_domain"
ADDRESS = "looks_like_registered_address"
ELSEWHERE = "registered_local_part_elsewhere"
SHOWS_OTHER = "display_name_shows_other_address"
SHOWS_REGISTERED = "display_name_shows_registered_address"
IS_PERSON = "display_name_is_registered_person"


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """Give what finds a domain's organisation."""
    return load_organisations()


@pytest.mark.parametrize(
    "domain",
    [
        "partner.test",  # another ending
        "partner.se",
        "partnr.example",  # a letter left out
        "partnerr.example",
        "partnre.example",  # two letters changed about
        "pa1tner.example",
        "part-ner.example",
        "partner-login.example",
        "secure-partner.test",
        "partner.example.evil.test",
        "partner-example.test",
        "partner.evil.test",
        "login.partner.evil.test",
        "xn--prtner-3nf.example",
        "xn--artner-9qf.example",  # a Cyrillic р
        "regionnorth.example",
        "region-n0rth.example",
        "region-north.test",
        "region-nor-th.example",
        "regionnorht.example",
        "harbourtovvn.example",
        "harb0urt0wn.example",
        "harbourtown.example.evil.test",
        "harbourtown-example.test",
        "rnora.example",
        "m0ra.example",
        "mora.example.evil.test",
        "mora-example.test",
    ],
)
def test_a_domain_that_passes_for_a_registered_one_is_named(
    organisation: Organisation, domain: str
) -> None:
    assert find_likeness(f"a@{domain}", f"a@{domain}", REGISTER, organisation) == (
        "look_alike",
        DOMAIN,
    )


@pytest.mark.parametrize(
    "address",
    [
        "anna.registered@partner.example",
        "Anna.Registered@partner.example",
        "berit.else@partner.example",  # a colleague
        "a@mail.partner.example",  # the same holder's
        "a@harbour.test",
        "a@townharbour.test",
        "a@other.test",
        "a@parker.test",
        "a@tora.example",
        "a@northern-office.test",
        "info@elsewhere.test",  # everybody's word
        "desk@elsewhere.test",
        "a@xn--.example",
        "a@localhost",
    ],
)
def test_who_is_registered_or_nothing_like_it_is_not_named(
    organisation: Organisation, address: str
) -> None:
    assert find_likeness(address, f"Berit Else <{address}>", REGISTER, organisation) == ()


@pytest.mark.parametrize(
    "address",
    [
        "anna.registred@partner.example",
        "anna-registered@partner.example",
        "annaregistered@partner.example",
        "anna.reg1stered@partner.example",
        "test.vvorker@region-north.example",
    ],
)
def test_a_local_part_like_a_registered_one_is_named(
    organisation: Organisation, address: str
) -> None:
    assert find_likeness(address, address, REGISTER, organisation) == ("look_alike", ADDRESS)


def test_a_registered_local_part_at_another_domain_is_named(organisation: Organisation) -> None:
    address = "anna.registered@freemail.test"

    assert find_likeness(address, address, REGISTER, organisation) == ("look_alike", ELSEWHERE)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ('"anna.registered@partner.example"', (SHOWS_OTHER, SHOWS_REGISTERED)),
        ('"Anna <Anna.Registered@Partner.example>"', (SHOWS_OTHER, SHOWS_REGISTERED)),
        ("anna.registered＠partner.example", (SHOWS_OTHER, SHOWS_REGISTERED)),
        ("a@partnr.example", (SHOWS_OTHER, SHOWS_REGISTERED)),
        ("somebody@else.test", (SHOWS_OTHER,)),
        ("Demo Person One", (IS_PERSON,)),
        ("One, Demo Person", (IS_PERSON,)),
        ("Dеmo Persоn Onе", (IS_PERSON,)),  # Cyrillic letters
        ("Registered, Anna", (IS_PERSON,)),
        ('"ANNA REGISTERED"', (IS_PERSON,)),
        # What nobody sees: a joiner of graphemes, a selector of variants, a filler that is blank.
        ("An\u034fna Registered", (IS_PERSON,)),
        ("Anna\ufe0f Regis\u00adtered", (IS_PERSON,)),
        ("Anna\u3164Registered", (IS_PERSON,)),
    ],
)
def test_a_display_name_that_shows_somebody_else_is_named(
    organisation: Organisation, name: str, codes: tuple[str, ...]
) -> None:
    found = find_likeness("x@evil.test", f"{name} <x@evil.test>", REGISTER, organisation)

    assert found == ("look_alike", *codes)


@pytest.mark.parametrize(
    "name", ["", "Anna", "Person", "Demo", "x@evil.test", "Demo Person", "Anna B. Registered"]
)
def test_a_display_name_that_shows_nobody_else_is_not_named(
    organisation: Organisation, name: str
) -> None:
    assert find_likeness("x@evil.test", f"{name} <x@evil.test>", REGISTER, organisation) == ()


@pytest.mark.parametrize(
    "claimed_from",
    [
        "аnna.registered@partner.example",  # a Cyrillic а, which no address may have
        "anna.registered＠partner.example",
        "anna.registered@partner.example)x@evil.test",
        "anna.registered@partner.example, x@evil.test",
    ],
)
def test_without_one_sender_every_address_in_the_text_is_looked_at(
    organisation: Organisation, claimed_from: str
) -> None:
    assert find_likeness(None, claimed_from, REGISTER, organisation) == (
        "look_alike",
        SHOWS_REGISTERED,
    )


def test_a_registered_sender_is_no_look_alike_whatever_the_name_shows(
    organisation: Organisation,
) -> None:
    address = "anna.registered@partner.example"

    assert find_likeness(address, f"x@evil.test <{address}>", REGISTER, organisation) == (
        SHOWS_OTHER,
    )


def test_an_empty_register_has_no_look_alikes(organisation: Organisation) -> None:
    empty = RegisteredNames(frozenset(), frozenset())

    assert find_likeness("a@x", "Demo Person One <a@x>", empty, organisation) == ()
    assert find_likeness(None, "", empty, organisation) == ()


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_look_alikes_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_others_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_no_letter_is_taken_for_two() -> None:
    doubles = "".join(DOUBLES.values())

    assert len(set(doubles)) == len(doubles)
    assert all(unicodedata.name(letter) and not letter.isascii() for letter in doubles)


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("xn--malm-8qa.se", "malmö.se"),
        ("mail.xn--malm-8qa.se", "mail.malmö.se"),
        ("plain.example", "plain.example"),
        ("xn--.example", ".example"),
        ("xn--99999999999999.example", "xn--99999999999999.example"),
        ("", ""),
    ],
)
def test_a_domain_is_shown_decoded(domain: str, shown: str) -> None:
    assert shown_domain(domain) == shown


@pytest.mark.parametrize(
    "claimed_from",
    [
        "{0} <{0}>",
        "'{0}' <{0}>",
        '"{0}" <{0}>',
        "{0} ({0})",
        "{0} (Anna Registered)",
        "Anna Registered (Partner) <{0}>",
        "[EXTERN] Anna Registered <{0}>",
        "Registered, Anna <{0}>",
    ],
)
def test_nobody_is_a_look_alike_of_themselves(
    organisation: Organisation, claimed_from: str
) -> None:
    address = "anna.registered@partner.example"

    assert find_likeness(address, claimed_from.format(address), REGISTER, organisation) == ()


@pytest.mark.parametrize(
    "claimed_from",
    [
        "Registered, {0}",
        "Anna <{0}> Registered",
        "{0}, <{0}>",
        "Anna [x <{0}>",
        "Anna <{0}> <{0}>",
        "ANNA.REGISTERED@PARTNER.EXAMPLE; \\",
        "Anna <{0}>, Bo <bo@partner.example>",
    ],
)
def test_an_unclear_from_with_nobody_elses_address_is_no_look_alike(
    organisation: Organisation, claimed_from: str
) -> None:
    address = "anna.registered@partner.example"

    found = find_likeness(
        None, claimed_from.format(address), REGISTER, organisation, ("bad_syntax",)
    )

    assert found == ("unclear_from_of_registered_address",)


@pytest.mark.parametrize(
    ("claimed_from", "defect"),
    [
        ("{0}, {0}", "many_from_headers"),  # the sixth is not shown
        ("Anna <{0}", "control_characters"),  # one of which was left out
        ("Anna <{0}>", "header_broken"),
        ("Anna <{0}>", "too_long"),
        ("{0}, x@evil.test", "many_mailboxes"),
        ("{0}, x＠evil.test", "bad_syntax"),
        ("{0}@evil.test", "bad_syntax"),
        ("{0}, desk@harbourtown.example", "many_mailboxes"),
        ("<{0}> " + "x" * 500, "bad_syntax"),
    ],
)
def test_an_unclear_from_that_may_hold_another_is_looked_at(
    organisation: Organisation, claimed_from: str, defect: str
) -> None:
    shown = claimed_from.format("anna.registered@partner.example")[:500]

    found = find_likeness(None, shown, REGISTER, organisation, (defect,))

    assert found == ("look_alike", SHOWS_REGISTERED)


def test_an_internationalised_domain_is_no_look_alike_of_its_own_form(
    organisation: Organisation,
) -> None:
    shown = "Asa <asa@exämple.org>"

    assert find_likeness("asa@xn--exmple-cua.org", shown, REGISTER, organisation) == ()


@pytest.mark.parametrize(
    "claimed_from",
    [
        "[EXTERN] Demo Person One <x@else.test>",
        "x@else.test (Demo Person One)",
        "Demo Person One (Region) <x@else.test>",
        "One, Demo Person <x@else.test>",
    ],
)
def test_a_registered_name_beside_marks_and_comments_is_named(
    organisation: Organisation, claimed_from: str
) -> None:
    found = find_likeness("x@else.test", claimed_from, REGISTER, organisation)

    assert found == ("look_alike", IS_PERSON)


def test_a_registered_address_as_the_old_style_name_is_named(organisation: Organisation) -> None:
    claimed_from = "x@else.test (anna.registered@partner.example)"

    found = find_likeness("x@else.test", claimed_from, REGISTER, organisation)

    assert found == ("look_alike", SHOWS_OTHER, SHOWS_REGISTERED)


@pytest.mark.parametrize(
    "sign", ["\u3164", "\u2028", "\u2067 ", "\U000e0041 ", "\u034f ", "\ufe00 "]
)
def test_a_name_is_compared_as_it_is_shown(organisation: Organisation, sign: str) -> None:
    word = base64.b64encode(f"Demo{sign}Person One".encode()).decode()

    facts = open_mail(f"From: =?utf-8?b?{word}?= <x@evil.test>\r\n\r\nx".encode()).facts
    found = find_likeness(facts.from_address, facts.claimed_from, REGISTER, organisation)

    assert facts.claimed_from == "Demo Person One <x@evil.test>"
    assert found[0] == "look_alike"
