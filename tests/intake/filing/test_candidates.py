"""Check candidates: ranks are found again when more is known, and never outlive the filing."""

import pytest

from intake.access import gate
from intake.filing import case_actions
from intake.filing.candidates import refresh_ranking
from storage.cases import cases, filing_acts
from storage.cases.filing_acts import CaseRank, Likeness
from storage.documents import sources
from storage.submissions import submissions
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_pdf
from tests.samples.mail.wire import STRANGER
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components


def ranks(desk: Desk, submission_id: str) -> list[CaseRank]:
    """Return what is stored."""
    with desk.services.database.reading() as session:
        return filing_acts.ranks_of(session, submission_id)


def refresh(desk: Desk, submission_id: str, similar_people: dict[str, float]) -> None:
    """Guess again, as after reading what somebody typed."""
    services = desk.services
    found = {
        case_id: (Likeness(score, (sources.TYPED,), (sources.TYPED,), submission_id),)
        for case_id, score in similar_people.items()
    }
    with services.database.transaction() as session:
        submission = submissions.by_id(session, submission_id)
        assert submission is not None
        key = services.keyring.open(session, submission.data_key_id)
        refresh_ranking(services, session, submission, key, similar_people=found)


def case_id(desk: Desk, submission_id: str) -> str:
    """Return a mail's case."""
    found = desk.submission(submission_id).case_id
    assert found is not None
    return found


def test_strangers_mail_without_clues_has_no_candidate(desk: Desk) -> None:
    desk.register()
    desk.handle(referral())

    assert ranks(desk, desk.handle(referral(STRANGER, subject="Other words"))) == []


def test_people_that_were_read_later_lead_to_their_case(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral(subject="Remiss"))
    waiting = desk.handle(referral(STRANGER, subject="Other words"))

    refresh(desk, waiting, {case_id(desk, first): 0.9})

    (rank,) = ranks(desk, waiting)
    assert (rank.rank, rank.case_id) == (1, case_id(desk, first))
    assert [each.score for each in filing_acts.likenesses_of(rank)] == [0.9]
    # Whether that counts is decided for each reader.
    assert "guess_similar_people" not in rank.reasons


def test_the_same_documents_lead_an_officer_to_the_case(desk: Desk) -> None:
    desk.register()
    scan = ("a.pdf", "application/pdf", tiny_pdf("scan", 3000))
    first = desk.handle(referral(attachments=[scan]))

    waiting = desk.handle(referral(STRANGER, attachments=[scan], subject="Other words"))

    (rank,) = ranks(desk, waiting)
    assert rank.case_id == case_id(desk, first)
    assert "guess_same_documents" in rank.reasons
    assert desk.submission(waiting).possible_duplicate_of == first


def test_a_mistyped_code_leads_to_the_nearest_case(desk: Desk) -> None:
    desk.register()
    first, _other = desk.handle(referral(token="1")), desk.handle(referral(token="2"))
    code = desk.submission(first).reference
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")

    waiting = desk.handle(referral(subject=f"Remiss {wrong}"))

    assert ranks(desk, waiting)[0].case_id == case_id(desk, first)
    assert ranks(desk, waiting)[0].reasons[0] == "guess_reference_nearly"


def test_merged_or_closed_case_is_no_candidate(desk: Desk) -> None:
    desk.register()
    ids = [case_id(desk, desk.handle(referral(token=f"{number}"))) for number in range(3)]
    with desk.services.database.transaction() as session:
        rows = cases.by_ids(session, set(ids))
        rows[ids[0]].merged_into = ids[1]
        rows[ids[2]].state = "CLOSED"

    waiting = desk.handle(referral(subject="SV: Remiss"))

    assert [rank.case_id for rank in ranks(desk, waiting)] == [ids[1]]


def test_candidates_end_with_the_filing(desk: Desk) -> None:
    desk.register()
    first = desk.handle(referral(REGISTERED_SENDER))
    waiting = desk.handle(referral(subject="SV: Remiss", token="2"))
    assert ranks(desk, waiting)

    case_actions.accept_submission(
        desk.services,
        gate.submission_to_file(
            desk.services, plant_user(desk.services), desk.submission(waiting).reference
        ),
        gate.case_to_file_into(
            desk.services, plant_user(desk.services), desk.submission(first).reference
        ),
    )
    refresh(desk, waiting, {case_id(desk, first): 1.0})

    assert ranks(desk, waiting) == []
