"""Give accounts a name, a direct line and a deputy, and keep from when to when they are away.

Names and lines are sealed, as addresses are; accounts from before have neither until somebody
writes them. Days of absence are the office's calendar and hold no reason. Nothing need be stopped:
code that is running leaves the columns empty and does not know the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("sealed_name", sa.LargeBinary()))
    op.add_column("users", sa.Column("sealed_direct_line", sa.LargeBinary()))
    op.add_column("users", sa.Column("deputy_id", sa.String(length=32)))
    op.create_index("ix_users_deputy_id", "users", ["deputy_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users")),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_absences_set_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_user_id_last_on", "absences", ["user_id", "last_on"], unique=False)
    op.create_index("ix_absences_last_on", "absences", ["last_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_absences_last_on", table_name="absences")
    op.drop_index("ix_absences_user_id_last_on", table_name="absences")
    op.drop_table("absences")
    op.drop_index("ix_users_deputy_id", table_name="users")
    op.drop_column("users", "deputy_id")
    op.drop_column("users", "sealed_direct_line")
    op.drop_column("users", "sealed_name")
