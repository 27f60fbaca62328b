"""Check that the search finds nothing by words of what is closed to who asks."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.queues import search_index
from intake.queues.search import search_submissions
from storage.base import new_id
from storage.cases.cases import Case
from storage.documents import document_types, documents
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.samples import Part

MakeUser = Callable[..., SignedInUser]

# So many words of each sort; with four sorts they are eighty.
NUMBER = 20
SORTS = ("health", "police", "letter", "unassigned")
# Who reads what: every other pair must find nothing.
READERS = {"health": {"CASEW"}, "police": {"CASEW", "PROT"}, "letter": {"CASEW"},
           "unassigned": {"INTAKE", "PROT"}}  # fmt: skip


@dataclass(frozen=True)
class Closed:
    """A house with words that stand only in closed matter: {sort: words}, and the case's owner."""

    services: Services
    words: dict[str, list[str]]
    caseworker: SignedInUser

    def hits(self, user: SignedInUser, text: str) -> int:
        """Count what a user finds by a text."""
        return len(search_submissions(self.services, user, text).hits)


@pytest.fixture
def closed(services: Services, make_user: MakeUser) -> Closed:
    """Put in one submission with closed papers and a closed letter, and one of nobody's case."""
    words = {sort: [f"{sort}ord{number}" for number in range(NUMBER)] for sort in SORTS}
    made = samples.seed(
        services,
        subject="remiss",
        body_text=" ".join(words["letter"]),
        parts=(
            Part("", "CLEAN", "", "text/plain", 612, role="body"),
            Part(" ".join(words["health"]) + ".pdf", "CLEAN", page_count=1),
            Part(" ".join(words["police"]) + ".pdf", "CLEAN", page_count=1),
        ),
    )
    samples.seed(services, subject=" ".join(words["unassigned"]), body_text="", parts=())
    types = ("FIT-TRVL", "HLTH-DECL", "POL-RPT")
    caseworker = make_user("CASEW")
    with services.database.transaction() as session:
        rows = documents.of_submission(session, made.submission_id)
        for row, document_type in zip(rows, types, strict=True):
            document_types.forget(session, row.id)
            session.add(
                DocumentTypeRange(
                    id=new_id(),
                    document_id=row.id,
                    first_page=1,
                    last_page=1,
                    document_type=document_type,
                    suggested_type=document_type,
                    confidence=1.0,
                    reasons=[],
                    decided_by=caseworker.id,
                    decided_at=services.now(),
                )
            )
        submission = session.get_one(Submission, made.submission_id)
        session.get_one(Case, submission.case_id).owner_id = caseworker.id
    search_index.index_all(services)
    return Closed(services, words, caseworker)


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "PROT", "MGR", "CASH", "HEALTH"])
def test_words_of_closed_matter_find_nothing(
    closed: Closed, make_user: MakeUser, role: str
) -> None:
    user = closed.caseworker if role == "CASEW" else make_user(role)

    hits = {
        sort: sum(closed.hits(user, word) for word in words) for sort, words in closed.words.items()
    }

    assert hits == {sort: NUMBER if role in READERS[sort] else 0 for sort in SORTS}


def test_words_of_an_open_and_a_closed_place_are_not_joined(
    closed: Closed, make_user: MakeUser
) -> None:
    intake, word = make_user("INTAKE"), closed.words["health"][0]

    assert closed.hits(intake, "remiss") == 1
    assert closed.hits(intake, f"remiss {word}") == 0
    assert closed.hits(closed.caseworker, f"remiss {word}") == 1


def test_what_needs_a_reason_is_found_by_its_code_alone(
    closed: Closed, make_user: MakeUser
) -> None:
    manager = make_user("MGR")
    with closed.services.database.reading() as session:
        references = [row.reference for row in session.query(Submission)]

    assert closed.hits(manager, "remiss") == 0
    assert [closed.hits(manager, reference) for reference in references] == [1, 1]
