"""Check threat P8: two accounts of one hand are not two people, in any act that takes two.

`two_people.ACTS` has every act, and the acts are those that ask the gate: a new one fails here.
"""

import ast
from pathlib import Path

import pytest

from intake.access.safeguards.four_eyes import FourEyesNeeded, OneHand, TwoPersonAct
from intake.accounts.accounts import SignedInUser
from intake.core.errors import IntakeError
from intake.core.services import Services
from storage.audit import AuditEvent
from tests.intake.access.two_people import ACTS, ONE_HAND, TWO_PEOPLE, Relation
from tests.support.people import plant_user

ROOT = Path(__file__).parents[3]
GATE = "intake/access/safeguards/four_eyes.py"
ASKERS = {"asked_by", "proposed_by"}
# Each asks whose own a thing is, not who the second person is.
OWN = {
    ("intake/access/programmes.py", "may_see_list"),
    ("intake/access/programmes.py", "may_take_list"),
    ("intake/oversight/exports.py", "_asking"),
}


def two(services: Services, act: TwoPersonAct) -> tuple[SignedInUser, SignedInUser]:
    """Return the two accounts of an act."""
    one_role, other_role, _ = ACTS[act]
    return plant_user(services, "First", one_role), plant_user(services, "Second", other_role)


def trail(services: Services) -> int:
    """Count what was audited."""
    with services.database.reading() as session:
        return session.query(AuditEvent).count()


def names(relation: Relation) -> str:
    """Return what a relation is called in the list of tests."""
    return relation.__name__.strip("_")


@pytest.mark.parametrize("relation", ONE_HAND, ids=names)
@pytest.mark.parametrize("act", TwoPersonAct)
def test_two_accounts_of_one_hand_are_not_two_people(
    sqlite_services: Services, act: TwoPersonAct, relation: Relation
) -> None:
    first, second = two(sqlite_services, act)
    relation(sqlite_services, first, second)
    do = ACTS[act][2](sqlite_services, first)
    before = trail(sqlite_services)

    with pytest.raises(OneHand):
        do(second)

    assert trail(sqlite_services) == before


@pytest.mark.parametrize("relation", TWO_PEOPLE, ids=names)
@pytest.mark.parametrize("act", TwoPersonAct)
def test_two_people_do_it(sqlite_services: Services, act: TwoPersonAct, relation: Relation) -> None:
    first, second = two(sqlite_services, act)
    relation(sqlite_services, first, second)
    do = ACTS[act][2](sqlite_services, first)
    before = trail(sqlite_services)

    do(second)

    assert trail(sqlite_services) > before


@pytest.mark.parametrize("act", [each for each in TwoPersonAct if each is not TwoPersonAct.ROLE])
def test_one_person_does_not_do_it(sqlite_services: Services, act: TwoPersonAct) -> None:
    first, second = two(sqlite_services, act)
    do = ACTS[act][2](sqlite_services, first)

    with pytest.raises(IntakeError) as refused:
        do(SignedInUser(first.id, first.label, second.role, None))

    assert refused.type is FourEyesNeeded or act is TwoPersonAct.OPENING


def test_every_act_of_two_people_is_tried_here_and_asks_the_gate() -> None:
    asked, raised, compared = set(), set(), set()
    for path in sorted((ROOT / "intake").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("require_second"):
                    asked.add(ast.unparse(node.args[1]).removeprefix("TwoPersonAct."))
                if isinstance(node, ast.Raise) and node.exc and "FourEyes" in ast.dump(node.exc):
                    raised.add(name)
                if isinstance(node, ast.Compare) and _tells_who_asked(node):
                    compared.add((name, function.name))

    assert set(ACTS) == set(TwoPersonAct)
    assert asked == {act.name for act in TwoPersonAct}
    assert raised == {GATE}
    assert compared == OWN


def _tells_who_asked(node: ast.Compare) -> bool:
    sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
    asks = any(side.rpartition(".")[2] in ASKERS for side in sides)
    return asks and any(side.endswith(".id") for side in sides)
