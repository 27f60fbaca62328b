"""Read what an officer needs to answer a submission's sender.

That is whether the sender can be answered at all, what added words are compared with, and which
answer would fit. `answers` has the acts.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import submission_facts
from intake.core.submission_facts import EMPTY_HEADER
from intake.correspondence import free_text
from intake.correspondence.free_text import Known
from intake.filing.misdirected import (
    Misdirection,
    as_written,
    find_misdirections,
    is_from_unregistered,
    is_to_many,
)
from intake.outbox.addressees import Addressee, Caution, sender_of
from intake.outbox.mail_texts import OFFICE_ZONE
from intake.reference_data import editions
from intake.sandbox.protocol.results import MailFacts
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.editions import EditionKind
from storage.submissions import submissions
from storage.submissions.submissions import Submission, place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.prepared_answers import AnswerWriter, FindAnswer
    from storage.crypto.keys import DataKey
    from storage.database import Session

MAX_OF_A_CASE = 200


@dataclass(frozen=True)
class AnswerTools:
    """What writing an answer uses: the services, the writer of mails and the source of texts."""

    services: "Services"
    writer: "AnswerWriter"
    find: "FindAnswer"

    def today(self) -> date:
        """Return the office's day."""
        return self.services.now().astimezone(OFFICE_ZONE).date()


@dataclass(frozen=True)
class AnswerContext:
    """A submission, its key, and what its header says (empty when it came without a mail).

    `user` is who opened it, to act on it.
    """

    user: "SignedInUser"
    submission: Submission
    key: "DataKey"
    facts: MailFacts


def find_context(
    services: "Services", session: "Session", opened: "OpenedToChange[Submission]"
) -> AnswerContext:
    """Return a submission on which a user may act, locked to the commit. Raises NotFound."""
    submission = opened.row(services, session)
    key = services.keyring.open(session, submission.data_key_id)
    facts = submission_facts.of_mail(submission, key) or EMPTY_HEADER
    return AnswerContext(opened.user, submission, key, facts)


def addressee(context: AnswerContext) -> Addressee:
    """Return the sender.

    A submission through the portal or by telephone has no header, so no address either.
    """
    return sender_of(context.submission, context.facts, Caution.BY_A_PERSON)


def known_beside(
    office: AnswerTools,
    session: "Session",
    user: "SignedInUser",
    submission: Submission,
    own_words: str,
) -> Known:
    """Return what a user's text is compared with; the numbers in `own_words` are the office's own.

    Only names that are open to the user are among it (`free_text.Known`).
    """
    services = office.services
    beside = submissions.beside(session, submission, limit=MAX_OF_A_CASE)
    rows = derived.open_people(services, session, user, beside)
    names = tuple(
        unseal(
            services.keyring.open(session, row.data_key_id),
            place("people", "name", row.id),
            row.name,
        )
        for row in rows
    )
    return Known(
        names=names,
        own_addresses=frozenset(services.settings.own_addresses),
        own_numbers=free_text.numbers_in(own_words),
        own_references=frozenset({submission.reference}),
        today=office.today(),
    )


def suggestions(
    office: AnswerTools, session: "Session", context: AnswerContext
) -> tuple[Misdirection, ...]:
    """Return how the message seems to be misdirected, for the officer alone.

    The suggestions show the words and types that speak for them, so what is closed to the officer
    is not looked at.
    """
    submission, services, user = context.submission, office.services, context.user
    seen = derived.visibilities_of(services, session, user, [submission])
    kinds = {
        row.document_type
        for row in documents.of_submission(session, submission.id)
        if seen[row.id].shows(1)
    }
    body = ""
    if "body_text" in derived.open_texts(services, session, user, submission):
        sealed_at = place("submissions", "body_text", submission.id)
        body = unseal(context.key, sealed_at, submission.body_text)
    listed = editions.in_force(session, EditionKind.COUNTRIES, "iom_payable", office.today())
    text = f"{context.facts.subject}\n{body}"
    found = find_misdirections(
        text,
        kinds,
        submission.programme,
        payable=listed.content["countries"] if listed is not None else None,
        is_unregistered=is_from_unregistered(submission),
        is_to_many=is_to_many(context.facts),
    )
    return tuple(
        replace(each, reasons=tuple(dict.fromkeys(as_written(text, one) for one in each.reasons)))
        for each in found
    )
