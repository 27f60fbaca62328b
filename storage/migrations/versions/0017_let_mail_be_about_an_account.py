"""Let a mail of the outbox be about an account: an invitation goes to the invited person only.

Such a mail belongs to no submission. Going back, these mails are removed: the older outbox has no
place for them, and their links end by themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
NAME = "fk_outbox_user_id_users"


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.String(length=32), nullable=True))
        batch_op.alter_column("submission_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.create_foreign_key(batch_op.f(NAME), "users", ["user_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_outbox_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE submission_id IS NULL")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_user_id"))
        batch_op.drop_constraint(batch_op.f(NAME), type_="foreignkey")
        batch_op.alter_column("submission_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("user_id")
