"""The work list's page: one piece of a queue with all that can be done about it.

Puts together what the template shows, for the plain page and for one that says what was wrong.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, make_response, render_template, request

from intake.queues import bulk_actions, saved_views, work_list
from portal.triage import page as triage_page
from portal.triage.filters import MOST_ROWS, Workplace, choices
from portal.web import policy, session
from portal.web.policy import Permission
from portal.web.security import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser

# The page's script asks for news of the list.
NEWS_POLICY = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"
# What the address says was done with how many, after several were ticked.
SEVERAL = re.compile(r"(take|give_back|assign)-(\d{1,2})")


@dataclass(frozen=True)
class Wrong:
    """What was wrong with a form of the page, as a sentence beside it, and what was typed."""

    several: str = ""
    view: str = ""
    name: str = ""


NOTHING_WRONG = Wrong()


def show(
    viewer: "SignedInUser", place: Workplace, wrong: Wrong = NOTHING_WRONG, status: int = 200
) -> Response:
    """Return the page of a list. Raises NotFound for an unknown queue."""
    answer = make_response(_page(viewer, place, wrong), status)
    answer.headers["Content-Security-Policy"] = NEWS_POLICY
    return answer


def _page(viewer: "SignedInUser", place: Workplace, wrong: Wrong) -> str:
    services = session.services()
    page = work_list.page(
        services, viewer, place.queue, place.filter, after=place.after, limit=MOST_ROWS
    )
    may_take = policy.may(viewer, Permission.CLAIM)
    return render_template(
        "triage/queues/queue.html",
        queue=place.queue,
        page=page,
        place=place,
        choices=choices(page, place.filter, viewer.id),
        views=saved_views.views_of(services, viewer, place.queue),
        colleagues=bulk_actions.able_colleagues(services, viewer) if may_take else (),
        several=SEVERAL.fullmatch(request.args.get("several", "")),
        finished=triage_page.finished(services, viewer),
        wrong=wrong,
    )
