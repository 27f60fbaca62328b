"""A case is offered for a likeness of people only to whom both names are open (threat P10).

A waiting submission names a person, and so does a case. One of the two names, or both, stand only
in a confirmed paper of the police; every person asks for the submission's page.
"""

import pytest
from flask import Flask

from intake.core.services import Services
from intake.filing.candidates import refresh_ranking
from intake.recognition.matching import name_keys
from intake.recognition.similar_people import similar_people
from storage.accounts.users import User
from storage.cases import filing_acts
from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.documents.people import Person as NamedPerson
from storage.documents.people import PersonKey
from storage.submissions import queue_items
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values

VIEWERS = {viewer.name: viewer for viewer in PEOPLE}
# Who reads the page of a waiting submission; the caseworker has it assigned.
READERS = {"INTAKE", "CASEW", "PROT"}
NAME = "Demo Testsson Exempel"
PARTS = (
    Part("", "CLEAN", "", "text/plain", 3, role="body"),
    Part("scan.pdf", "CLEAN"),
)


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ("CORR", "CORR", READERS),
        # The caseworker reads the papers of what is assigned to them, and no other's.
        ("POL-RPT", "CORR", {"CASEW", "PROT"}),
        ("CORR", "POL-RPT", {"PROT"}),
        ("POL-RPT", "POL-RPT", {"PROT"}),
    ],
)
def test_a_likeness_leads_only_whom_both_names_are_open_to(
    app: Flask, world: World, here: str, there: str, told: set[str]
) -> None:
    services = world.services
    waiting, code = _waiting(services, here), _alike(services, there)
    _rank(services, waiting, code)

    pages = {
        name: text_of(
            Person(app, viewer).ask("GET", "staff.submission", f"/submissions/{waiting.reference}")
        )
        for name, viewer in VIEWERS.items()
    }

    assert {name for name, page in pages.items() if waiting.reference in page} >= READERS
    assert {name for name, page in pages.items() if code in page} == told
    alike = "Names people like those"
    assert {name for name, page in pages.items() if alike in page} == told


def test_what_else_speaks_for_a_case_counts_without_the_closed_likeness(
    app: Flask, world: World
) -> None:
    services = world.services
    waiting, code = _waiting(services, "POL-RPT"), _alike(services, "CORR")
    _rank(services, waiting, code)
    with services.database.transaction() as session:
        (rank,) = filing_acts.ranks_of(session, waiting.submission_id)
        rank.score, rank.reasons = 0.3, ["guess_sender_wrote_before"]

    said = {}
    for name in ("INTAKE", "PROT"):
        page = text_of(
            Person(app, VIEWERS[name]).ask(
                "GET", "staff.submission", f"/submissions/{waiting.reference}"
            )
        )
        guess = page.partition('class="guesses"')[2].partition("</ol>")[0]
        words = ("wrote in this case before", "Names people", "unsure", "likely")
        said[name] = [word for word in words if word in guess]

    assert said == {
        "INTAKE": ["wrote in this case before", "unsure"],
        "PROT": ["wrote in this case before", "Names people", "likely"],
    }


def _waiting(services: Services, kind: str) -> Seeded:
    """Let a submission without a case wait that names a person, assigned to the caseworker."""
    made = samples.seed(services, with_case=False, state="HOLDING", queue="Q3", parts=PARTS)
    _name_a_person(services, made, kind)
    with services.database.transaction() as session:
        (item,) = queue_items.of_submission(session, made.submission_id)
        item.claimed_by = session.query(User.id).filter_by(label="Caseworker 1").scalar()
    return made


def _alike(services: Services, kind: str) -> str:
    """Let a case of nobody name the same person; return its code."""
    made = samples.seed(services, parts=PARTS)
    _name_a_person(services, made, kind)
    with services.database.reading() as session:
        submission = session.get_one(Submission, made.submission_id)
        return session.get_one(Case, submission.case_id).reference


def _name_a_person(services: Services, made: Seeded, kind: str) -> None:
    document_id = extracted_values.ids_of(services, made)[1]
    extracted_values.add_kind(services, document_id, kind)
    person_id = extracted_values.add_person(services, made, NAME, "1990-05-01")
    with services.database.transaction() as session:
        row = session.query(DocumentTypeRange).filter_by(document_id=document_id).one()
        row.decided_by, row.decided_at = "somebody", services.now()
        session.get_one(NamedPerson, person_id).document_id = document_id
        for each in name_keys(NAME):
            hashed = services.keyring.lookup(session, "person-name", each)
            session.add(PersonKey(person_id=person_id, key_hash=hashed))


def _rank(services: Services, waiting: Seeded, code: str) -> None:
    """Look for people who are alike, as after reading, and leave the case of a code."""
    with services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        found = similar_people(services, session, submission, key)
        case_id = session.query(Case.id).filter_by(reference=code).scalar()
        refresh_ranking(
            services, session, submission, key, similar_people={case_id: found[case_id]}
        )
        for rank in filing_acts.ranks_of(session, submission.id):
            rank.score, rank.reasons = 0.0, []
            if rank.case_id != case_id:
                session.delete(rank)
