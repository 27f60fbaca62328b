"""Plant fifty submissions of all sorts, as a busy morning brings them.

Among them are clean referrals, mail to match, documents of unknown type, quarantined documents,
legal dates, names in Arabic letters, and mail of machines.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from intake.core.services import Services
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values

CLEAN_PARTS = (
    Part("", "CLEAN", "", "text/plain", 612, role="body"),
    Part("TEST remiss.pdf", "CLEAN", page_count=2),
    Part("TEST riskbedömning.pdf", "CLEAN", page_count=1),
)
HELD_PARTS = (*CLEAN_PARTS, Part("låst.pdf", "LOCKED", "password_needed"))
REASONS = {
    "REF-FORM": ("title:remiss", "form:195011"),
    "RISK-ASM": ("title:riskbedömning", "word:hotbild"),
}
NUMBERS = {
    "clean": 20,
    "guessed": 8,
    "untold": 4,
    "quarantined": 4,
    "dated": 4,
    "arabic": 4,
    "robot": 3,
    "call_back": 3,
}


@dataclass(frozen=True)
class Mixed:
    """The references by sort, in the order of their due times."""

    by_sort: dict[str, tuple[str, ...]]


def plant(services: Services) -> Mixed:
    """Put the fifty in."""
    by_sort = {
        sort: tuple(PLANTERS[sort](services, number).reference for number in range(count))
        for sort, count in NUMBERS.items()
    }
    return Mixed(by_sort)


def clean(services: Services, number: int, **options: Any) -> Seeded:  # Any: as samples.seed
    """Plant a filed referral whose types are all suggested."""
    options = {
        "parts": CLEAN_PARTS,
        "due_in": timedelta(hours=3, minutes=number),
        "item_count": 2,
        **options,
    }
    made = samples.seed(services, **options)
    _letter, form, risk = extracted_values.ids_of(services, made)[:3]
    copies.add_copy(services, form, copies.TEXTS[:2])
    copies.add_copy(services, risk, copies.TEXTS[:1])
    extracted_values.add_kind(services, form, "REF-FORM", REASONS["REF-FORM"], 0.97, (1, 2))
    extracted_values.add_kind(services, risk, "RISK-ASM", REASONS["RISK-ASM"], 0.83)
    extracted_values.set_language(services, made, "sv")
    return made


def guessed(services: Services, number: int) -> Seeded:
    """Plant mail to match, with two cases that it may belong to."""
    likely = samples.seed(services, queue=None, state="CONFIRMED")
    other = samples.seed(services, queue=None, state="CONFIRMED")
    made = _held(services, number, reason="looks_like_a_reply", sender_reasons=["authentic"])
    extracted_values.add_ranks(
        services,
        made,
        [(likely, 0.91, "guess_same_thread"), (other, 0.34, "guess_sender_wrote_before")],
    )
    return made


def untold(services: Services, number: int) -> Seeded:
    """Plant a referral with a document whose type could not be told."""
    parts = (*CLEAN_PARTS, Part("bild.jpg", "CLEAN", "", "image/jpeg", 88_000, page_count=1))
    made = clean(services, 20 + number, parts=parts)
    photo = extracted_values.ids_of(services, made)[3]
    copies.add_copy(services, photo, ("",))
    extracted_values.add_kind(services, photo, "UNK", ("two_kinds_close", "nearest:ID-PASS"), 0.0)
    return made


def quarantined(services: Services, number: int) -> Seeded:
    """Plant a referral with a locked document."""
    return clean(services, 30 + number, parts=HELD_PARTS, item_count=3)


def dated(services: Services, number: int) -> Seeded:
    """Plant an emergency whose form says when the reflection period ends."""
    made = clean(
        services,
        number,
        queue="Q1",
        priority="emergency",
        reason="sender_says_urgent",
        due_in=timedelta(hours=1, minutes=number),
    )
    form = extracted_values.ids_of(services, made)[1]
    extracted_values.add_value(services, form, "reflection_end", "2026-11-28", "28 november 2026")
    extracted_values.add_date(services, made, "reflection_end", date(2026, 11, 28))
    return made


def arabic(services: Services, number: int) -> Seeded:
    """Plant a referral that names people in Arabic letters."""
    made = clean(services, 40 + number, subject="إحالة تجريبية", region="SYD")
    extracted_values.set_language(services, made, "ar")
    extracted_values.add_person(services, made, "شخص تجريبي أول", "1987-05")
    extracted_values.add_person(services, made, "TEST Applicant Two")
    return made


def robot(services: Services, number: int) -> Seeded:
    """Plant an out-of-office answer."""
    return _held(
        services,
        60 + number,
        reason="automatic_mail",
        verdict="registered",
        parts=CLEAN_PARTS[:1],
        subject="TEST Autosvar",
    )


def call_back(services: Services, number: int) -> Seeded:
    """Plant mail that names a case and whose sender is not proven."""
    named = samples.seed(services, queue=None, state="CONFIRMED")
    made = _held(services, 70 + number, queue="Q4", reason="sender_names_a_case")
    extracted_values.add_ranks(services, made, [(named, 0.9, "guess_reference_seen")])
    return made


def _held(services: Services, number: int, **options: Any) -> Seeded:  # Any: as samples.seed
    options = {
        "queue": "Q3",
        "state": "HOLDING",
        "with_case": False,
        "priority": "unknown",
        "verdict": "unknown",
        "due_in": timedelta(hours=2, minutes=number),
        "sender_reasons": ["address_not_registered"],
        "parts": CLEAN_PARTS,
        **options,
    }
    made = samples.seed(services, **options)
    ids = extracted_values.ids_of(services, made)
    if len(ids) > 1:
        copies.add_copy(services, ids[1], copies.TEXTS[:1])
        extracted_values.add_kind(services, ids[1], "REF-FORM", REASONS["REF-FORM"], 0.93, (1, 2))
    return made


PLANTERS = {
    "clean": clean,
    "guessed": guessed,
    "untold": untold,
    "quarantined": quarantined,
    "dated": dated,
    "arabic": arabic,
    "robot": robot,
    "call_back": call_back,
}
