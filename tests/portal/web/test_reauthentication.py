"""Sensitive acts ask again who does them, and nothing of what was sent is lost."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask, request

from intake.accounts.accounts import SignedInUser
from intake.accounts.reauthentication import VALID_FOR
from intake.core.services import Services
from intake.reference_data import editions
from portal.web import reauthentication
from portal.web.policy import Permission, policy_of, requires
from storage.accounts.users import User
from storage.editions import EditionKind
from tests.portal import samples
from tests.portal.access.world import PROPOSAL
from tests.portal.building import PASSWORD, Clock
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.documents import copies

INVITE = "/admin/people/invite"
HOSTILE = '"><script>alert(1)</script>'
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
WHY = "The region needs the annex today."
MakeUser = Callable[..., SignedInUser]
# Every act that must ask; a new sensitive act is added here.
SENSITIVE = {
    "people.invite",
    "people.disable",
    "people.take_away_factor",
    "quarantine.original",
    "office_data.approve",
    "own_account.prove",
}


def kept(page: str) -> dict[str, str]:
    """Return the hidden fields of the page that asks for a proof, without its form's token."""
    found = HIDDEN.findall(page.partition("<main")[2])
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


@pytest.fixture
def stale(signed_in: SignIn, clock: Clock) -> SignIn:
    """Give a maker of browsers in which the last reauthentication is too long ago."""

    def sign_in(role: str, name: str = "") -> Browser:
        browser = signed_in(role, name)
        clock.move(VALID_FOR)
        return browser

    return sign_in


def test_what_was_written_is_done_after_the_proof(services: Services, stale: SignIn) -> None:
    admin = stale("ADMIN")
    asked = admin.post(INVITE, INVITE, email="new@iom.example", role="CASH", region="")
    with services.database.reading() as session:
        before = session.query(User).count()

    answer = admin.post(INVITE, INVITE, proof=PASSWORD, **kept(asked.text))

    assert asked.status_code == 401
    assert before == 1
    assert kept(asked.text) == {"email": "new@iom.example", "role": "CASH", "region": ""}
    assert answer.status_code == 200
    assert "Cash officer 1" in answer.text


def test_the_proof_in_the_form_itself_is_enough(stale: SignIn) -> None:
    admin = stale("ADMIN")
    form = admin.get(INVITE).text

    answer = admin.post(INVITE, INVITE, email="new@iom.example", role="CASH", proof=PASSWORD)

    assert 'type="password"' in form
    assert answer.status_code == 200
    assert 'name="proof"' not in admin.get(INVITE).text


def test_a_wrong_proof_is_told_beside_its_field_and_keeps_everything(stale: SignIn) -> None:
    admin = stale("ADMIN")

    answer = admin.post(INVITE, INVITE, email="new@iom.example", role="CASH", proof="wrong")

    assert answer.status_code == 401
    assert "This password is not right." in answer.text
    assert 'aria-describedby="proof-error proof-help"' in answer.text
    assert "<title>Error: Confirm" in answer.text
    assert kept(answer.text) == {"email": "new@iom.example", "role": "CASH"}
    assert "wrong" not in answer.text.replace('class="field wrong"', "")


def test_too_many_wrong_proofs_are_stopped(stale: SignIn) -> None:
    admin = stale("ADMIN")
    for _ in range(10):
        admin.post("/account/prove", "/", proof="000000")

    answer = admin.post("/account/prove", "/", proof=PASSWORD)

    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text


def test_hostile_words_stay_text_and_long_ones_stay_whole(stale: SignIn) -> None:
    admin = stale("ADMIN")
    text = f"{HOSTILE}\r\nsecond line\r\n{'x' * 20_000}"

    answer = admin.post(INVITE, INVITE, email=text, role=HOSTILE)

    assert "<script>" not in answer.text
    assert kept(answer.text) == {"email": text, "role": HOSTILE}


