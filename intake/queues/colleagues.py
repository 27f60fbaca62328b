"""Name the colleagues who can have an item of work or own a case."""

from dataclasses import dataclass

from storage.accounts.users import Role
from storage.submissions.submissions import Programme

# Protection officers and managers read both programmes and own nothing (domain.md §12.3).
OWNERS: dict[str, tuple[Role, ...]] = {
    Programme.REFERRALS: (Role.INTAKE, Role.CASEW),
    Programme.CASH: (Role.CASH,),
}


@dataclass(frozen=True)
class Colleague:
    """An account by its label."""

    id: str
    label: str
