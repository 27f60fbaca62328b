"""Keep what officers were told about a referral, and what confirmed readings filled in.

Until now the country of return, the persons, the escort, the detention and the safe contact could
only come from the form of the web, so a referral by mail had none of them. Nothing need be stopped:
code that is running does not know the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_facts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=16), nullable=False),
        sa.Column("sealed_field", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("reading_id", sa.String(length=32), nullable=True),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_told_facts_submission_id_submissions"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_told_facts_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["users.id"], name=op.f("fk_told_facts_noted_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["users.id"], name=op.f("fk_told_facts_ended_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_facts")),
    )
    op.create_index(
        "ix_told_facts_submission", "told_facts", ["submission_id", "number"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ix_told_facts_submission", table_name="told_facts")
    op.drop_table("told_facts")
