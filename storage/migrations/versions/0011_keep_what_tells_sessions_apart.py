"""Keep what tells an account's sessions apart, and when each last proved who it is.

A person sees her open sessions and ends them, so each needs a name that is not its token, and
the kind of browser in two words. Sensitive acts ask for a proof of the last minutes. A new
telephone's secret waits beside the one in use until its first code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _extend_sessions()
    _extend_users()


def downgrade() -> None:
    op.drop_column("users", "totp_next")
    op.drop_column("sessions", "proved_at")
    op.drop_column("sessions", "browser")
    op.drop_column("sessions", "handle")


def _extend_sessions() -> None:
    op.add_column(
        "sessions", sa.Column("handle", sa.String(length=32), server_default="", nullable=False)
    )
    op.add_column(
        "sessions", sa.Column("browser", sa.String(length=40), server_default="", nullable=False)
    )
    op.add_column("sessions", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    # The beginning of the token's hash opens nothing, and is as unique as the hash.
    op.execute(
        "UPDATE sessions SET handle = substr(token_hash, 1, 32), "
        "proved_at = coalesce(factor_at, created_at)"
    )


def _extend_users() -> None:
    op.add_column("users", sa.Column("totp_next", sa.LargeBinary(), nullable=True))
