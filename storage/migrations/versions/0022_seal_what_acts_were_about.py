"""Seal the details of audit events: they name types of documents and kinds of legal dates.

The hashes of the chain cover the plain detail, so the chain stays as it is and can be checked by
whoever has the key. The guards of the trail are taken away for the step and put back.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto.rewriting import OldRows

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SQLITE_GUARD = (
    "DROP TRIGGER audit_events_no_update",
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
)
POSTGRES_GUARD = (
    "DROP TRIGGER audit_events_no_change ON audit_events",
    "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events "
    "FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()",
)
EVENTS = sa.table(
    "audit_events", *map(sa.column, ("sequence", "detail")), sa.column("sealed_detail", sa.BLOB)
)


def upgrade() -> None:
    rows = OldRows(op.get_bind())
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    empty = sa.text("x''" if is_sqlite else "''")
    op.add_column(
        "audit_events",
        sa.Column("sealed_detail", sa.LargeBinary(), nullable=False, server_default=empty),
    )
    _unguarded(
        rows,
        sa.select(EVENTS.c["sequence", "detail"]),
        lambda row: {"sealed_detail": rows.keys.seal("audit_events.detail", row.detail.encode())},
    )
    op.drop_column("audit_events", "detail")


def downgrade() -> None:
    rows = OldRows(op.get_bind())
    op.add_column(
        "audit_events", sa.Column("detail", sa.Text(), nullable=False, server_default="{}")
    )
    _unguarded(
        rows,
        sa.select(EVENTS.c["sequence", "sealed_detail"]),
        lambda row: {"detail": _opened(rows, bytes(row.sealed_detail))},
    )
    op.drop_column("audit_events", "sealed_detail")


def _unguarded(rows: OldRows, reading: Any, change: Any) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    without, again = SQLITE_GUARD if is_sqlite else POSTGRES_GUARD
    op.execute(sa.text(without))
    rows.rewrite("audit_events", reading, change, key="sequence")
    op.execute(sa.text(again))


def _opened(rows: OldRows, sealed: bytes) -> str:
    return rows.keys.unseal("audit_events.detail", sealed).decode()
