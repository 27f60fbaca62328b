"""Write every mail that leaves: decide whether it may be sent, and make its outbox row.

All writers call `write`, `write_to_account` or `write_about_task`, inside the transaction that
decides the mail. What may not be sent is stored as suppressed, with the reason as a code, so that
people see that nothing went out and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import papers
from intake.accounts.accounts import address_of
from intake.core import audit
from intake.outbox import guard, responders, return_paths, stop_list, task_mail, unproven_limits
from intake.outbox.addressees import Caution, Trust, recipient_hash
from intake.outbox.guard import PERSON_WITHDREW
from intake.outbox.mail_texts import MailText
from intake.outbox.message import Answered, Envelope, compose, message_id_for
from intake.outbox.threads import reply_address
from intake.queues.tasks import add_task
from intake.senders import letters
from intake.senders.automatic_mail import incoming, machine_kind
from intake.senders.verdict import DMARC_FAILED
from storage.accounts import users
from storage.accounts.users import User
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.crypto.sealing import seal, seal_bytes
from storage.documents import documents
from storage.lists import work_subjects
from storage.mail import kept_back, outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Channel, Submission, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.addressees import Addressee
    from intake.outbox.unproven_limits import UnprovenLimits
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem


@dataclass(frozen=True)
class OutgoingMail:
    """What a mail says and how it leaves.

    `kind` is unique among the messages about a submission. `takes_replies` asks for answers at an
    address that names the submission, if the addressee is registered. One that an officer sends
    waits for as long as it can be taken back: its kind says so, and no writer has to.
    """

    kind: str
    subject: str
    text: MailText
    is_automatic: bool = True
    takes_replies: bool = False

    def __post_init__(self) -> None:
        """Refuse a text that nobody vouched for: it would leave as it is."""
        if not isinstance(self.text, MailText):
            raise TypeError


def write(
    services: "Services", session: "Session", to: "Addressee", mail: OutgoingMail
) -> OutboxMessage:
    """Put a mail into the outbox, due or suppressed; its `reason` says why it is suppressed."""
    limits = _limits(to)
    if limits is not None:
        unproven_limits.wait_for_turn(services, session, limits)
    refused = refusal(services, session, to, mail.kind)
    row = _row(services, session, to.submission, mail.kind, refused)
    if to.address and (refused is None or to.is_hash_kept):
        row.recipient_hash = recipient_hash(services, session, to.address, to.trust)
    if refused is None and limits is not None:
        unproven_limits.note_answer(services, session, limits, to.domain)
    if to.address and refused is None:
        key = services.keyring.open(session, to.submission.data_key_id)
        _make_ready(row, key, to.address, _composed(services, row, key, to, to.address, mail))
        if outbox.is_by_officer(mail.kind):
            row.next_try_at = row.created_at + papers.undo_window(services)
    return _added(session, row)


def write_to_account(
    services: "Services", session: "Session", account: "User", mail: OutgoingMail
) -> OutboxMessage:
    """Put a mail about somebody's own account into the outbox; it belongs to no submission.

    It is suppressed when mail to that address came back, or when it got several of the kind.
    """
    address = address_of(services, session, account)
    refused = _refusal_of_own_account(services, session, address, mail.kind)
    row = _row_by_itself(services, session, address, mail, refused)
    row.user_id = account.id
    return _added(session, row)


def write_about_task(
    services: "Services",
    session: "Session",
    item: "QueueItem",
    about: "About",
    address: str,
    mail: OutgoingMail,
) -> OutboxMessage:
    """Put a mail to somebody on duty about a locked task into the outbox, due or suppressed.

    It hangs on the task and on no submission, so that nothing of a person is near it. `about` is
    what the task is about.
    """
    refused = _refusal_about_task(services, session, about, address)
    row = _row_by_itself(services, session, address, mail, refused, f"{item.id}:{mail.kind}")
    row.task_id = item.id
    return _added(session, row)


def suppress(
    services: "Services", session: "Session", submission: Submission, kind: str, reason: str
) -> OutboxMessage:
    """Record that a mail about a submission cannot be written to anybody, and why."""
    return _added(session, _row(services, session, submission, kind, reason))


def refusal(services: "Services", session: "Session", to: "Addressee", kind: str) -> str | None:
    """Return why a mail of a kind may not be written to somebody, as a code, or None."""
    stopped = _refusal_of_case(session, to.submission, kind)
    if stopped is not None:
        return stopped
    if to.barred is not None:
        return to.barred
    if not to.address:
        return _refusal_without_address(services, session, to)
    # What a mail claims to be its sender's is not, when its domain says so: nobody writes there.
    is_disowned = DMARC_FAILED in to.submission.sender_reasons
    if is_disowned and (to.is_claimed or to.caution is Caution.AUTOMATIC):
        return DMARC_FAILED
    refused = _refusal_of_address(services, session, to, to.address)
    limits = _limits(to)
    if refused is None and limits is not None:
        refused = unproven_limits.refusal(services, session, limits, to.domain)
    # Only a receipt follows each mail by itself, and so goes on for ever with a program.
    is_receipt = kind == outbox.MailKind.RECEIPT and to.caution is Caution.AUTOMATIC
    if refused is not None or not is_receipt:
        return refused
    if limits is not None:
        return _refusal_of_day(services, session, to.address)
    return responders.REASON if responders.notice(services, session, to.submission) else None


def refusal_to_leave(services: "Services", session: "Session", row: OutboxMessage) -> str | None:
    """Return why a mail that is due may not leave any more, as a code, or None.

    The sender asks this last. A stop keeps back what it finds; this finds what was being sent or
    written in the same moment, or came into the case later.
    """
    if row.submission_id is not None:
        submission = session.get_one(Submission, row.submission_id)
        return _refusal_of_case(session, submission, row.kind)
    if row.user_id is None:
        return task_mail.refusal_to_leave(session, row)
    account = session.get_one(User, row.user_id)
    return None if users.is_active(account, services.now()) else "account_ended"


def keep_back(services: "Services", session: "Session", row: OutboxMessage) -> str:
    """Suppress a mail that may not leave any more, and record it; return the code of why.

    Whoever calls this has the lease of the mail and has not given it to a server.
    """
    reason = refusal_to_leave(services, session, row) or ""
    if reason and kept_back.mark_kept_back(session, row.id, reason):
        audit.note(
            services,
            session,
            "system:intake",
            Act.MAIL_KEPT_BACK,
            _subject(session, row),
            {"kind": row.kind, "reason": reason},
        )
    return reason


def _subject(session: "Session", row: OutboxMessage) -> tuple[str, str]:
    """Return what a mail is about, as the subject of an audited act."""
    if row.user_id is not None:
        return "account", row.user_id
    about = work_subjects.about_message(session, row)
    return about.subject if about is not None else ("mail", row.id)


def call_instead(
    services: "Services", session: "Session", submission: Submission, reason: str
) -> None:
    """Open a task to call somebody who gets no mail, for which `reason` says why.

    Nobody is called about a case whose person withdrew.
    """
    if not cases.has_person_withdrawn(session, submission.case_id):
        call = TaskKind.CALL_SENDER
        add_task(services, session, submission.id, kind=call, reason=reason)


def free_kind(session: "Session", submission: Submission, kinds: Sequence[str]) -> str | None:
    """Return the first of some kinds that no message about a submission has, None without one."""
    used = {row.kind for row in outbox.of_submission(session, submission.id)}
    return next((kind for kind in kinds if kind not in used), None)


def _refusal_of_address(
    services: "Services", session: "Session", to: "Addressee", address: str
) -> str | None:
    """Return why a mail may not go to an address, by itself, as a code, or None."""
    settings = services.settings
    written_lately = _written_lately(services, session, address, to.trust)
    is_registered = to.trust is Trust.REGISTERED
    is_stopped = stop_list.is_stopped(services, session, address)
    if to.caution is Caution.NONE:
        return guard.refusal_of_an_account(written_lately=written_lately, is_stopped=False)
    if to.caution is Caution.ACCOUNT:
        return guard.refusal_of_an_account(written_lately=written_lately, is_stopped=is_stopped)
    is_by_a_person = to.caution is Caution.BY_A_PERSON
    is_return_path = return_paths.marks_in(to.header.to_addresses, settings.reply_address)
    if is_return_path and not is_by_a_person:
        return "sent_to_return_path"
    rows = [] if is_by_a_person else documents.of_submission(session, to.submission.id)
    letter = letters.reader_of(services, session, to.submission)
    judge = guard.refusal_of_a_person if is_by_a_person else guard.refusal
    return judge(
        incoming(to.header, address, rows, letter=letter),
        own_addresses=settings.own_addresses,
        written_lately=written_lately,
        is_registered=is_registered,
        is_stopped=is_stopped,
    )


def _refusal_without_address(services: "Services", session: "Session", to: "Addressee") -> str:
    """Return why nothing is written where no address is known; a machine's sign goes first."""
    if to.caution is not Caution.AUTOMATIC:
        return "no_usable_sender"
    rows = documents.of_submission(session, to.submission.id)
    mail = incoming(
        to.header, None, rows, letter=letters.reader_of(services, session, to.submission)
    )
    return machine_kind(mail, services.settings.own_addresses) or "no_usable_sender"


