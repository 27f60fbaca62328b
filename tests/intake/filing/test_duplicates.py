"""Check same again.

Only documents that tell one case from others make a mail a possible duplicate.
"""

from datetime import timedelta
from typing import Any

import pytest

from intake.core.services import Services
from intake.filing import duplicates
from storage.database import Session
from storage.submissions.submissions import Submission, by_id
from tests.support.building import Clock
from tests.support.rows import Planter

BIG = 50_000
Files = list[tuple[str, int, str]]
FORM = ("f" * 64, BIG, "attachment")
SCAN = ("a" * 64, BIG, "attachment")
PASSPORT = ("b" * 64, BIG, "attachment")
LOGO = ("c" * 64, duplicates.MIN_BYTES - 1, "attachment")
INLINE = ("d" * 64, BIG, "inline")
BODY = ("e" * 64, BIG, "body")


def mail(planter: Planter, clock: Clock, files: Files, **changes: Any) -> Submission:
    """Store a mail with documents, a minute after the one before."""
    clock.advance(timedelta(minutes=1))
    submission = planter.submission(received_at=clock.now(), **changes)
    for position, (sha256, size, role) in enumerate(files):
        planter.document(submission, position=position, sha256=sha256, size=size, role=role)
    return submission


def again(session: Session, submission: Submission) -> str | None:
    """Return the older mail, if any."""
    found = by_id(session, submission.id)
    assert found is not None
    return duplicates.possible_duplicate_of(session, found)


@pytest.mark.parametrize(
    ("older", "newer", "is_same"),
    [
        ([SCAN], [SCAN], True),
        ([SCAN, PASSPORT], [SCAN], True),
        ([SCAN], [SCAN, PASSPORT], False),
        ([SCAN], [SCAN, LOGO, INLINE, BODY], True),
        ([SCAN, LOGO], [LOGO], False),
        ([INLINE], [INLINE], False),
        ([BODY], [BODY], False),
        ([], [], False),
        ([PASSPORT], [SCAN], False),
    ],
)
def test_all_telling_attachments_must_have_come_before(
    services: Services, clock: Clock, older: Files, newer: Files, is_same: bool
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        first, second = mail(planter, clock, older), mail(planter, clock, newer)

        assert again(session, second) == (first.id if is_same else None)
        assert again(session, first) is None


def test_the_oldest_of_several_is_named(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        first, _second, third = (mail(planter, clock, [SCAN]) for _ in range(3))

        assert again(session, third) == first.id


def test_a_form_that_stands_in_many_cases_says_nothing(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        for _ in range(duplicates.BOILERPLATE_CASES):
            mail(planter, clock, [FORM], case_id=planter.case().id)
        only_form, with_scan = mail(planter, clock, [FORM]), mail(planter, clock, [FORM, SCAN])
        later = mail(planter, clock, [FORM, SCAN])

        assert again(session, only_form) is None
        assert again(session, with_scan) is None
        assert again(session, later) == with_scan.id


def test_the_other_programme_is_not_looked_at(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        mail(planter, clock, [SCAN], programme="cash")

        assert again(session, mail(planter, clock, [SCAN])) is None
