"""Show the health focal point the list of health documents."""

from flask import Blueprint, render_template

from intake.documents import health_documents as use_cases
from portal.triage import page
from portal.web import session
from portal.web.policy import Permission, requires

health_document_pages = Blueprint("health_papers", __name__)


@health_document_pages.get("/health-papers")
@requires(Permission.HEALTH_DOCUMENTS)
def waiting() -> str:
    """Show the health documents, with those that nobody has looked at on top."""
    services = session.services()
    found = use_cases.health_documents(services, session.viewer())
    return render_template(
        "documents/health_documents.html",
        papers=found,
        waiting=sum(each.looked_at is None for each in found),
        most=use_cases.MAX_ROWS,
        type_names=page.type_names(services),
    )
