"""A reason opens the case that it names, not what is merged or filed into it (threat P12)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser
from intake.cases.read import read_case
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.documents import viewer
from intake.filing import case_actions
from intake.filing.undo import undo_filing
from storage.access import own_submissions
from storage.base import new_id
from storage.cases.legal_dates import LegalDate
from storage.submissions import submissions
from storage.submissions.submissions import Submission
from tests.portal.administration.break_glass.opening import WHY
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.documents.closed_documents import ClosedDocuments, seed_closed

MakeUser = Callable[..., SignedInUser]


def merge(
    services: Services, user: SignedInUser, old: ClosedDocuments, into: ClosedDocuments
) -> str:
    """Merge one case into another; return the batch."""
    from_case, to_case = (
        gate.case_to_file_into(services, user, each.case_reference, follows=False)
        for each in (old, into)
    )
    return case_actions.merge_cases(services, from_case, to_case)


def reads(services: Services, user: SignedInUser, papers: ClosedDocuments, kind: str) -> bool:
    """Look at a document; tell whether anything of it was shown."""
    try:
        opened = gate.document_to_read(services, user, papers.ids[kind])
        return bool(viewer.document_view(services, opened).pages)
    except NotFound:
        return False


def test_what_is_merged_in_later_is_not_open(
    services: Services, papers: ClosedDocuments, make_user: MakeUser, clock: Clock
) -> None:
    officer, other = make_user("INTAKE"), seed_closed(services)
    other.confirm()
    break_glass.open_with_reason(services, officer, papers.reference, "police", WHY)
    clock.at += timedelta(seconds=1)

    merge(services, officer, other, papers)

    assert reads(services, officer, papers, "POL-RPT")
    assert not reads(services, officer, other, "POL-RPT")


def test_a_second_reason_opens_what_came_later(
    services: Services, papers: ClosedDocuments, make_user: MakeUser, clock: Clock
) -> None:
    officer, other = make_user("INTAKE"), seed_closed(services)
    other.confirm()
    break_glass.open_with_reason(services, officer, papers.reference, "police", WHY)
    clock.at += timedelta(seconds=1)
    merge(services, officer, other, papers)
    clock.at += timedelta(seconds=1)

    break_glass.open_with_reason(services, officer, papers.reference, "police", WHY)

    assert reads(services, officer, other, "POL-RPT")


def test_a_list_does_not_hold_what_came_later(
    services: Services, papers: ClosedDocuments, make_user: MakeUser, clock: Clock
) -> None:
    worker, officer, other = make_user("CASEW"), make_user("INTAKE"), seed_closed(services)
    break_glass.open_with_reason(services, worker, papers.reference, "content", WHY)
    clock.at += timedelta(seconds=1)

    merge(services, officer, other, papers)

    with services.database.reading() as session:
        own = own_submissions.own_submissions(worker.id, services.now())
        found = session.query(Submission.reference).filter(Submission.id.in_(own)).all()
    assert [each.reference for each in found] == [papers.reference]


def test_the_review_names_what_was_looked_at_in_a_merged_case(
    services: Services,
    papers: ClosedDocuments,
    make_user: MakeUser,
    signed_in: SignIn,
    clock: Clock,
) -> None:
    officer, other, third = make_user("INTAKE"), seed_closed(services), seed_closed(services)
    other.confirm()
    batch = merge(services, officer, other, papers)
    merge(services, officer, third, papers)
    clock.at += timedelta(seconds=1)
    break_glass.open_with_reason(services, officer, papers.reference, "police", WHY)

    assert reads(services, officer, other, "POL-RPT")
    clock.at += timedelta(seconds=1)
    undo_filing(services, gate.filing_to_undo(services, officer, batch))

    page = signed_in("PROT").get("/unusual-access").text
    assert other.reference in page
    assert third.reference not in page


def test_a_note_that_arrives_in_the_case_later_is_not_open(
    services: Services, papers: ClosedDocuments, make_user: MakeUser, clock: Clock
) -> None:
    manager = make_user("MGR")
    break_glass.open_with_reason(services, manager, papers.reference, "content", WHY)
    clock.at += timedelta(seconds=1)
    note = seed_closed(services)
    with services.database.transaction() as session:
        later = submissions.by_reference(session, note.reference)
        assert later is not None
        # It is in its case before a worker files it.
        later.case_id, later.received_at = papers.case_id, services.now()

    assert gate.submission_to_read(services, manager, papers.reference)
    with pytest.raises(NotFound):
        gate.submission_to_read(services, manager, note.reference)


def test_a_typed_day_of_what_came_later_is_not_on_the_cases_page(
    services: Services, papers: ClosedDocuments, make_user: MakeUser, clock: Clock
) -> None:
    manager, other = make_user("MGR"), seed_closed(services)
    with services.database.transaction() as session:
        later = submissions.by_reference(session, other.reference)
        assert later is not None
        day = LegalDate(
            id=new_id(), submission_id=later.id, kind="trial", day=date(2031, 3, 17),
            noted_at=services.now(), confirmed_at=services.now(),
        )  # fmt: skip
        session.add(day)
    break_glass.open_with_reason(services, manager, papers.reference, "content", WHY)
    clock.at += timedelta(seconds=1)
    merge(services, make_user("INTAKE"), other, papers)

    opened = gate.case_to_read(services, manager, papers.case_reference)
    shown = read_case(services, opened)

    assert shown.dates == ()
