"""Build the web application around the services that it is given."""

import logging
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from jinja2 import StrictUndefined

from intake.access.safeguards import four_eyes
from intake.accounts.accounts import ends_soon
from intake.filing import quoted_history
from intake.outbox.mail_texts import MailTexts
from intake.reference_data.checklists import FACT_VALUES
from intake.reference_data.document_types import load_taxonomies
from intake.reference_data.prepared_answers import AnswerWriter
from portal import cli, shown_faults
from portal.account import absences
from portal.account import people_words as person_words
from portal.account.absences import absence_pages
from portal.account.office_line import office_line
from portal.account.own_account import own_account, session_seconds
from portal.account.second_factor import second_factor
from portal.account.sign_in import entrance
from portal.administration import break_glass
from portal.administration.accounts import people
from portal.administration.audit_trail import audit_trail
from portal.administration.break_glass import glass
from portal.administration.duty import duty, duty_board
from portal.administration.edition_proposals import edition_proposals
from portal.administration.editions import edition_pages
from portal.administration.exports import bulk_exports
from portal.administration.health import condition
from portal.administration.programme_statistics import statistics_pages
from portal.administration.role_requests import asked_roles, waiting_roles
from portal.administration.senders import register_of_senders
from portal.administration.style_guide import style_guide
from portal.applicants.pages import applicants
from portal.cases import consent_words
from portal.cases.closing import closing
from portal.cases.facts import case_fact_pages
from portal.cases.lists import case_lists
from portal.cases.page import cases
from portal.cases.phone_note import phone_notes
from portal.cases.sharing import sharing
from portal.cases.without_consent import without_consent
from portal.coordinators.draft import drafts, keep
from portal.coordinators.referral import conversations
from portal.coordinators.referrals import referrals
from portal.coordinators.single_use_link import link_uploads, single_use_links
from portal.coordinators.uploads import uploads
from portal.correspondence.answers import answers
from portal.correspondence.confirmations import confirmations
from portal.correspondence.other_ways import other_ways
from portal.correspondence.questions import questions
from portal.correspondence.undoing import undoing
from portal.correspondence.upload_links import upload_links
from portal.documents import actions
from portal.documents.health_documents import health_document_pages
from portal.documents.quarantine import quarantine_pages
from portal.documents.viewer import documents
from portal.language import choice as language
from portal.text import access, formatting, labels, signs, untrusted
from portal.text import cases as case_words
from portal.text import documents as document_words
from portal.text import sharing as sharing_words
from portal.text import tasks as task_words
from portal.text import triage as triage_words
from portal.text.known import history as event_words
from portal.text.known import readings as reading_words
from portal.triage import filters, letter_on_top, no_longer_own, page
from portal.triage.assignment import assigning
from portal.triage.decisions import triage
from portal.triage.filters import workplace_of
from portal.triage.finish import finishes
from portal.triage.lists import rail
from portal.triage.lists.search import searching
from portal.triage.lists.several import work_acts
from portal.triage.lists.views import view_acts
from portal.triage.presence import presence
from portal.triage.queues import staff
from portal.triage.tasks import tasks
from portal.web import (
    app_services,
    assets,
    error_pages,
    forwarded,
    login,
    policy,
    reauthentication,
    request_limits,
    security,
    session,
)
from portal.web.app_services import AppServices
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.core.settings import Settings
    from intake.documents.unlock import Unlocker
    from intake.documents.views import DocumentView
    from intake.oversight.health import Health

BLUEPRINTS = (
    entrance,
    applicants,
    staff,
    work_acts,
    view_acts,
    searching,
    triage,
    assigning,
    tasks,
    duty,
    finishes,
    undoing,
    presence,
    documents,
    quarantine_pages,
    condition,
    edition_pages,
    edition_proposals,
    people,
    asked_roles,
    register_of_senders,
    audit_trail,
    statistics_pages,
    bulk_exports,
    answers,
    other_ways,
    case_lists,
    closing,
    confirmations,
    case_fact_pages,
    cases,
    sharing,
    without_consent,
    phone_notes,
    second_factor,
    own_account,
    absence_pages,
    referrals,
    conversations,
    drafts,
    uploads,
    questions,
    upload_links,
    single_use_links,
    link_uploads,
    style_guide,
    glass,
    health_document_pages,
)
TEMPLATES = Path(__file__).parents[1] / "templates"
MAX_BODY_BYTES = 64 * 1024
MAX_FORM_PARTS = 50
# A session lasts no longer: a form's token never ends before the session that it belongs to.
FORM_TOKEN_LIFE = timedelta(hours=8)

LOG = logging.getLogger(__name__)


