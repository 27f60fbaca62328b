"""Say on pages how the office is called: its telephone number, with the hours beside it."""

import re
from dataclasses import dataclass

from intake.core import office_clock
from intake.reference_data.answer_template import HELPLINE
from intake.reference_data.prepared_answers import find_answer
from portal.language import choice as language
from portal.web import session

NUMBER = re.compile(r"\+?\d[\d ()/-]{4,}\d")


@dataclass(frozen=True)
class OfficeLine:
    """The office's number as people write it, and the hours in the language of the page.

    `number` is empty where the office's data name none.
    """

    number: str
    hours: str

    @property
    def dialled(self) -> str:
        """Return the number for a `tel:` link (RFC 3966)."""
        return re.sub(r"[^+\d]", "", self.number)


def office_line() -> OfficeLine:
    """Return how the office is called today, by its prepared answers."""
    services = session.services()
    today = office_clock.office_day(services.offices, services.now())
    with services.database.reading() as read:
        found = find_answer(read, HELPLINE, language.current(), today)
    text = found.text if found is not None else ""
    number = NUMBER.search(text)
    if number is None:
        return OfficeLine("", "")
    return OfficeLine(number.group(), text[number.end() :].strip(" ,;"))
