"""Check the search for all acts on one reference: what belongs to it, page by page, audited."""

import pytest

from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts
from intake.core import audit
from intake.core.errors import ReferenceInvalid
from intake.core.services import Services
from intake.oversight.audit_search import NothingWithReference
from intake.oversight.who_read import acts_on_reference
from storage.accounts.users import Role, User
from storage.audit_acts import Act
from storage.submissions.drafts import Draft
from storage.submissions.submissions import Submission
from tests.support.rows import Planter

AUDITOR = SignedInUser("b" * 32, "Auditor 1", Role.AUDIT, None)


class Papers:
    """Hold a case with a submission, a document and a draft, and another case."""

    def __init__(self, services: Services) -> None:
        self.services = services
        with services.database.transaction() as session:
            planter = Planter(session, services.keyring, services.now())
            self.reader = planter.user()
            self.case, self.other = planter.case(), planter.case()
            self.submission = planter.submission(case_id=self.case.id)
            self.document = planter.document(self.submission)
        coordinator = SignedInUser(self.reader.id, "x", Role.COORD, "VAST")
        self.draft_id = drafts.start_draft(services, coordinator)
        with services.database.transaction() as session:
            session.get_one(Draft, self.draft_id).submission_id = self.submission.id

    def note(self, act: Act, kind: str, about: str, *shown: str) -> None:
        """Append an act of the reader."""
        with self.services.database.transaction() as session:
            detail = {"shown": list(shown)} if shown else None
            actor = f"user:{self.reader.id}"
            audit.note(self.services, session, actor, act, (kind, about), detail)

    def read_everything(self) -> None:
        """Let the reader read each thing once, and one thing of the other case."""
        self.note(Act.SUBMISSION_VIEWED, "submission", self.submission.id)
        self.note(Act.DOCUMENT_VIEWED, "document", self.document.id)
        self.note(Act.CASE_VIEWED, "case", self.case.id)
        self.note(Act.DRAFT_VIEWED, "draft", self.draft_id)
        self.note(Act.SUBMISSIONS_SEARCHED, "submissions", "search", self.submission.id)
        self.note(Act.CASE_VIEWED, "case", self.other.id)
        self.note(Act.SUBMISSIONS_SEARCHED, "submissions", "search", self.other.id)


@pytest.fixture
def papers(services: Services) -> Papers:
    """Give papers that somebody has read."""
    made = Papers(services)
    made.read_everything()
    return made


READ = [
    ("submissions.searched", "submissions"),
    ("draft.viewed", "draft"),
    ("case.viewed", "case"),
    ("document.viewed", "document"),
    ("submission.viewed", "submission"),
]


@pytest.mark.parametrize("thing", ["submission", "case"])
def test_all_that_belongs_to_a_reference_is_one_search(papers: Papers, thing: str) -> None:
    reference = getattr(papers, thing).reference

    found = acts_on_reference(papers.services, AUDITOR, reference.lower())

    assert [(each.act, each.subject_type) for each in found.events] == READ
    assert {each.actor for each in found.events} == {papers.reader.label}
    parts = {each.reference for each in found.events if each.subject_type in {"document", "draft"}}
    assert parts == {papers.submission.reference}
    assert found.older is None


@pytest.mark.parametrize("has_left", [False, True])
def test_people_are_named_also_after_they_left(papers: Papers, *, has_left: bool) -> None:
    with papers.services.database.transaction() as session:
        account = session.get_one(User, papers.reader.id)
        account.name = "Demo Reader"
        account.disabled_at = papers.services.now() if has_left else None

    found = acts_on_reference(papers.services, AUDITOR, papers.case.reference)

    assert {each.actor for each in found.events} == {f"Demo Reader ({papers.reader.label})"}


def test_what_changed_something_is_told_when_asked(papers: Papers) -> None:
    found = acts_on_reference(
        papers.services, AUDITOR, papers.submission.reference, only_reads=False
    )

    assert [each.act for each in found.events] == [*(act for act, _ in READ), "draft.started"]


def test_a_case_in_which_it_was_before_belongs_to_a_submission(papers: Papers) -> None:
    with papers.services.database.transaction() as session:
        planter = Planter(session, papers.services.keyring, papers.services.now())
        elsewhere = planter.case()
        session.get_one(Submission, papers.submission.id).case_id = elsewhere.id

    with_old = acts_on_reference(papers.services, AUDITOR, papers.case.reference)

    # The old case has no submission any more, and yet its own acts.
    assert [each.act for each in with_old.events] == ["case.viewed"]


def test_pages_follow_each_other_without_a_gap(papers: Papers) -> None:
    reference = papers.case.reference
    told, before = [], None
    while True:
        page = acts_on_reference(papers.services, AUDITOR, reference, before=before, limit=2)
        told += [each.act for each in page.events]
        before = page.older
        if before is None:
            break

    # The searches themselves are newer than where the second page begins.
    assert told == [act for act, _ in READ]


def test_the_search_is_found_by_the_next_one(papers: Papers) -> None:
    acts_on_reference(papers.services, AUDITOR, papers.case.reference)

    again = acts_on_reference(papers.services, "system:command", papers.submission.reference)

    assert again.events[0].act == Act.AUDIT_SEARCHED
    assert again.events[0].actor == AUDITOR.actor


def test_an_unknown_reference_and_none_are_refused(papers: Papers) -> None:
    unknown = "XXX-XXX-XX"

    with pytest.raises((NothingWithReference, ReferenceInvalid)):
        acts_on_reference(papers.services, AUDITOR, unknown)
    with pytest.raises(ReferenceInvalid):
        acts_on_reference(papers.services, AUDITOR, "%")


def test_a_document_is_found_by_its_own_id_and_its_beginning(papers: Papers) -> None:
    for claimed in (papers.document.id, papers.document.id[:8].upper()):
        found = acts_on_reference(papers.services, AUDITOR, claimed)

        (event,) = [each for each in found.events if each.act == Act.DOCUMENT_VIEWED]
        assert (event.part, event.reference) == (
            papers.document.id[:8],
            papers.submission.reference,
        )
        assert found.reference == papers.document.id[:8]
