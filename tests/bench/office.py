"""Measure the pages of the office's data, numbers and audit, on a database that `lists` filled."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import Flask

from intake.accounts.accounts import SignedInUser, create_with_password
from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft
from storage.accounts.users import Role
from storage.editions import EditionKind
from tests.portal.building import PASSWORD, START
from tests.portal.conftest import Browser

# So many proposals wait or are over, of one checklist.
EDITIONS = 40


def signed_in(services: Services, app: Flask, role: str) -> Browser:
    """Return a browser of somebody with a role."""
    email = f"{role.lower()}@iom.example"
    create_with_password(services, email, role, None, PASSWORD)
    browser = Browser(app)
    browser.sign_in(email)
    return browser


def pages(services: Services, app: Flask, reference: str) -> Iterator[tuple[str, Browser, str]]:
    """Yield the name, the reader and the address of each page; `reference` is a submission's."""
    officer, manager = signed_in(services, app, "CASEW"), signed_in(services, app, "MGR")
    proposed = _propose(services)
    days = {"from_day": str((START - timedelta(days=91)).date()), "to_day": str(START.date())}
    asked = "&".join(f"{name}={value}" for name, value in days.items())
    data, audit = "/admin/editions", f"/admin/audit?{asked}"
    yield "office data", manager, data
    for kind in EditionKind:
        yield f"office data, {kind}", manager, f"{data}/{kind}"
        yield f"office data, form of {kind}", officer, f"{data}/{kind}/propose"
    yield "office data, all of one", manager, f"{data}/checklist?code=referrals"
    yield "office data, to decide", manager, f"{data}/shown/{proposed}"
    yield "numbers", manager, "/numbers"
    yield "audit, 92 days", manager, audit
    yield "audit, an act", manager, f"{audit}&act=submission.confirmed"
    yield "audit, everything that reads", manager, f"{audit}&act=reads"
    yield "audit, a person", manager, f"{audit}&actor=Intake officer 99"
    yield "audit, a reference", manager, f"{audit}&reference={reference}"
    yield "who read", manager, f"/admin/audit/who-read?reference={reference}"


def _propose(services: Services) -> str:
    """Propose a checklist often, each time with one document less; return the last one's id."""
    user = SignedInUser("0" * 32, "Caseworker 1", Role.CASEW, None)
    (shipped, *_others) = editions.shipped(EditionKind.CHECKLIST)
    edition_id = ""
    for number in range(1, EDITIONS + 1):
        content = {**shipped.content, "items": shipped.content["items"][number % 20 :]}
        draft = EditionDraft(
            EditionKind.CHECKLIST,
            shipped.code,
            "",
            date(2027, 1, 1) + timedelta(days=number),
            None,
            content,
            "Fewer documents are asked for.",
        )
        edition_id = editions.propose_edition(services, user, draft)
    return edition_id