def _refusal_of_own_account(
    services: "Services", session: "Session", address: str, kind: str
) -> str | None:
    """Return why a mail about an account may not be written to its owner, as a code, or None.

    Nothing proves an address before its invitation was used, so such mail is counted by itself.
    """
    hashed = recipient_hash(services, session, address, Trust.REGISTERED)
    since = services.now() - guard.RATE_WINDOW
    return guard.refusal_of_an_account(
        written_lately=outbox.count_to(session, hashed, since, kind=kind),
        is_stopped=stop_list.is_stopped(services, session, address),
        most=guard.MAX_INVITATIONS,
    )


def _refusal_about_task(
    services: "Services", session: "Session", about: "About", address: str
) -> str | None:
    """Return why a mail about a task may not go to an address of the duty list, or None."""
    stopped = task_mail.stopped(session, about)
    if stopped is not None:
        return stopped
    if address in services.settings.own_addresses:
        return "own_address"
    return guard.refusal_of_an_account(
        written_lately=_written_lately(services, session, address, Trust.REGISTERED),
        is_stopped=stop_list.is_stopped(services, session, address),
    )


def _refusal_of_day(services: "Services", session: "Session", address: str) -> str | None:
    """Return why a stranger's address gets no receipt any more on this day, as a code, or None."""
    hashed = recipient_hash(services, session, address, Trust.UNVERIFIED)
    since = services.now() - unproven_limits.DAY
    written = outbox.count_to(session, hashed, since, kind=outbox.MailKind.RECEIPT)
    return unproven_limits.refusal_of_day(written)


