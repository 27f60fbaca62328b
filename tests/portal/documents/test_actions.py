"""What is offered about a document, by role, state, verdict and what was done before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.documents.views import ActView, CopyStanding, CopyView, DocumentView
from intake.inspection.findings import FINDINGS
from intake.inspection.verdicts import PAPERS_ELSEWHERE
from portal.documents.actions import Offer, Person, needs_somebody, offers, twin
from portal.text.documents import advice, findings
from portal.web.policy import Permission
from storage.accounts.users import Role
from storage.documents.documents import DocumentState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ALL = frozenset(Permission)


def document(
    state: str, reason: str = "", acts: tuple[ActView, ...] = (), *, is_malware: bool = False
) -> DocumentView:
    return DocumentView(
        id="d",
        parent_id=None,
        depth=0,
        path="1",
        role="attachment",
        name="a.pdf",
        claimed_type="",
        detected_type=None,
        document_type="UNK",
        state=state,
        reason=reason,
        findings=(),
        part_flags=(),
        size=1,
        sha256="",
        page_count=None,
        acts=acts,
        is_malware=is_malware or state == "INFECTED",
    )


def act(code: str, user_id: str, hours: float = 1) -> ActView:
    return ActView(code, user_id, f"Officer {user_id}", NOW - timedelta(hours=hours), "why")


def offered(
    shown: DocumentView, may: frozenset[Permission] = ALL, verdict: str | None = "registered"
) -> list[Offer]:
    user = SignedInUser("me", "Intake officer 1", Role.INTAKE, None)
    return offers(
        shown,
        verdict,
        Person(user, NOW, lambda permission: permission in may, lambda _ids: frozenset()),
    )


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("HELD", ["ask", "release", "reject", "original"]),
        ("UNREADABLE", ["ask", "release", "reject", "original"]),
        ("INFECTED", ["ask", "release", "reject", "original"]),
        ("LOCKED", ["unlock", "ask", "reject", "original"]),
        ("CLEAN", ["original"]),
        ("ACTIVE", ["original"]),
        ("STORED", ["original"]),
        ("IGNORED", ["original"]),
        ("REJECTED", ["original"]),
    ],
)
def test_each_state_has_its_acts(state: str, kinds: list[str]) -> None:
    assert [offer.kind for offer in offered(document(state))] == kinds


def test_every_state_is_thought_of() -> None:
    for state in DocumentState:
        assert offered(document(state)) != []


def test_a_released_document_can_still_be_rejected() -> None:
    kinds = [offer.kind for offer in offered(document("ACTIVE", "released"))]

    assert kinds == ["reject", "original"]


@pytest.mark.parametrize(
    ("may", "kinds"),
    [
        (frozenset({Permission.QUARANTINE}), ["ask", "release", "reject"]),
        (frozenset({Permission.ORIGINALS}), ["original"]),
        (frozenset[Permission](), []),
    ],
)
def test_the_policy_decides(may: frozenset[Permission], kinds: list[str]) -> None:
    assert [offer.kind for offer in offered(document("HELD"), may)] == kinds


@pytest.mark.parametrize(
    ("verdict", "button"),
    [
        ("registered", "Ask by mail"),
        ("unknown", "Open a task to call"),
        ("unverified", "Open a task to call"),
        (None, "Open a task to call"),
    ],
)
def test_only_a_registered_sender_gets_a_mail(verdict: str | None, button: str) -> None:
    assert offered(document("HELD"), verdict=verdict)[0].button == button


@pytest.mark.parametrize("finding", sorted(PAPERS_ELSEWHERE))
def test_a_letter_whose_papers_lie_elsewhere_leads_to_asking(finding: str) -> None:
    letter = replace(document("ACTIVE", "shown_as_text"), findings=(finding,))

    assert needs_somebody(letter)
    assert [offer.kind for offer in offered(letter)] == ["ask", "original"]
    assert advice(letter.findings) == [FINDINGS[finding]]
    assert findings(letter.findings) == []


def test_nobody_is_asked_twice() -> None:
    shown = document("HELD", acts=(act("ask_to_resend", "other"),))

    assert [offer.kind for offer in offered(shown)] == ["release", "reject", "original"]


@pytest.mark.parametrize(
    ("acts", "release", "original"),
    [
        ((), ("ask", True), ("ask", True)),
        ((act("ask_release", "me"),), ("wait", False), ("ask", True)),
        ((act("ask_release", "other"),), ("do", True), ("ask", True)),
        ((act("ask_original", "me"),), ("ask", True), ("wait", False)),
        ((act("ask_original", "other"),), ("ask", True), ("do", True)),
        ((act("ask_release", "other", hours=80),), ("ask", True), ("ask", True)),
    ],
)
def test_malware_takes_two_people(
    acts: tuple[ActView, ...], release: tuple[str, bool], original: tuple[str, bool]
) -> None:
    found = {offer.kind: offer for offer in offered(document("INFECTED", acts=acts))}

    steps = {
        kind: (str(found[kind].step), bool(found[kind].button)) for kind in ("release", "original")
    }
    assert steps == {"release": release, "original": original}


def test_who_asked_is_named() -> None:
    shown = document("INFECTED", acts=(act("ask_release", "7"), act("ask_release", "8")))

    text = next(offer.text for offer in offered(shown) if offer.kind == "release")

    assert text.startswith("Officer 7 and Officer 8 asked for its release.")


def test_a_second_copy_leads_to_the_file_that_is_shown() -> None:
    ready = CopyView(CopyStanding.READY)
    first = replace(document("CLEAN"), id="first", sha256="aa", copy=ready)
    second = replace(document("IGNORED", "same_bytes_as_another_part"), id="b", sha256="aa")
    other = replace(document("CLEAN"), id="other", sha256="bb", copy=ready)

    assert twin(second, (other, first, second)) is first
    assert twin(second, (other, replace(first, copy=CopyView()), second)) is None
    assert twin(replace(second, sha256=""), (replace(first, sha256=""), second)) is None
    assert twin(replace(second, reason="signature_image"), (first, second)) is None
