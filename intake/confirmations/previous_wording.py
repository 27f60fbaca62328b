"""Show what a colleague signed or answered meanwhile to the officer whose form came too late.

Sealed texts are opened, so each reading is an audit event.
"""

import email
import json
from email.policy import SMTP
from typing import TYPE_CHECKING

from intake.access import papers
from intake.core import audit
from storage.audit_acts import Act
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.crypto.sealing import unseal_bytes
from storage.mail import outbox
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.submissions.submissions import Submission

PROMISED = ("next_step", "next_step_on", "deputy", "remark")


def read_signed_words(services: "Services", opened: "OpenedToChange[Submission]") -> dict[str, str]:
    """Return the words of the newest confirmation, {field: text}; empty when none was signed.

    Who may read the paper reads its words. Raises NotFound, and PaperClosed when it names a
    document that is closed to the user.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        rows = confirmations.of_submission(session, submission.id)
        signed = [row for row in rows if row.kind == PaperKind.CONFIRMATION]
        if not signed:
            return {}
        papers.refuse_closed(services, session, opened.user, submission)
        row = signed[-1]
        key = services.keyring.open(session, submission.data_key_id)
        content = unseal_bytes(key, place("confirmations", "content", row.id), row.content)
        audit.note(
            services,
            session,
            opened.user,
            Act.PAPER_OPENED,
            ("submission", submission.id),
            {"paper": row.id, "kind": row.kind},
        )
    promise = json.loads(content).get("promise") or {}
    return {name: promise.get(name) or "" for name in PROMISED}


def read_answer_text(services: "Services", opened: "OpenedToChange[Submission]", kind: str) -> str:
    """Return the text of an answer by its kind; empty when there is none. Raises NotFound."""
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        rows = outbox.of_submission(session, submission.id)
        row = next((row for row in rows if row.kind == kind), None)
        if row is None or row.content is None:
            return ""
        key = services.keyring.open(session, row.data_key_id)
        content = unseal_bytes(key, place("outbox", "content", row.id), row.content)
        audit.note(
            services,
            session,
            opened.user,
            Act.ANSWER_OPENED,
            ("submission", submission.id),
            {"kind": kind},
        )
    body = email.message_from_bytes(content, policy=SMTP).get_body(("plain",))
    text: str = body.get_content() if body is not None else ""
    return text.strip()
