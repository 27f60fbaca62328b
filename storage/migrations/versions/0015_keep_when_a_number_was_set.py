"""Keep who set the number to call a sender back on, and when: officers are told of a new one.

Whoever can change that number answers the calls that are to prove who a sender is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "registered_senders", sa.Column("phone_set_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "registered_senders", sa.Column("phone_set_by", sa.String(length=64), nullable=True)
    )


def downgrade() -> None:
    # Not by a new table: rows of other tables point at the entries.
    op.drop_column("registered_senders", "phone_set_by")
    op.drop_column("registered_senders", "phone_set_at")
