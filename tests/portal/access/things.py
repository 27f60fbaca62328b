"""Plant what the access matrix needs besides cases: one person's own things, and what few may read.

These are lists that leave the office, saved views, openings with a reason, single-use links, a
question without a person and a health document; each is made by its own use case.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from intake.access import gate
from intake.access.compartments import Compartment
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, link_holders
from intake.arrivals import links as upload_links
from intake.arrivals.links import LinkRequest
from intake.cases import consents, withholding
from intake.cases.consent import override
from intake.cases.consent.override import OverrideRequest
from intake.core.services import Services
from intake.correspondence import case_messages, questions
from intake.oversight import exports
from intake.queues import saved_views
from intake.queues.work_list import Filters
from storage.access import grants
from storage.access.grants import CONTENT
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.cases.consents import CaseConsent, CaseWithholding
from storage.documents.document_types import DocumentTypeRange
from storage.lists.saved_views import SavedView
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.accounts.people.rows import plant_absence, plant_colleague
from tests.portal import samples
from tests.portal.access.lot import Lot
from tests.portal.correspondence import links
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.portal.triage import extracted_values

CONSENT = {
    "purpose": "referral",
    "recipient": "ngo",
    "name": "An organisation",
    "answer": "given",
    "method": "signed",
    "interpreter": "yes",
    "explained_by": "coordinator",
    "given_on": "2026-11-20",
}
REASON = "The coordinator called and I stand in for the owner today"


def share(services: Services, lot: Lot, officer: SignedInUser) -> None:
    """Let a case have a consent, something that is withheld, and a link."""
    case = lot.values["cases.reference"]
    consents.note_consent(
        services, gate.case_to_change(services, officer, case), CONSENT | {"name": lot.office_words}
    )
    withholding.note_withholding(
        services, gate.case_to_change(services, officer, case), "partner", lot.office_words
    )
    link_request = LinkRequest(upload_links.new_link_id(), lot.office_words)
    upload_links.make_link(
        services,
        links.TEXTS,
        gate.case_or_submission_to_change(services, officer, case),
        link_request,
    )
    if lot.programme == "referrals":
        _ask_without_consent(services, lot, officer, case, REASON)
    with services.database.reading() as session:
        case_id = session.query(Case).filter_by(reference=case).one().id
        consent = session.query(CaseConsent).filter_by(case_id=case_id).one()
        withheld = session.query(CaseWithholding).filter_by(case_id=case_id).one()
    # Pages of both kinds, so that the rights of each are asked.
    page = "case" if lot.name == "south" else "submission"
    lot.values.update(
        {
            "sharing.reference": case,
            "sharing.consent_id": consent.id,
            "sharing.row_id": withheld.id,
            "upload_links.link": link_request.id,
            "ticked": f"{lot.values['item_id']}.",
            "presence.page": page,
            "presence.reference": case if page == "case" else lot.values["reference"],
            "presence.changes.reference": lot.values["reference"],
        }
    )


def give(services: Services, lot: Lot, people: dict[str, SignedInUser]) -> None:
    """Let the members of a lot own its case, or have opened it with a reason."""
    case = lot.values["cases.reference"]
    for name in sorted(lot.members):
        if name == "CASEW":
            with services.database.transaction() as session:
                found = session.query(Case).filter_by(reference=case).one()
                found.owner_id = people[name].id
        else:
            break_glass.open_with_reason(
                services, people[name], case, CONTENT, f"{REASON}: {_words('opening')}"
            )


def build(services: Services, people: dict[str, SignedInUser]) -> tuple[Lot, ...]:
    """Make the lots of things that are no whole case."""
    return (
        _list(services, people),
        _view(services, people),
        _opening(services, people),
        _link(services, people),
        _question(services, people),
        _health_paper(services),
        _protection(services),
        _absence(services, people),
        _override(services, people),
    )


def _list(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """Two lists that one officer asked for; one waits, and a manager approved the other."""
    lot = _thing("list", "INTAKE", "MGR", "DPO")
    allowed, waiting = (
        exports.ask_export(services, people["INTAKE"], "referrals", code, f"{REASON}: {lot.words}")
        for code in ("2026-Q3", "")
    )
    exports.approve_export(services, people["MGR"], allowed)
    lot.values["bulk_exports.export_id"] = waiting
    for endpoint in ("take", "take_sheet"):
        lot.values[f"bulk_exports.{endpoint}.export_id"] = allowed
    return lot


def _view(services: Services, people: dict[str, SignedInUser]) -> Lot:
    lot = _thing("view", "INTAKE")
    filters = Filters(programme="referrals")
    saved_views.save_view(services, people["INTAKE"], "Q2", lot.words, filters)
    with services.database.reading() as session:
        lot.values["view_id"] = session.query(SavedView).one().id
    return lot


def _opening(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """What one manager opened: four roles may know of it, two answer, only that manager ends it."""
    lot = _thing("opening", "MGR", "PROT", "AUDIT", "DPO")
    with services.database.reading() as session:
        (grant,) = grants.current(session, people["MGR"].id, services.now())
    lot.values["grant_id"] = grant.id
    return lot


def _link(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """A link in whose draft a browser that is none of the matrix has put a file."""
    lot = _thing("link")
    made = samples.seed(services)
    link = links.make_link(services, people["INTAKE"], made.reference, note="A neighbour")
    token = urlsplit(link.url).path.rpartition("/")[2]
    held = link_holders.open_link(services, token, "", "test")
    link_holders.claim_link(services, held, "the key of another browser")
    upload = chunks.begin_file(
        services,
        gate.draft_to_change(services, held.holder, held.draft_id),
        claimed_name=f"{lot.words}.pdf",
        claimed_type="text/plain",
        size=3,
    )
    lot.values.update(
        {
            "link_papers.token": token,
            "link_uploads.token": token,
            "link_uploads.upload_id": upload,
        }
    )
    return lot


def _question(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """A question without a person, which a coordinator asked and nobody took."""
    words = _words("question")
    lot = Lot("question", "referrals", "COORD", words, f"{words}OFFICE")
    body = (Part("", "CLEAN", "", "text/plain", 3, role="body"),)
    made = samples.seed(
        services, subject="A question", body_text=words, with_case=False, parts=body
    )
    with services.database.transaction() as session:
        row = session.get_one(Submission, made.submission_id)
        row.filing_reason, row.channel = questions.QUESTION, "upload"
        row.submitted_by = people["COORD"].id
    draft = case_messages.MessageDraft(
        case_messages.new_message_id(), "Yes, the case can be referred."
    )
    questions.answer_question(
        services,
        links.TEXTS,
        gate.submission_to_change(services, people["INTAKE"], made.reference),
        draft,
    )
    lot.values.update(
        {"questions.reference": made.reference, "conversations.reference": made.reference}
    )
    return lot


def _protection(services: Services) -> Lot:
    """A sign of danger in cash support, for protection officers alone."""
    lot = _thing("protection", "PROT")
    made = samples.seed(
        services, programme="cash", with_case=False, queue="Q12", kind="protection_sign"
    )
    lot.values["item_id"] = made.item_id
    return lot


def _absence(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """Somebody who is away with an item, for whom the intake officer acts; a manager may end it."""
    lot = _thing("absence", "INTAKE", "MGR")
    deputy = people["INTAKE"]
    away = plant_colleague(services, "Intake officer 9", deputy_id=deputy.id)
    made = samples.seed(services, with_case=False)
    with services.database.transaction() as session:
        session.get_one(User, deputy.id).password_hash = "unused"
        session.get_one(QueueItem, made.item_id).claimed_by = away.id
    lot.values["absences.item_id"] = made.item_id
    lot.values["absences.absence_id"] = plant_absence(services, away, "2026-11-24", "2026-11-27")
    return lot


def _health_paper(services: Services) -> Lot:
    """A confirmed health document of a submission whose message body says nothing of it."""
    words = _words("health")
    lot = Lot("health", "referrals", "", words, f"{words}OFFICE", compartment=Compartment.HEALTH)
    parts = (Part("", "CLEAN", "", "text/plain", 3, role="body"), Part(f"{words}.pdf", "CLEAN"))
    made = samples.seed(services, subject="Papers", body_text="Attached.", parts=parts)
    document_id = extracted_values.ids_of(services, made)[1]
    copies.add_copy(services, document_id, (words,))
    extracted_values.add_kind(services, document_id, "MED-REC")
    with services.database.transaction() as session:
        kind = session.query(DocumentTypeRange).filter_by(document_id=document_id).one()
        kind.decided_by, kind.decided_at = "somebody", services.now()
    lot.values.update({"documents.document_id": document_id, "documents.number": "1"})
    return lot


def _override(services: Services, people: dict[str, SignedInUser]) -> Lot:
    """What an officer asks for without consent, which protection or a manager answers."""
    lot = _thing("override", "PROT", "MGR")
    made = samples.seed(services, subject="Papers", body_text="Attached.")
    with services.database.reading() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        reference = session.get_one(Case, case_id).reference
    _ask_without_consent(services, lot, people["INTAKE"], reference, f"{REASON}: {lot.words}")
    override_id = lot.values.pop("without_consent.take_back.override_id")
    lot.values.clear()
    for endpoint in ("approve", "refuse", "withdraw"):
        lot.values[f"without_consent.{endpoint}.override_id"] = override_id
    return lot


def _ask_without_consent(
    services: Services, lot: Lot, officer: SignedInUser, reference: str, reason: str
) -> None:
    ends_on = services.now().date() + timedelta(days=7)
    asked = OverrideRequest("referral", "iom_finland", reason, ends_on)
    opened = gate.case_to_change(services, officer, reference)
    override_id = override.propose(services, opened, asked)
    lot.values["without_consent.reference"] = reference
    lot.values["without_consent.take_back.override_id"] = override_id


def _thing(name: str, *only: str) -> Lot:
    words = _words(name)
    return Lot(name, "", "", words, f"{words}OFFICE", only=frozenset(only))


def _words(name: str) -> str:
    return f"KANARIE{name.upper()}"
