"""Say what roles are called and which of them have a region.

The rules are those of requirement 113; what a role may see is said in `access.programmes`.
"""

from datetime import timedelta

from intake.core import regions
from intake.core.errors import IntakeError
from storage.accounts.users import Role

REGIONS = tuple(sorted(regions.REGIONS))
REGIONAL_LIFE = timedelta(days=183)
REGIONAL_ROLES = frozenset({Role.COORD, Role.COORD_DEP})
# The roles that read content, of cases or of what a region sent, or decide whether it may leave. An
# administrator alone gives nobody one of these: a manager says yes to each.
NEEDS_YES = frozenset(
    {
        Role.COORD,
        Role.COORD_DEP,
        Role.INTAKE,
        Role.CASEW,
        Role.HEALTH,
        Role.PROT,
        Role.CASH,
        Role.MGR,
        Role.DPO,
    }
)
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
