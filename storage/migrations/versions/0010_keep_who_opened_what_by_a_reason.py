"""Keep who opened what by a written reason, and find a person's own cases by their owner.

An opening lasts hours and is answered for by somebody else (requirement 56), so it is
a row of its own with both persons and both texts. Whether a case is somebody's own is asked on
every page that she opens: without the index each asking would read all cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_access_grants()
    op.create_index(op.f("ix_cases_owner_id"), "cases", ["owner_id"], unique=False)
    op.create_index("ix_queue_items_claimed", "queue_items", ["claimed_by", "closed_at"])


def downgrade() -> None:
    op.drop_index("ix_queue_items_claimed", table_name="queue_items")
    op.drop_index(op.f("ix_cases_owner_id"), table_name="cases")
    op.drop_table("access_grants")


def _make_access_grants() -> None:
    op.create_table(
        "access_grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("submission_id", sa.String(length=32), nullable=True),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("data_key_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_access_grants_{column}_{table}")
            )
            for column, table in (
                ("user_id", "users"),
                ("case_id", "cases"),
                ("submission_id", "submissions"),
                ("data_key_id", "data_keys"),
                ("answered_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grants")),
    )
    op.create_index("ix_access_grants_user", "access_grants", ["user_id", "ends_at"])
    op.create_index("ix_access_grants_given", "access_grants", ["given_at"])
    op.create_index("ix_access_grants_answered", "access_grants", ["answered_at"])
