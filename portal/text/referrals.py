"""Word the coordinators' pages: the eight questions, their answers, and the status of a referral.

Each question may stay unanswered, and «not known» is the first answer
of every list: an unknown risk is never a low one (requirement 115).
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from intake.confirmations.content import FileOutcome
from intake.coordinators.status import Status
from intake.correspondence.consultation import AGES
from intake.reference_data.edition_rules import COUNTRY_CODES
from intake.triage.known.readings import likely_countries
from portal.text.labels import Mark
from portal.text.triage import LANGUAGES
from storage.submissions.drafts import DraftKind
from storage.submissions.submissions import Outcome, Priority
from storage.worded import worded

SWEDISH_ORDER = str.maketrans("åäö", "{|}")


class Answer(NamedTuple):
    """One answer to choose: what is sent, and what is read."""

    value: str
    words: str


class AnswerGroup(NamedTuple):
    """Answers that stand together in a list; `title` is empty for those without a heading."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Question:
    """One field. `kind` is `select`, `number`, `date` or `text`; only a select has answers.

    `likely` are the values that a long list shows first.
    """

    name: str
    label: str
    kind: str
    help: str = ""
    answers: tuple[Answer, ...] = ()
    likely: frozenset[str] = frozenset()

    @property
    def grouped(self) -> tuple[AnswerGroup, ...]:
        """Return the answers as the list shows them: all at once, or the likely ones first."""
        if not self.likely:
            return (AnswerGroup("", self.answers),)
        none = tuple(each for each in self.answers if not each.value)
        first = tuple(each for each in self.answers if each.value in self.likely)
        rest = tuple(each for each in self.answers if each.value and each not in first)
        return (
            AnswerGroup("", none),
            AnswerGroup(worded("Most often"), first),
            AnswerGroup(worded("All others"), rest),
        )

    def words_of(self, value: str) -> str:
        """Return an answer as it is read: its words in a list, else the text itself."""
        known = {each.value: each.words for each in self.answers}
        return known.get(value, value)


@dataclass(frozen=True)
class Group:
    """One question of the page: a single field, or two that belong together."""

    title: str
    fields: tuple[Question, ...]


NOT_KNOWN = Answer("unknown", worded("Not known"))
NOTHING = Answer("", worded("Not known"))
YES_NO = (NOT_KNOWN, Answer("yes", worded("Yes")), Answer("no", worded("No")))
PRIORITIES = (
    Answer(Priority.UNKNOWN, worded("Not known")),
    Answer(Priority.EMERGENCY, worded("Emergency: danger, or a date within days")),
    Answer(Priority.URGENT, worded("Urgent: this week")),
    Answer(Priority.NORMAL, worded("Can wait its turn")),
)
CONSENTS = (
    NOT_KNOWN,
    Answer("given", worded("Given")),
    Answer("asked", worded("Asked, not answered yet")),
    Answer("not_asked", worded("Not asked yet")),
)
CONTACTS = (
    NOT_KNOWN,
    Answer("coordinator", worded("Only through me")),
    Answer("direct", worded("Direct contact is safe")),
)
KINDS = {
    DraftKind.REFERRAL.value: worded("New referral"),
    DraftKind.ADDITION.value: worded("Add documents"),
    DraftKind.CONSULTATION.value: worded("Ask without naming anyone"),
}
STATUS = {
    Status.RECEIVED: Mark(worded("Received"), "✓", ""),
    Status.BEING_CHECKED: Mark(worded("Being checked"), "…", ""),
    Status.CONFIRMED: Mark(worded("Confirmed"), "✓", "good"),
    Status.NEED_MORE: Mark(worded("We need more"), "◆", "clock"),
    Status.UNDER_ASSESSMENT: Mark(worded("Under assessment"), "…", ""),
    Status.ACCEPTED: Mark(worded("Accepted"), "✓", "good"),
    Status.NOT_ACCEPTED: Mark(worded("Not accepted"), "–", ""),
    Status.PREPARING: Mark(worded("Preparing return"), "…", "good"),
    Status.RETURNED: Mark(worded("Returned"), "✓", "good"),
    Status.CLOSED: Mark(worded("Closed"), "–", ""),
}
# What a coordinator reads about a file, and what they can do about one that cannot be read.
OUTCOMES = {
    FileOutcome.RECEIVED: Mark(worded("Received"), "✓", ""),
    FileOutcome.READABLE: Mark(worded("Can be read"), "✓", "good"),
    FileOutcome.OPENING: Mark(worded("Received, being opened"), "…", ""),
    FileOutcome.NO_COPY: Mark(
        worded("Received, but it cannot be shown. Please send it as PDF or a photo."), "◆", "clock"
    ),
    FileOutcome.LOCKED: Mark(
        worded("Locked with a password. Please send it again without a password."), "◆", "clock"
    ),
    FileOutcome.DAMAGED: Mark(worded("Damaged. Please send it again."), "◆", "clock"),
    FileOutcome.EMPTY: Mark(worded("The file is empty. Please send it again."), "◆", "clock"),
    FileOutcome.HELD: Mark(worded("Received. A person checks it before it is opened."), "…", ""),
    FileOutcome.UNSAFE: Mark(
        worded("Not safe, not opened. Please make the file anew and send it again."), "▲", "danger"
    ),
    FileOutcome.REFUSED: Mark(
        worded("Not accepted. Please send it in another form."), "▲", "danger"
    ),
    FileOutcome.UNPACKED: Mark(worded("Unpacked; its files are handled one by one"), "✓", ""),
}

