"""Word triage for pages: why a type, a case or a value is suggested, and how sure that is.

A reason is a code, or a code with what it found after a colon (`title:riskbedömning`). What it
found are a stranger's words, and a page shows them as such.
"""

from collections.abc import Mapping
from datetime import date, datetime

from portal.text import formatting, labels
from portal.text.untrusted import one_line
from storage.audit_acts import Act
from storage.mail.outbox import MailKind

# Unicode isolates: an Arabic word inside an English sentence does not turn the rest around.
QUOTE = "\u2068«{}»\u2069"
TYPE_REASONS = {
    "title": "says {} as a title",
    "word": "says {}",
    "form": "form {}",
    "field": "has the field {}",
    "learnt": "says {}, as confirmed ones do",
    "nearest": "nearest: {}",
    "mrz": "has the lines that machines read on passports",
    "no_text": "no text can be read on it",
    "too_little_text": "too little text to tell",
    "unfamiliar_words": "its words are not known here",
    "none_of_the_kinds": "like none of the types",
    "two_kinds_close": "two types fit about as well",
    "not_sure": "nothing speaks clearly for one type",
}
LEARNT_PIECES = "learnt:parts_of_words"
# The chance of being right from which a suggestion is called sure, and likely.
SURE, LIKELY = 0.9, 0.7
UNKNOWN_TYPE = "UNK"
EXTRACTED_VALUES = {
    "reference": "Our reference",
    "mrz": "Passport, read by machine",
    "mrz_unproved": "Passport, not proved",
    "passport_expiry": "Passport expires",
    "reflection_end": "Reflection period ends",
    "trial": "Trial",
    "permit_expiry": "Permit expires",
    "departure_deadline": "Must leave by",
    "decision_date": "Decision of",
    "birth_date": "Born",
    "k_number": "Police case number",
    "dossier_number": "Agency file number",
    "cash_decision": "Cash decision",
    "form_field": "Field of the form",
}
DATES = {
    "reflection_end": "Reflection period ends",
    "permit_expiry": "Permit expires",
    "departure_deadline": "Must leave by",
    "trial": "Trial",
    "passport_expiry": "Passport expires",
    "removal": "Removal",
}
EXTRACTED_VALUE_REASONS = {
    "day_or_month_first": "Day and month may be the other way round.",
    "letter_or_digit_by_its_place": "A letter was read as the digit that belongs in its place.",
    "confused_sign_proved_by_digits": "A sign was misread; the check digits prove the right one.",
}
LANGUAGES = {
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ckb": "Sorani",
    "en": "English",
    "es": "Spanish",
    "fa": "Farsi",
    "fr": "French",
    "ha": "Hausa",
    "kmr": "Kurmanji",
    "om": "Oromo",
    "prs": "Dari",
    "ps": "Pashto",
    "ro": "Romanian",
    "ru": "Russian",
    "so": "Somali",
    "sq": "Albanian",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "ti": "Tigrinya",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
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
# Why something cannot be finished without a case, beside the key for it.
OBSTACLES = {
    "protection_open": "protection review first",
    "legal_date_open": "a legal date is open",
}
# Why nobody confirms in writing; which confirmation covers it is said beside the choice.
CLOSED_WITHOUT = {
    "covered": "A confirmation that was signed later covers it",
    "machine_mail": "It is a machine’s mail",
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
UNDO: dict[str, str] = {
    "confirmed": "Undo: closed",
    "held": "Undo: hold",
    "finished": "Undo: finished",
    MailKind.ANSWER: "Take the answer back",
    MailKind.RESEND_REQUEST: "Take the question back",
    MailKind.CONFIRMATION: "Take the confirmation back",
    "document": "Undo: type",
    "aid": "Undo: reading",
    "person": "Undo: person",
    "date": "Undo: date",
    "assigned": "Undo: given to a colleague",
    "accepted": "Undo: filed",
    "opened": "Undo: new case",
    "split": "Undo: taken out",
    "merged": "Undo: merged",
}
# After the reference of what was finished: «K7M-4QX-9T confirmed in writing.»
FINISHED: dict[str, str] = {
    Act.CONFIRMATION_SIGNED: "confirmed in writing.",
    Act.SUBMISSION_CONFIRMED: "confirmed.",
    Act.SUBMISSION_CLOSED_WITHOUT: "closed without a written confirmation.",
    Act.SUBMISSION_HANDED_ON: "handed on to the other programme.",
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
    "finish": "finished as mail of a machine",
    "open_again": "opened again",
}
SEVERAL_DONE = SEVERAL | {"assign": "given to a colleague"}
LEFT_ALONE = {
    "done_meanwhile": "it was finished meanwhile",
    "somebody_has_it": "somebody else has it now",
    "not_yours": "you do not have it, so you cannot give it back",
    "colleague_cannot": "this colleague does not work in its programme",
    "not_automatic": "it is no mail of a machine",
    "may_be_a_person": "a person may have written it, or it brings papers: open it",
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
    "repeated": "Came before, the same",
    "alike": "Perhaps came before",
    "locked": "Locked with a password",
    "kept_back": "Has a part that is kept back",
    "wrong_door": "Perhaps belongs elsewhere",
    "not_read": "Could not be read by itself",
}


def type_reasons(codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Return why a type is suggested as one line; `names` are the types by code."""
    return " · ".join(_type_reason(code, names) for code in codes)


def type_name(code: str, names: Mapping[str, str]) -> str:
    """Return what a type is called; a code that is in no list shows as itself, none as closed."""
    if not code:
        return "Closed to you"
    return "Type not told" if code == UNKNOWN_TYPE else names.get(code, code)


def confidence(chance: float) -> str:
    """Return how sure a suggestion is: `sure`, `likely` or `unsure`."""
    if chance >= SURE:
        return "sure"
    return "likely" if chance >= LIKELY else "unsure"


def extracted_value(kind: str) -> str:
    """Return what an extracted value is about."""
    return EXTRACTED_VALUES.get(kind, labels.spaced(kind).capitalize())


def value_reasons(codes: tuple[str, ...]) -> str:
    """Return the remarks about an extracted value as one line."""
    return " ".join(EXTRACTED_VALUE_REASONS.get(code) or labels.reason(code) for code in codes)


def legal_date(kind: str) -> str:
    """Return what a legal date is."""
    return DATES.get(kind, labels.spaced(kind).capitalize())


def day(on: date) -> str:
    """Return a day as people write it: `Fri 27 Nov 2026`."""
    return f"{formatting.DAYS[on.weekday()]} {on.day} {formatting.MONTHS[on.month - 1]} {on.year}"


def days_until(on: date, now: datetime) -> str:
    """Return how far a day is from today in the office: `in 4 d`, `today`, `2 d ago`."""
    days = (on - now.astimezone(formatting.OFFICE).date()).days
    if days == 0:
        return "today"
    return f"in {days} d" if days > 0 else f"{-days} d ago"


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


def _type_reason(code: str, names: Mapping[str, str]) -> str:
    if code == LEARNT_PIECES:
        return "has pieces of words as confirmed ones do"
    head, _, found = code.partition(":")
    sentence = TYPE_REASONS.get(head)
    if sentence is None:
        return labels.spaced(code)
    shown = one_line(found)
    match head:
        case "nearest":
            return sentence.format(type_name(shown, names))
        case "form":
            return sentence.format(shown)
        case _:
            return sentence.format(QUOTE.format(shown))
