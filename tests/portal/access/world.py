"""Build a world for the access matrix: two regions, two programmes, and one person of each role.

Three lots hold one of everything that an address of a case can name, with words planted in
every text of theirs; further lots (`things`) hold what is somebody's own. Somebody who must not
see a lot must never get an answer with its words. A new parameter of an address gets its value
in `Lot.values` or in `World.shared`.
"""

import shutil
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from intake.access import gate
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, drafts
from intake.confirmations import receipt_pdf
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.outbox import invitations
from intake.reference_data import editions
from intake.reference_data.edition_drafts import read_draft
from intake.senders import register
from storage.accounts import role_requests
from storage.accounts.users import User
from storage.base import new_id
from storage.blobs.blobs import BlobStore
from storage.blobs.folder import FolderBackend
from storage.cases import participants
from storage.cases.cases import Case
from storage.cases.filing_acts import FilingAct
from storage.crypto.column_types import open_columns
from storage.database import Session, open_database
from storage.editions import EditionKind
from storage.mail import senders
from storage.submissions.drafts import Draft
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.access import things
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.building import Clock, build_services
from tests.portal.correspondence.links import TEXTS
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.support.people import plant_session

DATABASE = "world.db"
PROPOSAL = {
    "code": ["iom_payable"],
    "valid_from": ["2026-11-01"],
    "source": ["The agency's page"],
    "countries": ["IRQ"],
    "note": ["The agency has published a new list."],
}


@dataclass(frozen=True)
class World:
    """Everything, on services of its own. `shared` fills addresses that belong to no case."""

    services: Services
    folder: Path
    lots: tuple[Lot, ...]
    shared: dict[str, str]

    def copied_to(self, folder: Path) -> "World":
        """Return an equal world in another folder."""
        self.services.database.close()
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        services = replace(
            self.services,
            database=open_columns(
                open_database(f"sqlite:///{folder / DATABASE}"), self.services.keyring
            ),
            blobs=BlobStore(FolderBackend(folder / "blobs")),
        )
        return replace(self, services=services, folder=folder)

    def restore(self, original: "World") -> None:
        """Set every row back to what it was."""
        self.services.database.close()
        for path in self.folder.glob(f"{DATABASE}-*"):
            path.unlink()
        shutil.copyfile(original.folder / DATABASE, self.folder / DATABASE)

    def lots_for(self, endpoint: str, names: Iterable[str]) -> list[Lot | None]:
        """Return the lots with which a rule is filled; one None when it names no lot."""
        of_a_matter = [name for name in names if self._key(endpoint, name, self._lot_keys)]
        if not of_a_matter:
            return [None]
        return [
            lot
            for lot in self.lots
            if all(self._key(endpoint, name, lot.values) for name in of_a_matter)
        ]

    def values(self, lot: Lot | None, endpoint: str, names: Iterable[str]) -> dict[str, str]:
        """Return what fills a rule's parameters; unknown parameters are left out."""
        known = self.shared | (lot.values if lot is not None else {})
        keys = {name: self._key(endpoint, name, known) for name in names}
        return {name: known[key] for name, key in keys.items() if key is not None}

    def knows(self, endpoint: str, name: str) -> bool:
        """Tell whether the world says what a parameter stands for."""
        return self._key(endpoint, name, {*self._lot_keys, *self.shared}) is not None

    @property
    def _lot_keys(self) -> set[str]:
        return {key for lot in self.lots for key in lot.values}

    @staticmethod
    def _key(endpoint: str, name: str, known: Container[str]) -> str | None:
        blueprint = endpoint.partition(".")[0]
        keys = (f"{endpoint}.{name}", f"{blueprint}.{name}", name)
        return next((key for key in keys if key in known), None)


def build(folder: Path) -> World:
    """Build the world once; tests work on copies of it."""
    services = build_services(folder, Clock(), database_url=f"sqlite:///{folder / DATABASE}")
    signed_in = {viewer.name: _settle(services, viewer) for viewer in PEOPLE}
    lots = (
        # One case is a caseworker's own and a manager opened it; of the next neither is true.
        _lot(services, signed_in, "west", "referrals", "COORD", ("CASEW", "MGR")),
        _lot(services, signed_in, "south", "referrals", "COORD-of-the-south", ()),
        _lot(services, signed_in, "cash", "cash", "", ("PROT",)),
        *things.build(services, signed_in),
    )
    return World(services, folder, lots, _shared(services, signed_in))


def _settle(services: Services, viewer: Viewer) -> SignedInUser:
    """Make an account with a proved factor and an open session; no password is hashed for it."""
    invitation = accounts.invite_account(services, viewer.address, viewer.role, viewer.region)
    now = services.now()
    with services.database.transaction() as session:
        user = session.get_one(User, invitation.user_id)
        user.totp_confirmed_at = now
        user.invitation_hash = user.invitation_expires_at = None
        plant_session(session, user.id, viewer.token, now, is_factor_proved=True)
    if viewer.region is not None:
        stands_in = PEOPLE[0].address if viewer.stands_in_for else None
        register.add_sender(services, "test", viewer.address, viewer.region, deputy_for=stands_in)
    return SignedInUser(invitation.user_id, invitation.label, viewer.role, viewer.region, True)


