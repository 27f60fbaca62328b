"""Let officers make single-use links, with which somebody without an account sends documents.

A case, or a submission without one, has one page: the form, and every link with its state.
A link is shown in the answer that made it and never again.
"""

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from intake.access import gate
from intake.arrivals import links as use_cases
from intake.arrivals.link_holders import LINK_LIFE
from intake.arrivals.links import LinkInvalid, LinkRequest
from intake.cases.withdrawal import PersonWithdrew
from intake.core.errors import Conflict
from portal.text import labels
from portal.text.labels import Mark
from portal.web import session
from portal.web.policy import Permission, requires

MARKS = {
    "open": Mark("Open", "○", "clock"),
    "used": Mark("Used", "✓", "good"),
    "expired": Mark("Expired", "–", "quiet"),
    "withdrawn": Mark("Withdrawn", "⊘", "quiet"),
}
MADE_BEFORE = (
    "This form has made its link already, and a link is shown only once. "
    "If you do not have it, withdraw it below and make a new one."
)
USED_BEFORE = "It was used meanwhile. What came by it stands in the list."

upload_links = Blueprint("upload_links", __name__, url_prefix="/links")
QUIET_ZONE_MODULES = 4


@upload_links.get("/<reference>")
@requires(Permission.TRIAGE)
def show(reference: str) -> ResponseReturnValue:
    """Show the form, and the links that were made."""
    return _page(reference, {})


@upload_links.post("/<reference>")
@requires(Permission.TRIAGE)
def make(reference: str) -> ResponseReturnValue:
    """Make a link and show it, this once."""
    form = request.form
    link_request = LinkRequest(
        id=form.get("link_id", ""),
        note=form.get("note", ""),
        address=form.get("address", ""),
        is_safe=form.get("safe") == "yes",
    )
    texts = session.services().texts
    try:
        made = use_cases.make_link(
            session.services(),
            texts,
            gate.case_or_submission_to_change(session.services(), session.viewer(), reference),
            link_request,
        )
    except LinkInvalid as error:
        return _page(reference, error.errors, error.public), error.status
    except PersonWithdrew as error:
        return _page(reference, {}), error.status
    except Conflict as error:
        return _page(reference, {}, MADE_BEFORE), error.status
    return render_template(
        "correspondence/link_made.html",
        reference=reference,
        made=made,
        picture=_picture(made.url),
        mail=mail(made.unsent),
    )


@upload_links.post("/<reference>/withdraw")
@requires(Permission.TRIAGE)
def withdraw(reference: str) -> ResponseReturnValue:
    """Withdraw a link, so that nothing can be sent with it any more."""
    link_id = request.form.get("link", "")
    try:
        withdrawn = use_cases.withdraw_link(
            session.services(),
            gate.case_or_submission_to_change(session.services(), session.viewer(), reference),
            link_id,
        )
    except Conflict as error:
        return _page(reference, {}, USED_BEFORE), error.status
    if withdrawn.typed is not None:
        return _page(reference, {}, taken_back=withdrawn.typed)
    said = "mail_back" if withdrawn.is_mail_back else "withdrawn"
    return redirect(url_for("upload_links.show", reference=reference, said=said), 303)


def _page(
    reference: str,
    errors: dict[str, str],
    above: str = "",
    taken_back: LinkRequest | None = None,
) -> str:
    """Show the page with what was typed; `taken_back` is what its mail was asked for with."""
    said = "mail_back" if taken_back is not None else request.args.get("said", "")
    return render_template(
        "correspondence/links.html",
        list=use_cases.list_links(
            session.services(),
            gate.case_or_submission_to_change(session.services(), session.viewer(), reference),
        ),
        link_id=use_cases.new_link_id(),
        errors=errors,
        above=above,
        typed=_typed(taken_back),
        most_chars=use_cases.MAX_NOTE_CHARS,
        hours=int(LINK_LIFE.total_seconds()) // 3600,
        marks=MARKS,
        is_withdrawn=said in {"withdrawn", "mail_back"},
        is_mail_back=said == "mail_back",
        is_typed_again=taken_back is not None,
    )


def _typed(taken_back: LinkRequest | None) -> dict[str, str]:
    """Return what stands in the fields: what was sent, or what a link that is no more was for."""
    if taken_back is not None:
        safe = "yes" if taken_back.is_safe else ""
        return {"note": taken_back.note, "address": taken_back.address, "safe": safe}
    return {name: request.form.get(name, "") for name in ("note", "address", "safe")}


def _picture(url: str) -> Markup:
    """Return the link as a QR code (ISO/IEC 18004) in SVG, to be photographed from the screen."""
    drawn = segno.make(url, error="m", micro=False).svg_inline(
        border=QUIET_ZONE_MODULES,
        # Black on white in dark mode too: many cameras do not read the inverse.
        dark="#000",
        light="#fff",
        # The style sheet sets its size; a long address makes a finer pattern of the same size.
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title="The link as a square to photograph",
    )
    return Markup(drawn)  # noqa: S704 - drawn here from an address of ours


def mail(unsent: str | None) -> str:
    """Return what became of the mail with a link: empty when none was asked for."""
    if unsent is None:
        return (
            "A mail brings the link, and says nothing about the case. Until it leaves, "
            "withdrawing the link takes the mail back too."
        )
    return f"No mail went out: {labels.reason(unsent)} Pass the link on yourself." if unsent else ""
