"""Plant a colleague who is away, for whom the officer acts, and one for whom nobody does."""

from datetime import timedelta

from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.senders.register import add_sender
from storage.accounts.users import User
from storage.mail import senders
from storage.submissions.queue_items import QueueItem
from tests.browser.support.pages import OFFICER
from tests.intake.accounts.people.rows import plant_absence
from tests.portal import samples
from tests.portal.building import PASSWORD


def plant(services: Services) -> str:
    """Put both in, with a coordinator who stands apart; return the id of an entry to end."""
    today = services.now().date()
    last = (today + timedelta(days=12)).isoformat()
    with services.database.transaction() as session:
        hashed = accounts.email_hash(services, session, OFFICER)
        officer = session.query(User).filter_by(email_hash=hashed).one()
        officer_id = officer.id
    away = _named(services, "away@iom.example", "Demo Person Away", officer_id)
    alone = _named(services, "alone@iom.example", "Demo Person Alone", None)
    for each in (away, alone):
        plant_absence(services, each, today.isoformat(), last)
    made = samples.seed(services, with_case=False)
    with services.database.transaction() as session:
        session.get_one(QueueItem, made.item_id).claimed_by = away.id
    add_sender(services, "operator", "mails.only@region.example", "SYD")
    with services.database.reading() as session:
        return senders.everyone(session)[0].id


def _named(services: Services, email: str, name: str, deputy_id: str | None) -> SignedInUser:
    user = accounts.create_with_password(services, email, "INTAKE", None, PASSWORD)
    with services.database.transaction() as session:
        row = session.get_one(User, user.id)
        row.name, row.deputy_id = name, deputy_id
    return user
