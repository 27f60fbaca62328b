"""Invite somebody: the link goes by mail to the invited person, and to nobody else.

Who invites never sees the link: with it they would set the password, and be two people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.accounts import accounts
from intake.accounts.people import names, one_record
from intake.accounts.people.names import NameAndLine
from intake.accounts.roles import NEEDS_YES
from intake.core.errors import Conflict
from intake.outbox import guard, post
from intake.outbox.post import OutgoingMail
from storage.accounts.users import Role, User
from storage.mail.outbox import MailKind

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts

SUBJECT = "Inbjudan / Invitation"
UNNAMED = NameAndLine("", "")


class InvitedTooOften(Conflict):
    """An address got as many invitations as it may within an hour."""

    reason = "invited_too_often"
    public = (
        f"This address got {guard.MAX_INVITATIONS} invitations within an hour, and the newest link "
        "works. Nothing was changed. Ask the person to look for it, in the junk folder too, or "
        "invite them again in an hour."
    )


@dataclass(frozen=True)
class Invited:
    """What an inviter is told; `name` may be empty.

    `refused` is a code that says why no mail goes out, or empty.
    """

    user_id: str
    label: str
    name: str
    expires_at: datetime
    waits_for_yes: bool
    refused: str


def invite(
    services: "Services",
    texts: "MailTexts",
    by: "SignedInUser",
    email: str,
    role: str,
    region: str | None,
    *,
    person: NameAndLine = UNNAMED,
    again: bool = False,
) -> Invited:
    """Invite somebody; a coordinator's account has an end from the start.

    `again` says that an entry of the register which somebody ended shall count again, once a
    manager has said yes. Raises as `accounts.make_invitation` and `one_record.check_invitation`
    do, and InvitedTooOften.
    """
    with services.database.transaction() as session:
        one_record.check_invitation(services, session, email, role, region, again=again)
        made = accounts.make_invitation(services, session, email, role, region, by=by)
        link = f"{services.settings.public_url}/invitation/{made.url_token}"
        text = texts.invitation(link=link, until=made.expires_at)
        account = session.get_one(User, made.user_id)
        if person != UNNAMED:
            names.keep(services, session, by, account, person)
        mail = OutgoingMail(MailKind.INVITATION, SUBJECT, text, is_automatic=False)
        row = post.write_to_account(services, session, account, mail)
        if row.reason == "too_many_to_this_address":
            # The link that is on its way must go on to work, so nothing of this one stays.
            raise InvitedTooOften
        needs_yes = Role(account.role) in NEEDS_YES
        return Invited(
            made.user_id, made.label, account.name or "", made.expires_at, needs_yes, row.reason
        )
