"""Keep in which language the owner of an account reads the pages.

Accounts of before have chosen none, and read what their browser asks for. Nothing need be stopped:
code that is running leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(12)))


def downgrade() -> None:
    op.drop_column("users", "language")
