"""Keep from which documents names, days and words are, so that they are closed with them.

The index of words is made anew by `intake.queues.search_index.index_all` at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "derived_sources",
        sa.Column("derived_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("derived_id", "source", name=op.f("pk_derived_sources")),
    )
    op.create_index(op.f("ix_derived_sources_source"), "derived_sources", ["source"])
    op.drop_table("search_words")
    _words("source")


def downgrade() -> None:
    op.drop_table("search_words")
    _words()
    op.drop_index(op.f("ix_derived_sources_source"), table_name="derived_sources")
    op.drop_table("derived_sources")


def _words(*also: str) -> None:
    op.create_table(
        "search_words",
        sa.Column("word", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=False) for name in also),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_search_words_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("word", "at", "submission_id", *also, name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_submission", "search_words", ["submission_id"])
