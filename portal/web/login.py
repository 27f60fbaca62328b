"""Tell Flask-Login who is signed in, from the sessions that the server keeps.

The cookie holds nothing about a person. The request loader asks the database each time, so that an
ended session or a disabled account counts at once. Flask-Login's context processor stays off: it
would ask again inside the page that says that the database does not answer.
"""

from dataclasses import dataclass

from flask import Flask, Request
from flask_login import LoginManager, UserMixin, current_user

from intake.accounts.accounts import SignedInUser
from portal.web import session


@dataclass(frozen=True)
class Visitor(UserMixin):  # type: ignore[misc] # flask-login ships no types
    """A signed-in person, in the shape that Flask-Login asks for."""

    user: SignedInUser

    def get_id(self) -> str:
        """Return the account's id."""
        return self.user.id


def register(app: Flask) -> None:
    """Tell Flask-Login how to find out who sent a request."""
    manager = LoginManager()
    # Binding a session to address and browser would sign people out on a train.
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.request_loader(_load)


def user_of_request() -> SignedInUser | None:
    """Return who Flask-Login found to be signed in with this request, or None."""
    return current_user.user if current_user.is_authenticated else None


def _load(_request: Request) -> Visitor | None:
    user = session.signed_in_user()
    return Visitor(user) if user is not None else None
