"""Find what the audit trail says that somebody was shown in lists already."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit import AuditEvent
from storage.audit_acts import Act
from storage.audit_mentions import AuditMention


def of_actor(
    session: Session, actor: str, act: Act, shown: Collection[str], *, since: datetime
) -> frozenset[str]:
    """Return those of some ids that an act of an actor since a time says were shown to them."""
    return frozenset(
        session.scalars(
            select(AuditMention.subject_id)
            .join(AuditEvent, AuditEvent.sequence == AuditMention.sequence)
            .where(
                AuditMention.subject_id.in_(shown),
                AuditEvent.actor == actor,
                AuditEvent.act == act,
                AuditEvent.at >= since,
            )
            .distinct()
        )
    )
