"""Index the audit trail by act: who read what is of one person stands in events of lists too."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_events_act", "audit_events", ["act", "sequence"])


def downgrade() -> None:
    op.drop_index("ix_audit_events_act", table_name="audit_events")
