"""Flag submissions by what their words say: meant for another office, or signs of danger.

The words of a letter are asked when it is filed, those of attached papers when they were read.
"""

from typing import TYPE_CHECKING

from intake.core import submission_facts
from intake.filing.misdirected import (
    MisdirectionKind,
    find_danger,
    find_misdirections,
    is_from_unregistered,
    is_to_many,
)
from intake.queues.tasks import add_task
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The flag of a submission that seems to be misdirected starts so.
MISDIRECTED = "wrong_door:"


def flag_misdirected(
    services: "Services",
    session: "Session",
    submission: "Submission",
    text: str,
    header: "MailFacts | None",
) -> None:
    """Flag a submission that seems misdirected; signs of trafficking open a protection task too."""
    found = find_misdirections(
        text,
        (),
        submission.programme,
        is_unregistered=is_from_unregistered(submission),
        is_to_many=is_to_many(header),
    )
    if found:
        codes = {f"{MISDIRECTED}{each.kind.value}" for each in found}
        submission.flags = sorted({*submission.flags, *codes})
    if any(each.queue is not None for each in found):
        _open_protection(services, session, submission)


def flag_danger_in_papers(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    pages: "Iterable[str]",
) -> None:
    """Open a protection task for signs of trafficking in what was read from attached papers.

    Only papers of strangers are asked, as their mail is. What is flagged already is not again.
    """
    code = f"{MISDIRECTED}{MisdirectionKind.PROTECTION.value}"
    is_asked = is_from_unregistered(submission) and code not in submission.flags
    header = submission_facts.of_mail(submission, key)
    if is_asked and any(find_danger(page, is_to_many=is_to_many(header)) for page in pages):
        submission.flags = sorted({*submission.flags, code})
        _open_protection(services, session, submission)


def _open_protection(services: "Services", session: "Session", submission: "Submission") -> None:
    kind = TaskKind.PROTECTION_SIGN
    add_task(services, session, submission.id, kind=kind, reason=kind)
