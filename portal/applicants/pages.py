"""Show applicants what they may ask about, and when somebody answers the telephone.

Everybody may read these pages, so they know nobody: they set no cookie, read no session and ask
nothing. What they say of countries, amounts and hours is the office's data of the day. Where the
office has none, the page says so, and never what held once.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from intake.core.office_clock import office_day
from intake.helpline import hours
from intake.helpline.hours import Helpline, Span
from intake.reference_data import editions
from portal.applicants import places
from portal.language import choice
from portal.text import formatting
from portal.web import session
from portal.web.policy import public
from storage.editions import EditionKind
from storage.worded import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.reference_data.editions import InForce
    from storage.database import Session

applicants = Blueprint("applicants", __name__)
PAYABLE, ELIGIBLE, CASH = "iom_payable", "agency_eligible", "reestablishment"
LANGUAGE_NAMES: "Mapping[str, str]" = {
    "en": worded("English"),
    "sv": worded("Swedish"),
    "ar": worded("Arabic"),
    "ckb": worded("Kurdish (Sorani)"),
    "kmr": worded("Kurdish (Kurmanji)"),
    "fa": worded("Persian (Farsi)"),
    "prs": worded("Dari"),
    "tg": worded("Tajik"),
    "so": worded("Somali"),
    "am": worded("Amharic"),
    "ti": worded("Tigrinya"),
    "om": worded("Oromo"),
    "ur": worded("Urdu"),
    "ps": worded("Pashto"),
    "fr": worded("French"),
    "es": worded("Spanish"),
}
# What these show of the caller is said before the links (requirement 52).
APPS = {
    "whatsapp": ("WhatsApp", "https://wa.me/"),
    "viber": ("Viber", "viber://chat?number=%2B"),
}


@applicants.get("/helpline")
@public
def helpline() -> str:
    """Show the helpline's number, whether it is open now, and its hours in each country."""
    services, now = session.services(), session.services().now()
    with services.database.reading() as reading:
        line = hours.in_force(services, reading, now)
        countries = _countries(reading, PAYABLE)
    span = line.next_span(now) if line is not None else None
    return render_template(
        "applicants/helpline.html",
        line=line,
        span=span,
        is_open=span is not None and span.contains(now),
        is_today=_is_today(line, span),
        moment=_swedish(line, span),
        hours_by_place=_by_place(span, countries),
        names=LANGUAGE_NAMES,
        apps=[APPS[each] for each in line.apps] if line is not None else [],
    )


@applicants.get("/about")
@public
def about() -> str:
    """Show who may get cash support, who decides, how much it is and where it is paid."""
    language = choice.current()
    with session.services().database.reading() as reading:
        payable, eligible = _in_force(reading, PAYABLE), _in_force(reading, ELIGIBLE)
        amounts = _in_force(reading, CASH, EditionKind.AMOUNTS)
    paid = payable.content["countries"] if payable else []
    granted = eligible.content["countries"] if eligible else []
    others = [code for code in granted if code not in paid]
    return render_template(
        "applicants/about.html",
        paid=places.sorted_by_name(paid, language),
        others=places.sorted_by_name(others, language),
        amounts=amounts.content if amounts else None,
        kronor=_kronor,
    )


def _in_force(
    reading: "Session", code: str, kind: EditionKind = EditionKind.COUNTRIES
) -> "InForce | None":
    services = session.services()
    today = office_day(editions.offices(services, reading), services.now())
    return editions.in_force(reading, kind, code, today)


def _countries(reading: "Session", code: str) -> list[str]:
    found = _in_force(reading, code)
    return list(found.content["countries"]) if found is not None else []


def _swedish(line: Helpline | None, span: Span | None) -> str:
    """Return when the helpline opens, by its own clock: `Mon 30 Nov 13:00`."""
    if line is None or span is None:
        return ""
    return formatting.moment(span.opens, choice.current(), line.zone)


def _is_today(line: Helpline | None, span: Span | None) -> bool:
    """Tell whether the helpline opens today, by its own calendar."""
    if line is None or span is None:
        return False
    now = session.services().now().astimezone(line.zone)
    return span.opens.astimezone(line.zone).date() == now.date()


def _by_place(span: Span | None, countries: list[str]) -> list[places.LocalHours]:
    return places.local_hours(span, countries, choice.current()) if span is not None else []


def _kronor(amount: int) -> str:
    """Return an amount in groups of three that no line break parts: `30 000`."""
    return f"{amount:,}".replace(",", "\u00a0")
