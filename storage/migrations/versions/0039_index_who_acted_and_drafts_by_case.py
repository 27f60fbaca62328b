"""Index the audit trail by who acted, and drafts by their case.

Whoever looks for what one person did, or for who read what belongs to a case, reads no more of the
trail than that. Nothing need be stopped: an index changes no row.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "sequence"])
    op.create_index("ix_drafts_case_id", "drafts", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_drafts_case_id", table_name="drafts")
    op.drop_index("ix_audit_events_actor", table_name="audit_events")
