"""Let what coordinators wrote to us stand in a queue of its own, and not with mail to match.

Tasks about a message of a coordinator move, and so do open mails of registered coordinators that
go on with earlier mail. Code that is running does not list the queue, so its pages miss these
items until it is replaced; nothing is lost, and the upgrade can be taken back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# A submission has one item of a kind in a queue, so what has one there already stays.
MOVE = (
    "UPDATE queue_items SET queue = :to WHERE queue = :of AND NOT EXISTS (SELECT 1 FROM"
    " queue_items AS other WHERE other.submission_id = queue_items.submission_id"
    " AND other.kind = queue_items.kind AND other.queue = :to)"
)
REPLIES = (
    " AND (kind = 'coordinator_wrote' OR kind = 'submission' AND closed_at IS NULL"
    " AND submission_id IN (SELECT id FROM submissions WHERE sender_verdict = 'registered'"
    " AND filing_reason IN"
    " ('continues_a_thread', 'looks_like_a_reply', 'thread_of_somebody_else')))"
)


def upgrade() -> None:
    op.get_bind().execute(sa.text(MOVE + REPLIES), {"of": "Q3", "to": "Q15"})


def downgrade() -> None:
    op.get_bind().execute(sa.text(MOVE), {"of": "Q15", "to": "Q3"})
