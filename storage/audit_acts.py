"""Say which acts the audit trail knows: the codes are stored, and never change."""

from enum import StrEnum


class Act(StrEnum):
    """One kind of act: what it is about, and what happened to it."""

    ACCESS_ANSWERED = "access.answered"
    ACCESS_GIVEN_BACK = "access.given_back"
    ACCESS_OPENED_WITH_REASON = "access.opened_with_reason"
    ACCESS_REPORT_OPENED = "access.reviewed"
    ABSENCE_ENDED = "absence.ended"
    ABSENCE_SET = "absence.set"
    ACCOUNT_ACTIVATED = "account.activated"
    ACCOUNT_CODES_MADE = "account.codes_made"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DEPUTY_CHOSEN = "account.deputy_chosen"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_FACTOR_ADDED = "account.factor_added"
    ACCOUNT_FACTOR_PROVED = "account.factor_proved"
    ACCOUNT_FACTOR_RECOVERED = "account.factor_recovered"
    ACCOUNT_FACTOR_REFUSED = "account.factor_refused"
    ACCOUNT_FACTOR_REMOVED = "account.factor_removed"
    ACCOUNT_INVITED = "account.invited"
    ACCOUNT_LANGUAGE_CHOSEN = "account.language_chosen"
    ACCOUNT_NAMED = "account.named"
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a code, no password
    ACCOUNT_PROOF_REFUSED = "account.proof_refused"
    ACCOUNT_PROVED_AGAIN = "account.proved_again"
    ACCOUNT_RENEWED = "account.renewed"
    ACCOUNT_ROLE_APPROVED = "account.role_approved"
    ACCOUNT_ROLE_ASKED = "account.role_asked"
    ACCOUNT_ROLE_CHANGED = "account.role_changed"
    ACCOUNT_ROLE_REFUSED = "account.role_refused"
    ACCOUNT_SESSION_ENDED = "account.session_ended"
    ACCOUNT_SESSIONS_ENDED = "account.sessions_ended"
    ACCOUNT_SIGN_IN_REFUSED = "account.sign_in_refused"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_VIEWED = "account.viewed"
    ACCOUNTS_LISTED = "accounts.listed"
    ADDRESS_LIFTED = "address.lifted"
    ADDRESS_STOPPED = "address.stopped"
    ADDRESSES_LISTED = "addresses.listed"
    VALUE_CONFIRMED = "aid.confirmed"
    VALUE_DISMISSED = "aid.dismissed"
    ANSWER_OPENED = "answer.opened"
    ANSWER_SENT = "answer.sent"
    AUDIT_ANCHORED = "audit.anchored"
    AUDIT_KEYED = "audit.keyed"
    AUDIT_SEARCHED = "audit.searched"
    CASE_CHECKED = "case.checked"
    CASE_CLOSED = "case.closed"
    CASE_CONSENT_HOLD_ENDED = "case.consent_hold_ended"
    CASE_CONSENT_NOTED = "case.consent_noted"
    CASE_CONSENT_VIEWED = "case.consent_viewed"
    CASE_CONSENT_WITHDRAWN = "case.consent_withdrawn"
    CASE_CONVERSATION_READ = "case.conversation_read"
    CASE_FACTS_NOTED = "case.facts_noted"
    CASE_HANDED_OVER = "case.handed_over"
    CASE_HELD_FOR_CONSENT = "case.held_for_consent"
    CASE_MERGED = "case.merged"
    CASE_MESSAGE_RECEIVED = "case.message_received"
    CASE_MESSAGE_TAKEN_BACK = "case.message_taken_back"
    CASE_MESSAGE_WRITTEN = "case.message_written"
    CASE_MESSAGES_READ = "case.messages_read"
    CASE_NOTE_WRITTEN = "case.note_written"
    CASE_OPENED = "case.opened"
    CASE_OPENED_AGAIN = "case.opened_again"
    CASE_PERSON_GOES_ON = "case.person_goes_on"
    CASE_PERSON_WITHDREW = "case.person_withdrew"
    CASE_VIEWED = "case.viewed"
    CASE_WITHHELD = "case.withheld"
    CASE_WITHHELD_NO_MORE = "case.withheld_no_more"
    CONFIRMATION_KEPT_BACK = "confirmation.kept_back"
    CONFIRMATION_DRAFTED = "confirmation.drafted"
    CONFIRMATION_SIGNED = "confirmation.signed"
    CONSENT_OVERRIDE_APPROVED = "consent.override_approved"
    CONSENT_OVERRIDE_EXPIRED = "consent.override_expired"
    CONSENT_OVERRIDE_LAPSED = "consent.override_lapsed"
    CONSENT_OVERRIDE_PROPOSED = "consent.override_proposed"
    CONSENT_OVERRIDE_REFUSED = "consent.override_refused"
    CONSENT_OVERRIDE_WITHDRAWN = "consent.override_withdrawn"
    CONSENT_OVERRIDES_LISTED = "consent.overrides_listed"
    DATE_CONFIRMED = "date.confirmed"
    DATE_ENDED = "date.ended"
    DECISION_NOTED = "decision.noted"
    DECISION_TAKEN_BACK = "decision.taken_back"
    DOCUMENT_CHARSET_CHOSEN = "document.charset_chosen"
    DOCUMENT_COPY_SAVED = "document.copy_saved"
    DOCUMENT_DAMAGED = "document.damaged"
    DOCUMENT_HELD = "document.held"
    DOCUMENT_TYPE_CONFIRMED = "document.kind_confirmed"
    DOCUMENT_TYPE_CORRECTED = "document.kind_corrected"
    DOCUMENT_MADE_SAFE = "document.made_safe"
    DOCUMENT_ORIGINAL_ASKED = "document.original_asked"
    DOCUMENT_ORIGINAL_OPENED = "document.original_opened"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_RELEASE_ASKED = "document.release_asked"
    DOCUMENT_RELEASED = "document.released"
    DOCUMENT_RESEND_ASKED = "document.resend_asked"
    DOCUMENT_SHOWN = "document.shown"
    DOCUMENT_UNLOCK_TRIED = "document.unlock_tried"
    DOCUMENT_UNLOCKED = "document.unlocked"
    DOCUMENT_VIEWED = "document.viewed"
    DOCUMENTS_LISTED = "documents.listed"
    DRAFT_DISCARDED = "draft.discarded"
    DRAFT_ERASED = "draft.erased"
    DRAFT_STARTED = "draft.started"
    DRAFT_VIEWED = "draft.viewed"
    EDITION_APPROVED = "edition.approved"
    EDITION_PROPOSED = "edition.proposed"
    EDITION_REFUSED = "edition.refused"
    FILING_UNDONE = "filing.undone"
    ITEM_ASSIGNED = "item.assigned"
    ITEM_CLAIMED = "item.claimed"
    ITEM_ESCALATED = "item.escalated"
    ITEM_RAISED = "item.raised"
    ITEM_WARNED = "item.warned"
    HOOK_FAILED = "hook.failed"
    ITEM_RELEASED = "item.released"
    KINDS_LEARNT = "kinds.learnt"
    LIST_APPROVED = "list.approved"
    LIST_ASKED = "list.asked"
    LIST_REFUSED = "list.refused"
    LIST_REQUESTS_READ = "list.requests_read"
    LIST_TAKEN = "list.taken"
    MAIL_KEPT_BACK = "mail.kept_back"
    MAIL_TAKEN_BACK = "mail.taken_back"
    NUMBERS_EXPORTED = "numbers.exported"
    PAPER_OPENED = "paper.opened"
    PAPER_REFUSED = "paper.refused"
    PAPER_SIGNED = "paper.signed"
    PERSON_CONFIRMED = "person.confirmed"
    PERSON_DISMISSED = "person.dismissed"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_ANSWER_TAKEN_BACK = "question.answer_taken_back"
    QUESTION_ASKED_ON = "question.asked_on"
    QUESTION_READ = "question.read"
    QUESTION_VIEWED = "question.viewed"
    RECEIPT_REPORTED = "receipt.reported"
    RECEIPT_SUPPRESSED = "receipt.suppressed"
    RECEIPT_WRITTEN = "receipt.written"
    REFERRAL_VIEWED = "referral.viewed"
    REFERRALS_LISTED = "referrals.listed"
    REMINDER_STOPPED = "reminder.stopped"
    REMINDER_SUPPRESSED = "reminder.suppressed"
    REMINDER_WRITTEN = "reminder.written"
    REPORT_NOT_BELIEVED = "report.not_believed"
    SENDER_ENDED = "sender.ended"
    SENDER_LINKED = "sender.linked"
    SENDER_REGISTERED = "sender.registered"
    SENDER_RENEWED = "sender.renewed"
    SENDERS_LISTED = "senders.listed"
    SUBMISSION_ACCEPTED = "submission.accepted"
    SUBMISSION_CLOSED_WITHOUT = "submission.closed_without"
    SUBMISSION_CONFIRMED = "submission.confirmed"
    SUBMISSION_FILED = "submission.filed"
    SUBMISSION_FINISHED = "submission.finished"
    SUBMISSION_HANDED_ON = "submission.handed_on"
    SUBMISSION_HELD = "submission.held"
    SUBMISSION_INSPECTED = "submission.inspected"
    SUBMISSION_MATCHED = "submission.matched"
    SUBMISSION_MERGED = "submission.merged"
    SUBMISSION_NOT_OPENED = "submission.not_opened"
    SUBMISSION_NOT_READ = "submission.not_read"
    SUBMISSION_OPENED = "submission.opened"
    SUBMISSION_OPENED_AGAIN = "submission.opened_again"
    SUBMISSION_READ = "submission.read"
    SUBMISSION_RECEIVED = "submission.received"
    SUBMISSION_REOPENED = "submission.reopened"
    SUBMISSION_RESUMED = "submission.resumed"
    SUBMISSION_SEEN_AGAIN = "submission.seen_again"
    SUBMISSION_SPLIT = "submission.split"
    SUBMISSION_VIEWED = "submission.viewed"
    SUBMISSIONS_LISTED = "submissions.listed"
    SUBMISSIONS_SEARCHED = "submissions.searched"
    TASK_DONE = "task.done"
    TASK_OPENED = "task.opened"
    TASK_REOPENED = "task.reopened"
    FACTS_TOLD = "told.noted"
    UPLOAD_LINK_LISTED = "upload_link.listed"
    UPLOAD_LINK_MADE = "upload_link.made"
    UPLOAD_LINK_REFUSED = "upload_link.refused"
    UPLOAD_LINK_WITHDRAWN = "upload_link.withdrawn"
    VIEW_REMOVED = "view.removed"
    VIEW_SAVED = "view.saved"


