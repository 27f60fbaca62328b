"""Tell a coordinator what waits for them: what they have not opened, and files to be sent again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import coordinator_reach, papers
from storage.cases import cases, confirmations, messages
from storage.documents import documents
from storage.documents.documents import DocumentState

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class WaitingThere:
    """What waits about one referral: how many messages, confirmations, and files to send again."""

    messages: int = 0
    confirmations: int = 0
    files: int = 0

    @property
    def is_anything(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.messages or self.confirmations or self.files)


NOTHING = WaitingThere()
# Files of which nobody here can read anything, so that their sender must act.
AGAIN = frozenset({DocumentState.LOCKED, DocumentState.UNREADABLE, DocumentState.INFECTED})


def waiting_of(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    visible: "Collection[Submission]",
) -> dict[str, WaitingThere]:
    """Return {submission: what waits about it}; of a case's messages its first submission tells.

    `visible` is what the user may see, in any order. What they may not read is not counted.
    """
    oldest_first = sorted(visible, key=lambda each: (each.received_at, each.id))
    counts = _messages(services, session, user, oldest_first)
    signed = _confirmations(services, session, user, oldest_first)
    again = _files(services, session, user, oldest_first)
    return {
        each: WaitingThere(counts.get(each, 0), signed.get(each, 0), again.get(each, 0))
        for each in counts.keys() | signed.keys() | again.keys()
    }


def _messages(
    services: "Services", session: "Session", user: "SignedInUser", arrived: "list[Submission]"
) -> dict[str, int]:
    until = services.now() - papers.undo_window(services)
    found = messages.unread_answers(session, [each.id for each in arrived], until)
    firsts: dict[str, str] = {}
    for each in arrived:
        if each.case_id is not None:
            firsts.setdefault(each.case_id, each.id)
    for case_id, count in messages.unread_by_coordinator(session, sorted(firsts), until).items():
        case = cases.by_id(session, case_id)
        if case is not None and coordinator_reach.may_write_in(services, session, user, case):
            found[firsts[case_id]] = found.get(firsts[case_id], 0) + count
    return found


def _confirmations(
    services: "Services", session: "Session", user: "SignedInUser", arrived: "list[Submission]"
) -> dict[str, int]:
    by_id = {each.id: each for each in arrived}
    found: dict[str, int] = {}
    for paper in confirmations.unread_of(session, sorted(by_id)):
        submission = by_id[paper.submission_id]
        is_theirs = papers.may_read_of(services, session, user, submission)
        if is_theirs and papers.has_left(services, paper):
            found[submission.id] = found.get(submission.id, 0) + 1
    return found


def _files(
    services: "Services", session: "Session", user: "SignedInUser", arrived: "list[Submission]"
) -> dict[str, int]:
    """Count the files to send again, of what came last in each referral.

    Whoever sent something since has answered: what is lacking then, an officer says.
    """
    newest = {each.case_id or each.id: each for each in arrived}
    asked = [
        each
        for each in newest.values()
        if each.outcome is None and papers.may_read_of(services, session, user, each)
    ]
    found = documents.of_submissions(session, [each.id for each in asked])
    counts = {
        each: sum(row.state in AGAIN and row.parent_id is None for row in rows)
        for each, rows in found.items()
    }
    return {each: count for each, count in counts.items() if count}
