"""Tell whether more stands in a case than what came in: what people noted, said or agreed."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from storage.cases.cash_decisions import CashDecision
from storage.cases.consent_holds import ConsentOverride
from storage.cases.consents import CaseConsent, CaseWithholding
from storage.cases.messages import CaseMessage
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from storage.submissions.upload_links import UploadLink

# A task that hangs on the case counts, done or not: what was reported of it is noted there.
OF_CASES = (CaseMessage, CaseConsent, CaseWithholding, ConsentOverride, UploadLink, QueueItem)


def has_more_than_arrivals(session: Session, case_id: str) -> bool:
    """Tell whether somebody noted anything in a case, or sent a link for it."""
    filed = select(Submission.id).where(Submission.case_id == case_id)
    noted = (exists().where(each.case_id == case_id) for each in OF_CASES)
    decided = exists().where(CashDecision.submission_id.in_(filed))
    return bool(session.scalar(select(or_(decided, *noted))))
