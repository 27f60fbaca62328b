"""Every act that takes two people, done by two accounts, and what may stand between the two."""

from collections.abc import Callable

from intake.access import gate
from intake.access.safeguards import break_glass, role_requests, unusual_access
from intake.access.safeguards.four_eyes import TwoPersonAct
from intake.accounts.accounts import SignedInUser
from intake.cases.consent import override
from intake.core.services import Services
from intake.documents import originals, quarantine
from intake.outbox import invitations
from intake.oversight import exports
from intake.reference_data import editions
from intake.reference_data.edition_drafts import read_draft
from storage.accounts import role_requests as asked_roles
from storage.accounts import vouches
from storage.accounts.vouches import VouchKind
from storage.editions import EditionKind
from tests.intake.cases.consent.desk import ConsentDesk
from tests.intake.documents.held import WHY, seed_held
from tests.portal.access.world import PROPOSAL
from tests.portal.correspondence.links import TEXTS
from tests.support.people import plant_user
from tests.support.waiting import seed_waiting

Second = Callable[[SignedInUser], object]
First = Callable[[Services, SignedInUser], Second]
Relation = Callable[[Services, SignedInUser, SignedInUser], None]


def _release(services: Services, first: SignedInUser) -> Second:
    document_id = seed_held(services).document("faktura.doc").id
    quarantine.ask_release(services, gate.document_to_change(services, first, document_id), WHY)
    return lambda second: quarantine.release_document(
        services, gate.document_to_change(services, second, document_id), WHY
    )


def _original(services: Services, first: SignedInUser) -> Second:
    document_id = seed_held(services).document("faktura.doc").id
    originals.ask_original(services, gate.document_to_change(services, first, document_id), WHY)
    return lambda second: originals.open_original(
        services, gate.document_to_change(services, second, document_id), WHY
    )


def _edition(services: Services, first: SignedInUser) -> Second:
    draft = read_draft(EditionKind.COUNTRIES, PROPOSAL)
    edition_id = editions.propose_edition(services, first, draft)
    return lambda second: editions.approve_edition(services, second, edition_id)


def _list(services: Services, first: SignedInUser) -> Second:
    export_id = exports.ask_export(services, first, "referrals", "", WHY)
    return lambda second: exports.approve_export(services, second, export_id)


def _opening(services: Services, first: SignedInUser) -> Second:
    reference = seed_waiting(services).reference()
    break_glass.open_with_reason(services, first, reference, "content", WHY)
    (grant,) = unusual_access.open_report(services, first).waiting
    return lambda second: unusual_access.answer_access(services, second, grant.id, "in_order", "")


def _role(services: Services, first: SignedInUser) -> Second:
    invitations.invite(services, TEXTS, first, "new@iom.example", "CASEW", None)
    with services.database.reading() as session:
        (request,) = asked_roles.waiting(session, limit=2)
    return lambda second: role_requests.approve_role(services, second, request.id)


def _consent_override(services: Services, first: SignedInUser) -> Second:
    desk = ConsentDesk(services, seed_waiting(services, "REF-FORM", confirmed=True), first)
    desk.note(answer="refused")
    override_id = desk.propose()
    return lambda second: override.decide(services, second, override_id, is_approved=True)


# By act: the roles of the two, and what the first does; it returns what the second does.
ACTS: dict[TwoPersonAct, tuple[str, str, First]] = {
    TwoPersonAct.RELEASE: ("INTAKE", "INTAKE", _release),
    TwoPersonAct.ORIGINAL: ("INTAKE", "INTAKE", _original),
    TwoPersonAct.EDITION: ("INTAKE", "MGR", _edition),
    TwoPersonAct.LIST: ("MGR", "DPO", _list),
    TwoPersonAct.OPENING: ("CASEW", "PROT", _opening),
    TwoPersonAct.ROLE: ("ADMIN", "MGR", _role),
    TwoPersonAct.CONSENT_OVERRIDE: ("INTAKE", "PROT", _consent_override),
}


def vouch(
    services: Services,
    user: SignedInUser,
    by: SignedInUser,
    kind: VouchKind = VouchKind.INVITED,
) -> None:
    """Let somebody stand behind an account."""
    with services.database.transaction() as session:
        vouches.note(session, user.id, by.id, kind, services.now())


def _another(services: Services) -> SignedInUser:
    return plant_user(services, "Administrator 9", "ADMIN")


def _first_invited(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    vouch(services, second, first)


def _second_invited(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    vouch(services, first, second)


def _one_invited_both(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    admin = _another(services)
    vouch(services, first, admin)
    vouch(services, second, admin)


def _invited_the_inviter(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    between = _another(services)
    vouch(services, between, first)
    vouch(services, second, between)


def _one_far_behind_both(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    root, left, right = (_another(services) for _ in range(3))
    for user, by in ((left, root), (right, root), (first, left), (second, right)):
        vouch(services, user, by)


def _first_reset(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    vouch(services, second, first, VouchKind.FACTOR_REMOVED)


def _second_reset(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    vouch(services, first, second, VouchKind.FACTOR_REMOVED)


def _reset_by_the_inviter(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    admin = _another(services)
    vouch(services, first, admin, VouchKind.FACTOR_REMOVED)
    vouch(services, second, admin)


def _strangers(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    vouch(services, first, _another(services))
    vouch(services, second, _another(services))


def _reset_by_one(services: Services, first: SignedInUser, second: SignedInUser) -> None:
    admin = _another(services)
    vouch(services, first, admin, VouchKind.FACTOR_REMOVED)
    vouch(services, second, admin, VouchKind.FACTOR_REMOVED)


ONE_HAND: tuple[Relation, ...] = (
    _first_invited,
    _second_invited,
    _one_invited_both,
    _invited_the_inviter,
    _one_far_behind_both,
    _first_reset,
    _second_reset,
    _reset_by_the_inviter,
)
# A reset alone gives nobody the account: its owner's password is needed still.
TWO_PEOPLE: tuple[Relation, ...] = (_strangers, _reset_by_one)
