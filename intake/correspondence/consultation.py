"""Check a question to the office that must not say whom it is about (requirement 11).

Who asks is signed in. The check refuses what has the form of personal data; it cannot recognise a
name, which the page says.
"""

from collections.abc import Mapping
from datetime import date

from intake.correspondence import free_text
from intake.correspondence.free_text import Known
from storage.worded import worded

AGES = {
    "": worded("Not known"),
    "child": worded("Under 18"),
    "young": worded("18 to 24"),
    "adult": worded("25 to 64"),
    "old": worded("65 or older"),
}
# Codes of `free_text` for what points at a person. Words about the programme may stand in a
# question, because they are what it is about.
PERSONAL = {
    "identity_number": worded("a personal number"),
    "mail_address": worded("an e-mail address"),
    "long_number": worded("a telephone number or another long number"),
    "case_number": worded("a case number"),
    "date": worded("a date of birth"),
    "street_address": worded("a street address"),
}


def check_question(answers: Mapping[str, str], today: date) -> dict[str, str]:
    """Return what must change, {field: sentence}; empty when the question can be sent."""
    question = answers.get("question", "").strip()
    if not question:
        return {"question": worded("Please write your question.")}
    if len(question) > free_text.MAX_CHARS:
        return {
            "question": worded(
                "Please keep it below %(most)s characters.", most=free_text.MAX_CHARS
            )
        }
    known = Known((), frozenset(), (), frozenset(), today)
    found = {finding.code for finding in free_text.find_pointing(question, known, PERSONAL)}
    named = [words for code, words in PERSONAL.items() if code in found]
    if not named:
        return {}
    return {
        "question": worded("Please take out what points to a person: %(what)s.", what=tuple(named))
    }


def note_of(answers: Mapping[str, str]) -> str:
    """Return the age and the question as one text, the body of the submission."""
    age = AGES.get(answers.get("age", ""), AGES[""])
    return f"Age: {age}\n\n{answers.get('question', '').strip()}"
