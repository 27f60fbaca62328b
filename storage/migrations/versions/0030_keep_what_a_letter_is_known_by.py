"""Keep a keyed hash of what a mail says itself, so that repeated letters are found unread.

Older rows have none: their letters are opened to be compared, for the days on which that is asked.
Nothing need be stopped: code that is running leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("letter_hash", sa.String(64)))


def downgrade() -> None:
    op.drop_column("submissions", "letter_hash")
