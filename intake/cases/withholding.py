"""Note what must be withheld from whom; every page that reads a case or shares something shows it.

A family member or a partner may be the trafficker, and an authority may have to tell others
(requirement 17). The text is sealed with the case's key, and is kept when it ends.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.core import audit
from intake.core.errors import FieldsInvalid, NotFound
from intake.core.sealed_texts import SealedTexts
from intake.core.typed_text import tidy
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, consents
from storage.cases.consents import CaseWithholding
from storage.crypto.sealing import seal
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

MAX_CHARS = 500


class FromWhom(StrEnum):
    """From whom something is withheld."""

    PARTNER = "partner"
    FAMILY = "family"
    COMMUNITY = "community"
    EMPLOYER = "employer"
    EMBASSY = "embassy"
    POLICE = "police"
    AUTHORITY = "authority"
    EVERYBODY = "everybody"


class WithholdingInvalid(FieldsInvalid):
    """A choice or the text is missing; `errors` is {field: sentence}."""

    reason = "withholding_invalid"
    public = "Please say from whom, and what. Nothing was changed."


@dataclass(frozen=True)
class Withheld:
    """One thing that is withheld; `text` is None when it was erased, `by` the label of who noted
    it."""

    id: str
    from_whom: str
    text: str | None
    by: str
    at: datetime


def note_withholding(
    services: "Services",
    opened: "OpenedToChange[Case]",
    from_whom: str,
    text: str,
    *,
    seen_version: int | None = None,
) -> None:
    """Note what must be withheld from whom. The same words again change nothing.

    Raises NotFound, CaseMoved, WithholdingInvalid or ChangedMeanwhile.
    """
    wanted = tidy(text)
    errors = {}
    if from_whom not in set(FromWhom):
        errors["from_whom"] = "Choose from whom it is withheld."
    if not wanted or len(wanted) > MAX_CHARS:
        errors["withheld"] = f"Write what must be withheld, in up to {MAX_CHARS} characters."
    if errors:
        raise WithholdingInvalid(errors)
    with services.database.transaction() as session:
        case = opened.row(services, session)
        known = of_case(services, session, case)
        if any((each.from_whom, each.text) == (from_whom, wanted) for each in known):
            return
        edit_conflicts.refuse_if_changed(
            session, ("case", case.id), edit_conflicts.WITHHELD, seen_version
        )
        row_id = new_id()
        key = services.keyring.open(session, case.data_key_id)
        session.add(
            CaseWithholding(
                id=row_id,
                case_id=case.id,
                from_whom=from_whom,
                text=seal(key, place("case_withholdings", "text", row_id), wanted),
                noted_by=opened.user.id,
                noted_at=services.now(),
            )
        )
        detail = {"from_whom": from_whom}
        audit.note(services, session, opened.user, Act.CASE_WITHHELD, ("case", case.id), detail)


def end_withholding(services: "Services", opened: "OpenedToChange[Case]", row_id: str) -> None:
    """End a withholding; a second call changes nothing. Raises NotFound or CaseMoved."""
    with services.database.transaction() as session:
        case = opened.row(services, session)
        row = session.get(CaseWithholding, row_id)
        if row is None or row.case_id not in cases.merged_into(session, case.id):
            raise NotFound
        if row.ended_at is None:
            row.ended_at, row.ended_by = services.now(), opened.user.id
            detail = {"from_whom": row.from_whom}
            audit.note(
                services, session, opened.user, Act.CASE_WITHHELD_NO_MORE, ("case", case.id), detail
            )


def of_case(services: "Services", session: "Session", case: "Case") -> tuple[Withheld, ...]:
    """Return what is withheld in a case and in those that were merged into it, oldest first."""
    merged = cases.by_ids(session, set(cases.merged_into(session, case.id)))
    rows = consents.withheld_of_cases(session, list(merged))
    if not rows:
        return ()
    sealed = SealedTexts(services, session)
    labels = users.labels_of(session, {row.noted_by for row in rows})
    return tuple(
        Withheld(
            id=row.id,
            from_whom=row.from_whom,
            text=sealed.text(
                merged[row.case_id].data_key_id, "case_withholdings", "text", row.id, row.text
            ),
            by=labels.get(row.noted_by, ""),
            at=row.noted_at,
        )
        for row in rows
    )


def of_submission(
    services: "Services", session: "Session", submission: "Submission"
) -> tuple[Withheld, ...]:
    """Return what is withheld in a submission's case, empty when it is in none."""
    case = cases.by_id(session, submission.case_id)
    return of_case(services, session, cases.resolved(session, case)) if case is not None else ()


def before_sharing(
    services: "Services", opened: "OpenedToChange[Submission]"
) -> tuple[Withheld, ...]:
    """Return what is withheld in a submission's case, for a page from which an officer shares.

    Raises NotFound.
    """
    with services.database.transaction() as session:
        return of_submission(services, session, opened.row(services, session))
