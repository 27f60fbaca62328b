"""Check the audit trail's search, on both databases.

Narrowed as asked, without content, and audited.
"""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.oversight import audit_search
from intake.oversight.audit_search import Asked, FoundEvents, SearchInvalid
from portal.text import audit_acts
from storage import audit
from storage.accounts.users import Role
from storage.audit import AuditEvent
from storage.audit_acts import WORDS_OF_GROUPS, Act, group_of
from storage.database import Session
from storage.lists import audit_search as trail
from tests.portal.triage.test_query_plans import listening, scans
from tests.support.building import Clock
from tests.support.rows import Planter

VIEWER = SignedInUser("b" * 32, "Auditor 1", Role.AUDIT, None)
SECRET = "TEST Applicant"


def append(
    services: Services,
    session: Session,
    clock: Clock,
    act: str,
    actor: str = "system:intake",
    about: str = "x",
) -> None:
    audit.append(
        session,
        services.keyring,
        clock.now(),
        actor=actor,
        act=cast("Act", act),  # the search knows no list of acts
        subject=("submission", about),
        detail={"note": SECRET},
    )


def search(services: Services, clock: Clock, **asked: str) -> FoundEvents:
    today = clock.now().date().isoformat()
    return audit_search.search_audit(
        services,
        VIEWER,
        replace(Asked(from_day=today, to_day=today), **asked),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("act", "acts"),
    [
        ("", ["case.viewed", "submission.viewed", "submission.received", "item.claimed"]),
        ("submission.viewed", ["submission.viewed"]),
        ("group:submissions", ["submission.viewed", "submission.received"]),
        ("reads", ["case.viewed", "submission.viewed"]),
        ("group:office", []),
    ],
)
def test_an_act_or_a_group_of_acts_is_found_newest_first(
    services: Services, clock: Clock, act: str, acts: list[str]
) -> None:
    with services.database.transaction() as session:
        for each in ("item.claimed", "submission.received", "submission.viewed", "case.viewed"):
            append(services, session, clock, each)

    found = search(services, clock, act=act)

    assert [event.act for event in found.events] == acts


def test_every_act_has_words_and_stands_in_one_group() -> None:
    assert [act for act in Act if act not in audit_acts.ACTS] == []
    assert [act for act in Act if not group_of(act)] == []
    assert set(audit_acts.GROUPS) == set(WORDS_OF_GROUPS)
    chosen = [code for _, each in audit_acts.choices() for code, _ in each]
    assert len(chosen) == len(set(chosen)) == len(Act) + len(WORDS_OF_GROUPS) + 1


def test_opening_the_report_and_reviewing_an_access_have_names_of_their_own() -> None:
    words = [audit_acts.ACTS[act] for act in (Act.ACCESS_REPORT_OPENED, Act.ACCESS_ANSWERED)]

    assert words == ["Report of unusual access opened", "Unusual access reviewed"]


