"""Check that an invitation leaves as a mail to the invited person, and that a failure shows."""

import pytest

from intake.accounts import administration
from intake.core.services import Services
from intake.outbox import invitations
from mailbox.sender import send_once
from tests.components.smtp_sink import SmtpSink
from tests.portal.correspondence.links import TEXTS
from tests.support.invited import mailed_token
from tests.support.people import plant_user

pytestmark = pytest.mark.components
EMAIL = "new@iom.example"


def test_it_goes_to_the_invited_person(office: Services, smtp_sink: SmtpSink) -> None:
    admin = plant_user(office, "Administrator 1", "ADMIN")
    invited = invitations.invite(office, TEXTS, admin, EMAIL, "AUDIT", None)

    assert send_once(office) == 1

    (received,) = smtp_sink.received
    assert received.recipients == (EMAIL,)
    # The text is quoted-printable, so the long line of the link is broken.
    assert mailed_token(office, invited.user_id)[:8].encode() in received.raw.replace(b"=\r\n", b"")
    assert _mail(office, invited.user_id) == ("sent", "")


def test_a_refusal_stands_on_the_page_of_the_account(office: Services, smtp_sink: SmtpSink) -> None:
    admin = plant_user(office, "Administrator 1", "ADMIN")
    invited = invitations.invite(office, TEXTS, admin, EMAIL, "AUDIT", None)
    smtp_sink.answer_with("550 5.1.1 nobody here", at="RCPT")

    assert send_once(office) == 0

    assert _mail(office, invited.user_id)[0] == "failed"


def _mail(services: Services, user_id: str) -> tuple[str | None, str]:
    account = administration.read_account(
        services, plant_user(services, "Reader", "ADMIN"), user_id
    )
    return account.mail, account.mail_reason
