"""What was read from a closed document is closed with it, at every address there is (threat P10).

One submission holds a confirmed health document, and a name, a value and two days that stand only
there, one of them confirmed. Each person asks for every page that can name any of it, and tries
every act on it.
"""

from datetime import date

import pytest
from flask import Flask

from intake.access.compartments import Compartment
from intake.core.services import Services
from portal.web.policy import policy_of
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.cases.legal_dates import LegalDate
from storage.documents.document_types import DocumentTypeRange
from storage.documents.people import Person as NamedPerson
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access.asked import Asked
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.rows import rows_of
from tests.portal.access.world import World
from tests.portal.samples import Part
from tests.portal.triage import extracted_values

WORDS = "KANARIEDERIVED"
DAY = date(2031, 3, 17)
CONFIRMED_DAY = date(2031, 4, 17)
# How the days could be written on a page.
WRITTEN = tuple(
    written
    for english, swedish, number in (("March", "mars", "03"), ("April", "april", "04"))
    for written in (
        f"17 {english[:3]} 2031",
        f"17 {english} 2031",
        f"17 {swedish} 2031",
        f"2031-{number}-17",
        f"17/{number}/2031",
        f"17.{number}.2031",
    )
)
DERIVED = frozenset({"value_id", "person_id", "date_id"})
VIEWERS = {viewer.name: viewer for viewer in PEOPLE}
# Who reads the document: the case's owner, and the health focal point, who reads it alone.
READERS = {"CASEW", "HEALTH"}


@pytest.fixture
def derived(world: World) -> Lot:
    """Give a submission of one closed document, owned by the caseworker, and what it says."""
    services = world.services
    made = samples.seed(
        services,
        subject="Papers",
        body_text="Attached.",
        parts=(Part("", "CLEAN", "", "text/plain", 3, role="body"), Part("scan.pdf", "CLEAN")),
    )
    document_id = extracted_values.ids_of(services, made)[1]
    values = {
        "reference": made.reference,
        "cases.reference": _owned_case(services, made.submission_id),
        "item_id": made.item_id,
        "document_id": document_id,
        "number": "1",
        "value_id": extracted_values.add_value(services, document_id, "mrz", WORDS),
        "person_id": extracted_values.add_person(services, made, WORDS),
        "date_id": extracted_values.add_date(services, made, "removal", DAY),
    }
    confirmed_id = extracted_values.add_date(services, made, "trial", CONFIRMED_DAY)
    extracted_values.add_kind(services, document_id, "MED-REC")
    with services.database.transaction() as session:
        row = session.query(DocumentTypeRange).filter_by(document_id=document_id).one()
        row.decided_by, row.decided_at = "somebody", services.now()
        session.get_one(NamedPerson, values["person_id"]).document_id = document_id
        session.get_one(LegalDate, values["date_id"]).document_id = document_id
        confirmed = session.get_one(LegalDate, confirmed_id)
        confirmed.document_id, confirmed.confirmed_at = document_id, services.now()
    return Lot("derived", "referrals", "", WORDS, f"{WORDS}OFFICE", frozenset({"CASEW"}), values,
               compartment=Compartment.HEALTH)  # fmt: skip


@pytest.mark.parametrize("name", list(VIEWERS))
def test_no_page_says_what_only_a_closed_document_says(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    pages = [asked for asked in _ways(app, world, derived) if asked.method == "GET"]

    told = []
    for asked in pages:
        text = text_of(person.ask("GET", asked.endpoint, asked.path))
        if WORDS in text or any(day in text for day in WRITTEN):
            told.append(asked.endpoint)

    assert len(pages) >= 20
    if name == "CASEW":
        assert {"staff.submission", "confirmations.compose"} <= set(told)
    else:
        assert told == []


@pytest.mark.parametrize("name", [name for name in VIEWERS if name not in READERS])
def test_nothing_derived_is_changed_by_whom_it_is_closed_to(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    acts = [
        asked
        for asked in _ways(app, world, derived)
        if asked.method == "POST" and any(derived.values[each] in asked.path for each in DERIVED)
    ]
    before = rows_of(world, [derived])

    answers = {
        str(asked): person.ask("POST", asked.endpoint, asked.path, right="yes").status_code
        for asked in acts
    }

    assert len(answers) >= 3
    assert {status for status in answers.values() if status < 400} == set()
    assert rows_of(world, [derived]) == before


def test_its_reader_decides_about_it(app: Flask, world: World, derived: Lot) -> None:
    person = Person(app, VIEWERS["CASEW"])
    acts = [
        asked
        for asked in _ways(app, world, derived)
        if asked.method == "POST" and any(derived.values[each] in asked.path for each in DERIVED)
    ]

    answers = [
        person.ask("POST", asked.endpoint, asked.path, right="yes").status_code for asked in acts
    ]

    assert all(status < 404 for status in answers)


@pytest.mark.parametrize("name", ["INTAKE", "CASEW"])
def test_the_history_tells_no_kind_of_what_is_closed(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    owner, reader = Person(app, VIEWERS["CASEW"]), Person(app, VIEWERS[name])
    for asked in _ways(app, world, derived):
        if asked.method == "POST" and any(derived.values[each] in asked.path for each in DERIVED):
            owner.ask("POST", asked.endpoint, asked.path, right="yes")

    page = text_of(
        reader.ask("GET", "staff.submission", f"/submissions/{derived.values['reference']}")
    )
    history = page.partition('id="history"')[2].partition("</ol>")[0]

    assert "Date taken off the clocks" in history
    assert "Reading " in history
    assert "Person " in history
    is_told = [told in history for told in ("removal", "mrz", "part ")]
    assert is_told == [name == "CASEW"] * 3


def _owned_case(services: Services, submission_id: str) -> str:
    """Let the caseworker own the case of a submission; return its reference."""
    with services.database.transaction() as session:
        case = session.get_one(Case, session.get_one(Submission, submission_id).case_id)
        case.owner_id = session.query(User.id).filter_by(label="Caseworker 1").scalar()
        return case.reference


def _ways(app: Flask, world: World, lot: Lot) -> list[Asked]:
    """Return every way to ask that this lot's values can fill."""
    found = []
    known = world.shared | lot.values
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = world.values(lot, rule.endpoint, rule.arguments)
            values = {name: known.get(name, value) for name, value in values.items()}
            values |= {name: lot.values[name] for name in rule.arguments if name in lot.values}
            if rule.endpoint.partition(".")[0] in {"cases", "sharing"} and "reference" in values:
                values["reference"] = lot.values["cases.reference"]
            built = rule.build(values) if set(rule.arguments) <= set(values) else None
            if built is not None:
                permission = policy_of(app, rule.endpoint)
                found += [
                    Asked(rule.endpoint, method, built[1], permission, lot)
                    for method in sorted(rule.methods or ())
                ]
    return found
