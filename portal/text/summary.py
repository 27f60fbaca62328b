"""Word the summary «At a glance» line by line; what is not known says «Not known».

Requirement 37 lists what must stand there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from intake.cases.consents import ConsentState
from intake.reference_data.checklists import UNKNOWN
from intake.triage.submission_views import SubmissionView
from intake.triage.summary import Contact, Summary
from portal.text import formatting, labels, referrals, sharing, triage
from storage.submissions.queue_items import TaskKind

NOT_KNOWN = "Not known"
CONSENTS = {answer.value: answer.words for answer in referrals.CONSENTS}
CONTACTS = {"coordinator": "Through the coordinator only", "direct": "Direct contact is safe"}
YES_NO = {"yes": "Yes", "no": "No"}
# Answers that nobody should read past.
GRAVE = {("detention", "yes"), ("escort", "yes"), ("minors", "yes"), ("consent", "not_asked")}


@dataclass(frozen=True)
class Line:
    """One line: what it is about, the answer, and a quiet remark behind the answer.

    `tone` is `unknown`, `grave` or empty.
    """

    label: str
    text: str
    remark: str = ""
    tone: str = ""


def lines(view: SubmissionView, now: datetime) -> tuple[Line, ...]:
    """Return all lines of the summary, in the order in which an officer reads them."""
    return tuple(_lines(view, view.triage.summary, now))


def _lines(view: SubmissionView, summary: Summary | None, now: datetime) -> Iterator[Line]:
    yield Line("Programme", labels.PROGRAMMES.get(view.programme, view.programme))
    yield _priority(view)
    yield _clock(view, now)
    yield Line("Age", formatting.span(now - view.received_at), "since it was received")
    if summary is None:
        return
    answers = summary.form_answers
    yield _named("Return to", answers.country, referrals.country_names())
    yield _named("Language", answers.language, triage.LANGUAGES)
    yield _persons(view, summary)
    yield _coded(
        "minors", "Minors", summary.minors, YES_NO, "Treated as a child until it is known."
    )
    yield _coded("escort", "Escort", answers.escort, YES_NO)
    yield _coded("health", "Health", summary.health, {"yes": "Needs attention", "no": "No need"})
    yield _consent(summary)
    yield _coded("detention", "Detained", answers.detention, YES_NO)
    yield _coded(
        "safe_contact",
        "Safe contact",
        answers.safe_contact,
        CONTACTS,
        "Write to nobody but the sender.",
    )
    yield _contact("Coordinator", (summary.coordinator,) if summary.coordinator else ())
    yield _contact("Deputy", summary.deputies)
    yield _missing(view)


def _priority(view: SubmissionView) -> Line:
    shown = labels.mark(view.priority, "priority")
    own = next((item for item in view.open_items if item.kind == TaskKind.SUBMISSION), None)
    why = labels.reason(own.reason if own is not None else view.filing_reason)
    tones = {"emergency": "grave", "unknown": "unknown"}
    return Line("Priority", shown.word, why, tones.get(view.priority, ""))


def _clock(view: SubmissionView, now: datetime) -> Line:
    """Return the nearest legal date that is still to come, or the last one that passed."""
    today = now.astimezone(formatting.OFFICE).date()
    ahead = sorted(view.triage.dates, key=lambda date: (date.day < today, abs(date.day - today)))
    if not ahead:
        return Line("Legal clock", NOT_KNOWN, tone="unknown")
    nearest = ahead[0]
    sure = "confirmed" if nearest.is_confirmed else "only read so far"
    when = triage.days_until(nearest.day, now)
    return Line("Legal clock", f"{triage.legal_date(nearest.kind)} {when}", sure, "grave")


def _persons(view: SubmissionView, summary: Summary) -> Line:
    adults, children = summary.form_answers.adults, summary.form_answers.children
    named = len(view.triage.people)
    remark = f"{named} named in its documents" if named else ""
    if adults == children == UNKNOWN:
        return Line("Persons", NOT_KNOWN, remark, "unknown")
    return Line("Persons", f"{_counted(adults, 'adult')} · {_counted(children, 'child')}", remark)


def _counted(number: str, what: str) -> str:
    if number == UNKNOWN:
        return f"{what} number not known"
    plural = {"adult": "adults", "child": "children"}
    return f"{number} {what if number == '1' else plural[what]}"


def _named(label: str, code: str, names: dict[str, str]) -> Line:
    if code == UNKNOWN:
        return Line(label, NOT_KNOWN, tone="unknown")
    return Line(label, names.get(code, code))


def _coded(name: str, label: str, code: str, answers: dict[str, str], if_unknown: str = "") -> Line:
    if code == UNKNOWN or code not in answers:
        return Line(label, NOT_KNOWN, if_unknown, "unknown")
    return Line(label, answers[code], tone="grave" if (name, code) in GRAVE else "")


def _consent(summary: Summary) -> Line:
    """Return the consent that was noted, else what the form says of it."""
    if summary.consent is None:
        answer = summary.form_answers.consent
        line = _coded("consent", "Consent", answer, CONSENTS, "Nothing is shared before it is.")
        return line if line.tone == "unknown" else replace(line, remark="says the form")
    tone = "" if summary.consent is ConsentState.GIVEN else "grave"
    return Line("Consent", sharing.state_of(summary.consent).word, "noted", tone)


def _contact(label: str, contacts: tuple[Contact, ...]) -> Line:
    if not contacts:
        return Line(label, NOT_KNOWN, tone="unknown")
    shown = [
        f"{each.label or 'In the register, without an account'}, {triage.region(each.region)}"
        for each in contacts
    ]
    ended = "" if all(each.is_current for each in contacts) else "no longer in the register"
    return Line(label, " · ".join(shown), ended)


def _missing(view: SubmissionView) -> Line:
    missing = view.triage.missing
    if missing is None:
        why = "It has no case yet." if not view.case_reference else "No checklist is in force."
        return Line("Missing", NOT_KNOWN, why, "unknown")
    if missing.is_complete:
        return Line("Missing", "Nothing")
    parts = [f"{len(missing.missing)} of the checklist"] if missing.missing else []
    parts += [f"{len(missing.unclear)} not known"] if missing.unclear else []
    # The card of missing documents names them.
    return Line("Missing", " · ".join(parts) or "Nothing, if confirmed")
