"""Find cases whose people may be the ones that a submission names; for officers only.

The sealed names of the few people who share a keyed name hash are opened in memory to compare them;
the other programme is never looked at. Nothing is merged, and nothing of it reaches a submitter
(requirement 28). Each likeness names the documents that say the two names, since it is closed where
one of them is (threat P10).
"""

from typing import TYPE_CHECKING

from intake.core.errors import KeyUnavailable
from intake.recognition.matching import PersonFacts, compare, name_keys, parse_partial_date
from storage.cases import cases
from storage.cases.filing_acts import Likeness
from storage.crypto.sealing import unseal
from storage.documents import people, sources
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.people import Person
    from storage.submissions.submissions import Submission

# Above what an equal name gives against another birth date.
MIN_LIKENESS = 0.65
MAX_COMPARED = 50


def similar_people(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> dict[str, tuple[Likeness, ...]]:
    """Return {case id: likenesses} of the other cases of the programme that are likely.

    Of what the same documents say, the best likeness is left; the best of all comes first.
    """
    found: dict[str, dict[tuple[object, ...], Likeness]] = {}
    for person in people.of_submissions(session, [submission.id]):
        if person.data_key_id != key.id:
            continue
        facts = _facts(key, person)
        hashes = [
            services.keyring.lookup(session, "person-name", each)
            for name in facts.names
            for each in name_keys(name)
        ]
        for other in people.sharing_keys(
            session, hashes, other_than=submission.id, limit=MAX_COMPARED
        ):
            case_id = _case_of(session, submission, other)
            if case_id is None:
                continue
            score = _likeness(services, session, facts, other)
            if score < MIN_LIKENESS:
                continue
            known = found.setdefault(case_id, {})
            here, there = _sources(session, person), _sources(session, other)
            best = known.get((here, there))
            if best is None or best.score < score:
                known[here, there] = Likeness(score, here, there, other.submission_id)
    return {
        case_id: tuple(sorted(known.values(), key=lambda each: (-each.score, each.here)))
        for case_id, known in found.items()
    }


def _sources(session: "Session", person: "Person") -> tuple[str, ...]:
    return tuple(sorted(sources.of_rows(session, {person.id: person.document_id})[person.id]))


def _case_of(session: "Session", submission: "Submission", other: "Person") -> str | None:
    """Return the id of a person's case, after merges; None without one or if it is this case."""
    theirs = submissions.by_id(session, other.submission_id)
    if theirs is None or theirs.programme != submission.programme:
        return None
    case = cases.by_id(session, theirs.case_id)
    if case is None:
        return None
    case_id = cases.resolved(session, case).id
    return case_id if case_id != submission.case_id else None


def _likeness(
    services: "Services", session: "Session", facts: PersonFacts, other: "Person"
) -> float:
    try:
        key = services.keyring.open(session, other.data_key_id)
    except KeyUnavailable:
        # The person was erased, so there is nothing to compare with.
        return 0.0
    return compare(facts, _facts(key, other)).score


def _facts(key: "DataKey", person: "Person") -> PersonFacts:
    name = unseal(key, place("people", "name", person.id), person.name)
    born = unseal(key, place("people", "born", person.id), person.born)
    return PersonFacts((name,), parse_partial_date(born))
