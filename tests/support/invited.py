"""Do what follows an invitation: read its link in the mail, and say yes as a manager."""

import quopri
import re

from intake.access.safeguards import role_requests
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage.accounts import role_requests as rows_of
from storage.crypto.sealing import unseal_bytes
from storage.mail import outbox
from storage.submissions.submissions import place

TOKEN = re.compile(rb"/invitation/([\w-]+)")


def mailed_letter(services: Services, user_id: str) -> bytes:
    """Return the newest mail to an account's owner, its text decoded."""
    with services.database.reading() as session:
        row = outbox.newest_of_accounts(session, [user_id])[user_id]
        key = services.keyring.open(session, row.data_key_id)
    assert row.content is not None
    return quopri.decodestring(unseal_bytes(key, place("outbox", "content", row.id), row.content))


def mailed_token(services: Services, user_id: str) -> str:
    """Return the secret of the newest link that went to an account's owner."""
    found = TOKEN.search(mailed_letter(services, user_id))
    assert found is not None
    return found.group(1).decode()


def say_yes(services: Services, manager: SignedInUser) -> None:
    """Say yes to the one role that waits."""
    with services.database.reading() as session:
        (waiting,) = rows_of.waiting(session, limit=2)
    role_requests.approve_role(services, manager, waiting.id)
