"""Find by the case what was taken out of it, so that the page of a case reads no whole table.

Nothing need be stopped: code that is running does not miss the index.
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_filing_acts_from_case", "filing_acts", ["from_case_id"])


def downgrade() -> None:
    op.drop_index("ix_filing_acts_from_case", table_name="filing_acts")
