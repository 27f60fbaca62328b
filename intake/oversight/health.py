"""Check every part of the service, and say in a sentence whether it works and since when not.

Officers need it as much as the operator: a page shows a dead mailbox or scanner within a minute.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from intake.duty import duty_list
from intake.duty.duty_list import Trouble
from intake.duty.warn import troubles_now
from intake.inspection.inspect_documents import SIGNATURES_STALE_AFTER
from intake.inspection.scanner import Clamd, signatures_made_at
from intake.oversight import open_files
from intake.reference_data import duty_people
from storage import schema
from storage.errors import IntakeError
from storage.lists import work_counts
from storage.mail import mailboxes, outbox
from storage.operations import heartbeats
from storage.submissions import due_warnings
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.operations.heartbeats import Heartbeat

Status = Literal["ok", "degraded", "down"]
RANK: dict[Status, int] = {"ok": 0, "degraded": 1, "down": 2}
SILENT_AFTER = timedelta(seconds=60)
# How the codes of a mailbox begin that is read, and in which a message cannot be taken in or moved.
MESSAGE_TROUBLES = ("message_", "move_")
# The role under which the portal notes a forwarded address that it may not believe.
FORWARDED = "forwarded"
FORWARDED_FOR = timedelta(hours=1)
SLOW_OUTBOX_AFTER = timedelta(minutes=5)


DUTY_TROUBLES = {
    Trouble.NO_LIST: "No duty list is in force: nobody is warned before a clock runs out.",
    Trouble.NOBODY_ACTS: (
        "Somebody on duty is away or has left, and nobody acts for them: they are not warned."
    ),
    Trouble.NO_TELEPHONE: "The duty list has no telephone for an emergency that nobody opened.",
    Trouble.HOOK_NOT_SIGNED: (
        "The duty list has a webhook without a secret to sign its calls: it is not called."
    ),
    Trouble.HOOK_NOT_HTTPS: "The webhook of the duty list is not https: it is not called.",
}


DUTY_HINTS = {Trouble.HOOK_NOT_SIGNED: "AVRR_WEBHOOK_SECRET_FILE"}
UPGRADE = "flask db upgrade"


@dataclass(frozen=True)
class Check:
    """The result for one part; `detail` is a sentence without names of people and without codes.

    `hint` is for whoever runs the machine, and stands on no page: a setting, a command or a code.
    """

    name: str
    status: Status
    detail: str
    since: datetime | None = None
    hint: str = ""


@dataclass(frozen=True)
class Health:
    """All checks; `status` is the worst among them."""

    status: Status
    checks: tuple[Check, ...]


def check_health(services: "Services") -> Health:
    """Check every part once. It never raises: what cannot be checked is down."""
    try:
        with services.database.reading() as session:
            checks = (
                _database(services),
                _blobs(services),
                _files(services),
                _keys(services, session),
                *_processes(services, session),
                *_mailboxes(services, session),
                _scanner(services),
                _queues(services, session),
                _duty(services, session),
                _callers(services, session),
            )
    except IntakeError as error:
        checks = (Check("database", "down", "The database does not answer.", hint=error.reason),)
    worst = max((check.status for check in checks), key=lambda status: RANK[status])
    return Health(worst, checks)


def _database(services: "Services") -> Check:
    if not schema.is_current(services.database):
        return Check("database", "down", "The tables are of another release.", hint=UPGRADE)
    kind = "SQLite" if services.database.is_sqlite else "PostgreSQL"
    return Check("database", "ok", f"{kind} answers and its tables are up to date.")


def _blobs(services: "Services") -> Check:
    url = services.settings.blobs_url
    if not url.startswith("file://"):
        return Check("blobs", "ok", "Documents are stored in a bucket.")
    folder = Path(unquote(urlsplit(url).path))
    try:
        # The folder is made with the first document.
        status = os.statvfs(folder if folder.exists() else folder.parent)
    except OSError:
        return Check("blobs", "down", "The folder of the documents cannot be reached.")
    free_bytes = status.f_bavail * status.f_frsize
    needed = 4 * services.settings.max_upload_bytes
    if free_bytes < needed:
        return Check("blobs", "degraded", "The disk is nearly full; new mail may be refused.")
    return Check("blobs", "ok", f"{free_bytes // 2**30} GiB are free for documents.")


def _files(services: "Services") -> Check:
    found = list(open_files.open_to_others(services.settings))
    if not found:
        return Check("files", "ok", "Only our own user can enter the data folder.")
    first = open_files.shown(services.settings, found[0])
    detail = (
        f"{len(found)} files or folders are open to others on this machine, {first} among them: "
        "start again as their owner, or set mode 0600 for files and 0700 for folders."
    )
    return Check("files", "degraded", detail)


def _keys(services: "Services", session: "Session") -> Check:
    try:
        services.keyring.system(session)
    except IntakeError:
        return Check("keys", "down", "The master key does not open this database.")
    if not services.settings.is_production:
        return Check("keys", "ok", "The key in the data folder opens the database (embedded).")
    return Check("keys", "ok", "The master key opens the database.")


def _processes(services: "Services", session: "Session") -> tuple[Check, ...]:
    beats = heartbeats.all_beats(session)
    return (
        _engine(services, _newest(beats, "worker")),
        _sandbox(_newest(beats, "worker")),
        _smtp(services, session, _newest(beats, "sender")),
        _reports(services),
    )


def _engine(services: "Services", worker: "Heartbeat | None") -> Check:
    if worker is None:
        return Check("engine", "down", "No worker has started: mail is stored but not opened.")
    if worker.beat_at < services.now() - SILENT_AFTER:
        return Check("engine", "down", "No worker is alive.", worker.beat_at)
    refused = int(worker.detail.get("refused_values", 0))
    if refused:
        detail = (
            f"A worker is alive. {refused} values in the engine's tables are not ours and were not "
            "read: somebody else has written to the database. flask verify names them."
        )
        return Check("engine", "degraded", detail, worker.started_at)
    return Check("engine", "ok", "A worker is alive.", worker.started_at)


def _sandbox(worker: "Heartbeat | None") -> Check:
    mode = worker.detail.get("sandbox") if worker is not None else None
    if mode == "bubblewrap":
        return Check("sandbox", "ok", "Documents are opened in a bubblewrap jail.")
    if mode == "reduced":
        return Check("sandbox", "degraded", "The sandbox is reduced: bubblewrap cannot run here.")
    return Check("sandbox", "degraded", "No worker has told yet how it opens documents.")


def _smtp(services: "Services", session: "Session", sender: "Heartbeat | None") -> Check:
    now = services.now()
    oldest = outbox.oldest_due(session)
    if sender is None or sender.beat_at < now - SILENT_AFTER:
        since = sender.beat_at if sender is not None else None
        return Check("smtp", "down", "No sender is alive: receipts wait.", since)
    last = str(sender.detail.get("smtp", "ok"))
    if last != "ok":
        return Check("smtp", "down", "The mail server refuses or is away.", oldest, last)
    if oldest is not None and oldest < now - SLOW_OUTBOX_AFTER:
        return Check("smtp", "degraded", "A receipt has been waiting for long.", oldest)
    return Check("smtp", "ok", "Receipts leave.")


def _reports(services: "Services") -> Check:
    if services.settings.reply_address:
        return Check("delivery reports", "ok", "Each mail has a signed address for its reports.")
    detail = (
        "No address for delivery reports is set: nothing proves one, so none is believed, and each "
        "waits for a person."
    )
    status: Status = "degraded" if services.settings.is_production else "ok"
    return Check("delivery reports", status, detail, hint="AVRR_REPLY_ADDRESS")


def _mailboxes(services: "Services", session: "Session") -> tuple[Check, ...]:
    now = services.now()
    cursors = {cursor.source: cursor for cursor in mailboxes.all_cursors(session)}
    checks = []
    for mailbox in services.settings.mailboxes:
        name = f"mailbox {mailbox.name}"
        cursor = cursors.get(mailbox.name)
        patience = max(SILENT_AFTER, timedelta(seconds=3 * services.settings.mail_poll_seconds))
        if cursor is None:
            checks.append(Check(name, "down", "It has never been read."))
        elif cursor.error is not None:
            checks.append(
                Check(name, "down", _trouble(cursor.error), cursor.failed_at, cursor.error)
            )
        elif cursor.polled_at is None or cursor.polled_at < now - patience:
            checks.append(Check(name, "down", "It is not being read.", cursor.polled_at))
        else:
            checks.append(_readable(services, name, cursor.polled_at))
    return tuple(checks)


def _trouble(code: str) -> str:
    if code.startswith(MESSAGE_TROUBLES):
        return "It is read, but a message in it stays on the server."
    if code == "list_unreadable":
        return "It is read, but the server does not list all that it holds."
    return "It cannot be read."


def _readable(services: "Services", name: str, polled_at: datetime) -> Check:
    settings = services.settings
    if settings.authserv_id or settings.dns_resolver is not None:
        return Check(name, "ok", "It was read just now.", polled_at)
    detail = (
        "It was read just now. Whether mail is authentic is not checked: a registered address "
        "alone is believed."
    )
    return Check(name, "ok", detail, polled_at, "AVRR_AUTHSERV_ID, AVRR_DNS_RESOLVER")


def _scanner(services: "Services") -> Check:
    url = services.settings.clamd_url
    if not url:
        return Check("scanner", "degraded", "No malware scanner is set; built-in rules only.")
    version = Clamd(url).version()
    if version is None:
        return Check("scanner", "down", "The malware scanner does not answer; documents are held.")
    made_at = signatures_made_at(version)
    if made_at is None or made_at < services.now() - SIGNATURES_STALE_AFTER:
        detail = "The scanner's signatures are too old to clear anything; documents are held."
        return Check("scanner", "degraded", detail, made_at)
    return Check("scanner", "ok", f"{version} answers.")


def _queues(services: "Services", session: "Session") -> Check:
    overview = work_counts.overview(session, list(Programme))
    waiting = sum(each.number for each in overview.values())
    nearest = min((each.due_at for each in overview.values()), default=None)
    if nearest is not None and nearest < services.now():
        return Check("queues", "degraded", f"{waiting} wait; a clock has run out.", nearest)
    return Check("queues", "ok", f"{waiting} wait; no clock has run out.", nearest)


def _duty(services: "Services", session: "Session") -> Check:
    """Tell whether somebody would be warned before a clock runs out, now and in the next week."""
    now, name = services.now(), "duty"
    duty = duty_list.in_force(services, session, now)
    if duty is None or not (duty.shifts or duty.webhook):
        detail = "No duty list is in force: nobody is warned before a clock runs out."
        return Check(name, "degraded", detail)
    call = due_warnings.last_call(session)
    if call is not None and call.state == due_warnings.CallState.FAILED:
        detail = "The webhook of the duty list does not take our calls."
        return Check(name, "degraded", detail, call.ended_at, call.reason or "")
    unable_labels = duty_people.who_cannot_act(
        services, session, [row.account for row in duty.shifts]
    )
    unable = (
        f"It names somebody who cannot act: {', '.join(unable_labels)}." if unable_labels else ""
    )
    gaps = [gap for each in Programme for gap in due_warnings.open_gaps(session, each)]
    if gaps:
        detail = "A warning reached nobody; a manager has a task about it."
        return Check(name, "degraded", detail, min(gap.opened_at for gap in gaps))
    for programme in Programme:
        found = troubles_now(services, session, programme, now) - {Trouble.NOBODY_ON_DUTY}
        if found:
            trouble = min(found)
            detail = f"{DUTY_TROUBLES[trouble]} {unable}".strip()
            return Check(name, "degraded", detail, hint=DUTY_HINTS.get(trouble, ""))
        hole = duty_list.first_hole(services, session, duty, programme, now)
        if hole is not None and not duty.webhook:
            return Check(name, "degraded", "Nobody is on duty at a time of the next week.", hole)
    if unable:
        return Check(name, "degraded", f"The duty list is in force. {unable}")
    return Check(name, "ok", "Somebody on duty is warned before a clock runs out.")


def _callers(services: "Services", session: "Session") -> Check:
    proxies = services.settings.trusted_proxies
    seen = _newest(heartbeats.all_beats(session), FORWARDED)
    if seen is not None and seen.beat_at > services.now() - FORWARDED_FOR:
        detail = (
            f"A request named a forwarded address, and {proxies} trusted proxies are set. If more "
            "reverse proxies stand before the portal, set their number: now all callers share one "
            "limit. If not, somebody pretended, and nothing need be done."
        )
        return Check("callers", "degraded", detail, seen.beat_at, "AVRR_TRUSTED_PROXIES")
    if proxies == 0:
        return Check("callers", "ok", "Callers reach the portal without a proxy.")
    return Check("callers", "ok", f"Callers' addresses come from {proxies} trusted proxies.")


def _newest(beats: "list[Heartbeat]", role: str) -> "Heartbeat | None":
    return next((beat for beat in beats if beat.role == role), None)
