"""Rank the cases that a submission may belong to for one reader, by what is open to them.

A likeness of people counts only where both names are open: one that only a closed paper says must
not lead anybody to whom the paper is closed to the case of the person (threat P10). Who may see it
gets the case with its reason.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.filing.ranking import Clue, RankedCase, likeliest, with_people
from storage.cases import filing_acts
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


def seen_cases(
    services: "Services",
    session: "Session",
    user: "SignedInUser | None",
    submission: "Submission",
    visibilities: "Mapping[str, Visibility]",
) -> tuple[RankedCase, ...]:
    """Return the likeliest cases for a reader, None for the service itself, best first."""
    ranks = filing_acts.ranks_of(session, submission.id)
    known = {rank.case_id: filing_acts.likenesses_of(rank) for rank in ranks}
    others = {each.submission_id for likenesses in known.values() for each in likenesses}
    there = derived.visibilities_there(
        services, session, user, submissions.by_ids(session, others).values()
    )
    return likeliest(
        with_people(
            RankedCase(rank.case_id, rank.score, tuple(Clue(each) for each in rank.reasons)),
            derived.best_likeness(known[rank.case_id], visibilities, there),
        )
        for rank in ranks
    )
