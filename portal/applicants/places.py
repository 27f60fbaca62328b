"""Name countries, and tell the helpline's hours by the clocks that hang there.

Names are those of the CLDR in the page's language, zones those of the IANA database. A country
whose clocks differ is told once for each time, with its cities.
"""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from intake.helpline.hours import Span
from portal.text import formatting

SWEDEN = "SWE"


@dataclass(frozen=True)
class LocalHours:
    """When the helpline is open by the clocks of one place: `Iraq`, `15:00–17:00`.

    `day` is the weekday there, where it is another one than in Sweden, else empty.
    """

    place: str
    day: str
    hours: str


@lru_cache(maxsize=512)
def country_name(code: str, language: str) -> str:
    """Return a country's name (ISO 3166-1 alpha-3) in a language."""
    return str(Locale.parse(language).territories[_alpha_2(code)])


def sorted_by_name(codes: list[str], language: str) -> list[str]:
    """Return the names of countries in an order that its readers can follow."""
    return sorted((country_name(code, language) for code in codes), key=str.casefold)


def local_hours(span: Span, codes: list[str], language: str) -> list[LocalHours]:
    """Return the hours at each of some countries; Sweden first, the others by their names."""
    others = [code for code in codes if code != SWEDEN]
    ordered = sorted(others, key=lambda code: country_name(code, language).casefold())
    return [found for code in (SWEDEN, *ordered) for found in _in_country(span, code, language)]


def _in_country(span: Span, code: str, language: str) -> list[LocalHours]:
    cities: dict[tuple[str, str], list[str]] = {}
    for zone in sorted(_zones(code)):
        cities.setdefault(_by_clock(span, ZoneInfo(zone), language), []).append(zone)
    name = country_name(code, language)
    locale = Locale.parse(language)
    return [
        LocalHours(
            name
            if len(cities) == 1
            else f"{name} ({get_timezone_location(zones[0], locale=locale, return_city=True)})",
            *told,
        )
        for told, zones in sorted(cities.items(), key=lambda each: each[0][1])
    ]


def _by_clock(span: Span, zone: ZoneInfo, language: str) -> tuple[str, str]:
    opens, closes = span.opens.astimezone(zone), span.closes.astimezone(zone)
    at_home = span.opens.astimezone(ZoneInfo(_zones(SWEDEN)[0]))
    days = formatting.WORDS[language].days
    day = days[opens.weekday()] if opens.date() != at_home.date() else ""
    return day, f"{opens:%H:%M}–{closes:%H:%M}"


def _zones(code: str) -> list[str]:
    zones: list[str] = get_global("territory_zones")[_alpha_2(code)]
    return zones


def _alpha_2(code: str) -> str:
    found: str = get_global("territory_aliases")[code][0]
    return found