class Portal(Flask):
    """Flask that logs errors by endpoint: a path may hold an invitation's token."""

    request_class = request_limits.PortalRequest

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log what nobody caught."""
        LOG.error("event=unexpected_error endpoint=%s", request.endpoint, exc_info=exc_info)


def create_app(
    services: "Services",
    *,
    secret_key: bytes,
    check_health: "Callable[[], Health]",
    unlocker: "Unlocker | None" = None,
) -> Flask:
    """Build the web application; no connection or file is opened before the first request.

    `unlocker` tries passwords on documents in a jail; without one no password can be tried.
    """
    app = Portal(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app_services.keep(app, _app_services(services, check_health, unlocker))
    _configure(app, services.settings, secret_key)
    _prepare_templates(app)
    login.register(app)
    # The order matters: the policy decides who may call a route before anything looks at its form.
    app.before_request(policy.enforce)
    language.register(app)
    # The limit comes before anything that reads a body, such as the check of the form's token.
    request_limits.register(app)
    forwarded.register(app)
    security.protect(app)
    # This view streams its body, so it compares the form's token itself, before anything else
    # (`coordinators.draft_form`).
    app.extensions["csrf"].exempt(keep)
    # People with a link have no session: these views compare a token that is made from the link.
    app.extensions["csrf"].exempt(single_use_links)
    app.extensions["csrf"].exempt(link_uploads)
    error_pages.register(app)
    assets.register(app)
    reauthentication.register(app)
    no_longer_own.register(app)
    absences.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.register(app)
    return app


def _app_services(
    services: "Services", check_health: "Callable[[], Health]", unlocker: "Unlocker | None"
) -> AppServices:
    return AppServices(
        settings=services.settings,
        database=services.database,
        blobs=services.blobs,
        keyring=services.keyring,
        queue=services.queue,
        offices=services.offices,
        now=services.now,
        hashes=services.hashes,
        hashing=services.hashing,
        check_health=check_health,
        unlocker=unlocker,
        texts=MailTexts(TEMPLATES / "mail"),
        answer_writer=AnswerWriter(TEMPLATES / "mail"),
        taxonomies=load_taxonomies(),
    )


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
        # Our pages send no referrer, so it cannot be checked; `security` checks Sec-Fetch-Site.
        WTF_CSRF_SSL_STRICT=False,
    )
    if is_https:
        app.after_request(security.add_transport_header)


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _add_filters(app)
    app.jinja_env.globals.update(
        access_words=access,
        fact_values=FACT_VALUES,
        words=labels,
        document_words=document_words,
        event_words=event_words,
        reading_words=reading_words,
        triage_words=triage_words,
        task_words=task_words,
        case_words=case_words,
        person_words=person_words,
        sharing_words=sharing_words,
        go_keys=rail.GO_KEYS,
        note_fault=shown_faults.note_fault,
        note_whole=shown_faults.note_whole,
        noted_faults=shown_faults.noted,
        consent_words=consent_words,
        Permission=Permission,
        here=session.page_to_return_to,
        work_place=lambda: workplace_of(request.args).args(),
        office_line=office_line,
        session_seconds=session_seconds,
        region_name=triage_words.region,
    )
    app.context_processor(_page_context)


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        act=labels.act,
        actor=labels.actor,
        advice=document_words.advice,
        brief=language.in_language(formatting.brief),
        can_be_shown=actions.can_be_shown,
        was_asked_for=actions.was_asked_for,
        charset_findings=document_words.charset_findings,
        charset_name=document_words.charset_name,
        copy_words=document_words.copy_words,
        day=triage_words.day,
        unindented=page.unindented,
        days_until=triage_words.days_until,
        details=labels.details,
        done=document_words.done,
        first_lines=letter_on_top.first_lines,
        findings=document_words.findings,
        exact=formatting.exact,
        file_kind=document_words.file_kind,
        full_day=language.in_language(formatting.full_day),
        full_moment=language.in_language(formatting.full_moment),
        is_message_body=page.is_message_body,
        letter_in_doubt=letter_on_top.letter_in_doubt,
        mark=labels.mark,
        document_mark=labels.document_mark,
        moment=language.in_language(formatting.moment),
        is_held=actions.is_held,
        needs_somebody=actions.needs_somebody,
        offers=_offers,
        one_line=untrusted.one_line,
        paper_among=labels.paper_among,
        passages=quoted_history.passages,
        quarter=formatting.quarter,
        queue_name=labels.queue,
        reason=labels.reason,
        running=untrusted.running,
        sign=signs.sign,
        size=language.in_language(formatting.size),
        spaced=labels.spaced,
        span=language.in_language(formatting.span),
        state_marks=labels.state_marks,
        subject=labels.subject,
        trail=document_words.trail,
        twin=actions.twin,
        time_of=language.in_language(formatting.time_of),
        until=language.in_language(formatting.until),
        urgency=formatting.urgency,
        filter_args=filters.set_fields,
    )


def _page_context() -> dict[str, Any]:
    viewer, now = session.viewer_or_nobody(), session.services().now()
    return {
        "viewer": viewer,
        # Staff sit in the office; over everybody else's shoulder somebody may look.
        "exit_url": _exit_url(viewer),
        "is_demo": session.services().settings.is_demo,
        "now": now,
        "ends_soon": viewer is not None and ends_soon(viewer.ends_at, now),
        # The base template calls these, so that they cost no query where they are not shown.
        "opened_with_reason": break_glass.open_now,
        "duty_board": duty_board,
        "roles_waiting": waiting_roles,
        "unusual_waiting": break_glass.waiting_for_answer,
        "work_rail": rail.groups,
        "may": {permission.value: policy.may(viewer, permission) for permission in Permission},
    }


def _exit_url(viewer: "SignedInUser | None") -> str:
    """Return the address that «Leave this page» leads to; empty for staff, who have no such way."""
    if viewer is not None and not policy.may(viewer, Permission.REFER):
        return ""
    return session.services().settings.exit_url


def _offers(document: "DocumentView", sender_verdict: str | None) -> list[actions.Offer]:
    viewer = session.viewer()
    services = session.services()
    person = actions.Person(
        viewer,
        services.now(),
        lambda permission: policy.may(viewer, permission),
        lambda ids: four_eyes.not_second_among(services, viewer, ids),
    )
    return actions.offers(document, sender_verdict, person)
