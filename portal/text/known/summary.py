"""Word the summary «At a glance» line by line; what is not known says «Not known».

Requirement 37 lists what must stand there. What is known and what is alarming stands open; what is
not known is folded under its number, with the fields in which it can be noted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.cases.consents import ConsentState
from intake.cases.known.fields import KnownField
from intake.cases.near_dates import Nearness
from intake.reference_data.checklists import UNKNOWN
from intake.triage.known.known_facts import KnownFacts
from intake.triage.submission_views import SubmissionView
from intake.triage.summary import Contact, Summary
from intake.triage.triage_view import DateView
from portal.text import formatting, labels, referrals, sharing, triage
from portal.text.known import readings
from storage.cases.legal_dates import LegalDateKind
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.cases.consent.views import ConsentStanding

NOT_KNOWN = "Not known"
# The reasons of an item that say why it is as urgent as it is.
OF_PRIORITY = labels.LEGAL_DAYS | {
    "sender_says_urgent",
    "officer_says_urgent",
    "emergency_not_confirmed",
    "legal_date_passed",
}
CONSENTS = {answer.value: answer.words for answer in referrals.CONSENTS}
YES_NO = {"yes": "Yes", "no": "No"}
# Answers that nobody should read past.
GRAVE = {("detention", "yes"), ("escort", "yes"), ("minors", "yes"), ("consent", "not_asked")}
# A passport that still lasts for months raises no alarm; every other date does once it is a clock.
QUIET = {Nearness.FAR, Nearness.SHOWN}


@dataclass(frozen=True)
class Line:
    """One line: what it is about, the answer, and a quiet remark behind the answer.

    `tone` is `unknown`, `grave` or empty.
    """

    label: str
    text: str
    remark: str = ""
    tone: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether it stands open on the page."""
        return self.text != NOT_KNOWN


def lines(view: SubmissionView, now: datetime) -> tuple[Line, ...]:
    """Return all lines of the summary, in the order in which an officer reads them."""
    return tuple(_lines(view, view.triage.summary, now))


def of_case(known: KnownFacts, files: Mapping[str, str]) -> tuple[Line, ...]:
    """Return what is known of the person of a case, how they can be reached safely first.

    `files` is {document: name}, for answers that were filled from one.
    """
    asked = (each for each in KnownField if each is not KnownField.SAFE_CONTACT)
    own = [Line("Coordinator's own code", known.own_code)] if known.own_code else []
    return (_safe_contact(known, files), *(_asked(known, each, files) for each in asked), *own)


def _lines(view: SubmissionView, summary: Summary | None, now: datetime) -> Iterator[Line]:
    yield Line("Programme", labels.PROGRAMMES.get(view.programme, view.programme))
    yield _priority(view)
    yield _clock(view, now)
    yield Line("Age", formatting.span(now - view.received_at), "since it was received")
    if summary is None:
        return
    known, files = summary.known, {each.id: each.name for each in view.documents}
    yield _asked(known, KnownField.COUNTRY, files)
    yield from _if_known(known, KnownField.NATIONALITY, files)
    yield _asked(known, KnownField.LANGUAGE, files)
    yield _persons(view, known, files)
    yield _coded("minors", "Minors", summary.minors, "Treated as a child until it is known.")
    yield _asked(known, KnownField.ESCORT, files)
    health = {"yes": "Needs attention", "no": "No need"}
    yield _coded("health", "Health", summary.health, answers=health)
    yield _consent(summary, view.triage.consent)
    yield _asked(known, KnownField.DETENTION, files)
    yield _safe_contact(known, files)
    yield from _if_known(known, KnownField.DECISION_NUMBER, files)
    yield from _if_known(known, KnownField.DECISION_ON, files)
    yield _contact("Coordinator", (summary.coordinator,) if summary.coordinator else ())
    yield _contact("Deputy", summary.deputies)
    if known.own_code:
        yield Line("Coordinator's own code", known.own_code)
    yield _missing(view)


def _priority(view: SubmissionView) -> Line:
    """Return the priority, and why it is so, where that is known.

    Why something waits where it does is another question, which says nothing of a priority.
    """
    shown = labels.mark(view.priority, "priority")
    own = next((item for item in view.open_items if item.kind == TaskKind.SUBMISSION), None)
    code = own.reason if own is not None else view.filing_reason
    why = labels.reason(code) if code in OF_PRIORITY else ""
    tones = {"emergency": "grave", "unknown": "unknown"}
    return Line("Priority", shown.word, why, tones.get(view.priority, ""))


