"""What the tests of document types share: the list in force, and a model trained once."""

import pytest

from intake.kinds.model import KindModel, train
from intake.kinds.rules import RuleBook, rule_book
from intake.kinds.taxonomy import load_taxonomies
from intake.kinds.templates import load_templates


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """Return the newest list, made ready."""
    return rule_book(load_taxonomies()[-1])


@pytest.fixture(scope="session")
def model(book: RuleBook) -> KindModel:
    """Return what is learnt from the shipped texts alone."""
    return train(book, load_templates())
