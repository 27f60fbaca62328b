"""Store single-use links, with which somebody without an account sends documents once.

Only the hash of a link's 256-bit token is kept (ASVS 5.0 11.5.1, threat B23). A link is made for a
case, or for a submission that has none yet, and for nothing else.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, UtcTime
from storage.submissions.drafts import Draft


class UploadLink(Base):
    """One link. Exactly one of `case_id` and `submission_id` is set.

    `note` says whom it is for, sealed with the key `data_key_id`: that of its case or submission.
    `holder_hash` is the hash of the link holder's browser: first of the one that put something in,
    later of the one that sent it.
    """

    __tablename__ = "upload_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    note: Mapped[bytes] = mapped_column(LargeBinary)
    holder_hash: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)

    def is_open(self, now: datetime) -> bool:
        """Say whether documents can still be sent with the link."""
        return self.used_at is None and self.ended_at is None and now < self.expires_at


def by_id(session: Session, link_id: str) -> UploadLink | None:
    """Return one link or None."""
    return session.get(UploadLink, link_id)


def by_token_hash(session: Session, token_hash: str) -> UploadLink | None:
    """Return the link of a token, open or not, or None."""
    return session.scalar(select(UploadLink).where(UploadLink.token_hash == token_hash))


def locked(session: Session, token_hash: str) -> UploadLink | None:
    """Return a link as it is now, and keep others from using or ending it until the commit."""
    return session.scalar(
        select(UploadLink)
        .where(UploadLink.token_hash == token_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def end_open(
    session: Session, case_ids: list[str], submission_ids: list[str], now: datetime
) -> list[str]:
    """End the links of cases and submissions that are still open; return their ids."""
    ended = session.scalars(
        update(UploadLink)
        .where(
            or_(UploadLink.case_id.in_(case_ids), UploadLink.submission_id.in_(submission_ids)),
            UploadLink.used_at.is_(None),
            UploadLink.ended_at.is_(None),
            UploadLink.expires_at > now,
        )
        .values(ended_at=now)
        .returning(UploadLink.id)
    )
    return list(ended)


def by_which_came(session: Session, submission_id: str) -> UploadLink | None:
    """Return the link by which a submission was sent, None when it came another way."""
    return session.scalar(
        select(UploadLink)
        .join(Draft, Draft.link_hash == UploadLink.token_hash)
        .where(Draft.submission_id == submission_id)
    )


def made_for(
    session: Session, case_ids: list[str], submission_ids: list[str], *, limit: int = 100
) -> list[UploadLink]:
    """Return the links of cases and submissions, the newest first."""
    return list(
        session.scalars(
            select(UploadLink)
            .where(
                or_(
                    UploadLink.case_id.in_(case_ids),
                    UploadLink.submission_id.in_(submission_ids),
                )
            )
            .order_by(UploadLink.created_at.desc(), UploadLink.id)
            .limit(limit)
        )
    )
