"""Define what an officer can note about a referral, and which answers there are.

The answers are codes and numbers, so that they compare with those of the referral form; what
somebody said in their own words stands beside them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from intake.core.errors import FieldsInvalid
from intake.core.typed_text import tidy
from intake.reference_data.edition_rules import COUNTRY_CODES

MAX_PEOPLE = 30
WHO_SAID_IT = "Please say who told you how the person can be reached."
MAX_CODE_CHARS = 12
MAX_SAID_BY_CHARS = 120
MAX_DETAIL_CHARS = 500
MAX_NUMBER_CHARS = 40


class KnownField(StrEnum):
    """One question about a referral; the codes are stored."""

    SAFE_CONTACT = "safe_contact"
    COUNTRY = "country"
    NATIONALITY = "nationality"
    LANGUAGE = "language"
    ADULTS = "adults"
    CHILDREN = "children"
    ESCORT = "escort"
    DETENTION = "detention"
    DECISION_NUMBER = "decision_number"
    DECISION_ON = "decision_on"


YES_NO = ("yes", "no")
CHOICES: dict[KnownField, tuple[str, ...]] = {
    KnownField.SAFE_CONTACT: ("coordinator", "direct"),
    KnownField.ESCORT: YES_NO,
    KnownField.DETENTION: YES_NO,
}
COUNTRIES = (KnownField.COUNTRY, KnownField.NATIONALITY)
COUNTS = (KnownField.ADULTS, KnownField.CHILDREN)


class ToldInvalid(FieldsInvalid):
    """An answer is none; `errors` is {field: sentence}."""

    reason = "told_invalid"
    public = "Please look at the marked fields. Nothing was noted."


@dataclass(frozen=True)
class ToldAnswer:
    """What was told: the answer, words beside it, who said so, and on which day.

    `value` is a code of the field, a number in digits, an ISO day, or a code of ISO 3166-1 alpha-3
    or BCP 47. `detail`, `said_by` and `said_on` may be empty.
    """

    value: str
    detail: str = ""
    said_by: str = ""
    said_on: str = ""


@dataclass(frozen=True)
class TypedAnswers:
    """What a form holds: {field: answer}, as typed, with what was said of all of them."""

    values: Mapping[str, str]
    detail: str = ""
    said_by: str = ""
    said_on: str = ""


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Return the codes of ISO 3166-1 alpha-3."""
    return frozenset(json.loads(COUNTRY_CODES.read_text(encoding="utf-8")))


def checked_answers(typed: TypedAnswers, today: date) -> dict[KnownField, ToldAnswer]:
    """Return the answers that a form gives, tidied; a field without one is left out.

    `today` is the day of the office. Raises ToldInvalid with a sentence for each field.
    """
    errors: dict[str, str] = {}
    values = {field: tidy(typed.values.get(field, "")) for field in KnownField}
    for field, value in values.items():
        if value and not is_answer(field, value):
            errors[field] = _advice(field)
    said_by, detail = tidy(typed.said_by), tidy(typed.detail)
    if len(said_by) > MAX_SAID_BY_CHARS:
        errors["said_by"] = f"Please use at most {MAX_SAID_BY_CHARS} characters."
    if len(detail) > MAX_DETAIL_CHARS:
        errors["detail"] = f"Please use at most {MAX_DETAIL_CHARS} characters."
    if detail and not values[KnownField.SAFE_CONTACT]:
        errors.setdefault(KnownField.SAFE_CONTACT, "Please say which of the two it is.")
    said_on = _day_said(typed.said_on, today, errors)
    if errors:
        raise ToldInvalid(errors)
    return {
        field: ToldAnswer(
            _canonical(field, value),
            _beside(field, detail),
            said_by,
            said_on,
        )
        for field, value in values.items()
        if value
    }


def is_answer(field: KnownField, value: str) -> bool:
    """Tell whether a value is an answer to a question."""
    if field in CHOICES:
        return value in CHOICES[field]
    if field in COUNTRIES:
        return value in country_codes()
    if field in COUNTS:
        return value.isascii() and value.isdigit() and int(value[:9]) <= MAX_PEOPLE
    if field is KnownField.LANGUAGE:
        is_plain = value.isascii() and value.replace("-", "").isalnum()
        return is_plain and len(value) <= MAX_CODE_CHARS
    if field is KnownField.DECISION_ON:
        return _is_day(value)
    return len(value) <= MAX_NUMBER_CHARS


def _beside(field: KnownField, detail: str) -> str:
    """Return the words that stand beside an answer: how the person can be reached, or none."""
    return detail if field is KnownField.SAFE_CONTACT else ""


def _canonical(field: KnownField, value: str) -> str:
    """Return the one form of an answer: 05 is 5, and 20261130 is 2026-11-30."""
    if field in COUNTS:
        return str(int(value))
    return date.fromisoformat(value).isoformat() if field is KnownField.DECISION_ON else value


def _advice(field: KnownField) -> str:
    if field in COUNTS:
        return f"Please write a number from 0 to {MAX_PEOPLE}."
    if field in COUNTRIES:
        return "Please choose a country from the list."
    if field is KnownField.DECISION_ON:
        return "Please give a day, such as 2026-11-30."
    if field is KnownField.DECISION_NUMBER:
        return f"Please use at most {MAX_NUMBER_CHARS} characters."
    return "Please choose one of the answers."


def _day_said(text: str, today: date, errors: dict[str, str]) -> str:
    if not text.strip():
        return today.isoformat()
    if not _is_day(text.strip()):
        errors["said_on"] = "Please give a day, such as 2026-11-30."
        return ""
    day = date.fromisoformat(text.strip())
    if day > today:
        errors["said_on"] = "This day is still to come."
    return day.isoformat()


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
