"""Put together what is known of a referral: from its form, from officers, and from readings.

What was told last about the submission itself counts first, then its form, then what was told about
the newest other submissions of its case, then their forms. Two that say different things are not
weighed against each other: a confirmed reading that differs is a question to the officer.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.cases.known import noted_answers
from intake.cases.known.fields import KnownField, ToldAnswer
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.reference_data.checklists import UNKNOWN
from intake.triage.known.readings import answers_of
from storage.accounts import users
from storage.cases import cases
from storage.documents.extracted_values import ValueState

if TYPE_CHECKING:
    from intake.access.visibility import Visibility
    from intake.cases.known.noted_answers import NotedAnswer
    from intake.core.services import Services
    from intake.core.submission_facts import ReferralForm
    from intake.triage.known.reading_views import ExtractedValueView
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# So many other submissions of a case are read, the newest.
MAX_BESIDE = 5


class Source(StrEnum):
    """Where an answer is from."""

    OFFICER = "officer"
    READING = "reading"
    FORM = "form"
    CASE = "case"
    CASE_FORM = "case_form"


@dataclass(frozen=True)
class KnownAnswer:
    """An answer that counts; `by` is the label of who noted it, empty for a form."""

    answer: ToldAnswer
    source: Source
    by: str = ""
    at: datetime | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class ToldView:
    """One answer that was noted, for the history; `by` is the label of an account."""

    field: KnownField
    answer: ToldAnswer
    by: str
    at: datetime
    is_ended: bool
    document_id: str | None


@dataclass(frozen=True)
class KnownFacts:
    """What is known; `consent` is the code that a form says, UNKNOWN when none does.

    `own_code` is what the coordinator calls the case themselves, empty without one.
    """

    answers: Mapping[KnownField, KnownAnswer] = field(default_factory=dict)
    history: tuple[ToldView, ...] = ()
    answered: frozenset[tuple[KnownField, str]] = frozenset()
    consent: str = UNKNOWN
    own_code: str = ""

    def value(self, asked: KnownField) -> str:
        """Return the answer to a question as its code, UNKNOWN without one."""
        found = self.answers.get(asked)
        return found.answer.value if found is not None else UNKNOWN


@dataclass(frozen=True)
class ReadingQuestion:
    """A confirmed reading that says otherwise than what stands."""

    field: KnownField
    stands: KnownAnswer
    reads: str
    value_id: str
    document_id: str
    page: int


def known_of(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    visibilities: "Mapping[str, Visibility]",
) -> KnownFacts:
    """Return what is known of a referral, as far as a reader sees it."""
    own = noted_answers.told_of(session, submission, key, visibilities)
    beside = _beside(session, submission)
    keys = _keys(services, session, beside)
    others = noted_answers.told_beside(session, beside, lambda each: keys.get(each.id))
    noted = itertools.chain(own, *others)
    labels = users.labels_of(session, {each.noted_by for each in noted})
    form = submission_facts.of_form(submission, key).form
    forms = [
        found
        for each in beside
        if each.submitted_by and each.id in keys
        and (found := submission_facts.of_form(each, keys[each.id]).form) is not None
    ]  # fmt: skip
    answers: dict[KnownField, KnownAnswer] = {}
    for layer in (
        _of_told(own, labels),
        _of_form(form, Source.FORM),
        *(_of_told(each, labels, Source.CASE) for each in others),
        *(_of_form(each, Source.CASE_FORM) for each in forms),
    ):
        answers = {**layer, **answers}
    said = [each.consent for each in (form, *forms) if each is not None]
    return KnownFacts(
        answers,
        tuple(_view(each, labels) for each in reversed(own)),
        frozenset(
            (each.field, each.reading_id)
            for each in own
            if each.reading_id is not None and not each.is_ended
        ),
        next((each for each in said if each not in {"", UNKNOWN}), UNKNOWN),
        next((each.own_code for each in (form, *forms) if each is not None and each.own_code), ""),
    )


def open_questions(
    known: KnownFacts, values: "Iterable[ExtractedValueView]"
) -> tuple[ReadingQuestion, ...]:
    """Return the confirmed readings that differ from what stands, and that nobody answered."""
    found: dict[KnownField, ReadingQuestion] = {}
    for each in values:
        if each.state != ValueState.CONFIRMED:
            continue
        for asked, reads in answers_of(each.kind, each.fact, each.value).items():
            stands = known.answers.get(asked)
            if stands is None or stands.answer.value == reads:
                continue
            if (asked, each.id) not in known.answered:
                found.setdefault(
                    asked,
                    ReadingQuestion(asked, stands, reads, each.id, each.document_id, each.page),
                )
    return tuple(found.values())


def _beside(session: "Session", submission: "Submission") -> list["Submission"]:
    if submission.case_id is None:
        return []
    filed = cases.of_cases(session, [submission.case_id], limit=50).get(submission.case_id, [])
    return [each for each in filed if each.id != submission.id][:MAX_BESIDE]


def _keys(
    services: "Services", session: "Session", beside: "Iterable[Submission]"
) -> dict[str, "DataKey"]:
    """Return {submission: key}, without those that were erased."""
    found = {}
    for each in beside:
        try:
            found[each.id] = services.keyring.open(session, each.data_key_id)
        except KeyUnavailable:
            continue
    return found


def _of_told(
    rows: "Iterable[NotedAnswer]", labels: Mapping[str, str], source: Source | None = None
) -> dict[KnownField, KnownAnswer]:
    return {
        asked: KnownAnswer(
            each.answer,
            source or (Source.READING if each.document_id is not None else Source.OFFICER),
            labels.get(each.noted_by, ""),
            each.noted_at,
            each.document_id,
        )
        for asked, each in noted_answers.counting(rows).items()
    }


def _of_form(form: "ReferralForm | None", source: Source) -> dict[KnownField, KnownAnswer]:
    said = {asked: getattr(form, asked.value, None) for asked in KnownField}
    return {
        asked: KnownAnswer(ToldAnswer(str(value)), source)
        for asked, value in said.items()
        if value not in {None, "", UNKNOWN}
    }


def _view(each: "NotedAnswer", labels: Mapping[str, str]) -> ToldView:
    by = labels.get(each.noted_by, "")
    return ToldView(each.field, each.answer, by, each.noted_at, each.is_ended, each.document_id)