def _lot(
    services: Services,
    people: dict[str, SignedInUser],
    name: str,
    programme: str,
    owner: str,
    members: tuple[str, ...],
) -> Lot:
    words = f"KANARIE{name.upper()}"
    office_words = f"{words}OFFICE"
    made = samples.seed(
        services,
        programme=programme,
        subject=words,
        body_text=words,
        sender=f"{words.lower()}@region.example",
        region="SYD" if name == "south" else "VAST",
        parts=(Part("", "CLEAN", "", "text/plain", 3, role="body"), Part(f"{words}.pdf", "CLEAN")),
    )
    lot = Lot(name, programme, owner, words, office_words, frozenset(members))
    officer = people["CASH" if programme == "cash" else "INTAKE"]
    lot.values.update(_reading(services, made, words))
    lot.values.update(_case(services, made, officer, office_words))
    things.share(services, lot, officer)
    things.give(services, lot, people)
    if owner:
        lot.values.update(_sent(services, lot, made, people[owner], officer))
    lot.values["confirmations.paper_id"] = receipt_pdf.issue_receipt(services, made.submission_id)
    return lot


def _reading(services: Services, made: Seeded, words: str) -> dict[str, str]:
    """Give a document a copy, and values about a person and a day."""
    document_id = copies.documents_of(services, made.submission_id)[1].id
    copies.add_copy(services, document_id, (words,))
    extracted_values.add_kind(services, document_id, "UNK")
    return {
        "reference": made.reference,
        "item_id": made.item_id,
        "document_id": document_id,
        "number": "1",
        "value_id": extracted_values.add_value(services, document_id, "mrz", words),
        "person_id": extracted_values.add_person(services, made, words),
        "date_id": extracted_values.add_date(services, made, "trial", date(2026, 12, 1)),
    }


def _case(
    services: Services, made: Seeded, officer: SignedInUser, office_words: str
) -> dict[str, str]:
    """Give the case an act that can be undone, and a note."""
    act_id = new_id()
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        case = session.get_one(Case, submission.case_id)
        case.region = submission.region
        session.add(
            FilingAct(
                id=act_id,
                submission_id=made.submission_id,
                batch=new_id(),
                act="opened",
                to_case_id=case.id,
                state_before="HOLDING",
                user_id=officer.id,
                at=services.now(),
            )
        )
    note = case_messages.MessageDraft(case_messages.new_message_id(), office_words)
    case_messages.write_note(services, gate.case_to_change(services, officer, case.reference), note)
    return {
        "cases.reference": case.reference,
        "case_lists.reference": case.reference,
        "act": act_id,
    }


def _sent(
    services: Services, lot: Lot, made: Seeded, owner: SignedInUser, officer: SignedInUser
) -> dict[str, str]:
    """Let a coordinator have sent it and written about it, and have a draft of something else."""
    old, draft = (drafts.start_draft(services, owner) for _ in range(2))
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        submission.submitted_by, submission.channel = owner.id, "upload"
        session.get_one(Draft, old).submission_id = submission.id
        owner_address = next(each.address for each in PEOPLE if each.name == lot.owner)
        entry = _entry(services, session, owner_address)
        submission.sender_id = entry.id
        assert submission.case_id is not None
        participants.add(session, submission.case_id, entry.id, services.now())
    drafts.save_draft(services, gate.draft_to_change(services, owner, draft), {"note": lot.words})
    upload = chunks.begin_file(
        services,
        gate.draft_to_change(services, owner, draft),
        claimed_name=f"{lot.words}.pdf",
        claimed_type="text/plain",
        size=3,
    )
    message = case_messages.MessageDraft(case_messages.new_message_id(), lot.words)
    case_messages.write_from_coordinator(
        services, gate.conversation_to_write(services, owner, made.reference), message
    )
    reply = case_messages.MessageDraft(case_messages.new_message_id(), "We shall call you.")
    case = lot.values["cases.reference"]
    case_messages.write_to_coordinator(
        services, TEXTS, gate.case_to_change(services, officer, case), reply
    )
    return {"referrals.sent.draft_id": old, "draft_id": draft, "upload_id": upload}


def _entry(services: Services, session: Session, address: str) -> senders.RegisteredSender:
    hashed = services.keyring.lookup(session, "sender", address)
    return session.query(senders.RegisteredSender).filter_by(address_hash=hashed).one()


def _shared(services: Services, people: dict[str, SignedInUser]) -> dict[str, str]:
    """Make what belongs to no case: somebody who may ask for it at all may ask for each."""
    draft = read_draft(EditionKind.COUNTRIES, PROPOSAL)
    target = accounts.invite_account(services, "target@people.example", "CASEW", None)
    register.add_sender(services, "operator", "entry@people.example", "NORD")
    invitations.invite(services, TEXTS, people["ADMIN"], "asked@people.example", "CASEW", None)
    with services.database.reading() as session:
        entry = _entry(services, session, "entry@people.example")
        (asked_role,) = role_requests.waiting(session, limit=2)
    return {
        "filename": "portal.css",
        "queue": "Q2",
        "office_data.kind": "countries",
        "office_proposals.kind": "countries",
        "edition_id": editions.propose_edition(services, people["INTAKE"], draft),
        "people.user_id": target.user_id,
        "sender_id": entry.id,
        "request_id": asked_role.id,
        # A session of nobody; `test_own_account` asks for sessions of others.
        "own_account.handle": new_id(),
        "entrance.token": accounts.invite_account(
            services, "new@people.example", "CASH", None
        ).url_token,
    }
