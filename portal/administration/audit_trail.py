"""Let auditors search the audit trail: by days, act and actor, or for all acts on one reference.

No page shows content of a case, and each search is audited.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from intake.core.errors import ReferenceInvalid
from intake.oversight import audit_search, who_read
from intake.oversight.audit_search import (
    Asked,
    FoundEvents,
    NothingWithReference,
    SearchInvalid,
)
from intake.oversight.who_read import FoundActs
from portal.text import audit_acts, labels
from portal.web import session as browser
from portal.web.policy import Permission, requires

audit_trail = Blueprint("audit_trail", __name__, url_prefix="/admin/audit")


@audit_trail.get("")
@requires(Permission.AUDIT)
def search() -> ResponseReturnValue:
    """Show the form that searches the audit, and what it finds once days are given."""
    services = browser.services()
    first, last = audit_search.default_days(services)
    asked = Asked(
        act=request.args.get("act", ""),
        actor=request.args.get("actor", ""),
        reference=request.args.get("reference", ""),
        from_day=request.args.get("from_day", first),
        to_day=request.args.get("to_day", last),
        before=request.args.get("before", type=int),
    )
    if "from_day" not in request.args:
        return _search_page(asked)
    try:
        return _search_page(asked, audit_search.search_audit(services, browser.viewer(), asked))
    except SearchInvalid as fault:
        return _search_page(asked, faults=fault.faults), fault.status


@audit_trail.get("/who-read")
@requires(Permission.AUDIT)
def who_read_it() -> ResponseReturnValue:
    """Show who read what belongs to a reference, or did anything to it, page by page."""
    reference = request.args.get("reference", "").strip()
    only_reads = request.args.get("acts") != "all"
    if not reference:
        return _acts_page("", only_reads)
    try:
        found = who_read.acts_on_reference(
            browser.services(),
            browser.viewer(),
            reference,
            only_reads=only_reads,
            before=request.args.get("before", type=int),
        )
    except (ReferenceInvalid, NothingWithReference) as fault:
        return _acts_page(reference, only_reads, fault=fault.public), 400
    return _acts_page(reference, only_reads, found)


def _search_page(
    asked: Asked, found: FoundEvents | None = None, faults: dict[str, str] | None = None
) -> str:
    return render_template(
        "administration/audit.html",
        asked=asked,
        found=found,
        faults=faults or {},
        acts=audit_acts.choices(),
        people=audit_search.people(browser.services()),
        parts_of_ours=labels.ACTORS,
        most_days=audit_search.MAX_DAYS,
    )


def _acts_page(
    reference: str, only_reads: bool, found: FoundActs | None = None, fault: str = ""
) -> str:
    return render_template(
        "administration/who_read.html",
        reference=reference,
        only_reads=only_reads,
        found=found,
        fault=fault,
    )
