"""An office's word before the @ makes nobody a look-alike; a person's name does."""

import pytest

from intake.senders.authenticity import load_organisations
from intake.senders.authenticity.organisational_domain import Organisation
from intake.senders.lookalikes import RegisteredNames, find_likeness

DOMAIN, ELSEWHERE = "looks_like_registered_domain", "registered_local_part_elsewhere"
OFFICES = [
    "jourhavande", "budgetradgivning", "familjeratten", "socialjouren", "vard.centralen",
    "social-jouren", "vuxenenheten.nord", "kontakt_center", "mottagning-syd2", "stöd.och.omsorg",
    "berit", "no-reply",
]  # fmt: skip


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """Give what finds a domain's organisation."""
    return load_organisations()


@pytest.mark.parametrize("local", OFFICES)
def test_an_office_of_another_place_is_no_look_alike(
    organisation: Organisation, local: str
) -> None:
    register = RegisteredNames(frozenset({f"{local}@harbourtown.example"}), frozenset())
    address = f"{local}@millvalley.test"
    named = f"{local.replace('.', ' ')} <{address}>"

    assert find_likeness(address, named, register, organisation) == ()


@pytest.mark.parametrize("local", OFFICES)
def test_an_office_at_a_domain_that_looks_registered_is_named(
    organisation: Organisation, local: str
) -> None:
    register = RegisteredNames(frozenset({f"{local}@harbourtown.example"}), frozenset())
    address = f"{local}@harbourtovvn.test"

    assert find_likeness(address, address, register, organisation) == ("look_alike", DOMAIN)


@pytest.mark.parametrize("local", ["e.lind", "eva-lind", "eva_lind2", "eva.marie.nordin", "åsa.ek"])
def test_a_persons_name_at_another_domain_is_named(organisation: Organisation, local: str) -> None:
    register = RegisteredNames(frozenset({f"{local}@harbourtown.example"}), frozenset())
    address = f"{local}@millvalley.test"

    assert find_likeness(address, address, register, organisation) == ("look_alike", ELSEWHERE)


@pytest.mark.parametrize(
    ("registered", "address"),
    [
        ("intake@har.example", "intake@har.test"),
        ("diariet@town.example", "diariet@town.test"),
        ("socialjouren@harbourtown.example", "socialjouren@gmail.com"),
        ("annalind@harbourtown.example", "annalind@gmail.com"),
        ("anna.nord@harbourtown.example", "anna.nord@gmail.com"),
        ("per.oster@harbourtown.example", "per.oster@millvalley.test"),
    ],
)
def test_a_registered_word_elsewhere_is_noticed_where_it_can_deceive(
    organisation: Organisation, registered: str, address: str
) -> None:
    register = RegisteredNames(frozenset({registered}), frozenset())

    assert find_likeness(address, address, register, organisation)[0] == "look_alike"
