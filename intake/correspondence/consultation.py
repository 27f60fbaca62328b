"""Check a question to the office that must not say whom it is about (requirement 11).

Who asks is signed in. The check refuses what has the form of personal data; it cannot recognise a
name, which the page says.
"""

from collections.abc import Mapping
from datetime import date

from intake.correspondence import free_text
from intake.correspondence.free_text import Known

AGES = {
    "": "Not known",
    "child": "Under 18",
    "young": "18 to 24",
    "adult": "25 to 64",
    "old": "65 or older",
}
# Codes of `free_text` for what points at a person. Words about the programme may stand in a
# question, because they are what it is about.
PERSONAL = {
    "identity_number": "a personal number",
    "mail_address": "an e-mail address",
    "long_number": "a telephone number or another long number",
    "case_number": "a case number",
    "date": "a date of birth",
    "street_address": "a street address",
}


def check_question(answers: Mapping[str, str], today: date) -> dict[str, str]:
    """Return what must change, {field: sentence}; empty when the question can be sent."""
    question = answers.get("question", "").strip()
    if not question:
        return {"question": "Please write your question."}
    if len(question) > free_text.MAX_CHARS:
        return {"question": f"Please keep it below {free_text.MAX_CHARS} characters."}
    known = Known((), frozenset(), (), frozenset(), today)
    found = {finding.code for finding in free_text.find_pointing(question, known, PERSONAL)}
    named = [words for code, words in PERSONAL.items() if code in found]
    if not named:
        return {}
    return {"question": f"Please take out what points at a person: {', '.join(named)}."}


def note_of(answers: Mapping[str, str]) -> str:
    """Return the age and the question as one text, the body of the submission."""
    age = AGES.get(answers.get("age", ""), AGES[""])
    return f"Age: {age}\n\n{answers.get('question', '').strip()}"
