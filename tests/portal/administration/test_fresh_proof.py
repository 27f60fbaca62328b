"""Hold every act of administration, and every one that others trust, to a fresh proof.

The routes are those of the application itself, so that a new one cannot be forgotten (threat P8).
"""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from intake.access.safeguards.four_eyes import TwoPersonAct
from intake.accounts.reauthentication import VALID_FOR
from intake.core.services import Services
from intake.senders import register, register_administration
from portal.web import reauthentication
from portal.web.policy import ROLES, policy_of
from storage import audit
from tests.portal import samples
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.documents import copies
from tests.support.people import plant_user

ADMINISTRATION = "portal.administration."
# Acts elsewhere that others trust, or that take two people.
BESIDE = {"answers.lift", "quarantine.original"}
# The first only gives up what its owner has; the next two store nothing and show a form again; the
# last reports a task, as tasks are reported everywhere.
WITHOUT = {
    "glass.give_back",
    "office_proposals.change_rows",
    "office_proposals.import_file",
    "duty.settle",
}
SENDERS = "/admin/senders"
ADDRESS = "coordinator@region.example"


def rules(app: Flask) -> list[Rule]:
    """Return the routes by which administration changes something."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and rule.endpoint not in WITHOUT
        and (
            app.view_functions[rule.endpoint].__module__.startswith(ADMINISTRATION)
            or rule.endpoint in BESIDE
        )
    ]


def test_every_act_of_administration_asks_for_a_proof(app: Flask) -> None:
    found = rules(app)

    forgotten = {
        rule.endpoint
        for rule in found
        if not hasattr(app.view_functions[rule.endpoint], reauthentication.MARK)
    }

    assert len(found) > 15
    assert {rule.endpoint for rule in found} >= BESIDE
    assert forgotten == set()


def test_each_of_them_answers_an_old_session_by_asking(
    app: Flask, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    by_role: dict[str, list[Rule]] = {}
    for rule in rules(app):
        permission = policy_of(app, rule.endpoint)
        assert permission is not None
        role = min(role.value for role in ROLES[permission])
        by_role.setdefault(role, []).append(rule)
    answered = {}

    for role, routes in by_role.items():
        browser = signed_in(role)
        clock.move(VALID_FOR)
        for rule in routes:
            address = rule.build(dict.fromkeys(rule.arguments, "0" * 32), append_unknown=False)
            assert address is not None
            answered[rule.endpoint] = browser.post(address[1], "/account").status_code

    assert {endpoint: code for endpoint, code in answered.items() if code != 401} == {}


def test_a_number_to_call_back_on_is_changed_only_with_a_proof(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    register.add_sender(services, "operator", ADDRESS, "VAST", phone="+46 8 123 45 67")
    manager = signed_in("MGR")
    clock.move(VALID_FOR)

    answer = manager.post(SENDERS, SENDERS, address=ADDRESS, region="VAST", phone="+46 8 999 99 99")

    assert answer.status_code == 401
    (entry,) = register_administration.list_entries(
        services, plant_user(services, "Reader", "ADMIN")
    ).entries
    assert entry.phone == "+46 8 123 45 67"


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"phone": "+46 8 999 99 99"}, ["phone"]),
        ({"name": "Somebody else", "phone": "+46 8 999 99 99"}, ["name", "phone"]),
        ({"phone": "+46 8 123 45 67"}, None),
    ],
)
def test_the_audit_names_what_of_an_entry_was_changed(
    services: Services, signed_in: SignIn, fields: dict[str, str], changed: list[str] | None
) -> None:
    register.add_sender(services, "operator", ADDRESS, "VAST", phone="+46 8 123 45 67")
    (entry,) = register_administration.list_entries(
        services, plant_user(services, "Reader", "ADMIN")
    ).entries

    signed_in("MGR").post(SENDERS, SENDERS, address=ADDRESS, region="VAST", **fields)

    with services.database.reading() as session:
        event = audit.of_subject(session, "sender", entry.id)[-1]
    assert event.actor.startswith("user:")
    assert event.detail.get("changed") == changed


def test_a_submissions_page_says_that_the_number_is_new_and_for_how_long(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    seeded = samples.seed(services, region="VAST")
    register.add_sender(services, "operator", ADDRESS, "VAST", phone="+46 8 123 45 67")
    clock.move(timedelta(days=31))
    before = signed_in("INTAKE", "o").get(f"/submissions/{seeded.reference}").text
    register.add_sender(services, "operator", ADDRESS, "VAST")
    renewed = signed_in("INTAKE", "p").get(f"/submissions/{seeded.reference}").text
    manager = signed_in("MGR", "m")
    manager.post(SENDERS, SENDERS, address=ADDRESS, region="VAST", phone="+46 8 999 99 99")

    after = signed_in("INTAKE", "q").get(f"/submissions/{seeded.reference}").text

    assert "+46 8 123 45 67" in before
    assert "New number" not in before + renewed
    assert "+46 8 999 99 99" in after
    assert "New number: set by <bdi>Programme manager 1</bdi>" in after


# By act: the routes by which the first and the second of the two act.
OF_BOTH: dict[TwoPersonAct, set[str]] = {
    TwoPersonAct.RELEASE: {"quarantine.release"},
    TwoPersonAct.ORIGINAL: {"quarantine.original"},
    TwoPersonAct.EDITION: {"office_proposals.propose", "office_data.approve"},
    TwoPersonAct.LIST: {"bulk_exports.ask", "bulk_exports.approve"},
    TwoPersonAct.OPENING: {"glass.open_it", "glass.answer"},
    TwoPersonAct.CONSENT_OVERRIDE: {"without_consent.ask", "without_consent.approve"},
    TwoPersonAct.ROLE: {"people.invite", "people.change_role", "asked_roles.approve"},
}
# This one finds out only in the middle that the act is a sensitive one: only malware takes two.
IN_THE_MIDDLE = {"quarantine.release"}


@pytest.mark.parametrize("act", TwoPersonAct)
def test_both_people_of_each_act_prove_who_they_are(app: Flask, act: TwoPersonAct) -> None:
    asking = {
        name for name, view in app.view_functions.items() if hasattr(view, reauthentication.MARK)
    }

    assert OF_BOTH[act] <= asking | IN_THE_MIDDLE


@pytest.mark.parametrize("step", ["ask", "do"])
def test_both_people_of_a_release_prove_who_they_are(
    services: Services, signed_in: SignIn, clock: Clock, step: str
) -> None:
    seeded = samples.seed(services, parts=samples.DESK_PARTS)
    infected = copies.document_of(services, seeded.submission_id, "INFECTED").id
    officer = signed_in("INTAKE")
    clock.move(VALID_FOR)

    answer = officer.post(
        f"/documents/{infected}/release", "/account", reason="It is needed today.", step=step
    )

    assert answer.status_code == 401
