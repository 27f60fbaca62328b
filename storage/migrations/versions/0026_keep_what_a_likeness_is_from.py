"""Keep from which documents a likeness between cases is: its case is suggested by them.

Older suggestions do not tell, and a name in them may be of a closed document. So those that rest on
a likeness of people are forgotten; reading the documents again, or another mail, makes them anew.
Nothing need be stopped: code that is running leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

RANKS = sa.table("case_guesses", sa.column("reasons", sa.Text))


def upgrade() -> None:
    op.add_column(
        "case_guesses",
        sa.Column("likenesses", sa.Text(), nullable=False, server_default="[]"),
    )
    op.execute(sa.delete(RANKS).where(RANKS.c.reasons.contains("guess_similar_people")))


def downgrade() -> None:
    # The suggestions without a likeness are what the older code stored of them.
    op.drop_column("case_guesses", "likenesses")
