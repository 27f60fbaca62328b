"""Word triage for pages: why a type, a case or a value is suggested, and how sure that is.

A reason is a code, or a code with what it found after a colon (`title:riskbedömning`). What it
found are a stranger's words, and a page shows them as such.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from portal.text import formatting, labels
from portal.text.untrusted import one_line
from storage.audit_acts import Act
from storage.worded import worded

if TYPE_CHECKING:
    from intake.triage.undoing.steps import UndoStep

# Unicode isolates: an Arabic word inside an English sentence does not turn the rest around.
QUOTE = "\u2068«{}»\u2069"
# In the order in which one of them is shown: what a person can check at a glance comes first.
TYPE_REASONS = {
    "title": "title {}",
    "form": "form {}",
    "mrz": "the lines that machines read on passports",
    "field": "the field {}",
    "word": "says {}",
    "learnt": "its words are like those of this type",
    "nearest": "nearest: {}",
    "no_text": "no text can be read on it",
    "too_little_text": "too little text to tell",
    "unfamiliar_words": "its words are not known here",
    "none_of_the_kinds": "like none of the types",
    "two_kinds_close": "two types fit about as well",
    "not_sure": "nothing speaks clearly for one type",
}
# The chance of being right from which a suggestion is called sure, and likely.
SURE, LIKELY = 0.9, 0.7
UNKNOWN_TYPE = "UNK"
# Under which heading a type stands, by its code or the beginning of it.
TYPE_GROUPS = {
    "REF": "Referral and consent",
    "VOL": "Referral and consent",
    "CONS": "Referral and consent",
    "COORD": "Referral and consent",
    "RISK": "Risk and identification",
    "ID-VOT": "Risk and identification",
    "HLTH": "Health",
    "FIT": "Health",
    "MED": "Health",
    "ID": "Identity and travel documents",
    "DOC": "Identity and travel documents",
    "PHOTO": "Identity and travel documents",
    "PRM": "Permits and decisions",
    "MIG": "Permits and decisions",
    "CASH": "Cash support",
    "FAM": "Family and children",
    "CHD": "Family and children",
    "POL": "Police and courts",
    "JUS": "Police and courts",
    "DET": "Police and courts",
}
LIKELY_TYPES, OTHER_TYPES = "Likely", "Others"
WEEKDAYS, MONTHS = formatting.WORDS["en"].days, formatting.WORDS["en"].months
DATES = {
    "reflection_end": "Reflection period ends",
    "permit_expiry": "Permit expires",
    "departure_deadline": "Must leave by",
    "trial": "Trial",
    "passport_expiry": "Passport expires",
    "removal": "Removal",
}
LANGUAGES = {
    "am": worded("Amharic"),
    "ar": worded("Arabic"),
    "bg": worded("Bulgarian"),
    "ckb": worded("Sorani"),
    "en": worded("English"),
    "es": worded("Spanish"),
    "fa": worded("Farsi"),
    "fr": worded("French"),
    "ha": worded("Hausa"),
    "kmr": worded("Kurmanji"),
    "om": worded("Oromo"),
    "prs": worded("Dari"),
    "ps": worded("Pashto"),
    "ro": worded("Romanian"),
    "ru": worded("Russian"),
    "so": worded("Somali"),
    "sq": worded("Albanian"),
    "sv": worded("Swedish"),
    "sw": worded("Swahili"),
    "tg": worded("Tajik"),
    "th": worded("Thai"),
    "ti": worded("Tigrinya"),
    "uk": worded("Ukrainian"),
    "ur": worded("Urdu"),
    "vi": worded("Vietnamese"),
}
REGIONS = {
    "BERG": "Bergslagen",
    "MITT": "Mitt",
    "NORD": "Nord",
    "OST": "Öst",
    "STHLM": "Stockholm",
    "SYD": "Syd",
    "VAST": "Väst",
}
HOLD_REASONS = {
    "consent_missing": "Consent is missing",
    "sender_unsure": "Who sent it is not sure: call back",
    "waits_for_answer": "It waits for an answer",
}
HOLD_ENDS = {
    0: "Soon, as it is due before the next working day",
    1: "Next working day",
    3: "In three working days",
    5: "In five working days",
}
# Why something cannot be finished without a case, beside the key for it.
OBSTACLES = {
    "protection_open": "protection review first",
    "legal_date_open": "a legal date is open",
}
# Why nobody confirms in writing; which confirmation covers it is said beside the choice.
CLOSED_WITHOUT = {
    "covered": "A confirmation that was signed later covers it",
    "machine_mail": "It is automatic mail",
    "internal": "It is internal, and nobody waits for an answer",
    "withdrawn": "The person has withdrawn, so nothing leaves",
}
FILING_ACTS = {
    "filed_by_rule": "Filed under {}",
    "opened_by_rule": "New case {} opened",
    "accepted": "Filed under {}",
    "opened": "New case {} opened",
    "split": "Taken out into case {}",
    "merged": "Its case was merged into {}",
    "undone": "Undone",
}
# Details of an act of filing that a page says; ids of queue items serve undoing only.
FILING_NOTES = {"with_sender": "Its sender belongs to the case from now on."}
# What a step is, after «Undo:» and «Taken back:».
STEPS: dict[str, str] = {
    Act.SUBMISSION_CONFIRMED: "confirmed",
    Act.SUBMISSION_CLOSED_WITHOUT: "closed without a written confirmation",
    Act.SUBMISSION_ACCEPTED: "filed under its case",
    Act.SUBMISSION_SPLIT: "moved out of its case into a new one",
    Act.CASE_MERGED: "its case merged into another",
    Act.PERSON_CONFIRMED: "person confirmed",
    Act.PERSON_DISMISSED: "person dismissed",
    Act.DATE_CONFIRMED: "date noted",
    Act.DATE_ENDED: "date removed from the clocks",
    Act.ANSWER_SENT: "answer",
    Act.DOCUMENT_RESEND_ASKED: "question for another copy",
    Act.ITEM_ASSIGNED: "given to a colleague",
    Act.FACTS_TOLD: "what was noted",
}
# Why nothing can be taken back; who stands in the way, and with what, follows.
NO_UNDO = {
    "nothing": "Nothing of yours is left to take back.",
    "put_off": "“Not reached” stays noted, and the task still waits: say anew what came of it.",
    "colleague": "Nothing of yours can be taken back: a colleague acted after you.",
    "left": "Nothing more can be taken back: this has left.",
    "moved_on": "It cannot be taken back: its case was changed since.",
    "not_yours": "It cannot be taken back: its case is not yours any more.",
}
# After the reference of what was finished: «K7M-4QX-9T confirmed in writing.»
FINISHED: dict[str, str] = {
    Act.CONFIRMATION_SIGNED: "confirmed in writing.",
    Act.SUBMISSION_CONFIRMED: "confirmed.",
    Act.SUBMISSION_CLOSED_WITHOUT: "closed without a written confirmation.",
    Act.SUBMISSION_HANDED_ON: "transferred to the other programme.",
    Act.SUBMISSION_HELD: "held.",
}
FILTERS = {
    "programme": "Programme",
    "region": "Region",
    "language": "Language",
    "state": "State",
    "holder": "Who",
    "mark": "Marked",
}
HOLDERS = {"me": "Me", "nobody": "Nobody yet"}
# These words follow a number: «3 taken».
SEVERAL = {
    "take": "taken",
    "give_back": "given back",
    "assign": "given to",
    "finish": "finished as automatic mail",
}
SEVERAL_DONE = SEVERAL | {"assign": "given to a colleague"}
OPENED_AGAIN = "opened again"
LEFT_ALONE = {
    "done_meanwhile": "it was finished meanwhile",
    "somebody_has_it": "somebody else has it now",
    "not_yours": "you do not have it, so you cannot give it back",
    "colleague_cannot": "this colleague does not work in its programme",
    "not_automatic": "it is not automatic mail",
    "may_be_a_person": "a person may have written it, or it brings documents: open it",
    "has_other_end": "it belongs to a case, and ends with it",
    "protection_open": "a protection officer looks at it first",
    "legal_date_open": "a legal date of it is open",
}
# Where a search found its words.
FOUND_IN = {
    "reference": "Reference",
    "case": "Case",
    "sender": "Sender",
    "subject": "Subject",
    "letter": "Letter",
    "document": "Document",
}
MARKS = {
    "urgent": "Urgent or emergency",
    "risk_unknown": "Possible risk: not known yet",
    "not_proven": "Sender not proven",
    "repeated": "Duplicate",
    "alike": "Possible duplicate",
    "locked": "Locked with a password",
    "kept_back": "Has a held document",
    "wrong_door": "May belong elsewhere",
    "not_read": "Could not be read automatically",
}


def step(taken: "UndoStep") -> str:
    """Return what an act was, in words: `4 types accepted`, `hold`, `confirmation no. 1`."""
    detail, count = taken.detail, len(taken.details)
    many = f"{count} type{'s' if count > 1 else ''}"
    match taken.act:
        case Act.DOCUMENT_TYPE_CONFIRMED:
            return f"{many} accepted"
        case Act.DOCUMENT_TYPE_CORRECTED:
            return f"{many} set"
        case Act.VALUE_CONFIRMED | Act.VALUE_DISMISSED:
            is_right = taken.act is Act.VALUE_CONFIRMED
            read = labels.spaced(str(detail.get("kind", "")))
            return f"reading {'accepted' if is_right else 'dismissed'}, {read}"
        case Act.SUBMISSION_HELD:
            return "hold"
        case Act.SUBMISSION_FINISHED:
            outcome = str(detail.get("outcome", ""))
            return f"finished as {labels.OUTCOMES.get(outcome, outcome).lower()}"
        case Act.CONFIRMATION_SIGNED:
            return labels.paper("R2", int(detail.get("number", 1))).lower()
        case Act.TASK_DONE:
            kind = str(detail.get("kind", ""))
            return f"task done, {labels.TASKS.get(kind, labels.spaced(kind)).lower()}"
        case _:
            return STEPS.get(taken.act, labels.act(taken.act).lower())


def type_reasons(codes: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return why a type is suggested: each reason once, the plainest first.

    `names` are the types by code. A word that is a title already is not said again, and the words
    that were learnt are folded, so that they are not shown at all.
    """
    order = {head: place for place, head in enumerate(TYPE_REASONS)}
    said: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: order.get(_head(code), len(order))):
        about = _folded(code.partition(":")[2]) or _head(code)
        key = _head(code) if _head(code) == "learnt" else about
        said.setdefault(key, _type_reason(code, names))
    return tuple(said.values())


