"""Check administration's other pages: the register of senders, and the search of the audit."""

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.senders import register_administration
from storage import audit
from storage.accounts.users import Role
from tests.portal import samples
from tests.portal.administration.test_accounts import AUDIT, HOSTILE, PEOPLE, SENDERS, beside
from tests.portal.conftest import TOKEN, SignIn

ACTOR = SignedInUser("f" * 32, "Administrator 9", Role.ADMIN, None)


def test_a_sender_is_registered_renewed_and_ended(services: Services, signed_in: SignIn) -> None:
    manager = signed_in("MGR")
    manager.post(SENDERS, SENDERS, address="c@region.example", region="VAST", name=HOSTILE)
    (entry,) = register_administration.list_entries(services, ACTOR).entries
    page = manager.get(SENDERS).text

    ended = manager.post(f"{SENDERS}/{entry.id}/end", SENDERS)
    again = manager.post(f"{SENDERS}/{entry.id}/end", SENDERS)
    renewed = manager.post(f"{SENDERS}/{entry.id}/renew", SENDERS)

    assert "c@region.example" in page
    assert "<script>" not in page
    assert (ended.status_code, again.status_code, renewed.status_code) == (303, 409, 303)
    assert "This entry was ended already." in again.text
    assert register_administration.list_entries(services, ACTOR).entries[0].state == "current"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("address", HOSTILE, "This is not a mail address."),
        ("region", "", "Choose a region of the list."),
        ("phone", "call me", "It must be a telephone number"),
        ("deputy_for", "nobody@region.example", "It must be the address of a registered"),
    ],
)
def test_a_refused_entry_names_its_field(
    services: Services, signed_in: SignIn, field: str, value: str, sentence: str
) -> None:
    fields = {"address": "c@region.example", "region": "VAST", "name": "TEST Coordinator"}

    answer = signed_in("ADMIN").post(SENDERS, SENDERS, **(fields | {field: value}))

    assert answer.status_code == 400
    assert sentence in beside(answer.text, field)
    assert 'value="TEST Coordinator"' in answer.text
    assert "<script>" not in answer.text
    assert register_administration.list_entries(services, ACTOR).entries == []


def test_the_trail_is_searched_only_when_asked(services: Services, signed_in: SignIn) -> None:
    reference = samples.seed(services).reference
    auditor = signed_in("AUDIT")

    form = auditor.get(AUDIT).text
    found = auditor.get(f"{AUDIT}?from_day=2026-11-24&to_day=2026-11-24&reference={reference}").text

    assert reference not in form
    assert "5 found" in found
    assert "Received and stored" in found
    assert found.count(f'<bdi class="code">{reference}</bdi>') == 5
    assert "registered_sender_new_case" not in found
    with services.database.reading() as session:
        assert len(audit.of_subject(session, "audit", "trail")) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"act={HOSTILE}", "act"),
        (f"actor={HOSTILE}", "actor"),
        ("reference=K7M-4QX-9T", "reference"),
    ],
)
def test_a_search_that_cannot_be_made_names_its_field(
    signed_in: SignIn, query: str, field: str
) -> None:
    answer = signed_in("DPO").get(f"{AUDIT}?from_day=2026-11-24&to_day=2026-11-24&{query}")

    assert answer.status_code == 400
    assert beside(answer.text, field)
    assert "<script>" not in answer.text


def test_a_search_without_a_result_says_so(signed_in: SignIn) -> None:
    page = signed_in("AUDIT").get(f"{AUDIT}?from_day=2026-01-01&to_day=2026-01-02").text

    assert "Nothing was found." in page


@pytest.mark.parametrize("path", [f"{PEOPLE}/invite", SENDERS])
def test_a_form_without_its_token_does_nothing(
    services: Services, signed_in: SignIn, path: str
) -> None:
    admin = signed_in("ADMIN")

    answer = admin.post(path, email="new@iom.example", role="CASH", address="a@b.example")

    assert answer.status_code == 400
    assert TOKEN.search(admin.get(path).text) is not None
    assert register_administration.list_entries(services, ACTOR).entries == []
