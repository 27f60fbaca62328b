"""Keep which warnings went out before a due time, and the webhook calls that they made.

What is open about cash support goes from the queues of referrals to the enquiries, where it belongs
from now on; an item that is there already stays as it is. Running code knows neither table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ENQUIRIES = sa.text(
    "UPDATE queue_items SET queue = 'Q11' WHERE programme = 'cash' AND kind = 'submission'"
    " AND closed_at IS NULL AND queue IN ('Q2', 'Q3') AND NOT EXISTS (SELECT 1 FROM queue_items"
    " AS there WHERE there.submission_id = queue_items.submission_id AND there.queue = 'Q11'"
    " AND there.kind = 'submission')"
)


def upgrade() -> None:
    op.create_table(
        "due_warnings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["queue_items.id"], name=op.f("fk_due_warnings_item_id_queue_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_warnings")),
    )
    op.create_index(
        "ix_due_warnings_once", "due_warnings", ["item_id", "began_at", "step"], unique=True
    )
    op.create_index(op.f("ix_due_warnings_decided_at"), "due_warnings", ["decided_at"])
    op.create_table(
        "hook_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("warning_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["due_warnings.id"], name=op.f("fk_hook_calls_warning_id_due_warnings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_calls")),
        sa.UniqueConstraint("warning_id", name=op.f("uq_hook_calls_warning_id")),
    )
    op.create_index("ix_hook_calls_due", "hook_calls", ["state", "next_try_at"], unique=False)
    op.get_bind().execute(ENQUIRIES)


def downgrade() -> None:
    op.drop_index("ix_hook_calls_due", table_name="hook_calls")
    op.drop_table("hook_calls")
    op.drop_index(op.f("ix_due_warnings_decided_at"), table_name="due_warnings")
    op.drop_index("ix_due_warnings_once", table_name="due_warnings")
    op.drop_table("due_warnings")