def _clock(view: SubmissionView, now: datetime) -> Line:
    """Return the nearest legal date that is still to come, or the last one that passed."""
    today = now.astimezone(formatting.OFFICE).date()
    clocks = [each for each in view.triage.dates if _is_clock(each)]
    ahead = sorted(clocks, key=lambda each: (each.day < today, abs(each.day - today)))
    if not ahead:
        return Line("Legal date", NOT_KNOWN, tone="unknown")
    nearest = ahead[0]
    sure = "confirmed" if nearest.is_confirmed else "not yet verified"
    when = triage.days_until(nearest.day, now)
    is_passport = nearest.kind == LegalDateKind.PASSPORT_EXPIRY
    is_quiet = nearest.nearness in (QUIET if is_passport else {Nearness.FAR})
    tone = "" if is_quiet else "grave"
    return Line("Legal date", f"{triage.legal_date(nearest.kind)} {when}", sure, tone)


def _is_clock(each: DateView) -> bool:
    """Tell whether a date is a clock: a passport is none before the months of the office's rule."""
    return each.kind != LegalDateKind.PASSPORT_EXPIRY or each.nearness is not Nearness.FAR


def _persons(view: SubmissionView, known: KnownFacts, files: Mapping[str, str]) -> Line:
    adults, children = known.value(KnownField.ADULTS), known.value(KnownField.CHILDREN)
    named = len(view.triage.people)
    remark = f"{named} named in its documents" if named else ""
    if adults == children == UNKNOWN:
        return Line("Persons", NOT_KNOWN, remark, "unknown")
    told = (known.answers.get(each) for each in (KnownField.ADULTS, KnownField.CHILDREN))
    sources = [
        readings.where_from(each, files.get(each.document_id or "", "")) for each in told if each
    ]
    remarks = dict.fromkeys([*([remark] if remark else []), *sources])
    text = f"{_counted(adults, 'adult')} · {_counted(children, 'child')}"
    return Line("Persons", text, " · ".join(remarks))


def _counted(number: str, what: str) -> str:
    if number == UNKNOWN:
        return f"{what} number not known"
    plural = {"adult": "adults", "child": "children"}
    return f"{number} {what if number == '1' else plural[what]}"


def _asked(known: KnownFacts, asked: KnownField, files: Mapping[str, str]) -> Line:
    """Return the answer to one question, with where it is from unless the form says it."""
    label = readings.ASKED[asked]
    stands = known.answers.get(asked)
    if stands is None:
        return Line(label, NOT_KNOWN, tone="unknown")
    tone = "grave" if (asked.value, stands.answer.value) in GRAVE else ""
    from_file = files.get(stands.document_id or "", "")
    return Line(
        label,
        readings.answer(asked, stands.answer.value),
        readings.where_from(stands, from_file),
        tone,
    )


def _if_known(known: KnownFacts, asked: KnownField, files: Mapping[str, str]) -> Iterator[Line]:
    """Yield a question that requirement 37 does not name only when it is answered."""
    if asked in known.answers:
        yield _asked(known, asked, files)


def _safe_contact(known: KnownFacts, files: Mapping[str, str]) -> Line:
    line = _asked(known, KnownField.SAFE_CONTACT, files)
    if not line.is_known:
        return replace(line, remark="Write to nobody but the sender.")
    detail = known.answers[KnownField.SAFE_CONTACT].answer.detail
    return replace(line, text=f"{line.text}: {detail}") if detail else line


def _coded(
    name: str, label: str, code: str, if_unknown: str = "", answers: Mapping[str, str] = YES_NO
) -> Line:
    if code == UNKNOWN or code not in answers:
        return Line(label, NOT_KNOWN, if_unknown, "unknown")
    return Line(label, answers[code], tone="grave" if (name, code) in GRAVE else "")


def _consent(summary: Summary, consent: "ConsentStanding | None") -> Line:
    """Return the consent that was noted, else what the form says of it."""
    is_allowed = consent is not None and bool(consent.allowed)
    if_unknown = "" if is_allowed else "Nothing is shared before it is."
    if summary.consent is None:
        line = _coded("consent", "Consent", summary.known.consent, if_unknown, CONSENTS)
        return line if line.tone == "unknown" else replace(line, remark="from the form")
    tone = "" if summary.consent is ConsentState.GIVEN else "grave"
    return Line("Consent", sharing.state_of(summary.consent).word, "noted", tone)


def _contact(label: str, contacts: tuple[Contact, ...]) -> Line:
    if not contacts:
        return Line(label, NOT_KNOWN, tone="unknown")
    shown = [
        f"{each.name or each.label or 'In the register, without an account'}, "
        f"{triage.region(each.region)}"
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
    parts = [triage.documents(len(missing.missing))] if missing.missing else []
    depends = len(missing.unclear) + len(missing.if_children)
    parts += [f"{depends} if it applies"] if depends else []
    # The card of missing documents names them.
    return Line("Missing", " · ".join(parts) or "Nothing, if confirmed")
