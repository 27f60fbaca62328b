"""Check that the mail with a link waits as what officers send does, and goes with its link."""

from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.mail.outbox import OutboxMessage
from storage.submissions.upload_links import UploadLink
from tests.portal import samples
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn
from tests.portal.correspondence.links import case_reference, make_link
from tests.support.people import plant_user

UNDO_SECONDS = 30
SAFE = {"address": "sister@safe.example", "is_safe": True}
WAIT = timedelta(seconds=30)


@pytest.fixture(params=["case", "submission"])
def reference(services: Services, request: pytest.FixtureRequest) -> str:
    """Give the reference of a case, or of a submission without one."""
    seeded = samples.seed(services, with_case=request.param == "case")
    if request.param == "submission":
        return seeded.reference
    return case_reference(services, seeded.submission_id)


def mails(services: Services) -> list[OutboxMessage]:
    """Return the mails that bring links."""
    with services.database.reading() as session:
        rows = session.query(OutboxMessage)
        return [row for row in rows if row.kind.startswith("LINK")]


def withdraw(services: Services, browser: Browser, reference: str) -> str:
    """Withdraw the only link; return the page that follows."""
    with services.database.reading() as session:
        link_id = session.query(UploadLink).one().id
    path = f"/links/{reference}"
    answer = browser.post(f"{path}/withdraw", path, link=link_id)
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"]).text


def test_it_waits_and_the_page_says_until_when(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    made = make_link(services, plant_user(services), reference, **SAFE)

    (mail,) = mails(services)
    assert mail.next_try_at == made.leaves_at == services.now() + WAIT
    page = signed_in("INTAKE").get(f"/links/{reference}").text
    assert "Until then “Withdraw” takes it back too." in page


def test_withdrawn_within_its_time_the_mail_goes_with_the_link(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    make_link(services, plant_user(services), reference, **SAFE)

    page = withdraw(services, signed_in("INTAKE"), reference)

    assert "Nobody can send with it any more, and its mail did not leave." in page
    assert mails(services) == []


def test_withdrawn_later_or_while_it_is_sent_the_link_ends_alone(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    make_link(services, plant_user(services), reference, **SAFE)
    with services.database.transaction() as session:
        row = session.query(OutboxMessage).filter_by(kind="LINK1").one()
        row.leased_until = services.now() + timedelta(minutes=1)

    page = withdraw(services, signed_in("INTAKE"), reference)

    assert "The link is withdrawn. Nobody can send with it any more." in page
    assert len(mails(services)) == 1


def test_after_its_time_the_page_offers_no_way_back_for_the_mail(
    services: Services, signed_in: SignIn, reference: str, clock: Clock
) -> None:
    make_link(services, plant_user(services), reference, **SAFE)
    clock.move(WAIT)

    browser = signed_in("INTAKE")
    assert "takes it back too" not in browser.get(f"/links/{reference}").text
    withdraw(services, browser, reference)
    assert len(mails(services)) == 1
