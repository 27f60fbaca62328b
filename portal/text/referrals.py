"""Word the coordinators' pages: the eight questions, their answers, and the status of a referral.

Each question may stay unanswered, and «not known» is the first answer
of every list: an unknown risk is never a low one (requirement 115).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from intake.coordinators.status import Status
from intake.correspondence.consultation import AGES
from intake.reference_data.edition_rules import COUNTRY_CODES
from portal.text.labels import Mark
from portal.text.triage import LANGUAGES
from storage.submissions.submissions import Priority


class Answer(NamedTuple):
    """One answer to choose: what is sent, and what is read."""

    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """One field. `kind` is `select`, `number`, `date` or `text`; only a select has answers."""

    name: str
    label: str
    kind: str
    help: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Group:
    """One question of the page: a single field, or two that belong together."""

    title: str
    fields: tuple[Question, ...]


NOT_KNOWN = Answer("unknown", "Not known")
NOTHING = Answer("", "Not known")
YES_NO = (NOT_KNOWN, Answer("yes", "Yes"), Answer("no", "No"))
PRIORITIES = (
    Answer(Priority.UNKNOWN, "Not known"),
    Answer(Priority.EMERGENCY, "Emergency: danger, or a date within days"),
    Answer(Priority.URGENT, "Urgent: this week"),
    Answer(Priority.NORMAL, "Can wait its turn"),
)
CONSENTS = (
    NOT_KNOWN,
    Answer("given", "Given"),
    Answer("asked", "Asked, not answered yet"),
    Answer("not_asked", "Not asked yet"),
)
CONTACTS = (
    NOT_KNOWN,
    Answer("coordinator", "Through me only"),
    Answer("direct", "Direct contact is safe"),
)
STATUS = {
    Status.RECEIVED: Mark("Received", "✓", ""),
    Status.BEING_CHECKED: Mark("Being checked", "…", ""),
    Status.CONFIRMED: Mark("Confirmed", "✓", "good"),
    Status.NEED_MORE: Mark("We need more", "◆", "clock"),
    Status.UNDER_ASSESSMENT: Mark("Under assessment", "…", ""),
    Status.ACCEPTED: Mark("Accepted", "✓", "good"),
    Status.NOT_ACCEPTED: Mark("Not accepted", "–", ""),
    Status.PREPARING: Mark("Preparing return", "…", "good"),
    Status.RETURNED: Mark("Returned", "✓", "good"),
    Status.CLOSED: Mark("Closed", "–", ""),
}


@lru_cache(maxsize=1)
def countries() -> tuple[Answer, ...]:
    """Return all countries by their English name, with their code of ISO 3166-1 alpha-3."""
    names: dict[str, str] = json.loads(COUNTRY_CODES.read_text(encoding="utf-8"))
    return tuple(Answer(code, names[code]) for code in sorted(names, key=names.__getitem__))


def country_names() -> dict[str, str]:
    """Return {code: name} of all countries."""
    return {answer.value: answer.words for answer in countries()}


def referral_questions() -> tuple[Group, ...]:
    """Return the eight questions of a new referral."""
    languages = tuple(
        Answer(code, LANGUAGES[code]) for code in sorted(LANGUAGES, key=LANGUAGES.__getitem__)
    )
    speaks = "Which language does the person speak best?"
    ends = "When does the reflection period end?"
    return (
        _single("priority", "How urgent is it?", "select", answers=PRIORITIES),
        _single("country", "To which country?", "select", answers=(NOTHING, *countries())),
        _single("language", speaks, "select", answers=(NOTHING, *languages)),
        Group(
            "How many people?",
            (Question("adults", "Adults", "number"), Question("children", "Children", "number")),
        ),
        _single(
            "reflection_end", ends, "date", "Leave it empty if it is not known or there is none."
        ),
        _single("consent", "Consent to the referral", "select", answers=CONSENTS),
        _single(
            "safe_contact",
            "How may we reach the person?",
            "select",
            "Until you tell us otherwise we write to you only.",
            answers=CONTACTS,
        ),
        Group(
            "The journey",
            (
                Question("escort", "Is somebody to travel along?", "select", answers=YES_NO),
                Question("detention", "Is the person detained?", "select", answers=YES_NO),
            ),
        ),
    )


def _single(
    name: str, label: str, kind: str, advice: str = "", answers: tuple[Answer, ...] = ()
) -> Group:
    return Group("", (Question(name, label, kind, advice, answers),))


def addition_questions() -> tuple[Group, ...]:
    """Return what is asked when documents are added: nothing but the note, which is no question."""
    return ()


def consultation_questions() -> tuple[Group, ...]:
    """Return what is asked for a question without a person."""
    ages = tuple(Answer(value, words) for value, words in AGES.items())
    return (
        Group("", (Question("priority", "How urgent is it?", "select", answers=PRIORITIES),)),
        Group("", (Question("country", "Country", "select", answers=(NOTHING, *countries())),)),
        Group("", (Question("age", "Age", "select", answers=ages),)),
    )


def field_names(groups: tuple[Group, ...]) -> frozenset[str]:
    """Return the names of the fields in groups of questions."""
    return frozenset(field.name for group in groups for field in group.fields)


def status(value: Status) -> Mark:
    """Return the word, shape and tone of a status."""
    return STATUS[value]


def limit(size_bytes: int) -> str:
    """Return a limit as a refusal words it, in whole megabytes of 1024² bytes: `100 MB`."""
    return f"{size_bytes // 1024 // 1024} MB"


def items(count: int | None) -> str:
    """Return how many things came: `1 item`, `6 items`; without a count `your message`."""
    if count is None:
        return "your message"
    return "1 item" if count == 1 else f"{count} items"
