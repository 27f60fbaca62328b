"""Keep until when a person was promised to confirm, and why one closed without a confirmation.

What was promised in writing does not move when the priority or the clocks change later. Older rows
have none: their receipts said what the service still counts for them. Nothing need be stopped: code
that is running leaves both columns empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("promised_at", sa.DateTime(timezone=True)))
    op.add_column("submissions", sa.Column("closed_without", sa.String(16)))


def downgrade() -> None:
    op.drop_column("submissions", "closed_without")
    op.drop_column("submissions", "promised_at")
