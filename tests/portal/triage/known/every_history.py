"""Plant a history with every act and every detail, and every kind of reading."""

from typing import Any

from intake.core.services import Services
from intake.recognition.extraction import ValueKind
from portal.text.known import readings
from storage import audit
from storage.audit_acts import Act
from storage.documents.extracted_values import ExtractedValue
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values

ACTS = frozenset(Act)
# Details as the acts of intake record them; ids are made up.
DETAILS: tuple[dict[str, Any], ...] = (  # Any: an event's codes and numbers
    {"kind": "PRM-REFL", "part": "1.5", "suggested": "UNK", "document": "0" * 32, "range": "1"},
    {"kind": "passport_expiry", "aid": "0" * 32, "filled": ["0" * 32], "named": "0" * 32},
    {"kind": "reflection_end", "date": "0" * 32, "stood": "suggested", "typed": True},
    {"kind": "R1", "reason": "auto_submitted", "queue": "Q4", "was": "Q2"},
    {"clock": "service", "days_left": 5, "reason": "clock_passed", "documents": 4, "told": 4},
    {"reason": "legal_date_near", "flags": ["duplicate_boundary"], "states": {"CLEAN": 2}},
    {"outcome": "not_reached", "item": "0" * 32, "batch": "x", "act": "accepted"},
    {"taken_back": "aid.confirmed", "event": 7, "with_sender": True, "known": 3, "letter": True},
    {"reason": "machine_mail", "paper": "0" * 32, "obstacles": ["amount_differs"], "status": 1},
    {"programme": "cash", "charset": "cp1252", "language": "ckb", "answer": "redirect_cash"},
    {"findings_read": 2, "mail": "written", "number": 3, "bytes": 1_800_000, "scope": "content"},
    {"reason": "labelled"}, {"reason": "kind_by_the_page"}, {"reason": "td3"},
    {"reason": "held_sender_unsure"}, {"reason": "Q2"}, {"reason": "consent_missing"},
)  # fmt: skip
# These say what only they record.
OF_ACTS = {
    Act.ITEM_ASSIGNED: {"to": "0" * 32},
    Act.DOCUMENT_TYPE_CONFIRMED: DETAILS[0],
    Act.DOCUMENT_TYPE_CORRECTED: DETAILS[0],
}
REASONS = (*readings.DOUBTS, *readings.FOUND, "labelled", "kind_by_the_page", "td3", "by_its_form")


def note_all(services: Services, made: Seeded) -> None:
    """Note every act about a submission with the next of the details, and once all of these."""
    with services.database.transaction() as session:
        for place, act in enumerate([*Act, *([Act.VALUE_CONFIRMED] * len(DETAILS))]):
            detail = OF_ACTS.get(act, DETAILS[place % len(DETAILS)])
            audit.append(
                session, services.keyring, services.now(), actor="system:intake", act=act,
                subject=("submission", made.submission_id), detail=detail,
            )  # fmt: skip


def read_all(services: Services, document_id: str) -> None:
    """Let a document say something of every kind and about every fact."""
    kinds = [(kind.value, "") for kind in ValueKind if kind is not ValueKind.MRZ]
    facts = [("form_field", fact) for fact in readings.FACTS]
    for kind, fact in [*kinds, *facts, *(("cash_decision", fact) for fact in readings.FACTS)]:
        value = "" if kind == "mrz_unproved" else "2026-12-04"
        value_id = extracted_values.add_value(
            services, document_id, kind, value, "4 december 2026", reasons=REASONS
        )
        with services.database.transaction() as session:
            row = session.get_one(ExtractedValue, value_id)
            row.place = {"start": 0, "end": 0, "fact": fact}
