"""Say which roles may have items and own cases in each programme."""

from dataclasses import dataclass

from storage.accounts.users import Role
from storage.submissions.submissions import Programme

# Protection officers and managers read both programmes and own nothing (requirement 114).
OWNERS: dict[str, tuple[Role, ...]] = {
    Programme.REFERRALS: (Role.INTAKE, Role.CASEW),
    Programme.CASH: (Role.CASH,),
}


@dataclass(frozen=True)
class Colleague:
    """An account to whom work can be given, by its label."""

    id: str
    label: str
