"""Build everything once from the environment, and offer it as the portal and as commands.

This is the composition root: the only place that imports every package. `flask …` finds this file
and puts the project's root first on the module path, as the name of the package `mailbox` needs.
Nothing happens at import.
"""

import logging
import os
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from werkzeug.middleware.proxy_fix import ProxyFix

from intake.bootstrap import build_services, prepare_storage, read_secret_key
from intake.core import audit
from intake.core.errors import SettingInvalid
from intake.core.services import Services
from intake.core.settings import read_settings
from intake.oversight import health, verify
from intake.sandbox import Duty, JailPool
from intake.senders.register import add_sender
from portal.app import create_app as create_portal
from portal.cli import plain_errors
from portal.web import request_limits

ROOT = Path(__file__).parent
# Each open connection costs a process of the portal an open file and at most half a megabyte.
MAX_CONNECTIONS = 2000
FILES_BESIDE_CONNECTIONS = 300
OLD_TABLES = "The tables are not up to date: run flask db upgrade."
MAIL_TEXTS = ROOT / "templates" / "mail"


def create_app() -> Flask:
    """Build the portal with its commands; gunicorn and `flask` call this.

    A wrong setting ends the process with the setting's name and nothing else.
    """
    start_logging()
    try:
        settings = read_settings(os.environ)
        services = build_services(settings)
        app = create_portal(
            services,
            secret_key=read_secret_key(settings),
            check_health=lambda: health.check_health(services),
            # This pool tries passwords of locked files; its jail starts at the first request.
            unlocker=JailPool(
                1, allow_reduced=not settings.is_production, families=((Duty.LOCKS,),)
            ),
        )
    except SettingInvalid as error:
        sys.exit(f"Setting {error}")
    if settings.trusted_proxies:
        # Only the far end's address is taken from the proxy; host and scheme are settings.
        far_end = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=far_end, x_proto=0, x_host=0)  # type: ignore[method-assign] # Flask's way
    for command in (serve, work, demo, verify_command):
        app.cli.add_command(command)
    for group in (mail, db, senders):
        app.cli.add_command(group)
    return app


