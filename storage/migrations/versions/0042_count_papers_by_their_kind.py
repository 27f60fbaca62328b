"""Let no two papers of one kind about one submission have the same number.

A number was unique only because whoever signs holds the submission's lock. Receipts and
confirmations are counted apart from now on. Papers that were signed keep the numbers that are
printed on them, and theirs differ already. Nothing need be stopped: code that is running counts
both kinds together, which gives no number twice.
"""

from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_confirmations_number",
        "confirmations",
        ["submission_id", "kind", "number"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("ix_confirmations_number", table_name="confirmations")
