"""Keep the keyed hash of the check code that is printed on a signed paper.

Who has only a print can have it checked then. Papers of before get theirs from the worker, which
alone can open them. Nothing need be stopped: code that is running leaves the column empty, and the
worker fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("confirmations", sa.Column("code_hash", sa.String(64)))
    op.create_index("ix_confirmations_code", "confirmations", ["code_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_confirmations_code", table_name="confirmations")
    op.drop_column("confirmations", "code_hash")
