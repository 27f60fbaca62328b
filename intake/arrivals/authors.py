"""Authors: who may write into a draft. Its owner, or whoever holds the link that it was made for.

Imports names of storage only.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.accounts.accounts import SignedInUser

if TYPE_CHECKING:
    from storage.submissions.drafts import Draft


@dataclass(frozen=True)
class Bearer:
    """Somebody without an account who holds a single-use link, known by its token's hash.

    Made by `link_holders` only, which asks whether the link is open.
    """

    link_hash: str

    @property
    def actor(self) -> str:
        """Return the name under which acts are audited."""
        return "system:link"


Author = SignedInUser | Bearer


def is_of(author: Author, draft: "Draft") -> bool:
    """Tell whether a draft is an author's own."""
    if isinstance(author, Bearer):
        return draft.link_hash is not None and draft.link_hash == author.link_hash
    return draft.owner_id is not None and draft.owner_id == author.id
