"""Let an entry of the register name the account that it belongs to.

Until now an account and an entry belonged together when they had the same address, which a query
cannot tell: addresses are sealed, and hashed for each table apart. So no row is filled here. An
entry without an account goes on to belong to the account of its address; the page of senders shows
which stand apart, and a person links them. Nothing need be stopped.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registered_senders", sa.Column("account_id", sa.String(length=32)))
    op.create_index(
        "ix_registered_senders_account_id", "registered_senders", ["account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_registered_senders_account_id", table_name="registered_senders")
    op.drop_column("registered_senders", "account_id")
