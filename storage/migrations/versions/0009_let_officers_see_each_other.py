"""Let officers see each other, and keep what consent there is and what is withheld.

Presence rows live for seconds. All tables are new, and columns may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_presence()


def downgrade() -> None:
    op.drop_index(op.f("ix_presence_seen_at"), table_name="presence")
    op.drop_table("presence")


def _make_presence() -> None:
    """Keep who has which page open, for as long as a page renews it."""
    op.create_table(
        "presence",
        sa.Column("page", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presence_user_id_users")),
        sa.PrimaryKeyConstraint("page", "subject_id", "user_id", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"], unique=False)