# How something ended without a case, and what follows: nothing that its receipt promised.
NOTHING_FOLLOWS = worded("Nothing more is confirmed in writing. If that is wrong, please call us.")
NO_MORE_TO_DO = worded("There is nothing more to do about it, so we closed it.")
ENDED = {
    Outcome.ANSWERED: worded("We have answered it, and closed it."),
    Outcome.REDIRECTED: worded("It is for another office, so we closed it here."),
    Outcome.NOT_FOR_US: worded("It is nothing that we can help with here, so we closed it."),
}


@lru_cache(maxsize=4)
def countries(language: str = "en") -> tuple[Answer, ...]:
    """Return all countries by their name in a language, with their code of ISO 3166-1 alpha-3.

    English names are those of the office's list; others are those of the CLDR.
    """
    names: dict[str, str] = json.loads(COUNTRY_CODES.read_text(encoding="utf-8"))
    if language != "en":
        territories, known = Locale(language).territories, get_global("territory_aliases")
        names = {code: territories[known[code][0]] for code in names}
    return tuple(
        Answer(code, names[code]) for code in sorted(names, key=lambda c: _order(names[c]))
    )


def _order(name: str) -> str:
    """Return by what names are sorted: Å, Ä and Ö behind Z, other marks on letters left out."""
    own = name.casefold().translate(SWEDISH_ORDER)
    return "".join(each for each in unicodedata.normalize("NFKD", own) if each.isascii())


def country_names() -> dict[str, str]:
    """Return {code: name} of all countries in English."""
    return {answer.value: answer.words for answer in countries()}


def referral_questions(language: str = "en") -> tuple[Group, ...]:
    """Return the sender's own code for the case and the eight questions of a new referral."""
    spoken = tuple(
        Answer(code, LANGUAGES[code]) for code in sorted(LANGUAGES, key=LANGUAGES.__getitem__)
    )
    return (
        _own_code(),
        _single("priority", worded("How urgent is it?"), "select", answers=PRIORITIES),
        _single(
            "country",
            worded("Country of return"),
            "select",
            answers=(NOTHING, *countries(language)),
            likely=_likely(),
        ),
        _single(
            "language",
            worded("Which language does the person speak best?"),
            "select",
            answers=(NOTHING, *spoken),
        ),
        Group(
            worded("How many people?"),
            (
                Question("adults", worded("Adults"), "number"),
                Question("children", worded("Children"), "number"),
            ),
        ),
        _single(
            "reflection_end",
            worded("When does the reflection period end?"),
            "date",
            worded("Leave it blank if it is not known or there is none."),
        ),
        _single("consent", worded("Consent to the referral"), "select", answers=CONSENTS),
        _single(
            "safe_contact",
            worded("How can we reach the person?"),
            "select",
            worded("Until you tell us otherwise we write only to you."),
            answers=CONTACTS,
        ),
        Group(
            worded("The journey"),
            (
                Question("escort", worded("Is an escort needed?"), "select", answers=YES_NO),
                Question("detention", worded("Is the person detained?"), "select", answers=YES_NO),
            ),
        ),
    )


def _likely() -> frozenset[str]:
    """Return the codes of the programme's own countries and their neighbours."""
    by_name = {answer.words: answer.value for answer in countries()}
    return frozenset(by_name[name] for name in likely_countries())


def _own_code() -> Group:
    advice = worded(
        "So that you can tell your referrals apart. No names and no personal identity number. "
        "Only you, your deputy and the office see it."
    )
    return _single("own_code", worded("Your own case code"), "text", advice)


def _single(
    name: str,
    label: str,
    kind: str,
    advice: str = "",
    answers: tuple[Answer, ...] = (),
    likely: frozenset[str] = frozenset(),
) -> Group:
    return Group("", (Question(name, label, kind, advice, answers, likely),))


def addition_questions() -> tuple[Group, ...]:
    """Return what is asked when documents are added: nothing but the note, which is no question."""
    return ()


def consultation_questions(language: str = "en") -> tuple[Group, ...]:
    """Return what is asked for a question without a person."""
    ages = tuple(Answer(value, words) for value, words in AGES.items())
    return (
        _single("priority", worded("How urgent is it?"), "select", answers=PRIORITIES),
        _single(
            "country",
            worded("Country"),
            "select",
            answers=(NOTHING, *countries(language)),
            likely=_likely(),
        ),
        _single("age", worded("Age"), "select", answers=ages),
    )


def field_names(groups: tuple[Group, ...]) -> frozenset[str]:
    """Return the names of the fields in groups of questions."""
    return frozenset(field.name for group in groups for field in group.fields)


def labels_of(groups: tuple[Group, ...]) -> dict[str, str]:
    """Return {field: what it asks} of groups of questions, with the note that stands beside."""
    asked = {field.name: field.label for group in groups for field in group.fields}
    return {**asked, "note": worded("Anything we should know first?")}


def answered(groups: tuple[Group, ...], answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each question with its answer in words, for a last look; «Not known» without one."""
    return [
        (field.label, field.words_of(answers.get(field.name, "")) or NOTHING.words)
        for group in groups
        for field in group.fields
    ]


def status(value: Status) -> Mark:
    """Return the word, shape and tone of a status."""
    return STATUS[value]


def ended(outcome: Outcome) -> str:
    """Return what a coordinator reads of what ended without a case.

    That it came before is not said: whoever sent the first may be somebody else.
    """
    how = ENDED.get(outcome, NO_MORE_TO_DO)
    return worded("%(how)s %(follows)s", how=(how,), follows=(NOTHING_FOLLOWS,))


def limit(size_bytes: int) -> str:
    """Return a limit as a refusal words it, in whole megabytes of 1024² bytes: `100 MB`."""
    return f"{size_bytes // 1024 // 1024} MB"


def outcome(value: FileOutcome) -> Mark:
    """Return what a coordinator reads about a file, with its shape and tone."""
    return OUTCOMES[value]
