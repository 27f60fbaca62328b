"""Seal the hashes of passwords: a copy of the database alone must not let anybody try passwords."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto.rewriting import OldRows

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PLACE = "users.password_hash"
USERS = sa.table(
    "users",
    sa.column("id"),
    sa.column("password_hash"),
    sa.column("sealed_password_hash", sa.BLOB),
)


def upgrade() -> None:
    rows = OldRows(op.get_bind())
    op.add_column("users", sa.Column("sealed_password_hash", sa.LargeBinary(), nullable=True))

    def sealed(row: sa.Row[Any]) -> dict[str, Any]:
        return {"sealed_password_hash": rows.keys.seal(PLACE, row.password_hash.encode())}

    reading = sa.select(USERS.c["id", "password_hash"])
    rows.rewrite("users", reading.where(USERS.c.password_hash.is_not(None)), sealed)
    op.drop_column("users", "password_hash")


def downgrade() -> None:
    rows = OldRows(op.get_bind())
    op.add_column("users", sa.Column("password_hash", sa.String(length=255), nullable=True))

    def opened(row: sa.Row[Any]) -> dict[str, Any]:
        return {"password_hash": rows.keys.unseal(PLACE, bytes(row.sealed_password_hash)).decode()}

    reading = sa.select(USERS.c["id", "sealed_password_hash"])
    rows.rewrite("users", reading.where(USERS.c.sealed_password_hash.is_not(None)), opened)
    op.drop_column("users", "sealed_password_hash")
