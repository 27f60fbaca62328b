"""Check documents as a tree: parts below what they came out of, however late they were found."""

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.documents.tree import views_of_rows
from intake.documents.views import CopyStanding
from intake.triage import read_submission
from storage.accounts.users import Role
from storage.documents import quarantine
from storage.documents.documents import Document
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part

P = "CLEAN"
OFFICER = SignedInUser("1", "Intake officer 1", Role.INTAKE, None)


def names_and_depths(services: Services, reference: str) -> list[tuple[str, int]]:
    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, reference)
    )
    return [(document.name, document.depth) for document in view.documents]


def test_parts_stand_below_their_parents(sqlite_services: Services) -> None:
    parts = (
        Part("a.zip", "HELD"),
        Part("b.pdf", P),
        Part("a1.zip", "HELD", parent=0),
        Part("a2.pdf", P, parent=0),
        Part("a1x.pdf", P, parent=2),
        Part("b1.pdf", P, parent=1),
    )
    seeded = samples.seed(sqlite_services, parts=parts)

    assert names_and_depths(sqlite_services, seeded.reference) == [
        ("a.zip", 0),
        ("a1.zip", 1),
        ("a1x.pdf", 2),
        ("a2.pdf", 1),
        ("b.pdf", 0),
        ("b1.pdf", 1),
    ]


def test_a_deep_tree_is_no_recursion(sqlite_services: Services) -> None:
    parts = tuple(
        Part(f"{number}.zip", "HELD", parent=number - 1 if number else None)
        for number in range(1500)
    )
    seeded = samples.seed(sqlite_services, parts=parts)

    found = names_and_depths(sqlite_services, seeded.reference)

    assert found[-1] == ("1499.zip", 1499)


def test_a_missing_parent_hides_nothing(sqlite_services: Services) -> None:
    seeded = samples.seed(sqlite_services, parts=(Part("a", P), Part("b", P, parent=0)))
    with sqlite_services.database.reading() as session:
        submission = session.get_one(Submission, seeded.submission_id)
        key = sqlite_services.keyring.open(session, submission.data_key_id)
        rows = [row for row in session.query(Document) if row.parent_id is not None]

        (view,) = views_of_rows(session, key, rows)

    assert (view.name, view.depth) == ("b", 0)


def test_the_text_of_a_mail_waits_for_no_copy(sqlite_services: Services) -> None:
    parts = (Part("", P, role="body"), Part("a.pdf", P))
    seeded = samples.seed(sqlite_services, parts=parts)

    view = read_submission.read_submission(
        sqlite_services, gate.submission_to_read(sqlite_services, OFFICER, seeded.reference)
    )

    states = [document.copy.state for document in view.documents]
    assert states == [CopyStanding.NONE, CopyStanding.BEING_MADE]


def test_acts_are_read_with_who_and_why(sqlite_services: Services) -> None:
    from intake.documents.quarantine import release_document
    from tests.support.people import plant_user

    seeded = samples.seed(sqlite_services, parts=(Part("a.pdf", "HELD", "polyglot"),))
    (row,) = copies.documents_of(sqlite_services, seeded.submission_id)
    release_document(
        sqlite_services,
        gate.document_to_change(sqlite_services, plant_user(sqlite_services), row.id),
        "Needed for the decision.",
    )

    view = read_submission.read_submission(
        sqlite_services, gate.submission_to_read(sqlite_services, OFFICER, seeded.reference)
    )

    (act,) = view.documents[0].acts
    assert (act.act, act.user, act.reason) == (
        quarantine.QuarantineActKind.RELEASE,
        "Intake officer 1",
        "Needed for the decision.",
    )
