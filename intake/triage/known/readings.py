"""Say which questions about a referral a reading answers, and with what.

Pure: a reading's kind, fact and normal form in; answers out. What can mean two things, or is in no
list of ours, answers nothing.
"""

import json
from functools import lru_cache

from intake.cases.known.fields import KnownField, country_codes, is_answer
from intake.recognition.extraction import ValueKind
from intake.recognition.extraction.mrz import Zone
from intake.recognition.extraction.mrz_search import find_zones
from intake.recognition.extraction.value import READINGS_MARK
from intake.recognition.extraction.vocabulary import DATA
from intake.reference_data.edition_rules import COUNTRY_CODES

FORM_FACTS = {
    "country_of_return": KnownField.COUNTRY,
    "nationality": KnownField.NATIONALITY,
    "language": KnownField.LANGUAGE,
    "adults": KnownField.ADULTS,
    "children": KnownField.CHILDREN,
    "detention": KnownField.DETENTION,
}
DECISION_FACTS = {
    "country": KnownField.COUNTRY,
    "decided_on": KnownField.DECISION_ON,
    "adults": KnownField.ADULTS,
    "children": KnownField.CHILDREN,
}
BY_KIND = {
    ValueKind.DECISION_DATE.value: KnownField.DECISION_ON,
    ValueKind.DOSSIER_NUMBER.value: KnownField.DECISION_NUMBER,
}
# Names of the vocabulary that the list of countries has otherwise.
RENAMED = {"RU": "RUS"}


def answers_of(kind: str, fact: str, value: str) -> dict[KnownField, str]:
    """Return {question: answer} of a reading; empty when it answers none.

    A box "Country of return" with IQ -> {COUNTRY: "IRQ"}.
    """
    if kind == ValueKind.MRZ.value:
        zone = zone_of(value)
        found = {KnownField.NATIONALITY: zone.nationality} if zone is not None else {}
    else:
        field = _field_of(kind, fact)
        is_one = value and READINGS_MARK not in value
        found = {field: _answer(field, value)} if field is not None and is_one else {}
    return {field: answer for field, answer in found.items() if answer and is_answer(field, answer)}


def zone_of(value: str) -> Zone | None:
    """Return what the lines of a machine-readable zone say, None when they prove nothing."""
    seen = next(find_zones(value), None)
    return seen.read if seen is not None and isinstance(seen.read, Zone) else None


def country_name(code: str) -> str:
    """Return the English name of a country that a reading has, for alpha-2 and alpha-3 codes."""
    spoken = _spoken().get(code)
    return spoken[0] if spoken else _names().get(code, "")


def country_code(typed: str) -> str:
    """Return the alpha-3 code of a country by its name or code, else what was typed.

    >>> country_code("irak")
    'IRQ'
    """
    wanted = typed.casefold()
    for code, name in _names().items():
        if wanted in {code.casefold(), name.casefold()}:
            return code
    for code, spoken in _spoken().items():
        if wanted in {each.casefold() for each in spoken}:
            return _alpha_3().get(code, typed)
    return typed


def likely_countries() -> tuple[str, ...]:
    """Return the names of the programme's countries and their neighbours, by the alphabet.

    A field offers them first; every other country can be typed.
    """
    known = {_alpha_3()[code] for code in _spoken() if code in _alpha_3()}
    return tuple(sorted(_names()[code] for code in known))


def _field_of(kind: str, fact: str) -> KnownField | None:
    if kind == ValueKind.FORM_FIELD.value:
        return FORM_FACTS.get(fact)
    if kind == ValueKind.CASH_DECISION.value:
        return DECISION_FACTS.get(fact)
    return BY_KIND.get(kind)


def _answer(field: KnownField, value: str) -> str:
    if field in {KnownField.COUNTRY, KnownField.NATIONALITY}:
        return value if value in country_codes() else _alpha_3().get(value, "")
    return value


@lru_cache(maxsize=1)
def _spoken() -> dict[str, list[str]]:
    """Return {code of ISO 3166-1 alpha-2: names} of the countries that readings know."""
    words = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
    spoken: dict[str, list[str]] = words["countries"]
    return spoken


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names: dict[str, str] = json.loads(COUNTRY_CODES.read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=1)
def _alpha_3() -> dict[str, str]:
    """Return {alpha-2: alpha-3} by the names that both lists have."""
    by_name = {name.casefold(): code for code, name in _names().items()}
    found = dict(RENAMED)
    for code, spoken in _spoken().items():
        known = (by_name[name.casefold()] for name in spoken if name.casefold() in by_name)
        alpha_3 = next(known, None)
        if alpha_3 is not None:
            found.setdefault(code, alpha_3)
    return found