# Acts by which somebody reads what is of a person and changes nothing of it.
READS = (
    Act.ACCESS_OPENED_WITH_REASON,
    Act.ACCESS_REPORT_OPENED,
    Act.ACCOUNT_VIEWED,
    Act.ACCOUNTS_LISTED,
    Act.ADDRESSES_LISTED,
    Act.ANSWER_OPENED,
    Act.AUDIT_SEARCHED,
    Act.CASE_CONVERSATION_READ,
    Act.CASE_MESSAGES_READ,
    Act.CASE_CONSENT_VIEWED,
    Act.CASE_VIEWED,
    Act.CONSENT_OVERRIDES_LISTED,
    Act.CONFIRMATION_DRAFTED,
    Act.DOCUMENT_COPY_SAVED,
    Act.DOCUMENT_ORIGINAL_OPENED,
    Act.DOCUMENT_VIEWED,
    Act.DOCUMENTS_LISTED,
    Act.DRAFT_VIEWED,
    Act.LIST_REQUESTS_READ,
    Act.LIST_TAKEN,
    Act.NUMBERS_EXPORTED,
    Act.PAPER_OPENED,
    Act.PAPER_REFUSED,
    Act.QUESTION_READ,
    Act.QUESTION_VIEWED,
    Act.REFERRAL_VIEWED,
    Act.REFERRALS_LISTED,
    Act.SENDERS_LISTED,
    Act.SUBMISSION_VIEWED,
    Act.SUBMISSIONS_LISTED,
    Act.SUBMISSIONS_SEARCHED,
    Act.UPLOAD_LINK_LISTED,
)

# What the first words of codes are about, for whoever looks for acts of one sort.
WORDS_OF_GROUPS: dict[str, tuple[str, ...]] = {
    "submissions": (
        *("submission", "submissions", "filing", "aid", "person", "date", "kinds", "report"),
        "told",
    ),
    "documents": ("document", "documents"),
    "cases": ("case", "consent", "decision", "question"),
    "mail": (
        *("mail", "answer", "receipt", "reminder", "confirmation", "paper", "address"),
        "addresses",
    ),
    "coordinators": ("draft", "upload_link", "referral", "referrals", "sender", "senders"),
    "desk": ("item", "task", "view"),
    "accounts": ("account", "accounts", "absence", "access"),
    "office": ("edition", "hook", "list", "numbers", "audit"),
}


def group_of(act: Act) -> str:
    """Return the group of an act, empty for one whose first word nobody has grouped."""
    word = act.partition(".")[0]
    return next((group for group, words in WORDS_OF_GROUPS.items() if word in words), "")
