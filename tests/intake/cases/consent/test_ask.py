"""Check the gate of consents: each purpose and recipient by itself, and a stop before all else."""

import ast
from pathlib import Path

import pytest

from intake.cases.consent.ask import Given, NotGiven, Overridden
from intake.cases.consent.override import decide
from intake.core.services import Services
from tests.intake.cases.consent.desk import ConsentDesk, open_desk
from tests.support.building import Clock
from tests.support.people import plant_user

ROOT = Path(__file__).parents[4]
# The states of a case that nobody may reach without a consent; nothing reaches them yet.
BEYOND = {
    "ASSESSMENT", "ACCEPTED", "PRE_DEPARTURE", "TRAVEL_BOOKED", "DEPARTED", "ARRIVED",
    "REINTEGRATION", "MONITORING",
}  # fmt: skip


@pytest.fixture
def desk(sqlite_services: Services) -> ConsentDesk:
    return open_desk(sqlite_services, "CONS-SHARE")


def test_without_an_answer_nothing_may_be_though_a_paper_is_there(desk: ConsentDesk) -> None:
    assert desk.ask() == NotGiven("no_consent")


def test_a_consent_counts_for_its_purpose_and_recipient_alone(desk: ConsentDesk) -> None:
    desk.note()
    desk.note(purpose="return", recipient="ngo", name="Demo Help")

    assert isinstance(desk.ask(), Given)
    assert desk.ask("return", "iom_country") == NotGiven("no_consent")
    assert isinstance(desk.ask("return", "ngo", "demo help"), Given)
    assert desk.ask("return", "ngo", "Other Help") == NotGiven("no_consent")


def test_a_consent_ends_on_its_day(desk: ConsentDesk, clock: Clock) -> None:
    desk.note(expires_on="2026-11-30")
    before = desk.ask()

    clock.at = clock.at.replace(month=12, day=1)

    assert isinstance(before, Given)
    assert desk.ask() == NotGiven("no_consent")


def test_a_stop_comes_before_consents_and_overrides(desk: ConsentDesk) -> None:
    desk.note()
    override_id = desk.propose(purpose="health", recipient="health")
    second = plant_user(desk.services, "Protection officer 1", "PROT")
    decide(desk.services, second, override_id, is_approved=True)
    assert isinstance(desk.ask("health", "health"), Overridden)

    desk.stop()

    assert desk.ask() == NotGiven("person_withdrew")
    assert desk.ask("health", "health") == NotGiven("person_withdrew")


def test_only_the_gate_makes_what_proves_a_consent() -> None:
    made = {
        (ast.unparse(node.func).rpartition(".")[2], str(path.relative_to(ROOT)))
        for room in ("intake", "portal", "mailbox")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"Given", "Overridden"}
    }

    gate = "intake/cases/consent/ask.py"
    assert made == {("Given", gate), ("Overridden", gate)}


def test_no_case_reaches_a_state_that_needs_a_consent() -> None:
    named = {
        node.attr
        for path in (ROOT / "intake").rglob("*.py")
        for statement in ast.walk(ast.parse(path.read_text()))
        if isinstance(statement, ast.Assign)
        and any(ast.unparse(target).endswith(".state") for target in statement.targets)
        for node in ast.walk(statement.value)
        if isinstance(node, ast.Attribute)
    }

    assert named & BEYOND == set()
