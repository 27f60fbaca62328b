"""Say in words how accounts stand, who acts for somebody, and what an account of a role can do."""

from intake.accounts.people.cover import Cover
from intake.accounts.roles import ROLE_WORDS
from portal.text.labels import Mark
from storage.accounts.users import Role

STATES = {
    "active": Mark("Active", "✓", "good"),
    "current": Mark("Active", "✓", "good"),
    "ending": Mark("Ends soon", "◆", "clock"),
    "invited": Mark("Invited", "◌", "quiet"),
    "waiting": Mark("Waits for a manager", "◌", "clock"),
    "expired": Mark("Expired", "◆", "clock"),
    "disabled": Mark("Disabled", "⊘", "danger"),
    "ended": Mark("Ended", "⊘", "quiet"),
}
COVER: dict[str, str] = {
    Cover.PRESENT: "They are there.",
    Cover.DEPUTY: "Their deputy acts.",
    Cover.LEFT: "They have left.",
    Cover.NO_DEPUTY: "there is no deputy.",
    Cover.DEPUTY_LEFT: "the deputy has left.",
    Cover.DEPUTY_UNFIT: "the deputy does other work now.",
    Cover.ALL_AWAY: "the deputies are away too.",
    Cover.CIRCLE: "all who are each other's deputies are away.",
}
# What an account of a role can do, as an administrator tells the person.
CAN_DO: dict[Role, str] = {
    Role.COORD: "Sends referrals and documents of their region, and sees where these stand.",
    Role.COORD_DEP: "Does the same as the coordinator whose deputy they are.",
    Role.INTAKE: "Reads all referrals, files and confirms them, and writes to their senders.",
    Role.CASEW: "Works on the referrals and cases that are assigned to them, and on no others.",
    Role.HEALTH: "Reads health documents, and nothing else of a case.",
    Role.PROT: "Reads both programmes, and decides about signs that somebody needs protection.",
    Role.CASH: "Reads and answers what comes to the cash programme.",
    Role.HELP: "Answers the helpline.",
    Role.MON: "Follows up with people after their return.",
    Role.COUNTRY: "Works for one country office, on what is shared with it.",
    Role.MGR: "Reads both programmes, approves roles and office data, and hands cases over.",
    Role.DPO: "Sees who read what, and approves lists; reads no case.",
    Role.ADMIN: "Keeps accounts and the register of senders; reads no case.",
    Role.AUDIT: "Reads the audit trail; reads no case.",
}
# What a role will do here that has no pages yet.
LATER: dict[Role, str] = {
    Role.HELP: "Pages for helpline calls and safe contact come with a later version.",
    Role.MON: "Pages for contacts after the return come with a later version.",
    Role.COUNTRY: "Pages for what is shared with a country office come with a later version.",
}
# Why a coordinator's account and an entry of the register are not one record.
APART: dict[str, str] = {
    "no_entry": "The address is not registered: mail from it counts as from an unknown sender.",
    "entry_over": "The entry has ended: mail from the address counts as from an unknown sender.",
    "other_region": "The address is registered for another region than the account's.",
    "account_over": "The account has ended. Mail from the address still counts.",
    "no_account": "Sends by mail and has no account.",
}


def cover(code: str) -> str:
    """Return why nobody acts for somebody, going on after a colon."""
    return COVER.get(code, code)


def can_do(role: str) -> str:
    """Return what an account of a role can do."""
    return CAN_DO[Role(role)]


def later(role: str) -> str:
    """Return what a role will do here that has no pages yet, empty when it has them all."""
    return LATER.get(Role(role), "")


def role_name(role: str) -> str:
    """Return what a role is called."""
    return ROLE_WORDS[Role(role)]
