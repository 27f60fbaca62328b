"""The application: everything of the web put together around the services it is given."""

from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from jinja2 import StrictUndefined

from intake.accounts import ends_soon
from intake.kinds.taxonomy import load_taxonomies
from intake.prepared_answers import AnswerLetters
from intake.receipts import ReceiptTexts
from portal import (
    access_words,
    assets,
    bodies,
    breaking_glass,
    browser,
    case_words,
    commands,
    document_words,
    errors,
    file_kinds,
    fresh,
    login,
    offers,
    policy,
    security,
    sharing_words,
    strangers,
    times,
    triage_page,
    triage_words,
    words,
    work_list,
)
from portal.administration import audit_trail, people, register_of_senders
from portal.answers import answers
from portal.assigning import assigning
from portal.breaking_glass import glass
from portal.bulk_exports import bulk_exports
from portal.case_matters import case_matters
from portal.cases import cases
from portal.condition import condition
from portal.confirmations import confirmations
from portal.conversations import conversations
from portal.documents import documents
from portal.entrance import entrance
from portal.health_papers import health_papers
from portal.link_papers import link_papers, link_uploads
from portal.numbers import numbers
from portal.office_data import office_data
from portal.own_account import own_account
from portal.phone_notes import phone_notes
from portal.policy import Permission
from portal.presence import presence
from portal.quarantine import desk
from portal.questions import questions
from portal.referral_drafts import drafts, keep
from portal.referrals import referrals
from portal.searching import searching
from portal.second_factor import second_factor
from portal.sharing import sharing
from portal.staff import staff
from portal.style_guide import style_guide
from portal.triage import triage
from portal.upload_links import upload_links
from portal.uploads import uploads
from portal.work_acts import work_acts

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.accounts import SignedInUser
    from intake.document_views import DocumentView
    from intake.health import Health
    from intake.services import Services
    from intake.settings import Settings
    from intake.unlocking import Unlocker

BLUEPRINTS = (
    entrance,
    staff,
    work_acts,
    searching,
    triage,
    assigning,
    presence,
    documents,
    desk,
    condition,
    office_data,
    people,
    register_of_senders,
    audit_trail,
    numbers,
    bulk_exports,
    answers,
    confirmations,
    case_matters,
    cases,
    sharing,
    phone_notes,
    second_factor,
    own_account,
    referrals,
    conversations,
    drafts,
    uploads,
    questions,
    upload_links,
    link_papers,
    link_uploads,
    style_guide,
    glass,
    health_papers,
)
TEMPLATES = Path(__file__).parents[1] / "templates"
MAX_BODY_BYTES = 64 * 1024
MAX_FORM_PARTS = 50
# As long as a session can last: a form is too old only when its session is.
FORM_TOKEN_LIFE = timedelta(hours=8)


class Portal(Flask):
    """Flask, with errors logged by endpoint: a path may hold an invitation's token."""

    request_class = bodies.PortalRequest

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log what nobody caught."""
        self.logger.error("unexpected_error endpoint=%s", request.endpoint, exc_info=exc_info)


def create_app(
    services: "Services",
    *,
    secret_key: bytes,
    check_health: "Callable[[], Health]",
    unlocker: "Unlocker | None" = None,
) -> Flask:
    """Build the web application; nothing is opened or asked before the first request.

    Without an `unlocker`, the jail that tries a password, no password can be tried.
    """
    app = Portal(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.extensions["avrr"] = services
    app.extensions["avrr.health"] = check_health
    app.extensions["avrr.unlocker"] = unlocker
    app.extensions["avrr.texts"] = ReceiptTexts(TEMPLATES / "mail")
    app.extensions["avrr.answers"] = AnswerLetters(TEMPLATES / "mail")
    app.extensions["avrr.kinds"] = load_taxonomies()
    _configure(app, services.settings, secret_key)
    _prepare_templates(app)
    login.register(app)
    # The order matters: who may call a route is decided before its form is looked at.
    app.before_request(policy.enforce)
    # Before anything, such as the form token's check, reads a body.
    app.before_request(bodies.apply_limit)
    security.protect(app)
    # Its body is streamed, so it compares its token itself, before anything else (`draft_forms`).
    app.extensions["csrf"].exempt(keep)
    # No session here: their forms carry a token made from the link, compared by themselves.
    app.extensions["csrf"].exempt(link_papers)
    app.extensions["csrf"].exempt(link_uploads)
    errors.register(app)
    assets.register(app)
    fresh.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    commands.register(app)
    return app


def _configure(app: Flask, settings: "Settings", secret_key: bytes) -> None:
    public = urlsplit(settings.public_url)
    is_https = public.scheme == "https"
    app.config.update(
        SECRET_KEY=secret_key,
        TRUSTED_HOSTS=sorted({public.hostname or "", settings.listen_host}),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-avrr" if is_https else "avrr",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=int(FORM_TOKEN_LIFE.total_seconds()),
        # We send no referrer, so none can be asked for; Sec-Fetch-Site is looked at instead.
        WTF_CSRF_SSL_STRICT=False,
    )
    if is_https:
        app.after_request(security.add_transport_header)


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        act=words.act,
        actor=words.actor,
        advice=document_words.advice,
        brief=times.brief,
        copy_words=document_words.copy_words,
        day=triage_words.day,
        unindented=triage_page.unindented,
        days_until=triage_words.days_until,
        details=words.details,
        done=document_words.done,
        findings=document_words.findings,
        exact=times.exact,
        file_kind=file_kinds.file_kind,
        full_moment=times.full_moment,
        is_letter=triage_page.is_letter,
        mark=words.mark,
        moment=times.moment,
        is_held=offers.is_held,
        offers=_offers,
        one_line=strangers.one_line,
        queue_name=words.queue,
        reason=words.reason,
        running=strangers.running,
        size=words.size,
        spaced=words.spaced,
        span=times.span,
        state_marks=words.state_marks,
        trail=document_words.trail,
        until=times.until,
        urgency=times.urgency,
        wish_args=work_list.set_fields,
    )
    app.jinja_env.globals.update(
        access_words=access_words,
        words=words,
        document_words=document_words,
        triage_words=triage_words,
        case_words=case_words,
        sharing_words=sharing_words,
        Permission=Permission,
    )
    app.context_processor(_page_context)


def _page_context() -> dict[str, Any]:
    viewer, now = g.get("viewer"), browser.services().now()
    return {
        "viewer": viewer,
        # Staff sit in the office; everybody else may be looked over the shoulder.
        "exit_url": _exit_url(viewer),
        "now": now,
        "ends_soon": viewer is not None and ends_soon(viewer.ends_at, now),
        # Called by the base template only, so that they cost no query where they are not shown.
        "opened_with_reason": breaking_glass.open_now,
        "unusual_waiting": breaking_glass.waiting_for_answer,
        "may": {permission.value: policy.may(viewer, permission) for permission in Permission},
    }


def _exit_url(viewer: "SignedInUser | None") -> str:
    """Return where «Leave this page» leads; empty for staff, whose pages do not have it."""
    if viewer is not None and not policy.may(viewer, Permission.REFER):
        return ""
    return browser.services().settings.exit_url


def _offers(document: "DocumentView", sender_verdict: str | None) -> list[offers.Offer]:
    viewer = g.viewer
    person = offers.Person(
        viewer, browser.services().now(), lambda permission: policy.may(viewer, permission)
    )
    return offers.offers(document, sender_verdict, person)
