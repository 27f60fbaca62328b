"""Decide whether a user may read or act on a submission or a case, and what of its documents.

Only this module combines programme, role and assignment (requirements 56 and 114); the
matrix is in `compartments`, the rules for one document in `visibility`. A case is assigned to a
caseworker while they own it; a submission is, while they have its item or ended it without a case.
Who acts for somebody who is away has theirs so as well.
The default is denial; what a user may not read is NotFound like what does not exist.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.access import closings, programmes
from intake.access.compartments import (
    ALONE,
    NEEDS_REASON,
    READS_ALL,
    THINGS,
    Compartment,
    Right,
    compartments_of,
    right_of,
)
from intake.access.visibility import (
    MAX_PAGES,
    Closing,
    Origin,
    Relationship,
    Visibility,
    closings_of,
    pages_of,
    visibility_of,
)
from intake.accounts.people import cover
from intake.core.errors import IntakeError, NotFound
from storage.access import grants, own_submissions
from storage.access.grants import CONTENT
from storage.accounts.users import Role
from storage.cases import cases
from storage.documents import document_types
from storage.submissions.queue_items import Queue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.cases.cases import Case
    from storage.crypto.column_types import KeyedHash
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission


class OnlyToRead(IntakeError):
    """A user tried to act on what they opened with a reason, which is for reading."""

    reason = "only_to_read"
    public = (
        "You opened this with a reason, to read it. Nothing was changed. To act on it, ask its "
        "owner or an intake officer to hand the case to you."
    )
    status = 403


class NotOwn(NotFound):
    """A submission or case of a user's programme is not assigned to them; nothing of it is shown.

    A page may offer to open it with a reason; everywhere else this is a NotFound.
    """


def relationship_to(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> Relationship:
    """Return the relationship of a user to a submission."""
    return relationships_to(services, session, user, [submission])[submission.id]


def relationships_to(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submissions: "Collection[Submission]",
) -> dict[str, Relationship]:
    """Return {submission: the relationship of a user to it}, with as many queries for many."""
    ids = {each.id for each in submissions}
    filed = cases.by_ids(session, {each.case_id for each in submissions if each.case_id})
    rights_there = {each.programme: content_right(user, each.programme) for each in submissions}
    owners = owners_as(services, session, user)
    assigned = own_submissions.with_assignment(session, owners, ids)
    ended = own_submissions.ended_by(session, user.id, ids)
    flagged = (
        own_submissions.in_queue(session, ids, Queue.PROTECTION)
        if Right.READ_FLAGGED in rights_there.values()
        else frozenset()
    )
    scopes = grants.scopes_on(session, user.id, ids, services.now())
    found = {}
    for each in submissions:
        had = ended if user.role in programmes.owners_of(each.programme) else frozenset()
        has_item = user.role in programmes.owners_of(each.programme) and each.id in assigned
        is_assigned = (
            has_item or each.id in had or _owns(user, filed.get(each.case_id or ""), owners)
        )
        opened = scopes.get(each.id, frozenset())
        is_assigned_or_opened = is_assigned or CONTENT in opened
        right = rights_there[each.programme]
        is_flagged = right is Right.READ_FLAGGED and each.id in flagged
        found[each.id] = Relationship(
            role=user.role,
            programme=each.programme,
            reads=right in READS_ALL
            or is_flagged
            or (is_assigned_or_opened and right in NEEDS_REASON),
            is_assigned_or_opened=is_assigned_or_opened,
            is_assigned=is_assigned,
            has_item=has_item,
            opened=frozenset(Compartment(scope) for scope in opened - {CONTENT}),
        )
    return found


def to_change(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> Relationship:
    """Return the relationship of a user who changes something of a submission.

    What was opened with a reason lasts for hours and is for reading, so it counts for nothing here:
    it must not be used to open a document for good.
    """
    found = relationship_to(services, session, user, submission)
    return replace(found, is_assigned_or_opened=found.is_assigned, opened=frozenset())


def of_service(submission: "Submission") -> Relationship:
    """Return the relationship of the service itself to a submission, for operators' commands."""
    return Relationship(role=None, programme=submission.programme, reads=True)


