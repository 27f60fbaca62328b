"""Health papers: the health focal point's list."""

from flask import Blueprint, g, render_template

from intake import health_papers as papers
from portal import browser, triage_page
from portal.policy import Permission, requires

health_papers = Blueprint("health_papers", __name__)


@health_papers.get("/health-papers")
@requires(Permission.HEALTH_PAPERS)
def waiting() -> str:
    """Show the health documents, those that nobody looked at first."""
    services = browser.services()
    found = papers.health_papers(services, g.viewer)
    return render_template(
        "documents/health_papers.html",
        papers=found,
        waiting=sum(each.looked_at is None for each in found),
        most=papers.MOST_ROWS,
        kind_names=triage_page.kind_names(services),
    )
