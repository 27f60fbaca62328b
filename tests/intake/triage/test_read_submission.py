"""Check reading a submission.

What a reader gets, that it is audited, and the JSON that others script against.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.triage import read_submission
from storage import audit
from storage.accounts.users import Role
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.building import Clock, build_services
from tests.portal.samples import Part
from tests.portal.triage import extracted_values

OFFICER = SignedInUser("1", "Intake officer 1", Role.INTAKE, None)
AUDITOR = SignedInUser("2", "Auditor 1", Role.AUDIT, None)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Give real services on a scratch database."""
    built = build_services(tmp_path, Clock())
    yield built
    built.database.close()


def test_a_submission_is_opened_for_its_reader(services: Services) -> None:
    seeded = samples.seed(services, subject="Ämne")

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    assert view.subject == "Ämne"
    assert view.sender == "koordinator@region.example"
    assert view.body_text == samples.BODY
    assert [document.name for document in view.documents] == [
        part.name for part in samples.REFERRAL_PARTS
    ]
    assert [document.depth for document in view.documents] == [0, 0, 0, 0, 1, 0]
    assert view.arrivals == 1
    assert view.queue == "Q2"


def test_only_types_of_pages_that_are_seen_count_as_open(services: Services) -> None:
    seeded = samples.seed(services)
    _body, form, consent, *_rest = extracted_values.ids_of(services, seeded)
    extracted_values.add_kind(services, form, "REF-FORM")
    extracted_values.add_kind(services, consent, "MED-REC")

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    assert view.triage.open_types == 1


def test_reading_is_an_audit_event(services: Services) -> None:
    seeded = samples.seed(services)

    read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    with services.database.reading() as session:
        last = audit.of_subject(session, "submission", seeded.submission_id)[-1]
        assert audit.check_chain(session, services.keyring) == []
    assert (last.act, last.actor) == ("submission.viewed", "user:1")


@pytest.mark.parametrize("written", [str.lower, lambda code: code.replace("-", " ")])
def test_a_code_may_be_written_in_other_ways(services: Services, written) -> None:  # type: ignore[no-untyped-def] # a lambda among the parameters
    seeded = samples.seed(services)

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, written(seeded.reference))
    )

    assert view.reference == seeded.reference


def test_malformed_unknown_and_foreign_codes_are_the_same(services: Services) -> None:
    foreign = samples.seed(services, programme="cash").reference
    answers = set()

    for reference in ("nonsense", "K7M-4QX-9T", foreign):
        with pytest.raises(NotFound) as refused:
            read_submission.read_submission(
                services, gate.submission_to_read(services, OFFICER, reference)
            )
        answers.add((str(refused.value), refused.value.reason, refused.value.status))

    assert len(answers) == 1


def test_an_infected_document_means_quarantine(services: Services) -> None:
    seeded = samples.seed(services, parts=(Part("a.pdf", "INFECTED", "malware:EICAR"),))

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    assert view.queue == "Q6"


def test_a_submission_not_yet_routed_has_no_queue(services: Services) -> None:
    seeded = samples.seed(services, queue=None, parts=())

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    assert view.queue is None
    assert read_submission.as_json(view)["queue"] is None


def test_a_task_is_not_the_submissions_queue(services: Services) -> None:
    seeded = samples.seed(services, queue="Q4", kind="receipt_failed")

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, OFFICER, seeded.reference)
    )

    assert view.queue is None
    assert [item.queue for item in view.open_items] == ["Q4"]


def test_the_json_has_the_shape_that_others_script_against(services: Services) -> None:
    first = samples.seed(services)
    seeded = samples.seed(services)
    with services.database.transaction() as session:
        row = session.get_one(Submission, seeded.submission_id)
        row.duplicate_of = first.submission_id

    [found] = [
        found
        for found in map(
            read_submission.as_json, read_submission.list_submissions(services, "system:command", 9)
        )
        if found["reference"] == seeded.reference
    ]

    assert found["channel"] == "email"
    assert found["programme"] == "referrals"
    assert found["state"] == "QUEUED"
    assert datetime.fromisoformat(found["received_at"]).tzinfo is not None
    assert found["sender_verdict"] == "registered"
    assert found["case"]
    assert found["queue"] == "Q2"
    assert found["priority"] == "normal"
    assert found["duplicate_of"] == first.reference
    assert found["item_count"] == 4
    assert found["flags"] == []
    document = found["documents"][4]
    assert {"id", "name", "type", "kind", "state", "sha256", "size", "parent"} <= set(document)
    assert document["parent"] == found["documents"][3]["id"]
    [receipt] = found["receipts"]
    assert {"kind", "state", "message_id", "to_count", "sent_at"} <= set(receipt)
    assert (receipt["kind"], receipt["state"], receipt["to_count"]) == ("R1", "sent", 1)
    assert found["history"][0]["act"] == "submission.received"


def test_listing_is_one_audit_event(services: Services) -> None:
    for _ in range(3):
        samples.seed(services)
    with services.database.reading() as session:
        before = audit.count(session)

    assert len(read_submission.list_submissions(services, "system:command", 2)) == 2

    with services.database.reading() as session:
        assert audit.count(session) == before + 1
