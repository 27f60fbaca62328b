"""Keep how tasks ended, and make a task of each call that a held submission waits for.

Until now a task could only stay open. A submission whose sender must be called back said so in the
reason of its own item; from now on that is a task, so those that wait get one. Its sealed reason
and clock are copied as they are: both are bound to their column, not to their row. Running code
knows neither the table nor the kind, and shows the new items as tasks.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CALL_BACK = "call_back"
WAITING = sa.text(
    "SELECT q.id FROM queue_items AS q JOIN submissions AS s ON s.id = q.submission_id"
    " WHERE q.kind = 'submission' AND q.queue = 'Q4' AND q.closed_at IS NULL"
    " AND s.case_id IS NULL AND s.state = 'HOLDING'"
    " AND s.filing_reason IN ('sender_names_a_case', 'sender_looks_alike')"
)
TASK = sa.text(
    "INSERT INTO queue_items (id, queue, kind, submission_id, programme, sealed_reason, priority,"
    " opened_at, due_at, sealed_clock, region, language, state, marks)"
    " SELECT :id, queue, 'call_back', submission_id, programme, sealed_reason, priority,"
    " opened_at, due_at, sealed_clock, region, language, state, marks"
    " FROM queue_items WHERE id = :own"
)


def upgrade() -> None:
    op.create_table(
        "task_outcomes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sealed_outcome", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("done_by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict_before", sa.String(length=16), nullable=True),
        sa.Column("reopened_by", sa.String(length=32), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["queue_items.id"], name=op.f("fk_task_outcomes_item_id_queue_items")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_task_outcomes_submission_id_submissions"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["users.id"], name=op.f("fk_task_outcomes_done_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["users.id"], name=op.f("fk_task_outcomes_reopened_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_outcomes")),
    )
    op.create_index("ix_task_outcomes_item", "task_outcomes", ["item_id", "number"], unique=True)
    op.create_index(
        "ix_task_outcomes_submission", "task_outcomes", ["submission_id", "at"], unique=False
    )
    for own in op.get_bind().execute(WAITING).scalars().all():
        op.get_bind().execute(TASK, {"id": uuid.uuid4().hex, "own": own})


def downgrade() -> None:
    # The code before knows no such task, and the submission's own item says to call back.
    op.drop_index("ix_task_outcomes_submission", table_name="task_outcomes")
    op.drop_index("ix_task_outcomes_item", table_name="task_outcomes")
    op.drop_table("task_outcomes")
    op.get_bind().execute(
        sa.text("DELETE FROM queue_items WHERE kind = :kind"), {"kind": CALL_BACK}
    )
