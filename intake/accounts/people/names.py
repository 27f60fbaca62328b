"""Keep what people are called and their direct line, as colleagues and coordinators see them.

Both stand on signed papers, so an officer writes their own name once; later an administrator
changes it. A coordinator's name and number are those of the register, which officers call back on:
an account that was taken over must not change them.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.accounts.people.deputies import fits
from intake.accounts.roles import REGIONAL_ROLES
from intake.core import audit
from intake.core.errors import Conflict, FieldsInvalid, NotFound
from intake.core.typed_text import tidy
from storage.accounts import users
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.worded import worded

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session

MAX_NAME_CHARACTERS = 80
LINE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
# Beside letters and their marks: initials, double names, O'Neill, and joiners that scripts need.
IN_NAMES = frozenset(" .-'\u2019\u200c\u200d")


class PersonInvalid(FieldsInvalid):
    """A name or number cannot be used; `errors` is {`name` or `direct_line`: sentence}."""

    reason = "person_invalid"
    public = worded("Please look at the marked fields. Nothing was changed.")


@dataclass(frozen=True)
class NameAndLine:
    """A name and a direct line, tidied and checked; each may be empty."""

    name: str
    direct_line: str


def checked(name: str, direct_line: str) -> NameAndLine:
    """Return what was typed, tidied. Raises PersonInvalid.

    >>> checked("  Test  Officer ", "+358 40 123 45 67")
    NameAndLine(name='Test Officer', direct_line='+358 40 123 45 67')
    """
    found = NameAndLine(" ".join(tidy(name).split()), " ".join(tidy(direct_line).split()))
    errors = {}
    if len(found.name) > MAX_NAME_CHARACTERS:
        errors["name"] = worded("At most %(most)s characters.", most=MAX_NAME_CHARACTERS)
    elif found.name and not _is_name(found.name):
        errors["name"] = worded("A name has letters, spaces, hyphens and apostrophes only.")
    if found.direct_line and LINE.fullmatch(found.direct_line) is None:
        errors["direct_line"] = worded("Write a telephone number such as +358 40 123 45 67.")
    if errors:
        raise PersonInvalid(errors)
    return found


def change_own(services: "Services", user: "SignedInUser", name: str, direct_line: str) -> bool:
    """Change one's own direct line, and write one's name while there is none; True for a change.

    Raises PersonInvalid, and Conflict for a coordinator, whose number the register has.
    """
    if user.role in REGIONAL_ROLES:
        raise Conflict("Your name and number are kept by the office. Please call to change them.")
    written = checked(name, direct_line)
    with services.database.transaction() as session:
        account = _locked(session, user.id)
        if account.name and written.name != account.name:
            raise PersonInvalid({"name": "Your name is set. An administrator can change it."})
        return bool(keep(services, session, user, account, written))


def change_names(
    services: "Services", actor: "SignedInUser", user_id: str, name: str, direct_line: str
) -> bool:
    """Change an account's name and line, as an administrator; True when one differs now.

    Raises NotFound and PersonInvalid.
    """
    written = checked(name, direct_line)
    with services.database.transaction() as session:
        return bool(keep(services, session, actor, _locked(session, user_id), written))


def keep(
    services: "Services",
    session: "Session",
    actor: "SignedInUser | str",
    account: "User",
    written: NameAndLine,
) -> list[str]:
    """Write an account's name and line, and return which differ now; audited when one does."""
    before = {"name": account.name or "", "direct_line": account.direct_line or ""}
    now = {"name": written.name, "direct_line": written.direct_line}
    changed = [each for each in now if now[each] != before[each]]
    if changed:
        account.name, account.direct_line = written.name or None, written.direct_line or None
        session.flush()
        detail = {"changed": changed}
        audit.note(services, session, actor, Act.ACCOUNT_NAMED, ("account", account.id), detail)
    return changed


class AccountWords(str):
    """What an account is called and its line, as they stand on papers; only this module makes one.

    They were checked when they were kept, so a signed paper takes them beside words that passed.
    """

    __slots__ = ()


@dataclass(frozen=True)
class OfficeContact:
    """Whom to call about something: a name or a label, their direct line, and their deputy.

    `deputy` is a name and a number in one line. `direct_line` and `deputy` may be empty; `is_named`
    tells that the account has a name and not only a label.
    """

    name: str
    direct_line: str
    deputy: AccountWords
    is_named: bool


def contact_of(services: "Services", session: "Session", user_id: str) -> OfficeContact:
    """Return an account as a contact; a deputy who left or cannot act is not named.

    Raises NotFound for an unknown account.
    """
    account = users.by_id(session, user_id)
    if account is None:
        raise NotFound
    deputy = users.by_id(session, account.deputy_id) if account.deputy_id else None
    is_there = deputy is not None and users.is_able(deputy, services.now())
    named = deputy if deputy is not None and is_there and fits(deputy, account) else None
    parts = [users.called(named), named.direct_line or ""] if named is not None else []
    return OfficeContact(
        name=users.called(account),
        direct_line=account.direct_line or "",
        deputy=AccountWords(", ".join(part for part in parts if part)),
        is_named=account.name is not None,
    )


def direct_lines(services: "Services", session: "Session") -> tuple[str, ...]:
    """Return the direct lines of the staff who can sign in now, which coordinators may call."""
    staff = [role.value for role in Role if has_line(role)]
    able = users.able(session, staff, services.now())
    return tuple(row.direct_line for row in able if row.direct_line)


def is_unnamed(services: "Services", user: "SignedInUser") -> bool:
    """Tell whether a member of staff has no name yet, so that papers call them by their label."""
    with services.database.reading() as session:
        account = users.by_id(session, user.id)
        return account is not None and has_line(user.role) and account.name is None


def has_line(role: Role) -> bool:
    """Tell whether people of a role keep a direct line of their own."""
    return role not in REGIONAL_ROLES


def _is_name(text: str) -> bool:
    return unicodedata.category(text[0])[0] == "L" and all(
        each in IN_NAMES or unicodedata.category(each)[0] in "LM" for each in text
    )


def _locked(session: "Session", user_id: str) -> "User":
    account = users.locked(session, user_id)
    if account is None:
        raise NotFound
    return account
