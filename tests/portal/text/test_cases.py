"""Check words of a case's page: every code that intake can give has its words."""

from intake.cases.cash_checks import Answer, Obstacle
from intake.filing.misdirected import MisdirectionKind
from intake.reference_data.checklists import FACT_VALUES, FACTS
from portal.text import cases


def test_every_code_has_its_words() -> None:
    assert set(cases.FACTS) == set(FACTS)
    assert set(cases.FACT_WORDS) == {v for values in FACT_VALUES.values() for v in values}
    assert set(cases.CASH_ANSWERS) == set(Answer)
    assert set(cases.OBSTACLES) == set(Obstacle)
    assert all(cases.misdirection(each) != each.value for each in MisdirectionKind)


def test_a_misdirection_of_another_release_is_shown_as_it_is() -> None:
    assert cases.misdirection("some_new_door") == "some new door"
