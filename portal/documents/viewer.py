"""Show a document's safe copy with its pictures, search in it, and let it be saved."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.core.errors import NotFound
from intake.documents import charset_choice
from intake.documents import viewer as viewing
from intake.documents.viewer import OpenDocument
from portal.web import downloads, session
from portal.web.policy import Permission, requires

documents = Blueprint("documents", __name__)


@documents.get("/documents/<document_id>")
@requires(Permission.DOCUMENTS)
def viewer(document_id: str) -> str:
    """Show a document's safe copy, or why there is none; `?beside=` puts a second one beside it."""
    return _viewer_page(document_id)


@documents.post("/documents/<document_id>/search")
@requires(Permission.DOCUMENTS)
def search(document_id: str) -> str:
    """Show the viewer with the pages that hold some words; the words are never in an address."""
    services, viewer = session.services(), session.viewer()
    words = request.form.get("words", "")
    hits = viewing.search_pages(
        services, gate.document_to_read(services, viewer, document_id), words
    )
    return _viewer_page(document_id, words, hits)


@documents.get("/documents/<document_id>/pages/<int:number>")
@requires(Permission.DOCUMENTS)
def page(document_id: str, number: int) -> Response:
    """Answer with one page's picture."""
    return downloads.picture(
        *viewing.page_image(
            session.services(),
            gate.document_to_read(session.services(), session.viewer(), document_id),
            number,
        )
    )


@documents.get("/documents/<document_id>/thumbnail")
@requires(Permission.DOCUMENTS)
def thumbnail(document_id: str) -> Response:
    """Answer with the small picture of the first page."""
    return downloads.picture(
        *viewing.thumbnail(
            session.services(),
            gate.document_to_read(session.services(), session.viewer(), document_id),
        )
    )


@documents.get("/documents/<document_id>/safe.pdf")
@requires(Permission.DOCUMENTS)
def safe_pdf(document_id: str) -> Response:
    """Answer with the rebuilt PDF, to be saved."""
    content = viewing.safe_pdf(
        session.services(), gate.document_to_read(session.services(), session.viewer(), document_id)
    )
    return downloads.safe_pdf(document_id, content)


@documents.post("/documents/<document_id>/charset")
@requires(Permission.TRIAGE)
def charset(document_id: str) -> ResponseReturnValue:
    """Let a text be shown in another charset; lead back to where it is read."""
    services, viewer = session.services(), session.viewer()
    opened = gate.document_to_change(services, viewer, document_id)
    is_body = charset_choice.choose_charset(services, opened, request.form.get("charset", ""))
    if not is_body:
        return redirect(url_for("documents.viewer", document_id=document_id), 303)
    reference = viewing.reference_of(services, gate.document_to_read(services, viewer, document_id))
    return redirect(url_for("staff.submission", reference=reference, document="letter"), 303)


def _viewer_page(document_id: str, words: str = "", hits: list[int] | None = None) -> str:
    shown = _open(document_id)
    beside_id = request.args.get("beside")
    beside = None
    if beside_id is not None and beside_id != document_id:
        beside = _open(beside_id)
        if beside.reference != shown.reference:
            raise NotFound
    return render_template(
        "documents/viewer.html", shown=shown, beside=beside, words_sought=words, hits=hits
    )


def _open(document_id: str) -> OpenDocument:
    return viewing.document_view(
        session.services(), gate.document_to_read(session.services(), session.viewer(), document_id)
    )