def require(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> Relationship:
    """Return the relationship of a user to a submission that they may read. Raises NotFound."""
    found = relationship_to(services, session, user, submission)
    if not found.reads:
        raise _refusal(user, submission.programme)
    return found


def require_to_act(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Check that a user may act on a submission.

    Raises NotFound, and OnlyToRead for what was opened with a reason: who shall act on it gets
    the case handed over.
    """
    relationship = require(services, session, user, submission)
    _refuse_to_act(user, submission.programme, is_assigned=relationship.is_assigned)


def require_to_act_on_item(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    queue: str,
) -> None:
    """Check that a user may take an item of a queue, or do the task that it is.

    Protection officers do what stands in their own queue, in both programmes and whatever else
    they may read of the submission, and nothing of another queue; nobody else does theirs.
    Raises NotFound and OnlyToRead.
    """
    if not programmes.works_in(user, queue):
        raise NotFound
    if queue != Queue.PROTECTION:
        require_to_act(services, session, user, submission)
    elif submission.programme not in programmes.read_by(user):
        raise NotFound


def require_to_act_on_item_of_case(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case", queue: str
) -> None:
    """Check that a user may take an item that hangs on a case, as for one of a submission.

    Nothing that hangs on a case stands in the queue of protection. Raises NotFound and OnlyToRead.
    """
    if queue == Queue.PROTECTION or not programmes.works_in(user, queue):
        raise NotFound
    require_case_to_act(services, session, user, case)


def acts_on_item(user: "SignedInUser", relationship: Relationship, queue: str) -> bool:
    """Tell whether a user who reads a submission may do its task in a queue."""
    if not programmes.works_in(user, queue):
        return False
    return queue == Queue.PROTECTION or acts_on(user, relationship)


def require_case(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case"
) -> None:
    """Check that a user may read a case. Raises NotFound."""
    right = content_right(user, case.programme)
    if right in READS_ALL:
        return
    opened = grants.scopes_on_case(session, user.id, case.id, services.now())
    is_own = _owns(user, case, owners_as(services, session, user))
    if right not in NEEDS_REASON or not (is_own or CONTENT in opened):
        raise _refusal(user, case.programme)


def require_case_to_act(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case"
) -> None:
    """Check that a user may act on a case. Raises NotFound and OnlyToRead."""
    require_case(services, session, user, case)
    is_own = _owns(user, case, owners_as(services, session, user))
    _refuse_to_act(user, case.programme, is_assigned=is_own)


def acts_on_case(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case"
) -> bool:
    """Tell whether a user who reads a case may act on it."""
    is_own = _owns(user, case, owners_as(services, session, user))
    return _acts(user, case.programme, is_assigned=is_own)


def acts_on(user: "SignedInUser", relationship: Relationship) -> bool:
    """Tell whether a user who reads a submission may act on it."""
    return _acts(user, relationship.programme, is_assigned=relationship.is_assigned)


def hands_over_in(user: "SignedInUser") -> tuple[str, ...]:
    """Return the programmes in which a user sees to cases without an owner.

    Those are where they may hand over any case, and for a manager all that they read.
    """
    if programmes.is_told_as_manager(user):
        return programmes.read_by(user)
    return tuple(
        programme
        for programme in programmes.read_by(user)
        if user.role in programmes.owners_of(programme)
        and content_right(user, programme) is Right.WRITE
    )


def visibilities(
    session: "Session", relationship: Relationship, rows: "Iterable[Document]"
) -> dict[str, Visibility]:
    """Return {document: what is seen of it} for all documents of one submission, in their order.

    A document is closed by its own types and by those of its relatives (`closings`), and also
    where a person said of the same bytes in another submission that they are closed: a paper that
    was moved out of its case, or came again from elsewhere, is as closed as it was.
    """
    known = list(rows)
    one = {known[0].submission_id: known} if known else {}
    return visibilities_of(session, dict.fromkeys(one, relationship), one)


def visibilities_of(
    session: "Session",
    relationships: "Mapping[str, Relationship]",
    rows: "Mapping[str, list[Document]]",
) -> dict[str, Visibility]:
    """Return {document: what is seen of it} as `visibilities` does, of many submissions at once.

    Both mappings have the same submissions; `rows` are all documents of each.
    """
    types: dict[str, list[tuple[int, int, str, bool]]] = {}
    ids = [row.id for known in rows.values() for row in known]
    for each in document_types.of_documents(session, ids) if ids else ():
        spoken = (each.first_page, each.last_page, each.document_type, each.decided_at is not None)
        types.setdefault(each.document_id, []).append(spoken)
    elsewhere = _said_elsewhere(session, rows)
    found = {}
    for submission_id, known in rows.items():
        spans = {row.id: [each[:2] for each in types.get(row.id, ())] for row in known}
        own = {
            row.id: closings_of(types.get(row.id, ()), is_body=closings.is_body_row(row))
            | elsewhere.get((submission_id, row.content_hash), frozenset())
            for row in known
        }
        spread = closings.spread(known, spans, own)
        for row in known:
            pages = pages_of(spans[row.id], spread[row.id])
            found[row.id] = visibility_of(relationships[submission_id], pages)
    return found


def shows_letter(visibilities: "Mapping[str, Visibility]", rows: "Iterable[Document]") -> bool:
    """Tell whether the text of a message is shown: all that it is made of must be seen whole."""
    return all(visibilities[row.id].is_whole for row in rows if closings.stands_in_body(row))


def knows_type(user: "SignedInUser", document_type: str) -> bool:
    """Tell whether a user may learn at all that a document of a type is there, or missing."""
    found = compartments_of(document_type)
    return all(right_of(user.role, each) is not Right.NONE for each in found)


def require_compartment(user: "SignedInUser", compartment: Compartment) -> str:
    """Return the programme of which a user reads one compartment and nothing around it.

    Raises NotFound.
    """
    if right_of(user.role, compartment) not in READS_ALL or user.role not in ALONE:
        raise NotFound
    return ALONE[user.role]


def _said_elsewhere(
    session: "Session", rows: "Mapping[str, list[Document]]"
) -> "dict[tuple[str, KeyedHash], frozenset[Closing]]":
    """Return {(submission, content hash): what closes it there}, as people said of it elsewhere.

    That is what they said of the same bytes in other submissions. What was found inside a closed
    document there is closed here too. The last range there goes on to the end: how many pages a
    document has may not have been known when a person spoke of it.
    """
    # Documents without a byte have nothing in common.
    places: dict[KeyedHash, set[str]] = {}
    for submission_id, known in rows.items():
        for row in known:
            if row.size:
                places.setdefault(row.content_hash, set()).add(submission_id)
    if not places:
        return {}
    alone = next(iter(rows)) if len(rows) == 1 else ""
    said_there = document_types.decided_elsewhere(session, list(places), submission_id=alone)
    ends: dict[str, int] = {}
    for _place, each in said_there:
        ends[each.document_id] = max(ends.get(each.document_id, 0), each.last_page)
    found: dict[tuple[str, KeyedHash], frozenset[Closing]] = {}
    for same, each in said_there:
        last = MAX_PAGES if each.last_page == ends[each.document_id] else each.last_page
        said = closings_of([(each.first_page, last, each.document_type, True)])
        closing = {one.whole(Origin.AROUND) for one in said} if same.is_around else said
        for submission_id in places[same.content_hash] - {same.submission_id}:
            at = (submission_id, same.content_hash)
            found[at] = found.get(at, frozenset()) | closing
    return found


def owners_as(services: "Services", session: "Session", user: "SignedInUser") -> frozenset[str]:
    """Return the ids of those whose own things are a user's own too.

    Those are the user, and whoever is away and for whom the user acts now (`cover`), where the
    user's role can own anything.
    """
    if not programmes.owned_by(user):
        return frozenset({user.id})
    return cover.acts_as(services, session, user.id, services.now())


def content_right(user: "SignedInUser", programme: str) -> Right:
    """Return what a role may do with a programme's submissions and cases at all."""
    thing = THINGS.get(programme)
    return right_of(user.role, thing) if thing is not None else Right.NONE


def acts_on_own_only(account: "User", programme: str) -> bool:
    """Tell whether an account acts in a programme on what is its own, and on nothing else."""
    return right_of(Role(account.role), THINGS[programme]) is Right.WRITE_OWN


def _owns(user: "SignedInUser", case: "Case | None", owners: "Collection[str]") -> bool:
    """Tell whether a case is a user's, whose role can own it: a caseworker may become a manager.

    `owners` are those as whom the user acts (`owners_as`).
    """
    return (
        case is not None
        and case.owner_id in owners
        and user.role in programmes.owners_of(case.programme)
    )


def _acts(user: "SignedInUser", programme: str, *, is_assigned: bool) -> bool:
    right = content_right(user, programme)
    return right is Right.WRITE or (right is Right.WRITE_OWN and is_assigned)


def _refuse_to_act(user: "SignedInUser", programme: str, *, is_assigned: bool) -> None:
    """Raise OnlyToRead when the user may act on what is assigned to them, else NotFound."""
    if _acts(user, programme, is_assigned=is_assigned):
        return
    raise OnlyToRead if content_right(user, programme) is Right.WRITE_OWN else NotFound


def _refusal(user: "SignedInUser", programme: str) -> NotFound:
    return NotOwn() if content_right(user, programme) in NEEDS_REASON else NotFound()
