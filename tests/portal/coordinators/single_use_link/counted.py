"""Count what came by links, and make links that are over."""

from flask import Flask

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import links
from intake.core.services import Services
from storage.submissions.submissions import Submission
from tests.portal.correspondence.links import PDF, make_link, person_with


def sent_count(services: Services) -> int:
    """Count what came by links."""
    with services.database.reading() as session:
        return session.query(Submission).filter_by(channel="upload").count()


def over_paths(app: Flask, services: Services, officer: SignedInUser, reference: str) -> list[str]:
    """Return the paths of links that are used, withdrawn, mistyped and unknown."""
    used = person_with(app, make_link(services, officer, reference))
    used.post("send", ("one.pdf", PDF))
    withdrawn = person_with(app, make_link(services, officer, reference, note="withdrawn"))
    link = next(
        each
        for each in links.list_links(
            services, gate.case_or_submission_to_change(services, officer, reference)
        ).links
        if each.note == "withdrawn"
    )
    links.withdraw_link(
        services, gate.case_or_submission_to_change(services, officer, reference), link.id
    )
    mistyped = person_with(app, make_link(services, officer, reference))
    return [used.path, withdrawn.path, f"{mistyped.path}x", "/send/" + "A" * 43]
