"""Check what an officer adds to R2, and suggest what the form holds at first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from intake.core import office_clock
from intake.core.errors import FieldsInvalid
from intake.core.typed_text import tidy
from intake.reference_data.word_lists import ASSESS, NEXT_STEPS, SEND_MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.confirmations.content import ChecklistResult
    from intake.core.services import Services

# The deputy's name and number in one line.
MAX_CHARS = {"next_step": 500, "deputy": 120, "remark": 1000}
# The prepared steps as the form shows them, with their Swedish and their English sentence: each is
# printed in its own language, and any other words as they stand.
PREPARED = {" / ".join(each): each for each in NEXT_STEPS}
DEFAULT_WORKING_DAYS = 5
MAX_YEARS = timedelta(days=2 * 365)


class DraftInvalid(FieldsInvalid):
    """A field is missing or invalid; `errors` is {field: sentence}."""

    reason = "draft_invalid"
    public = "Please look at the marked fields. Nothing was signed."


@dataclass(frozen=True)
class ConfirmationDraft:
    """What the officer wrote, tidied; `deputy` and `remark` may be empty."""

    next_step: str
    next_step_on: date | None
    deputy: str = ""
    remark: str = ""


def suggested_draft(
    services: "Services",
    checked: "ChecklistResult | None",
    deputy: str,
    legal_days: "Iterable[date]" = (),
) -> ConfirmationDraft:
    """Return the values with which the form opens: the step that follows from the checklist.

    `deputy` is the officer's, with their number; it may be empty. `legal_days` are those known,
    confirmed or read: the next step comes on a working day before the nearest that is still to
    come, and today when none is left before it.
    """
    now, offices = services.now(), services.offices
    step = SEND_MISSING if checked is not None and checked.missing else ASSESS
    later = office_clock.working_days_after(offices, now, DEFAULT_WORKING_DAYS)
    day = office_clock.office_day(offices, later)
    today = office_clock.office_day(offices, now)
    nearest = min((each for each in legal_days if each >= today), default=None)
    if nearest is None or day < nearest:
        return ConfirmationDraft(" / ".join(step), day, deputy)
    before = office_clock.working_day_before(offices, now, nearest)
    # On the legal day itself, or with no office day left, it has to be done today.
    return ConfirmationDraft(" / ".join(step), before or today, deputy)


def checked_draft(
    services: "Services", *, next_step: str, next_step_on: str, deputy: str, remark: str
) -> ConfirmationDraft:
    """Read the form's fields. Raises DraftInvalid with a sentence for each that is wrong."""
    texts = {"next_step": tidy(next_step), "deputy": tidy(deputy), "remark": tidy(remark)}
    errors = {
        name: f"Please use at most {MAX_CHARS[name]} characters."
        for name, text in texts.items()
        if len(text) > MAX_CHARS[name]
    }
    if not texts["next_step"]:
        errors["next_step"] = "Please say what happens next."
    day: date | None = None
    today = office_clock.office_day(services.offices, services.now())
    if next_step_on:
        try:
            day = date.fromisoformat(next_step_on)
        except ValueError:
            errors["next_step_on"] = "Please give a day, such as 2026-11-30."
    if day is not None and not today <= day <= today + MAX_YEARS:
        errors["next_step_on"] = "Please give a day that is still to come."
    if errors:
        raise DraftInvalid(errors)
    return ConfirmationDraft(next_step_on=day, **texts)
