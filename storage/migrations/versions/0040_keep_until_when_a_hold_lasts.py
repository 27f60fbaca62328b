"""Keep until when an officer holds a submission, so that it comes back by itself.

A hold had no end: what nobody remembered stayed there. Holds of before have none still, and end
when somebody ends them. Nothing need be stopped: code that is running leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

HELD = sa.text("held_until IS NOT NULL AND closed_at IS NULL")


def upgrade() -> None:
    op.add_column("queue_items", sa.Column("held_until", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_queue_items_held",
        "queue_items",
        ["held_until"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_queue_items_held", table_name="queue_items")
    op.drop_column("queue_items", "held_until")
