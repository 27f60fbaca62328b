"""Give the operator commands that read or invite: `flask submissions`, `users`, `audit`, `health`.

An error of ours ends a command with one line on stderr and exit code 1.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from intake.accounts.people import one_record
from intake.accounts.roles import REGIONS
from intake.core.errors import IntakeError
from intake.oversight import who_read
from intake.queues import search_index
from intake.triage import read_submission
from intake.triage.submission_views import SubmissionView, as_json
from portal.administration.health import check_health
from portal.text import formatting, labels
from portal.web import session
from storage.accounts.users import Role

P = ParamSpec("P")
R = TypeVar("R")
ACTOR = "system:command"
EXIT_CODES = {"ok": 0, "degraded": 1, "down": 2}

submissions = AppGroup("submissions", help="What came in, and where it stands.")
users = AppGroup("users", help="People who sign in.")
audit = AppGroup("audit", help="The audit trail.")


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (submissions, users, audit, health):
        app.cli.add_command(command)


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an error of ours into one line and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except IntakeError as error:
            raise click.ClickException(str(error)) from error

    return run


@submissions.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON array.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@plain_errors
def list_newest(is_json: bool, limit: int) -> None:
    """List the newest submissions."""
    views = read_submission.list_submissions(session.services(), ACTOR, limit)
    if is_json:
        _print_json([as_json(view) for view in views])
        return
    for view in views:
        click.echo(_line(view))


@submissions.command("show")
@click.argument("reference")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@plain_errors
def show(reference: str, is_json: bool) -> None:
    """Show one submission with its documents, receipts and history."""
    view = read_submission.read_for_command(session.services(), ACTOR, reference)
    if is_json:
        _print_json(as_json(view))
        return
    click.echo(_line(view))
    for document in view.documents:
        state = labels.mark(document.state, "document").word
        kind = document.detected_type or document.claimed_type
        click.echo(f"  {state:<16} {formatting.size(document.size):>9}  {kind}  {document.name!r}")
    for receipt in view.receipts:
        click.echo(f"  {receipt.kind} {receipt.state} {labels.reason(receipt.reason)}".rstrip())
    for event in view.history:
        at = formatting.full_moment(event.at)
        click.echo(f"  {at}  {labels.act(event.act)}  {labels.details(event.detail)}".rstrip())


@submissions.command("index")
@plain_errors
def index() -> None:
    """Index what came in before there was a search; repeating it changes nothing."""
    click.echo(f"{search_index.index_all(session.services())} indexed")


@users.command("invite")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--region", type=click.Choice(REGIONS), help="Needed for coordinators.")
@click.option("--again", is_flag=True, help="Register an address whose entry somebody ended.")
@plain_errors
def invite(email: str, role: str, region: str | None, again: bool) -> None:
    """Invite a person and print the link; it works once, for 72 hours.

    The address of a coordinator is registered as a sender's with it.
    """
    services = session.services()
    invitation = one_record.invite_by_command(services, email, role, region, again=again)
    click.echo(f"{invitation.label}, until {formatting.full_moment(invitation.expires_at)}:")
    click.echo(f"{services.settings.public_url}/invitation/{invitation.url_token}")


@audit.command("who-read")
@click.argument("reference")
@click.option("--all", "is_all", is_flag=True, help="What changed something too.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--before", type=int, help="Go on before this number, which the last line names.")
@plain_errors
def who_read_it(reference: str, is_all: bool, limit: int, before: int | None) -> None:
    """Say who read what belongs to a submission or a case, the newest first."""
    found = who_read.acts_on_reference(
        session.services(), ACTOR, reference, only_reads=not is_all, before=before, limit=limit
    )
    for event in found.events:
        at = formatting.full_moment(event.at)
        about = f"{event.subject_type} {event.reference}".strip()
        click.echo(f"{at}  {event.actor:<24}  {labels.act(event.act)}  ({about})")
    if found.older is not None:
        click.echo(f"There are more: --before {found.older}")


@click.command("health")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.pass_context
@with_appcontext
@plain_errors
def health(context: click.Context, is_json: bool) -> None:
    """Say what works; exit code 0 ok, 1 degraded, 2 down."""
    found = check_health()
    if is_json:
        checks = [
            {
                "name": check.name,
                "status": check.status,
                "detail": check.detail,
                "hint": check.hint,
                "since": check.since.isoformat() if check.since else None,
            }
            for check in found.checks
        ]
        _print_json({"status": found.status, "checks": checks})
    else:
        click.echo(labels.mark(found.status, "health").word)
        for check in found.checks:
            hint = f" ({check.hint})" if check.hint else ""
            click.echo(f"  {check.status:<9} {check.name:<18} {check.detail}{hint}")
    context.exit(EXIT_CODES[found.status])


def _line(view: SubmissionView) -> str:
    queue = view.queue or "-"
    case = view.case_reference or "-"
    at = formatting.full_moment(view.received_at)
    return f"{view.reference}  {at}  {view.programme:<9} {view.state:<9} {queue:<3} case {case}"


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))
