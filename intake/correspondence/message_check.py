"""What an officer's words to a coordinator are compared with: the people of the case first.

Reads only, in the caller's transaction; the rule itself is `free_text`. Imports storage and its
neighbours only.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness
from intake.core import office_clock
from intake.core.sealed_texts import SealedTexts
from intake.correspondence import free_text
from intake.correspondence.free_text import Finding, Known
from storage.documents import people

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session


def findings_in(
    services: "Services", session: "Session", case: "Case", text: str
) -> tuple[Finding, ...]:
    """Return what must change, or must be looked at, before a text is sent in a case."""
    filed = completeness.submissions_of(session, case)
    sealed = SealedTexts(services, session)
    names = (
        # What was erased names nobody any more.
        sealed.text(row.data_key_id, "people", "name", row.id, row.name)
        for row in people.of_submissions(session, [submission.id for submission in filed])
    )
    known = Known(
        names=tuple(name for name in names if name),
        own_addresses=frozenset(services.settings.own_addresses),
        own_numbers=(),
        own_references=frozenset({case.reference, *(each.reference for each in filed)}),
        today=office_clock.office_day(services.offices, services.now()),
    )
    return free_text.check(text, known)