def _limits(to: "Addressee") -> "UnprovenLimits | None":
    """Return the limits under which an address is written to, None when somebody proved it."""
    if to.trust is Trust.REGISTERED:
        return None
    is_machine = to.caution is Caution.AUTOMATIC
    return unproven_limits.BY_MACHINE if is_machine else unproven_limits.BY_A_PERSON


def _refusal_of_case(session: "Session", submission: Submission, kind: str) -> str | None:
    """When the person of a case withdrew, only the receipt of a mail leaves.

    It tells its sender that something came, and nothing of the case; whoever writes with a
    reference gets one, so that its absence tells nobody of a case. It promises nothing where its
    sender's own reference leads to the stopped case. What was sent through the portal is receipted
    there.
    """
    is_receipt = kind == outbox.MailKind.RECEIPT and submission.channel == Channel.EMAIL
    is_stopped = not is_receipt and cases.is_stopped(session, submission)
    return PERSON_WITHDREW if is_stopped else None


def _written_lately(services: "Services", session: "Session", address: str, trust: Trust) -> int:
    since = services.now() - guard.RATE_WINDOW
    return outbox.count_to(session, recipient_hash(services, session, address, trust), since)


def _row(
    services: "Services", session: "Session", submission: Submission, kind: str, refused: str | None
) -> OutboxMessage:
    # The Message-ID follows from the submission, so a repetition is the same message again.
    name = f"{submission.id}:{kind}"
    row = _new_row(services, session, submission.data_key_id, kind, refused, name)
    row.submission_id = submission.id
    return row


def _new_row(
    services: "Services", session: "Session", key_id: str, kind: str, refused: str | None, name: str
) -> OutboxMessage:
    row_id = new_id()
    token = services.keyring.lookup(session, "message-id-of-ours", name or row_id)
    return OutboxMessage(
        id=row_id,
        data_key_id=key_id,
        kind=kind,
        state=MessageState.SUPPRESSED if refused else MessageState.DUE,
        reason=refused or "",
        message_id=message_id_for(token, kind, services.settings.mail_from),
        created_at=services.now(),
    )


def _make_ready(row: OutboxMessage, key: "DataKey", address: str, content: bytes) -> None:
    """Seal who gets a mail and what it says, and let it leave at once."""
    row.recipient = seal(key, place("outbox", "recipient", row.id), address)
    row.content = seal_bytes(key, place("outbox", "content", row.id), content)
    row.next_try_at = row.created_at


def _row_by_itself(
    services: "Services",
    session: "Session",
    address: str,
    mail: OutgoingMail,
    refused: str | None,
    name: str = "",
) -> OutboxMessage:
    """Return the row of a mail that belongs to no submission, sealed with the system's key.

    The Message-ID follows from `name`; without one it follows from the new row.
    """
    key, sender = services.keyring.system(session), services.settings.mail_from
    row = _new_row(services, session, key.id, mail.kind, refused, name)
    row.recipient_hash = recipient_hash(services, session, address, Trust.REGISTERED)
    if refused is None:
        envelope = Envelope(sender, address, row.message_id, row.created_at)
        is_automatic, nothing = mail.is_automatic, Answered(None, ())
        content = compose(envelope, mail.subject, mail.text, nothing, is_automatic=is_automatic)
        _make_ready(row, key, address, content)
    return row


def _composed(
    services: "Services",
    row: OutboxMessage,
    key: "DataKey",
    to: "Addressee",
    address: str,
    mail: OutgoingMail,
) -> bytes:
    settings = services.settings
    # A sender who is not proven gets no address that names the submission.
    is_named = mail.takes_replies and to.trust is Trust.REGISTERED
    reply_to = reply_address(settings.reply_address, to.submission, key) if is_named else ""
    return compose(
        Envelope(settings.mail_from, address, row.message_id, row.created_at, reply_to),
        mail.subject,
        mail.text,
        Answered(to.header.message_id or None, to.header.references),
        is_automatic=mail.is_automatic,
    )


def _added(session: "Session", row: OutboxMessage) -> OutboxMessage:
    session.add(row)
    session.flush()
    return row