def type_name(code: str, names: Mapping[str, str]) -> str:
    """Return what a type is called; a code that is in no list shows as itself, none as closed."""
    if not code:
        return "Closed to you"
    return "Type not known" if code == UNKNOWN_TYPE else names.get(code, code)


def type_groups(
    names: Mapping[str, str], likely: Iterable[str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the types to choose from as (group, [(code, name)]), the likely ones first.

    `names` are all types by code, in the order of the list; each stands in one group only.
    """
    first = [code for code in dict.fromkeys(likely) if code in names]
    groups: dict[str, list[tuple[str, str]]] = {
        LIKELY_TYPES: [(each, names[each]) for each in first]
    }
    for label in dict.fromkeys([*TYPE_GROUPS.values(), OTHER_TYPES]):
        groups[label] = [
            (code, name)
            for code, name in names.items()
            if code not in first and _group(code) == label
        ]
    return [(label, types) for label, types in groups.items() if types]


def _group(code: str) -> str:
    return TYPE_GROUPS.get(code) or TYPE_GROUPS.get(code.partition("-")[0], OTHER_TYPES)


def confidence(chance: float) -> str:
    """Return how sure a suggestion is: `sure`, `likely` or `unsure`."""
    if chance >= SURE:
        return "sure"
    return "likely" if chance >= LIKELY else "unsure"


def legal_date(kind: str) -> str:
    """Return what a legal date is."""
    return DATES.get(kind, labels.spaced(kind).capitalize())


def day(on: date) -> str:
    """Return a day as people write it: `Fri 27 Nov 2026`."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


DAYS_OF_YEAR = 365.25
DAYS_TOLD_IN_YEARS = 731
DAYS_TOLD_IN_MONTHS = 62


def days_until(on: date, now: datetime) -> str:
    """Return how far a day is from today in the office: `in 4 days`, `today`, `in 5 years`."""
    days = (on - now.astimezone(formatting.OFFICE).date()).days
    if days == 0:
        return "today"
    far = _length(abs(days))
    return f"in {far}" if days > 0 else f"{far} ago"


def _length(days: int) -> str:
    """Return a number of days in the unit in which people think of it."""
    for each, unit, starts in ((365, "year", 730), (30, "month", 120), (1, "day", 0)):
        if days >= starts:
            number = days // each
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return ""


def documents(count: int) -> str:
    """Return how many documents there are, in words."""
    return "1 document" if count == 1 else f"{count} documents"


def language(code: str | None) -> str:
    """Return what a language is called."""
    return LANGUAGES.get(code or "", code or "Not known yet")


def region(code: str | None) -> str:
    """Return what a region is called."""
    return REGIONS.get(code or "", code or "None")


def filing_act(act: str, case: str | None) -> str:
    """Return an act of filing in words: `Filed under B5R-7TK-3X`."""
    return FILING_ACTS.get(act, labels.spaced(act)).format(case or "no case")


def choice(field: str, code: str) -> str:
    """Return what a code is called in a field of the list's filter."""
    match field:
        case "programme":
            return labels.PROGRAMMES.get(code, code)
        case "state":
            return labels.SUBMISSION_STATES.get(code, code)
        case "language":
            return "Not known yet" if code == "unknown" else language(code)
        case "holder":
            return HOLDERS.get(code, "Somebody")
        case "mark":
            return MARKS.get(code, labels.spaced(code))
        case _:
            return "None" if code == "unknown" else region(code)


def _head(code: str) -> str:
    return code.partition(":")[0]


def _folded(text: str) -> str:
    """Return a word as the learnt ones are stored: small, without the dots of ä, å and ö."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def _type_reason(code: str, names: Mapping[str, str]) -> str:
    head, _, found = code.partition(":")
    sentence = TYPE_REASONS.get(head)
    if sentence is None:
        return "a reason of an earlier release"
    shown = one_line(found)
    match head:
        case "nearest":
            return sentence.format(type_name(shown, names))
        case "form":
            return sentence.format(shown)
        case _:
            return sentence.format(QUOTE.format(shown))
