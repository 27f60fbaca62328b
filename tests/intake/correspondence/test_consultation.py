"""Check consultation: what points at a person is told, and ordinary questions pass."""

from datetime import date

import pytest

from intake.correspondence.consultation import check_question, note_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "question",
    [
        "What help is there for a young person in the north of Iraq?",
        "May somebody who was trafficked return before the police has decided?",
        "Two adults and 3 children, is there support in 2026?",
        "Can it start before 1 February 2027?",
    ],
)
def test_ordinary_questions_pass(question: str) -> None:
    assert check_question({"question": question}, TODAY) == {}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is 19870501-1234 known?", "a personal number"),
        ("It is 010190-123A.", "a personal number"),
        ("Write to demo.person@example.org", "an e-mail address"),
        ("Call +46 70 123 45 67", "a telephone number"),
        ("Born 1987-05-01, what now?", "a date of birth"),
        ("Lives at Storgatan 12", "a street address"),
        ("The court's number is B 1234-26", "a case number"),
    ],
)
def test_what_points_at_a_person_is_told(question: str, words: str) -> None:
    assert words in check_question({"question": question}, TODAY)["question"]


def test_an_empty_question_is_no_question() -> None:
    assert check_question({"question": "  "}, TODAY) == {"question": "Please write your question."}
    assert check_question({}, TODAY) == {"question": "Please write your question."}


def test_a_long_question_is_told_how_long_it_may_be() -> None:
    assert "2000" in check_question({"question": "x" * 2001}, TODAY)["question"]


@pytest.mark.parametrize(
    ("age", "words"), [("young", "18 to 24"), ("", "Not known"), ("forged", "Not known")]
)
def test_the_age_stands_above_the_question(age: str, words: str) -> None:
    note = note_of({"age": age, "question": " What is possible? "})

    assert note == f"Age: {words}\n\nWhat is possible?"
