"""Plant what is derived from a closed document, and find every address that can name any of it."""

from datetime import date

from flask import Flask

from intake.access import gate
from intake.access.compartments import Compartment
from intake.accounts.accounts import signed_in_user
from intake.confirmations import receipt_pdf
from intake.core.services import Services
from intake.correspondence import case_messages
from portal.web.policy import policy_of
from storage.accounts.users import Role, User
from storage.base import new_id
from storage.cases.cases import Case
from storage.cases.filing_acts import FilingAct
from storage.cases.legal_dates import LegalDate
from storage.documents.document_types import DocumentTypeRange
from storage.documents.people import Person as NamedPerson
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access import things
from tests.portal.access.asked import Asked
from tests.portal.access.lot import Lot
from tests.portal.access.world import World
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values

WORDS = "KANARIEDERIVED"
# What the office wrote about the case, which whoever reads the case reads.
OFFICE_WORDS = "KANARIENOTE"
# The values of the lot that name the closed document, or what only it says.
CLOSED = frozenset({"document_id", "value_id", "person_id", "date_id"})
DAY = date(2031, 3, 17)
CONFIRMED_DAY = date(2031, 4, 17)


def plant(world: World) -> Lot:
    """Plant a submission of one closed document, owned by the caseworker, and what it says."""
    services = world.services
    made = samples.seed(
        services,
        subject="Papers",
        body_text="Attached.",
        parts=(Part("", "CLEAN", "", "text/plain", 3, role="body"), Part(f"{WORDS}.pdf", "CLEAN")),
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
    lot = Lot("derived", "referrals", "", WORDS, OFFICE_WORDS, frozenset({"CASEW"}), values,
              compartment=Compartment.HEALTH)  # fmt: skip
    _act_on(services, lot, made)
    return lot


def _act_on(services: Services, lot: Lot, made: Seeded) -> None:
    """Let the office have acted on the case: a filing, a note, a consent, a link, a paper."""
    with services.database.transaction() as session:
        account = session.query(User).filter_by(role=Role.INTAKE).first()
        assert account is not None
        officer = signed_in_user(account)
        submission = session.get_one(Submission, made.submission_id)
        act = FilingAct(
            id=new_id(), submission_id=submission.id, batch=new_id(), act="opened",
            to_case_id=submission.case_id, state_before="HOLDING", user_id=officer.id,
            at=services.now(),
        )  # fmt: skip
        session.add(act)
        lot.values["act"] = act.id
    case = gate.case_to_change(services, officer, lot.values["cases.reference"])
    note = case_messages.MessageDraft(case_messages.new_message_id(), lot.office_words)
    case_messages.write_note(services, case, note)
    things.share(services, lot, officer)
    lot.values["confirmations.paper_id"] = receipt_pdf.issue_receipt(services, made.submission_id)


def ways(app: Flask, world: World, lot: Lot) -> list[Asked]:
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


def _owned_case(services: Services, submission_id: str) -> str:
    """Let the caseworker own the case of a submission; return its reference."""
    with services.database.transaction() as session:
        case = session.get_one(Case, session.get_one(Submission, submission_id).case_id)
        case.owner_id = session.query(User.id).filter_by(label="Caseworker 1").scalar()
        return case.reference
