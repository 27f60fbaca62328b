"""Open things for users: the one place that makes the values by which use cases get them.

Each function asks at once and again at each use of the value, so that a right which ended meanwhile
opens nothing. What is malformed, what is not there and what the user may not read raise the same
NotFound; what was opened with a reason raises OnlyToRead for a change. A thing to change is locked
to the commit when its row is taken.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from intake.access import authors, coordinator_reach, find, held_documents, papers
from intake.access.opened import OpenedOwn, OpenedToChange, OpenedToRead
from intake.access.rights import OnlyToRead
from intake.access.work_items import find_items
from intake.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.access.authors import Author
    from intake.access.find import CaseOrSubmission, VisibleDocument
    from intake.access.held_documents import HeldDocument
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.cases.confirmations import Confirmation
    from storage.cases.filing_acts import FilingAct
    from storage.database import Session
    from storage.submissions.drafts import Draft, Upload
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission

Thing = TypeVar("Thing")
# Finds a thing in a session, asks whether the user may have it, and returns it.
Ask = Callable[["Services", "Session"], Thing]


def submission_to_read(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToRead[Submission]":
    """Open a submission by its code, for reading. Raises NotFound."""
    return _to_read(
        services,
        user,
        lambda services, session: find.submission_to_read(services, session, user, reference),
    )


def submission_to_change(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Submission]":
    """Open a submission by its code, to act on it. Raises NotFound and OnlyToRead."""
    return _to_change(
        services,
        user,
        lambda services, session: find.submission_to_act(services, session, user, reference),
        lambda services, session: find.find_submission(services, session, user, reference),
    )


def submission_to_file(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Submission]":
    """Open a submission by its code, to file it. Raises NotFound and OnlyToRead.

    Its row is not locked, because cases are locked before their submissions.
    """
    return _to_change(
        services,
        user,
        lambda services, session: find.submission_to_act(services, session, user, reference),
    )


def case_to_read(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToRead[Case]":
    """Open the case that a code leads to, merges followed, for reading. Raises NotFound."""
    return _to_read(
        services,
        user,
        lambda services, session: find.find_case(services, session, user, reference),
    )


def case_to_change(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Case]":
    """Open the case with exactly this code, to act on it.

    Raises NotFound, OnlyToRead, CaseMoved when the code leads to another case, and CaseOver.
    """
    return _to_change(
        services,
        user,
        lambda services, session: find.find_case_to_act(services, session, user, reference),
        lambda services, session: find.find_case_locked(services, session, user, reference),
    )


def closed_case_to_open(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Case]":
    """Open the case with exactly this code, also one that is over, to open it again.

    Raises NotFound, OnlyToRead, and CaseMoved when the code leads to another case.
    """
    return _to_change(
        services,
        user,
        lambda services, session: find.find_case_to_act(services, session, user, reference),
        lambda services, session: find.find_case_locked(
            services, session, user, reference, even_if_over=True
        ),
    )


def case_without_owner(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Case]":
    """Open a case that nobody who can act owns, to give it an owner. Raises NotFound."""
    return _to_change(
        services,
        user,
        lambda services, session: find.case_without_owner(services, session, user, reference),
    )


def case_to_file_into(
    services: "Services", user: "SignedInUser", reference: str, *, follows: bool = True
) -> "OpenedToChange[Case]":
    """Open a case that is not erased by its code or that of a submission in it, to file into it.

    `follows` opens the case into which it was merged, if it was. Its row is not locked: whoever
    files locks several cases in one order. Raises NotFound and OnlyToRead.
    """
    return _to_change(
        services,
        user,
        lambda services, session: find.living_case(
            services, session, user, reference, follows=follows
        ),
    )


def case_or_submission_to_change(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[CaseOrSubmission]":
    """Open a case by its code, or a submission without one. Raises NotFound and OnlyToRead."""
    return _to_change(
        services,
        user,
        lambda services, session: find.case_or_submission(services, session, user, reference),
    )


def document_to_read(
    services: "Services", user: "SignedInUser", document_id: str
) -> "OpenedToRead[VisibleDocument]":
    """Open a document with what a user sees of it. Raises NotFound when that is nothing at all."""
    return _to_read(
        services,
        user,
        lambda services, session: find.find_document(services, session, user, document_id),
    )


def document_to_change(
    services: "Services", user: "SignedInUser", document_id: str
) -> "OpenedToChange[HeldDocument]":
    """Open a document, to act on it; one that is closed to the user can be released unseen.

    Raises NotFound and OnlyToRead.
    """
    return _to_change(
        services,
        user,
        lambda services, session: held_documents.document_to_act(
            services, session, user, document_id
        ),
        lambda services, session: held_documents.find_held_document(
            services, session, user, document_id
        ),
    )


def item_to_change(
    services: "Services", user: "SignedInUser", item_id: str
) -> "OpenedToChange[QueueItem]":
    """Open a queue item that a user may take. Raises NotFound and OnlyToRead."""
    return _to_change(
        services,
        user,
        lambda services, session: find_items.item_to_act(services, session, user, item_id),
    )


def task_to_do(
    services: "Services", user: "SignedInUser", item_id: str
) -> "OpenedToChange[QueueItem]":
    """Open a queue item that a user may do, also one that is done. Raises NotFound, OnlyToRead."""
    return _to_change(
        services,
        user,
        lambda services, session: find_items.item_to_act(services, session, user, item_id),
        lambda services, session: find_items.find_item_locked(services, session, user, item_id),
    )


def task_to_reopen(
    services: "Services", user: "SignedInUser", item_id: str
) -> "OpenedToChange[QueueItem]":
    """Open a task that is done, for who may do it or had it and did it.

    Raises NotFound and OnlyToRead.
    """
    return _to_change(
        services,
        user,
        lambda services, session: find_items.task_to_reopen(services, session, user, item_id),
        lambda services, session: find_items.task_to_reopen(
            services, session, user, item_id, is_locked=True
        ),
    )


def own_done_tasks(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToRead[list[QueueItem]]":
    """Open the tasks about a submission that a user had and did. Raises NotFound for none."""
    return _to_read(
        services,
        user,
        lambda _services, session: find_items.own_done_tasks(session, user, reference),
    )


def gap_to_settle(
    services: "Services", user: "SignedInUser", item_id: str
) -> "OpenedToChange[QueueItem]":
    """Open a task that says that nobody could be warned, for a manager. Raises NotFound."""
    return _to_change(
        services,
        user,
        lambda _services, session: find_items.find_gap(session, user, item_id),
        lambda _services, session: find_items.find_gap(session, user, item_id, is_locked=True),
    )


def items_to_change(
    services: "Services", user: "SignedInUser", item_ids: "Collection[str]"
) -> "dict[str, OpenedToChange[QueueItem]]":
    """Open those of several queue items on which a user may act, by their ids.

    What the user may not act on is left out, as what is not there.
    """
    found = {}
    for item_id in item_ids:
        with suppress(NotFound, OnlyToRead):
            found[item_id] = item_to_change(services, user, item_id)
    return found


def filing_to_undo(
    services: "Services", user: "SignedInUser", act_id: str
) -> "OpenedToChange[list[FilingAct]]":
    """Open an act of filing, or all of a merge by its batch. Raises NotFound and OnlyToRead."""
    return _to_change(
        services,
        user,
        lambda services, session: find.filing_acts_to_undo(services, session, user, act_id),
    )


def papers_to_read(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToRead[Submission]":
    """Open a submission for who may read its signed papers. Raises NotFound."""
    return _to_read(
        services,
        user,
        lambda services, session: papers.submission_of_papers(services, session, user, reference),
    )


def paper_to_read(
    services: "Services", user: "SignedInUser", paper_id: str
) -> "OpenedToRead[Confirmation]":
    """Open a signed paper. Raises NotFound, and WrongReader for somebody else's."""
    return _to_read(
        services,
        user,
        lambda services, session: papers.find_paper(services, session, user, paper_id),
    )


