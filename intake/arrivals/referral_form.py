"""Check the answers of the referral form.

The form only asks what triage needs; what the documents say is not typed again (requirement 115).
"Unknown" is an answer everywhere, and never counts as low or as no.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intake.core.submission_facts import ReferralForm
from intake.core.typed_text import tidy
from storage.submissions.submissions import Priority
from storage.worded import worded

MAX_PEOPLE = 30
MAX_NOTE_CHARS = 2000
YES_NO = ("yes", "no", "unknown")
CONSENT = ("given", "asked", "not_asked", "unknown")
SAFE_CONTACT = ("coordinator", "direct", "unknown")
# Codes of ISO 3166-1 alpha-2 and BCP 47; a person decides whether a country is served.
MAX_CODE_CHARS = 12
MAX_OWN_CODE_CHARS = 40
# 870501-1234 and 19870501-1234: the number of a person is no code for their case.
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d\d)?\d{6}[-+ \u2013]?\d{4}(?!\d)")


@dataclass(frozen=True)
class CheckedForm:
    """A form with its valid answers, and {field: sentence} for what is wrong."""

    form: ReferralForm
    errors: dict[str, str]

    @property
    def is_valid(self) -> bool:
        """Tell whether it can be sent."""
        return not self.errors


def check_form(answers: Mapping[str, str]) -> CheckedForm:
    """Check typed answers. A missing answer counts as unknown.

    An error is only what is impossible; a person can still understand the rest.
    """
    errors: dict[str, str] = {}
    return CheckedForm(
        ReferralForm(
            priority=_choice(answers, "priority", tuple(Priority), Priority.UNKNOWN, errors),
            country=_code(answers, "country", errors),
            language=_code(answers, "language", errors),
            adults=_number(answers, "adults", errors),
            children=_number(answers, "children", errors),
            reflection_end=_day(answers, "reflection_end", errors),
            consent=_choice(answers, "consent", CONSENT, "unknown", errors),
            safe_contact=_choice(answers, "safe_contact", SAFE_CONTACT, "unknown", errors),
            escort=_choice(answers, "escort", YES_NO, "unknown", errors),
            detention=_choice(answers, "detention", YES_NO, "unknown", errors),
            note=_note(answers, errors),
            own_code=_own_code(answers, errors),
        ),
        errors,
    )


def _choice(
    answers: Mapping[str, str],
    name: str,
    allowed: tuple[str, ...],
    otherwise: str,
    errors: dict[str, str],
) -> str:
    value = answers.get(name, "").strip()
    if not value:
        return otherwise
    if value not in allowed:
        errors[name] = worded("Please choose one of the answers.")
        return otherwise
    return str(value)


def _code(answers: Mapping[str, str], name: str, errors: dict[str, str]) -> str:
    value = answers.get(name, "").strip()
    is_plain = value.isascii() and value.replace("-", "").isalnum()
    if value and (not is_plain or len(value) > MAX_CODE_CHARS):
        errors[name] = worded("Please choose from the list, or leave it empty.")
        return ""
    return value


def _number(answers: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    value = answers.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or int(value) > MAX_PEOPLE:
        errors[name] = worded(
            "Please write a number from 0 to %(most)s, or leave it blank.", most=MAX_PEOPLE
        )
        return None
    return int(value)


def _day(answers: Mapping[str, str], name: str, errors: dict[str, str]) -> str:
    value = answers.get(name, "").strip()
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        errors[name] = worded("Please write a day as year-month-day, such as 2026-12-31.")
        return ""


def _own_code(answers: Mapping[str, str], errors: dict[str, str]) -> str:
    """Return what the sender calls the case themselves; what points at a person is refused."""
    code = " ".join(tidy(answers.get("own_code", "")).split())
    if len(code) > MAX_OWN_CODE_CHARS:
        errors["own_code"] = worded(
            "Please keep it below %(most)s characters.", most=MAX_OWN_CODE_CHARS
        )
    elif PERSONAL_NUMBER.search(code) or "@" in code:
        errors["own_code"] = worded(
            "This looks like a personal identity number or an address. Please write a code that "
            "tells nobody who it is."
        )
    return code


def _note(answers: Mapping[str, str], errors: dict[str, str]) -> str:
    note = answers.get("note", "").replace("\r\n", "\n").strip()
    if len(note) > MAX_NOTE_CHARS:
        errors["note"] = worded("Please keep it below %(most)s characters.", most=MAX_NOTE_CHARS)
    # A note that is too long is returned whole, so that the page can show it again.
    return note