def test_who_read_this_persons_papers_is_answered_by_one_reference(
    services: Services, clock: Clock
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        user, case = planter.user(), planter.case()
        submission = planter.submission(case_id=case.id)
        document = planter.document(submission)
        other = planter.document(planter.submission())
        for kind, about, act in (
            ("document", document.id, Act.DOCUMENT_VIEWED),
            ("document", other.id, Act.DOCUMENT_VIEWED),
            ("document", document.id, Act.DOCUMENT_TYPE_CONFIRMED),
        ):
            audit.append(
                session,
                services.keyring,
                clock.now(),
                actor=f"user:{user.id}",
                act=act,
                subject=(kind, about),
            )
        audit.append(
            session,
            services.keyring,
            clock.now(),
            actor=f"user:{user.id}",
            act=Act.ACCESS_REPORT_OPENED,
            subject=("audit", "unusual_access"),
            detail={"shown": [submission.id]},
        )

    for reference in (submission.reference, case.reference):
        found = search(services, clock, reference=reference, act="reads", actor=user.label).events
        assert [(each.act, each.part, each.reference) for each in found] == [
            ("access.reviewed", "", ""),
            ("document.viewed", document.id[:8], submission.reference),
        ]
    (view,) = search(services, clock, reference=document.id[:8], act="document.viewed").events
    assert view.reference == submission.reference
    everything = search(services, clock, act="document.viewed").events
    assert {each.reference for each in everything} > {submission.reference}


def test_an_actor_is_found_by_label_and_a_subject_by_reference(
    services: Services, clock: Clock
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        user, submission, case = planter.user(), planter.submission(), planter.case()
        append(services, session, clock, "submission.viewed", f"user:{user.id}", submission.id)
        append(services, session, clock, "submission.viewed", "system:intake", submission.id)
        append(services, session, clock, "item.claimed", f"user:{user.id}")
        audit.append(
            session,
            services.keyring,
            clock.now(),
            actor="system:x",
            act=Act.CASE_OPENED,
            subject=("case", case.id),
        )

    by_label = search(services, clock, actor="Intake officer 1").events
    by_part = search(services, clock, actor="system:intake").events
    by_reference = search(services, clock, reference=submission.reference.lower()).events
    of_case = search(services, clock, reference=case.reference).events

    assert [(each.actor, each.act) for each in by_label] == [
        ("Intake officer 1", "item.claimed"),
        ("Intake officer 1", "submission.viewed"),
    ]
    assert [each.actor for each in by_part] == ["system:intake"]
    assert {each.reference for each in by_reference} == {submission.reference}
    assert len(by_reference) == 2
    assert [(each.subject_type, each.reference) for each in of_case] == [("case", case.reference)]


def test_only_the_days_that_were_asked_for_are_searched(services: Services, clock: Clock) -> None:
    first = clock.now()
    for act in ("day.one", "day.two", "day.three"):
        with services.database.transaction() as session:
            append(services, session, clock, act)
        clock.advance(timedelta(days=1))
    second_day = (first + timedelta(days=1)).date().isoformat()

    found = search(services, clock, from_day=second_day, to_day=second_day)

    assert [event.act for event in found.events] == ["day.two"]


def test_an_event_a_little_out_of_order_is_found(services: Services, clock: Clock) -> None:
    # Its time was taken before the lock that gives numbers: midnight passed between the two.
    for step in (timedelta(days=1), -timedelta(days=1), timedelta(days=1)):
        with services.database.transaction() as session:
            append(services, session, clock, "submission.viewed")
        clock.advance(step)
    clock.advance(-timedelta(days=1))

    wanted = trail.Wanted(clock.now(), clock.now() + timedelta(hours=1))
    with services.database.reading() as session:
        found = trail.find(session, wanted, limit=10)

    assert [event.sequence for event in found] == [3, 1]


@pytest.mark.parametrize("narrowed", [{}, {"act": "group:submissions"}, {"reference": "whole"}])
def test_pages_follow_each_other_without_a_gap(
    services: Services, clock: Clock, narrowed: dict[str, str]
) -> None:
    with services.database.transaction() as session:
        submission = Planter(session, services.keyring, clock.now()).submission()
        for number in range(audit_search.PAGE + 5):
            act = "submission.viewed" if number % 2 else "submission.received"
            append(services, session, clock, act, about=submission.id)
    if narrowed.get("reference"):
        narrowed = {"reference": submission.reference, "act": "group:submissions"}
    today = clock.now().date().isoformat()
    asked = replace(Asked(from_day=today, to_day=today), **narrowed)  # type: ignore[arg-type]

    first = audit_search.search_audit(services, VIEWER, asked)
    second = audit_search.search_audit(services, VIEWER, replace(asked, before=first.older))

    assert len(first.events) == audit_search.PAGE
    assert len(second.events) == 5
    assert second.older is None


def test_a_search_is_audited_with_codes_and_shows_no_detail(
    sqlite_services: Services, clock: Clock
) -> None:
    with sqlite_services.database.transaction() as session:
        append(sqlite_services, session, clock, "submission.viewed")

    found = search(sqlite_services, clock, act="group:submissions")

    assert SECRET not in repr(found)
    with sqlite_services.database.reading() as session:
        (event,) = audit.of_subject(session, "audit", "trail")
        assert audit.check_chain(session, sqlite_services.keyring) == []
    assert (event.actor, event.act) == (VIEWER.actor, "audit.searched")
    assert event.detail["act"] == "group:submissions"
    assert event.detail["found"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("act", "Robert'); DROP"),
        ("act", "%"),
        ("act", "submission."),
        ("act", "group:none"),
        ("actor", "Nobody 9"),
        ("reference", "no reference"),
        ("reference", "K7M-4QX-9T"),
        ("from_day", ""),
        ("from_day", "soon"),
        ("to_day", "2026-13-01"),
        ("to_day", "2026-11-23"),
        ("to_day", "2027-02-24"),
        ("to_day", "9999-12-31"),
    ],
)
def test_a_fault_is_told_of_its_field_and_nothing_is_searched(
    sqlite_services: Services, clock: Clock, field: str, value: str
) -> None:
    with pytest.raises(SearchInvalid) as raised:
        search(sqlite_services, clock, **{field: value})

    assert list(raised.value.faults) == [field]
    with sqlite_services.database.reading() as session:
        assert session.query(AuditEvent).count() == 0


def test_the_longest_stretch_is_as_long_as_the_form_says(
    sqlite_services: Services, clock: Clock
) -> None:
    last = clock.now().date() + timedelta(days=audit_search.MAX_DAYS - 1)

    assert search(sqlite_services, clock, to_day=last.isoformat()).events == []


EVENTS = 10_000


def test_no_search_reads_the_whole_trail_of_ten_thousand(
    sqlite_services: Services, clock: Clock
) -> None:
    with sqlite_services.database.transaction() as session:
        planter = Planter(session, sqlite_services.keyring, clock.now())
        user, case = planter.user(), planter.case()
        submission = planter.submission(case_id=case.id)
        document = planter.document(submission)
        for number in range(EVENTS):
            about = ("document", document.id) if number % 1000 == 0 else ("item", str(number))
            audit.append(
                session,
                sqlite_services.keyring,
                clock.now(),
                actor=f"user:{user.id}" if number % 100 == 0 else "system:intake",
                act=Act.DOCUMENT_VIEWED if number % 1000 == 0 else Act.ITEM_CLAIMED,
                subject=about,
            )

    for asked, count in (
        ({}, audit_search.PAGE),
        ({"act": "document.viewed"}, 10),
        ({"act": "reads"}, 10 + 2),
        ({"act": "group:cases"}, 0),
        ({"actor": user.label}, audit_search.PAGE),
        ({"actor": user.label, "act": "reads"}, 10),
        ({"reference": submission.reference}, 10),
        ({"reference": case.reference, "act": "reads"}, 10 + 1),
        ({"reference": document.id[:8], "actor": user.label}, 10),
    ):
        with listening(sqlite_services) as sent:
            found = search(sqlite_services, clock, **asked)
        assert len(found.events) == count, asked
        assert scans(sqlite_services, sent) == set()
        assert len(sent) < 120
