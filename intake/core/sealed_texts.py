"""Open sealed texts with the keys of the cases and submissions that they belong to."""

from typing import TYPE_CHECKING

from intake.core.errors import KeyUnavailable
from storage.crypto.sealing import unseal
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session


class SealedTexts:
    """Opens sealed columns, each key once. A text that was erased is None, so that its page works.

    Only for use within the database session that it is made with.
    """

    def __init__(self, services: "Services", session: "Session") -> None:
        self._services, self._session = services, session
        self._keys: dict[str, DataKey | None] = {}

    def text(self, key_id: str, table: str, column: str, row_id: str, sealed: bytes) -> str | None:
        """Return the text of one sealed value, None when its key is gone."""
        if key_id not in self._keys:
            self._keys[key_id] = self._opened(key_id)
        key = self._keys[key_id]
        return unseal(key, place(table, column, row_id), sealed) if key is not None else None

    def _opened(self, key_id: str) -> "DataKey | None":
        try:
            return self._services.keyring.open(self._session, key_id)
        except KeyUnavailable:
            return None
