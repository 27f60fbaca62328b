"""Say what roles are called, which of them have a region, and which programmes each may read.

The rules are those of requirements 113 and 114.
"""

from intake.core import regions
from intake.core.errors import IntakeError
from storage.accounts.users import Role
from storage.submissions.submissions import Programme

REGIONS = tuple(sorted(regions.REGIONS))
REGIONAL_ROLES = frozenset({Role.COORD, Role.COORD_DEP})
PROGRAMMES: dict[Role, tuple[str, ...]] = {
    Role.INTAKE: (Programme.REFERRALS,),
    Role.CASEW: (Programme.REFERRALS,),
    Role.CASH: (Programme.CASH,),
    Role.PROT: (Programme.REFERRALS, Programme.CASH),
    Role.MGR: (Programme.REFERRALS, Programme.CASH),
}
ROLE_WORDS = {
    Role.COORD: "Coordinator",
    Role.COORD_DEP: "Deputy coordinator",
    Role.INTAKE: "Intake officer",
    Role.CASEW: "Caseworker",
    Role.HEALTH: "Health focal point",
    Role.PROT: "Protection officer",
    Role.CASH: "Cash officer",
    Role.HELP: "Helpline operator",
    Role.MON: "Monitoring officer",
    Role.COUNTRY: "Country office",
    Role.MGR: "Programme manager",
    Role.DPO: "Data-protection officer",
    Role.ADMIN: "Administrator",
    Role.AUDIT: "Auditor",
}


class AccountInvalid(IntakeError):
    """The role or region of an account is unknown or missing; the message says which."""

    reason = "account_invalid"
    status = 400


def programmes_of(role: Role) -> tuple[str, ...]:
    """Return the programmes whose content a role may read (requirement 114).

    Helpline operators read no decisions and have no queue yet; administrators, auditors and
    data-protection officers see no content.
    """
    return PROGRAMMES.get(role, ())


def checked_role(role: str, region: str | None) -> Role:
    """Return a role by its code. Raises AccountInvalid for an unknown role or region."""
    try:
        checked = Role(role)
    except ValueError as error:
        raise AccountInvalid(f"The role must be one of {', '.join(Role)}.") from error
    if checked in REGIONAL_ROLES and region is None:
        raise AccountInvalid(f"{role} needs a region: one of {', '.join(REGIONS)}.")
    if region is not None and region not in REGIONS:
        raise AccountInvalid(f"The region must be one of {', '.join(REGIONS)}.")
    return checked
