"""Find audit events by what they showed: since 0022 no query can look into their details.

What older events showed is read from their details, which needs the key.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto.rewriting import OldRows

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BATCH = 500
MENTIONS = sa.table("audit_mentions", sa.column("subject_id"), sa.column("sequence"))
EVENTS = sa.table("audit_events", sa.column("sequence"), sa.column("sealed_detail", sa.BLOB))
SQLITE_GUARDS = (
    "CREATE TRIGGER audit_mentions_no_update BEFORE UPDATE ON audit_mentions "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER audit_mentions_no_delete BEFORE DELETE ON audit_mentions "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
)
POSTGRES_GUARDS = (
    "CREATE TRIGGER audit_mentions_no_change BEFORE UPDATE OR DELETE ON audit_mentions "
    "FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()",
    "CREATE TRIGGER audit_mentions_no_truncate BEFORE TRUNCATE ON audit_mentions "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "audit_mentions",
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "sequence", name=op.f("pk_audit_mentions")),
    )
    op.create_index(op.f("ix_audit_mentions_sequence"), "audit_mentions", ["sequence"])
    _note_old_events()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if is_sqlite else POSTGRES_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("audit_mentions")


def _note_old_events() -> None:
    connection = op.get_bind()
    rows = OldRows(connection)
    last: int | None = 0
    while last is not None:
        query = sa.select(EVENTS).where(EVENTS.c.sequence > last)
        batch = connection.execute(query.order_by(EVENTS.c.sequence).limit(BATCH)).all()
        found = [each for row in batch for each in _mentions(rows, row)]
        if found:
            connection.execute(sa.insert(MENTIONS), found)
        last = batch[-1].sequence if batch else None


def _mentions(rows: OldRows, row: sa.Row[Any]) -> list[dict[str, Any]]:
    detail = json.loads(rows.keys.unseal("audit_events.detail", bytes(row.sealed_detail)))
    shown = detail.get("shown")
    ids = {each for each in shown if isinstance(each, str)} if isinstance(shown, list) else set()
    return [{"subject_id": each, "sequence": row.sequence} for each in sorted(ids)]
