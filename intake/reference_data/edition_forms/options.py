"""Say from which lists the fields of editions are chosen: codes, and our words for them."""

import json
from functools import lru_cache
from pathlib import Path
from zoneinfo import available_timezones

import holidays

from intake.core.regions import REGIONS
from intake.reference_data.document_types import load_taxonomies
from intake.reference_data.edition_forms.fields import OptionList
from storage.cases.legal_dates import LegalDateKind
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority

COUNTRY_CODES = Path(__file__).parents[1] / "data" / "country_codes.json"
MAX_LABEL_CHARS = 60
# The accounts that can act now are the page's to know; `duty_people` refuses any other.
ON_DUTY = OptionList("on_duty", dict, accepts=lambda label: len(label) <= MAX_LABEL_CHARS)
WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
REQUIREMENTS = {
    "mandatory": "Needed",
    "if_applicable": "Asked for where it applies",
    "not_wanted": "Not wanted",
}
FACTS = {
    "nationality_group": "Nationality",
    "third_country_return": "Return to a third country",
    "age": "Age",
    "unaccompanied": "Unaccompanied",
    "health": "Health matter",
    "family": "Family",
}
VALUES = {
    "eu_eea": "EU or EEA",
    "non_eu": "Outside the EU and EEA",
    "yes": "Yes",
    "no": "No",
    "adult": "Adult",
    "child": "Child",
}
# Whose holidays can be chosen on the form; every country that is known may be imported.
HOLIDAYS = {
    "DK": "Denmark",
    "EE": "Estonia",
    "FI": "Finland",
    "IS": "Iceland",
    "LT": "Lithuania",
    "LV": "Latvia",
    "NO": "Norway",
    "SE": "Sweden",
}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return {ISO 3166-1 alpha-3: English name}."""
    names: dict[str, str] = json.loads(COUNTRY_CODES.read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=1)
def type_names() -> dict[str, str]:
    """Return {code: English name} of the document types in any dated list."""
    return {each.code: each.english for listed in load_taxonomies() for each in listed.types}


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    european = (each for each in sorted(available_timezones()) if each.startswith("Europe/"))
    return {each: each.partition("/")[2].replace("_", " ") for each in european}


def _codes_of(codes: object) -> dict[str, str]:
    return {str(each): str(each) for each in codes}  # type: ignore[attr-defined] # an Enum or tuple


# Which can be ticked on the form; every code of a language may be imported.
HELPLINE_LANGUAGES = (
    "sv", "en", "ar", "ckb", "kmr", "fa", "prs", "tg", "so", "am", "ti", "om", "ur", "ps", "fr",
    "es",
)  # fmt: skip


def _is_language(code: str) -> bool:
    return code.isascii() and code.isalpha() and code.islower() and 2 <= len(code) <= 3


TYPES = OptionList("document_type", type_names)
COUNTRIES = OptionList("country", country_names)
ZONES = OptionList("zone", _zones, lambda code: code in available_timezones())
HOLIDAYS_OF = OptionList(
    "holidays", lambda: HOLIDAYS, lambda code: code in holidays.list_supported_countries()
)
# Their words are those of the pages that show them.
QUEUES = OptionList("queue", lambda: _codes_of(Queue))
PRIORITIES = OptionList("priority", lambda: _codes_of(Priority))
REGION = OptionList("region", lambda: _codes_of(REGIONS))
LEGAL_DATES = OptionList("legal_date", lambda: _codes_of(LegalDateKind))

APPS = OptionList("app", lambda: {"whatsapp": "WhatsApp", "viber": "Viber"})
LANGUAGES = OptionList("language", lambda: _codes_of(HELPLINE_LANGUAGES), _is_language)
PROGRAMMES = OptionList("programme", lambda: {"referrals": "Referrals", "cash": "Cash support"})
