"""Index what is late and told, and who stands for a region: pages ask for both at each look."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
TOLD = sa.text("closed_at IS NULL AND escalated_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_queue_items_told",
        "queue_items",
        ["programme", "due_at", "id"],
        sqlite_where=TOLD,
        postgresql_where=TOLD,
    )
    op.create_index("ix_registered_senders_region", "registered_senders", ["region", "added_at"])


def downgrade() -> None:
    op.drop_index("ix_registered_senders_region", table_name="registered_senders")
    op.drop_index("ix_queue_items_told", table_name="queue_items")
