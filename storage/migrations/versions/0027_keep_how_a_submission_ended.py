"""Keep how a submission ended that never became a case: a code, so that it can be counted.

Only answered questions were closed so far, so each closed one ended as answered. Nothing need be
stopped: code that is running leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SUBMISSIONS = sa.table(
    "submissions", sa.column("state", sa.String), sa.column("outcome", sa.String)
)


def upgrade() -> None:
    op.add_column("submissions", sa.Column("outcome", sa.String(length=16), nullable=True))
    op.execute(
        sa.update(SUBMISSIONS).where(SUBMISSIONS.c.state == "CLOSED").values(outcome="answered")
    )


def downgrade() -> None:
    op.drop_column("submissions", "outcome")
