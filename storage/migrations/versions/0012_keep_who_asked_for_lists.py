"""Keep who asked for a list of submissions, why, and who decided about it.

A bulk export takes two persons (requirement 56), so the first one's asking must wait
somewhere for the second. A new table only: the running code does not know it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_bulk_exports()


def downgrade() -> None:
    op.drop_index(op.f("ix_bulk_exports_asked_by"), table_name="bulk_exports")
    op.drop_index(op.f("ix_bulk_exports_asked_at"), table_name="bulk_exports")
    op.drop_table("bulk_exports")


def _make_bulk_exports() -> None:
    op.create_table(
        "bulk_exports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["users.id"], name=op.f("fk_bulk_exports_asked_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_bulk_exports_decided_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_exports")),
    )
    op.create_index(op.f("ix_bulk_exports_asked_by"), "bulk_exports", ["asked_by"], unique=False)
    op.create_index(op.f("ix_bulk_exports_asked_at"), "bulk_exports", ["asked_at"], unique=False)
