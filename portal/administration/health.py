"""Tell monitoring whether the service lives, and staff in plain words what works."""

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from intake.core.errors import StorageUnavailable
from portal.web import session
from portal.web.policy import Permission, public, requires

if TYPE_CHECKING:
    from intake.oversight.health import Health

condition = Blueprint("condition", __name__)


def check_health() -> "Health":
    """Check every part of the service."""
    return session.services().check_health()


@condition.get("/health")
@requires(Permission.HEALTH)
def health() -> str:
    """Show what works and what does not."""
    return render_template("administration/health.html", health=check_health())


@condition.get("/healthz")
@public
def liveness() -> ResponseReturnValue:
    """Answer whether this process and its database live."""
    try:
        session.services().database.ping()
    except StorageUnavailable as error:
        return jsonify(status="down"), error.status
    return jsonify(status="ok")
