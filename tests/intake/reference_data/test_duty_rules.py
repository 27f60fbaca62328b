"""Check proposed duty lists: holes are allowed, and what could not be meant is refused."""

from typing import Any

import pytest

from intake.reference_data.duty_rules import is_callable
from intake.reference_data.edition_rules import content_faults
from storage.editions import EditionKind
from tests.intake.duty.lists import TELEPHONE, shift

BASE = {"source": "the office", "shifts": [shift()], "telephones": [TELEPHONE]}


def faults(**changes: Any) -> set[str]:
    """Return the paths of what is wrong with a list."""
    return {fault.path for fault in content_faults(EditionKind.DUTY, BASE | changes)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"webhook": "https://hooks.example/duty?a=b"},
        {"webhook": "http://127.0.0.1:8080/"},
        {"shifts": [shift(account="Intake officer 1", mail="")]},
        {"shifts": [shift(**{"from": "22:00", "to": "06:00"})]},
        {"shifts": [shift(days=["sun"], programmes=["cash"])]},
    ],
)
def test_a_list_with_holes_may_be_proposed(changes: dict[str, Any]) -> None:
    assert faults(**{key: value for key, value in changes.items() if value}) == set()


def test_an_empty_list_may_be_proposed() -> None:
    assert content_faults(EditionKind.DUTY, {"source": "the office"}) == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"source": ""}, "source"),
        ({"shifts": [shift(mail="")]}, "shifts.0.account"),
        ({"shifts": [shift(mail="a@b.example\r\nBcc: c@d.example")]}, "shifts.0.mail"),
        ({"shifts": [shift(mail="Duty <a@b.example>")]}, "shifts.0.mail"),
        ({"shifts": [shift(days=[])]}, "shifts.0.days"),
        ({"shifts": [shift(days=["someday"])]}, "shifts.0.days"),
        ({"shifts": [shift(days=[["mon"]])]}, "shifts.0.days"),
        ({"shifts": [shift(**{"from": "8"})]}, "shifts.0.from"),
        ({"shifts": [shift(to="24:00")]}, "shifts.0.to"),
        ({"shifts": [shift(to="08:00")]}, "shifts.0.to"),
        ({"shifts": [shift(programmes=["other"])]}, "shifts.0.programmes"),
        ({"shifts": ["everybody"]}, "shifts.0"),
        ({"shifts": "everybody"}, "shifts"),
        ({"telephones": [TELEPHONE | {"number": "call me"}]}, "telephones.0.number"),
        ({"telephones": [TELEPHONE | {"number": "javascript:alert(1)"}]}, "telephones.0.number"),
        ({"telephones": [TELEPHONE | {"who": ""}]}, "telephones.0.who"),
        ({"webhook": "ftp://hooks.example/"}, "webhook"),
        ({"webhook": "https://user:secret@hooks.example/"}, "webhook"),
        ({"webhook": "https://hooks.example/#part"}, "webhook"),
        ({"webhook": "https://hooks.example:0/"}, "webhook"),
        ({"webhook": "https://hooks.example:99999/"}, "webhook"),
        ({"webhook": "https://hooks.example/ HTTP/1.1"}, "webhook"),
        ({"webhook": "https:///duty"}, "webhook"),
        ({"webhook": 7}, "webhook"),
    ],
)
def test_what_could_not_be_meant_is_refused(changes: dict[str, Any], path: str) -> None:
    found = faults(**changes)

    assert found, changes
    assert any(each == path or each.startswith(path) for each in found), found


def test_no_header_can_be_smuggled_by_an_address_of_the_webhook() -> None:
    for url in (
        "https://h.test/\r\nX: y",
        "https://h.test/\n",
        "https://h\u00e4.test/",
        "//h.test",
    ):
        assert not is_callable(url)
