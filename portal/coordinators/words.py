"""Say numbers of items and the checklist's words in the language of a coordinator's page."""

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from portal.language import choice as language

if TYPE_CHECKING:
    from intake.reference_data.checklists import ChecklistItem


def items(count: int | None) -> str:
    """Return how many things came: `1 item`, `6 items`; without any, or a count, the message."""
    if not count:
        return str(gettext("Your message"))
    return str(ngettext("%(num)s item", "%(num)s items", count))


def wording(item: "ChecklistItem") -> str:
    """Return what is still needed, in the office's own words for it."""
    return item.wording_sv if language.current() == "sv" else item.wording_en
