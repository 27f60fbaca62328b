"""Keep the office's own data in editions, and what came back from where it was sent.

New tables, and columns that may be empty or have a default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    )
    op.create_index("ix_editions_state", "editions", ["state", "kind"], unique=False)
    op.create_index(
        "ix_editions_thing", "editions", ["kind", "code", "language", "number"], unique=True
    )
    op.create_table(
        "stopped_addresses",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_stopped_addresses_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_stopped_addresses")),
    )
    op.add_column("cases", sa.Column("facts", sa.LargeBinary(), nullable=True))
    op.add_column("cases", sa.Column("checklist_edition_id", sa.String(length=32), nullable=True))
    op.add_column("cases", sa.Column("complete_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("missing_since_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "cases", sa.Column("reminders_sent", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("cases", sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_cases_next_reminder_at"), "cases", ["next_reminder_at"], unique=False)
    op.add_column("outbox", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("bounce_status", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "bounce_status")
    op.drop_column("outbox", "bounced_at")
    op.drop_index(op.f("ix_cases_next_reminder_at"), table_name="cases")
    op.drop_column("cases", "next_reminder_at")
    op.drop_column("cases", "reminders_sent")
    op.drop_column("cases", "missing_since_at")
    op.drop_column("cases", "complete_at")
    op.drop_column("cases", "checklist_edition_id")
    op.drop_column("cases", "facts")
    op.drop_table("stopped_addresses")
    op.drop_index("ix_editions_thing", table_name="editions")
    op.drop_index("ix_editions_state", table_name="editions")
    op.drop_table("editions")