def start_logging() -> None:
    """Log key and value to standard error; the libraries only when something is wrong."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for name in ("intake", "mailbox", "portal", "storage"):
        logging.getLogger(name).setLevel(logging.INFO)


def current_services() -> Services:
    """Return the services of the running command."""
    from portal.web import session

    return session.services()


def until_asked_to_stop() -> threading.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def ready_services() -> Services:
    """Return the services with storage prepared (embedded) or proven current (production)."""
    from storage import schema

    services = current_services()
    if not services.settings.is_production:
        prepare_storage(services)
    elif not schema.is_current(services.database):
        raise click.ClickException(OLD_TABLES)
    return services


@click.command()
@with_appcontext
@plain_errors
def serve() -> None:
    """Serve the portal with gunicorn where AVRR_LISTEN says."""
    services = ready_services()
    audit.write_anchor_if_possible(services)
    settings = services.settings
    address = f"{settings.listen_host}:{settings.listen_port}"
    # Threads mostly wait for slow lines: a coordinator's telephone holds one for a whole chunk.
    threads = str(request_limits.MAX_BODIES + request_limits.THREADS_FOR_PAGES)
    worker = ["--worker-class", "portal.gunicorn_worker.PatientWorker", "--workers", "2"]
    options = [*worker, "--threads", threads, "--worker-connections", str(_connections())]
    quiet = ["--log-level", "warning", "--no-control-socket"]
    program = [sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--bind", address]
    os.chdir(ROOT)
    os.execv(sys.executable, [*program, *options, *quiet])  # noqa: S606 - our own interpreter


def _connections() -> int:
    """Let the portal have many open files, and return how many connections a process may take."""
    most, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + FILES_BESIDE_CONNECTIONS
    if most < wanted:
        most = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(2 * FILES_BESIDE_CONNECTIONS, min(MAX_CONNECTIONS, most - FILES_BESIDE_CONNECTIONS))


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing waits.")
@click.option("--slot", default="1", help="A stable name for this worker among several.")
@with_appcontext
@plain_errors
def work(until_idle: bool, slot: str) -> None:
    """Run a worker: open, inspect, file and route what was accepted."""
    from intake.pipeline import engine, work_queue
    from intake.pipeline.build_worker import build_worker_services

    stop = until_asked_to_stop()
    services = ready_services()
    worker_services = build_worker_services(services, MAIL_TEXTS)
    queue = work_queue.IntakeQueue(services.database)
    worker = engine.Worker(worker_services, queue, slot=slot)
    worker.start()
    try:
        while not stop.wait(0.2):
            if until_idle and worker.is_idle():
                break
    finally:
        worker.stop()
        queue.close()


mail = AppGroup("mail", help="Mail in and mail out.")


@mail.command("poll")
@click.option("--once", is_flag=True, help="One round over all mailboxes.")
@with_appcontext
@plain_errors
def mail_poll(once: bool) -> None:
    """Fetch new mail from every configured mailbox."""
    from mailbox.poller import poll_all

    stop = until_asked_to_stop()
    looks = poll_all(ready_services(), once=once, stop=stop)
    for look in looks:
        outcome = f"{look.result.new} new" if look.result is not None else look.error
        click.echo(f"{look.name}: {outcome}")
    if any(look.result is None for look in looks):
        sys.exit(1)


@mail.command("send")
@click.option("--once", is_flag=True, help="Send what is due and stop.")
@with_appcontext
@plain_errors
def mail_send(once: bool) -> None:
    """Send what stands in the outbox."""
    from mailbox.sender import send_all, send_once

    stop = until_asked_to_stop()
    services = ready_services()
    if once:
        click.echo(f"{send_once(services)} sent")
    else:
        send_all(services, stop)


db = AppGroup("db", help="The database.")


@db.command("upgrade")
@with_appcontext
@plain_errors
def db_upgrade() -> None:
    """Bring the tables to the newest state."""
    prepare_storage(current_services())
    click.echo("The tables are up to date.")


senders = AppGroup("senders", help="The register of coordinators.")


@senders.command("add")
@click.argument("address")
@click.option("--region", required=True, help="NORD MITT BERG STHLM OST VAST or SYD")
@click.option("--name", help="as it stands in their mail; look-alikes of it are noticed")
@click.option("--phone", help="the number to call back on")
@click.option("--deputy-for", help="the registered address of the one they are a deputy of")
@with_appcontext
@plain_errors
def senders_add(
    address: str, region: str, name: str | None, phone: str | None, deputy_for: str | None
) -> None:
    """Register an address for six months, or renew it; what is not given stays as it is."""
    is_new = add_sender(
        current_services(),
        "operator",
        address,
        region,
        name=name,
        phone=phone,
        deputy_for=deputy_for,
    )
    click.echo("Registered." if is_new else "Renewed.")


@click.command("verify")
@click.option("--sweep", is_flag=True, help="Remove blobs that belong to nothing first.")
@click.option("--orphans-older-than", "seconds", default=verify.ORPHAN_AFTER_SECONDS, type=float)
@with_appcontext
@plain_errors
def verify_command(sweep: bool, seconds: float) -> None:
    """Prove conservation, hashes and the audit chain."""
    from storage import schema

    services = current_services()
    started_at = time.monotonic()
    # What a damaged database does not find would be swept as belonging to nothing.
    services.database.prove_whole()
    if not schema.is_current(services.database):
        raise click.ClickException(OLD_TABLES)
    if sweep:
        click.echo(f"{verify.sweep_orphans(services, orphan_after_seconds=seconds)} swept")
    proof = verify.verify_storage(services, orphan_after_seconds=seconds)
    for fault in proof.faults:
        click.echo(f"FAULT {fault}")
    click.echo(
        f"{proof.submissions} submissions, {proof.blobs} blobs, {proof.audit_events} audit events: "
        f"{len(proof.faults)} faults in {time.monotonic() - started_at:.1f} s"
    )
    if proof.faults:
        sys.exit(1)


@click.command()
@with_appcontext
@plain_errors
def demo() -> None:
    """Show the whole way on this machine: portal, mail server, poller, worker, sender."""
    from mailbox.demo.run_demo import conduct

    stop = until_asked_to_stop()
    services = current_services()
    if services.settings.is_production:
        raise click.ClickException("AVRR_ENV: the demo runs only embedded.")
    prepare_storage(services)
    conduct(services, root=ROOT, stop=stop)