def test_secrets_are_never_sent_back(stale: SignIn) -> None:
    admin = stale("ADMIN")

    answer = admin.post(
        INVITE, INVITE, email="a@b.example", password="s3cret", Old_Password="s3cret"
    )

    assert kept(answer.text) == {"email": "a@b.example"}
    assert "s3cret" not in answer.text


def test_a_proof_without_the_forms_token_counts_for_nothing(stale: SignIn) -> None:
    admin = stale("ADMIN")

    answer = admin.post(INVITE, email="new@iom.example", role="CASH", proof=PASSWORD)

    assert answer.status_code == 400
    assert admin.post(INVITE, INVITE, email="new@iom.example", role="CASH").status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_that_needs_it_is_reached_after_the_proof(
    app: Flask, stale: SignIn, method: str
) -> None:
    @requires(Permission.STATISTICS)
    @reauthentication.required("take everything out")
    def everything() -> str:
        return f"everything of {request.args['period']}"

    app.add_url_rule("/everything.csv", "everything", everything)
    manager = stale("MGR")
    asked = manager.client.open(
        "/everything.csv?period=2026-Q4", method=method, base_url="http://portal.test"
    )
    page = manager.get("/everything.csv?period=2026-Q4").text

    answer = manager.post("/account/prove", "/account", proof=PASSWORD, **kept(page))

    assert asked.status_code == 401
    assert (answer.status_code, answer.location) == (303, "/everything.csv?period=2026-Q4")
    assert manager.get(answer.location).text == "everything of 2026-Q4"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/a\r\nb",
        "/a//evil",
        "",
        "/#x",
        "/" + "a" * 5000 + "!",
    ],
)
def test_a_proof_never_leads_elsewhere(signed_in: SignIn, target: str) -> None:
    answer = signed_in("MGR").post("/account/prove", "/account", next=target)

    assert answer.location == "/"


def test_malware_is_released_after_a_proof_and_other_things_without(
    services: Services, stale: SignIn, make_user: MakeUser
) -> None:
    seeded = samples.seed(services, parts=samples.DESK_PARTS)
    infected = copies.document_of(services, seeded.submission_id, "INFECTED").id
    held = copies.document_of(services, seeded.submission_id, "HELD").id
    browser = stale("INTAKE")

    asked = browser.post(f"/documents/{infected}/release", "/account", reason=WHY, step="ask")
    other = browser.post(f"/documents/{held}/release", "/account", reason=WHY)
    original = browser.post(f"/documents/{held}/original", "/account", reason=WHY)

    assert (asked.status_code, other.status_code, original.status_code) == (401, 303, 401)
    assert kept(asked.text) == {"reason": WHY, "step": "ask"}


def test_an_edition_comes_in_force_after_a_proof(
    services: Services, stale: SignIn, make_user: MakeUser
) -> None:
    from intake.reference_data.edition_drafts import read_draft

    draft = read_draft(EditionKind.COUNTRIES, PROPOSAL)
    edition_id = editions.propose_edition(services, make_user("CASH"), draft)
    shown = f"/admin/editions/shown/{edition_id}"
    manager = stale("MGR")

    asked = manager.post(f"{shown}/approve", shown)
    answer = manager.post(f"{shown}/approve", shown, proof=PASSWORD)

    assert (asked.status_code, answer.status_code) == (401, 303)


def test_every_sensitive_act_asks_and_has_a_policy_still(app: Flask) -> None:
    asking = {
        name for name, view in app.view_functions.items() if hasattr(view, reauthentication.MARK)
    }

    assert asking >= SENSITIVE
    assert all(policy_of(app, endpoint) for endpoint in asking)


def test_the_page_that_asks_has_a_token_of_its_own(stale: SignIn) -> None:
    page = stale("ADMIN").post(INVITE, INVITE, email="a@b.example").text

    assert TOKEN.search(page.partition("<main")[2]) is not None
