"""Word what was read of documents and what is known of a referral, in values and never in codes.

A day stands as «1 Jan 1990», a country by its name, and the machine-readable lines of a passport by
what they say. Where a reading is from and whether check digits prove it stands beside it.
"""

from datetime import date

from intake.cases.known.fields import COUNTRIES, KnownField
from intake.recognition.extraction import ValueKind
from intake.recognition.extraction.value import READINGS_MARK
from intake.triage.known.known_facts import KnownAnswer, Source
from intake.triage.known.reading_views import ExtractedValueView
from intake.triage.known.readings import country_code, country_name, zone_of
from portal.text import formatting, triage
from portal.text.untrusted import one_line

ISO_PARTS = ("year", "month", "day")
VALUES = {
    "reference": "Our reference",
    "mrz": "Passport",
    "mrz_unproved": "Passport",
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
# What a field of a form, or a part of a cash decision, is about.
FACTS = {
    "priority": "Priority",
    "country_of_return": "Country of return",
    "nationality": "Nationality",
    "language": "Language",
    "adults": "Adults",
    "children": "Children",
    "reflection_end": "Reflection period ends",
    "consent_state": "Consent",
    "safe_contact": "Safe contact",
    "escort_or_health": "Escort or health",
    "detention": "Detained",
    "region": "Region",
    "country": "Country",
    "decided_on": "Decision of",
    "amount_sek": "Amount",
}
CHOSEN = {
    "yes": "Yes",
    "no": "No",
    "emergency": "Emergency",
    "urgent": "Urgent",
    "normal": "Normal",
    "given": "Given",
    "not_given": "Not given",
    "withdrawn": "Withdrawn",
    "pending": "Asked, not answered yet",
}
DOUBTS = {
    "day_or_month_first": "Day and month may be the other way round.",
    "counted_in_days": "Counted from the first day and the number of days; the end is not written.",
    "letter_or_digit_by_its_place": "A letter was read as the digit that belongs in its place.",
    "confused_sign_proved_by_digits": "A sign was misread; the check digits prove the right one.",
    "value_not_understood": "It is no answer that is known here, so it stands as written.",
    "several_readings": "The signs can be read in several ways.",
    "birth_or_expiry_is_no_date": "The day of birth or of expiry is no day.",
    "number_check_wrong": "The number does not fit its check digit.",
    "birth_check_wrong": "The day of birth does not fit its check digit.",
    "expiry_check_wrong": "The day of expiry does not fit its check digit.",
    "personal_check_wrong": "The personal number does not fit its check digit.",
    "composite_check_wrong": "The lines together do not fit their check digit.",
}
# How a value was found. What is left out says nothing that an officer can use.
FOUND = {
    "mrz": "from the machine-readable lines",
    "field_of_a_form": "from a field of the form",
    "page_speaks_of_a_decision_on_support": "from the decision on support",
}
PROVED, UNPROVED = "check digits fit", "as written, not checked"
ASKED = {
    KnownField.SAFE_CONTACT: "Safe contact",
    KnownField.COUNTRY: "Return to",
    KnownField.NATIONALITY: "Nationality",
    KnownField.LANGUAGE: "Language",
    KnownField.ADULTS: "Adults",
    KnownField.CHILDREN: "Children",
    KnownField.ESCORT: "Escort",
    KnownField.DETENTION: "Detained",
    KnownField.DECISION_NUMBER: "Agency file number",
    KnownField.DECISION_ON: "Decision of",
}
CONTACTS = {"coordinator": "Through the coordinator only", "direct": "Direct contact is safe"}
# Languages that a form can name and no list of ours offers.
FURTHER_LANGUAGES = {
    "pa": "Punjabi", "tg": "Tajik", "ln": "Lingala", "sg": "Sango", "yo": "Yoruba", "ig": "Igbo",
    "pcm": "Nigerian Pidgin", "bin": "Edo",
}  # fmt: skip


def label(each: ExtractedValueView) -> str:
    """Return what an extracted value is about."""
    if each.kind in {ValueKind.FORM_FIELD.value, ValueKind.CASH_DECISION.value} and each.fact:
        return FACTS.get(each.fact, VALUES[each.kind])
    return VALUES.get(each.kind, "Reading")


def value(each: ExtractedValueView) -> str:
    """Return what a reading says, as a person would write it."""
    if each.kind == ValueKind.MRZ.value:
        return _passport(each.value)
    if each.kind == ValueKind.MRZ_UNPROVED.value:
        return "The machine-readable lines do not fit their check digits"
    days = [day(part) for part in each.value.split(READINGS_MARK)] if each.value else []
    if days and all(days):
        return " or ".join(days)
    if each.fact in {"country_of_return", "nationality", "country"}:
        return country_name(each.value) or _written(each)
    if each.fact == "language":
        return language(each.value) or _written(each)
    if each.fact == "amount_sek" and each.value.isdigit():
        return f"{int(each.value):,} SEK".replace(",", " ")
    return CHOSEN.get(each.value, "") if each.value in CHOSEN else _written(each)


def source(each: ExtractedValueView) -> str:
    """Return where a reading is from and what proves it, such as «check digits fit»."""
    is_zone = each.kind in {ValueKind.MRZ.value, ValueKind.MRZ_UNPROVED.value}
    found = [FOUND["mrz"]] if is_zone else [FOUND[code] for code in each.reasons if code in FOUND]
    proof = [PROVED] if each.is_checked else [] if is_zone else [UNPROVED]
    doubts = [DOUBTS[code] for code in each.reasons if code in DOUBTS]
    return " · ".join([", ".join(found[:1] + proof), *doubts])


def day(iso: str) -> str:
    """Return a whole or cut ISO day: `1 Jan 1990`, `Jan 1990`, `1990`; empty for no day."""
    parts = iso.split("-")
    if not iso.isascii() or not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return ""
    year, *rest = (int(part) for part in parts)
    try:
        whole = date(year, *[*rest, 1, 1][:2])
    except ValueError:
        return ""
    if len(parts) > len(ISO_PARTS):
        return ""
    shown = [str(whole.day), formatting.WORDS["en"].months[whole.month - 1], str(whole.year)]
    return " ".join(shown[len(ISO_PARTS) - len(parts) :])


def language(code: str) -> str:
    """Return the English name of a language; empty for one that is in no list."""
    return triage.LANGUAGES.get(code) or FURTHER_LANGUAGES.get(code, "")


def answer(asked: KnownField, code: str) -> str:
    """Return an answer about a referral in words."""
    if asked in COUNTRIES:
        return country_name(code) or "A country that is in no list"
    if asked is KnownField.LANGUAGE:
        return language(code) or "A language that is in no list"
    if asked is KnownField.SAFE_CONTACT:
        return CONTACTS.get(code, "Said in words only")
    if asked is KnownField.DECISION_ON:
        return day(code)
    return CHOSEN.get(code, code)


def code_of(asked: KnownField, typed: str) -> str:
    """Return the code of what was typed: a country may be named in English or Swedish."""
    if asked not in COUNTRIES:
        return typed
    wanted = " ".join(typed.split()).casefold()
    return country_code(wanted) if wanted else ""


def country(code: str) -> str:
    """Return the name of a country by its code."""
    return answer(KnownField.COUNTRY, code)


def name_of(asked: KnownField, code: str) -> str:
    """Return what a field of the form holds for an answer: countries stand by their names."""
    return answer(asked, code) if asked in COUNTRIES else code


def where_from(known: KnownAnswer, file_name: str = "") -> str:
    """Return where an answer is from; `file_name` is what was read, where it was."""
    match known.source:
        case Source.FORM:
            return "from the form"
        case Source.CASE_FORM:
            return "from a form of the case"
        case Source.READING:
            return f"filled from {file_name or 'a document'}"
        case Source.CASE:
            return _noted(known, "noted in the case")
        case _:
            return _noted(known, "noted")


def _noted(known: KnownAnswer, how: str) -> str:
    said = [f"said by {known.answer.said_by}"] if known.answer.said_by else []
    said += [f"on {day(known.answer.said_on)}"] if known.answer.said_on and said else []
    by = f"{how} by {known.by}" if known.by else how
    return " · ".join([" ".join(said), by]) if said else by


def _passport(lines: str) -> str:
    """Return what a proved zone says: the name, the country and the number."""
    zone = zone_of(lines)
    if zone is None:
        return "Machine-readable lines"
    name = f"{zone.given_names} {zone.surname}".strip().title()
    number = zone.number.replace("<", "")
    parts = [name, country_name(zone.nationality), f"no. {number}" if number else ""]
    return " · ".join(part for part in parts if part)


def _written(each: ExtractedValueView) -> str:
    return one_line(" ".join((each.shown or each.value).split()))
