"""Hold a thing that was opened for one user, one purpose and one moment.

A use case gets a submission, a case, a document, a draft, a paper or a link only as such a value,
never as an id beside a user (threat P11). Only `gate` makes them; reading and changing are two
types, so what was opened for reading does not fit where something is changed.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from intake.access import authors
from intake.access.authors import Author
from intake.accounts.accounts import SignedInUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.core.services import Services
    from storage.database import Session

Who_co = TypeVar("Who_co", bound=Author, covariant=True)
Thing_co = TypeVar("Thing_co", covariant=True)


class _Opened(Generic[Who_co, Thing_co]):
    """A thing that somebody opened. `at` is when (aware UTC)."""

    def __init__(
        self, who: Who_co, at: datetime, ask: "Callable[[Services, Session], Thing_co]"
    ) -> None:
        self._who = who
        self.at = at
        self._ask = ask

    def row(self, services: "Services", session: "Session") -> Thing_co:
        """Return the thing as it is now, for the caller's transaction.

        The question is asked anew, because the right may have ended since `at`, and first whether
        the user is who they were. Raises AccountChanged, and what the gate raised then: NotFound,
        and OnlyToRead for a change.
        """
        authors.require_unchanged(services, session, self._who)
        return self._ask(services, session)


class OpenedToRead(_Opened[SignedInUser, Thing_co]):
    """A thing that a user may read."""

    @property
    def user(self) -> SignedInUser:
        """Return who opened it."""
        return self._who


class OpenedToChange(OpenedToRead[Thing_co]):
    """A thing on which a user may act; `row` returns it locked to the commit."""


class OpenedOwn(_Opened[Author, Thing_co]):
    """A draft or a file of one, for its author alone.

    An author may have no account, so it fits nowhere where a user is asked for rights.
    """

    @property
    def author(self) -> Author:
        """Return whose it is."""
        return self._who
