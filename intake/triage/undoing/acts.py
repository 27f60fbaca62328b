"""Name every act of the triage page: by which way it is taken back, or why it is not.

This is the one table of acts and their reversals. A test finds each form of the page in it, so that
no act of an officer is left without an answer to «Undo».
"""

from enum import StrEnum

from storage.audit_acts import Act
from storage.mail.outbox import MailKind


class Way(StrEnum):
    """How an act is taken back."""

    REOPEN = "reopen"
    RESUME = "resume"
    OPEN_AGAIN = "open_again"
    FILING = "filing"
    DECISION = "decision"
    MAIL = "mail"
    ASSIGNMENT = "assignment"
    TASK = "task"


class Stays(StrEnum):
    """Why an act is not taken back by a step: what an officer does instead."""

    GIVEN_AWAY = "given_away"
    NOTED_ANEW = "noted_anew"
    GIVEN_BACK = "given_back"
    MADE_ANEW = "made_anew"
    SHOWN = "shown"
    SAID_ELSEWHERE = "said_elsewhere"


REVERSALS: dict[Act, Way] = {
    Act.SUBMISSION_CONFIRMED: Way.REOPEN,
    Act.SUBMISSION_CLOSED_WITHOUT: Way.REOPEN,
    Act.SUBMISSION_HELD: Way.RESUME,
    Act.SUBMISSION_FINISHED: Way.OPEN_AGAIN,
    Act.SUBMISSION_ACCEPTED: Way.FILING,
    Act.SUBMISSION_SPLIT: Way.FILING,
    Act.CASE_MERGED: Way.FILING,
    Act.DOCUMENT_TYPE_CONFIRMED: Way.DECISION,
    Act.DOCUMENT_TYPE_CORRECTED: Way.DECISION,
    Act.VALUE_CONFIRMED: Way.DECISION,
    Act.VALUE_DISMISSED: Way.DECISION,
    Act.PERSON_CONFIRMED: Way.DECISION,
    Act.PERSON_DISMISSED: Way.DECISION,
    Act.DATE_CONFIRMED: Way.DECISION,
    Act.DATE_ENDED: Way.DECISION,
    Act.FACTS_TOLD: Way.DECISION,
    Act.ANSWER_SENT: Way.MAIL,
    Act.DOCUMENT_RESEND_ASKED: Way.MAIL,
    Act.CONFIRMATION_SIGNED: Way.MAIL,
    Act.ITEM_ASSIGNED: Way.ASSIGNMENT,
    Act.TASK_DONE: Way.TASK,
}
STAYS: dict[Act, Stays] = {
    # It is the other programme's, who may have read it.
    Act.SUBMISSION_HANDED_ON: Stays.GIVEN_AWAY,
    Act.CASE_FACTS_NOTED: Stays.NOTED_ANEW,
    Act.DECISION_NOTED: Stays.NOTED_ANEW,
    Act.DOCUMENT_CHARSET_CHOSEN: Stays.NOTED_ANEW,
    # An item that is taken has its button to give it back, and the other way round.
    Act.ITEM_CLAIMED: Stays.GIVEN_BACK,
    Act.ITEM_RELEASED: Stays.GIVEN_BACK,
    # What takes something back is itself done anew, by the act that it took back.
    Act.SUBMISSION_RESUMED: Stays.MADE_ANEW,
    Act.SUBMISSION_REOPENED: Stays.MADE_ANEW,
    Act.SUBMISSION_OPENED_AGAIN: Stays.MADE_ANEW,
    Act.FILING_UNDONE: Stays.MADE_ANEW,
    Act.DECISION_TAKEN_BACK: Stays.MADE_ANEW,
    Act.MAIL_TAKEN_BACK: Stays.MADE_ANEW,
    Act.CONFIRMATION_KEPT_BACK: Stays.MADE_ANEW,
    Act.TASK_REOPENED: Stays.MADE_ANEW,
    Act.QUESTION_ANSWER_TAKEN_BACK: Stays.MADE_ANEW,
    # It changed nothing but what the officer sees.
    Act.DOCUMENT_SHOWN: Stays.SHOWN,
    # The page of the quarantine says who decided, and lets them decide otherwise.
    Act.DOCUMENT_RELEASED: Stays.SAID_ELSEWHERE,
    Act.DOCUMENT_REJECTED: Stays.SAID_ELSEWHERE,
    Act.DOCUMENT_UNLOCKED: Stays.SAID_ELSEWHERE,
    Act.QUESTION_ANSWERED: Stays.SAID_ELSEWHERE,
}
# The acts about types, values, people and legal dates, which `take_back` makes suggestions again.
DECISIONS = frozenset(act for act, way in REVERSALS.items() if way is Way.DECISION)
# Which mail a taken back one was, by the act that wrote it.
MAIL_OF_ACT = {
    Act.DOCUMENT_RESEND_ASKED: MailKind.RESEND_REQUEST.value,
    Act.CONFIRMATION_SIGNED: MailKind.CONFIRMATION.value,
}