def referral_to_read(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToRead[Submission]":
    """Open a submission that a coordinator may see. Raises NotFound."""
    return _to_read(
        services,
        user,
        lambda services, session: coordinator_reach.find_referral(
            services, session, user, reference
        ),
    )


def referral_to_add_to(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Submission]":
    """Open a submission that a coordinator may see, to add to it or write. Raises NotFound."""
    return _to_change(
        services,
        user,
        lambda services, session: coordinator_reach.find_referral(
            services, session, user, reference
        ),
    )


def conversation_to_write(
    services: "Services", user: "SignedInUser", reference: str
) -> "OpenedToChange[Case]":
    """Open the case of a referral in which a coordinator may write. Raises NotFound."""
    return _to_change(
        services,
        user,
        lambda services, session: coordinator_reach.find_conversation(
            services, session, user, reference
        ),
        lambda services, session: coordinator_reach.find_conversation(
            services, session, user, reference, is_locked=True
        ),
    )


def own_draft(services: "Services", user: "SignedInUser", draft_id: str) -> "OpenedToRead[Draft]":
    """Open a draft that a user began, also one that was sent. Raises NotFound."""
    return _to_read(
        services, user, lambda _services, session: authors.find_own_draft(session, user, draft_id)
    )


def draft_to_change(services: "Services", author: "Author", draft_id: str) -> "OpenedOwn[Draft]":
    """Open an author's draft that is not sent. Raises NotFound."""

    def ask(_services: "Services", session: "Session") -> "Draft":
        return authors.find_draft(session, author, draft_id, is_locked=True)

    with services.database.reading() as session:
        authors.find_draft(session, author, draft_id)
    return OpenedOwn(author, services.now(), ask)


def upload_to_change(services: "Services", author: "Author", upload_id: str) -> "OpenedOwn[Upload]":
    """Open a file of an author's draft that is not sent; its row is not locked. Raises NotFound."""

    def ask(_services: "Services", session: "Session") -> "Upload":
        return authors.find_upload(session, author, upload_id)

    with services.database.reading() as session:
        ask(services, session)
    return OpenedOwn(author, services.now(), ask)


def _to_read(
    services: "Services", user: "SignedInUser", ask: "Ask[Thing]"
) -> "OpenedToRead[Thing]":
    with services.database.reading() as session:
        ask(services, session)
    return OpenedToRead(user, services.now(), ask)


def _to_change(
    services: "Services",
    user: "SignedInUser",
    ask: "Ask[Thing]",
    ask_locked: "Ask[Thing] | None" = None,
) -> "OpenedToChange[Thing]":
    """Ask without a lock now; the value asks with one, when there is a way."""
    with services.database.reading() as session:
        ask(services, session)
    return OpenedToChange(user, services.now(), ask_locked or ask)
