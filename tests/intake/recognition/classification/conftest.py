"""Give the tests of document types the taxonomy in force, and a model trained once."""

import pytest

from intake.recognition.classification.model import TypeModel, train
from intake.recognition.classification.rules import RuleBook, rule_book
from intake.recognition.classification.training_texts import load_templates
from intake.reference_data.document_types import load_taxonomies


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """Return the newest list, made ready."""
    return rule_book(load_taxonomies()[-1])


@pytest.fixture(scope="session")
def model(book: RuleBook) -> TypeModel:
    """Return what is learnt from the shipped texts alone."""
    return train(book, load_templates())
