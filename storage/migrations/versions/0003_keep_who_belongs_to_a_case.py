"""Keep who belongs to a case, each filing act, and the ranked guesses.

New tables, and columns that may be empty or have a default: older code is not disturbed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_case_participants()
    _make_case_guesses()
    _make_filing_acts()
    _extend_cases()
    _extend_queue_items()
    _extend_registered_senders()
    _extend_submissions()


def downgrade() -> None:
    op.drop_index(op.f("ix_submissions_sender_id"), table_name="submissions")
    op.drop_column("submissions", "decided_at")
    op.drop_column("submissions", "decided_by")
    op.drop_column("submissions", "possible_duplicate_of")
    op.drop_column("submissions", "sender_id")
    op.drop_index(op.f("ix_registered_senders_deputy_for"), table_name="registered_senders")
    op.drop_column("registered_senders", "deputy_for")
    op.drop_column("registered_senders", "phone")
    op.drop_column("registered_senders", "name")
    op.drop_column("queue_items", "escalated_at")
    op.drop_column("queue_items", "clock")
    op.drop_index(op.f("ix_cases_merged_into"), table_name="cases")
    op.drop_column("cases", "owner_id")
    op.drop_column("cases", "merged_into")
    op.drop_index("ix_filing_acts_submission", table_name="filing_acts")
    op.drop_index("ix_filing_acts_batch", table_name="filing_acts")
    op.drop_table("filing_acts")
    op.drop_index(op.f("ix_case_guesses_case_id"), table_name="case_guesses")
    op.drop_table("case_guesses")
    op.drop_table("case_participants")


def _make_case_participants() -> None:
    op.create_table(
        "case_participants",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("sender_id", sa.String(length=32), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_participants_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["registered_senders.id"],
            name=op.f("fk_case_participants_sender_id_registered_senders"),
        ),
        sa.PrimaryKeyConstraint("case_id", "sender_id", name=op.f("pk_case_participants")),
    )


def _make_case_guesses() -> None:
    op.create_table(
        "case_guesses",
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_guesses_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_case_guesses_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "rank", name=op.f("pk_case_guesses")),
    )
    op.create_index(op.f("ix_case_guesses_case_id"), "case_guesses", ["case_id"], unique=False)


def _make_filing_acts() -> None:
    op.create_table(
        "filing_acts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("from_case_id", sa.String(length=32), nullable=True),
        sa.Column("to_case_id", sa.String(length=32), nullable=True),
        sa.Column("state_before", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_case_id"], ["cases.id"], name=op.f("fk_filing_acts_from_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_filing_acts_submission_id_submissions"),
        ),
        sa.ForeignKeyConstraint(
            ["to_case_id"], ["cases.id"], name=op.f("fk_filing_acts_to_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_acts")),
    )
    op.create_index("ix_filing_acts_batch", "filing_acts", ["batch"], unique=False)
    op.create_index(
        "ix_filing_acts_submission", "filing_acts", ["submission_id", "at"], unique=False
    )


def _extend_cases() -> None:
    op.add_column("cases", sa.Column("merged_into", sa.String(length=32), nullable=True))
    op.add_column("cases", sa.Column("owner_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_cases_merged_into"), "cases", ["merged_into"], unique=False)


def _extend_queue_items() -> None:
    op.add_column(
        "queue_items",
        sa.Column("clock", sa.String(length=24), server_default="service", nullable=False),
    )
    op.add_column(
        "queue_items", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True)
    )


def _extend_registered_senders() -> None:
    op.add_column("registered_senders", sa.Column("name", sa.LargeBinary(), nullable=True))
    op.add_column("registered_senders", sa.Column("phone", sa.LargeBinary(), nullable=True))
    op.add_column(
        "registered_senders", sa.Column("deputy_for", sa.String(length=32), nullable=True)
    )
    op.create_index(
        op.f("ix_registered_senders_deputy_for"), "registered_senders", ["deputy_for"], unique=False
    )


def _extend_submissions() -> None:
    op.add_column("submissions", sa.Column("sender_id", sa.String(length=32), nullable=True))
    op.add_column(
        "submissions", sa.Column("possible_duplicate_of", sa.String(length=32), nullable=True)
    )
    op.add_column("submissions", sa.Column("decided_by", sa.String(length=32), nullable=True))
    op.add_column("submissions", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_submissions_sender_id"), "submissions", ["sender_id"], unique=False)
