"""Seal types of documents, what was read of them, legal dates, consents and amounts of decisions.

They stood in clear, and of a known person each of them tells something of the worst kind: that
there is a police report, a trial on a day, a decision over an amount. Where a query asks for one
it gets a keyed hash beside the sealed value. The old program cannot read the new columns: stop it
before the upgrade. On PostgreSQL the old values leave the files with the next VACUUM FULL.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto.rewriting import OldRows

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

DAY, NUMBER, JSON = sa.Date(), sa.Integer(), sa.Text()
# Column, its type, and whether each row has a value.
SEALED = {
    "documents": (("kind", sa.String(length=16), True),),
    "document_kinds": (
        ("kind", sa.String(length=16), True),
        ("suggested_kind", sa.String(length=16), True),
        ("reasons", JSON, True),
    ),
    "reading_aids": (
        ("kind", sa.String(length=24), True),
        ("place", JSON, True),
        ("reasons", JSON, True),
    ),
    "legal_dates": (("kind", sa.String(length=24), True), ("day", DAY, True)),
    "cash_decisions": (
        ("country", sa.String(length=3), True),
        ("decided_on", DAY, True),
        ("collect_by", DAY, False),
        ("adults", NUMBER, False),
        ("children", NUMBER, False),
        ("amount_sek", NUMBER, False),
    ),
    "case_consents": (
        ("purpose", sa.String(length=16), True),
        ("recipient", sa.String(length=16), True),
        ("answer", sa.String(length=8), True),
        ("method", sa.String(length=8), True),
        ("language", sa.String(length=12), True),
        ("interpreter", sa.String(length=8), True),
        ("explained_by", sa.String(length=16), True),
        ("given_on", DAY, True),
        ("expires_on", DAY, False),
    ),
    "case_withholdings": (("from_whom", sa.String(length=16), True),),
    "queue_items": (("reason", sa.String(length=64), True), ("clock", sa.String(length=24), True)),
}
# Table: {new column: how it is made of the old row}, with the purpose of the hash.
KEYED = {
    "document_kinds": {
        "kind_hash": ("document-type", lambda row: row.kind),
        "suggested_kind_hash": ("document-type", lambda row: row.suggested_kind),
    },
    "legal_dates": {"day_hash": ("legal-day", lambda row: f"{row.kind}:{row.day.isoformat()}")},
}
LEGAL_INDEXES = ("ix_legal_dates_day", "ix_legal_dates_open")


def upgrade() -> None:
    rows = OldRows(op.get_bind())
    for table, columns in SEALED.items():
        for name, _type, is_always in columns:
            op.add_column(table, _new_column(f"sealed_{name}", sa.LargeBinary(), is_always))
        for name in KEYED.get(table, {}):
            op.add_column(table, _new_column(name, sa.String(length=64), is_always=True))
        _rewrite(rows, table, columns)
    for name in LEGAL_INDEXES:
        op.drop_index(name, table_name="legal_dates")
    for table, columns in SEALED.items():
        for name, _type, _is_always in columns:
            op.drop_column(table, name)
    op.create_index("ix_legal_dates_day", "legal_dates", ["submission_id", "day_hash"], unique=True)
    op.create_index("ix_legal_dates_open", "legal_dates", ["ended_at", "day_hash"], unique=False)


def downgrade() -> None:
    rows = OldRows(op.get_bind())
    for name in LEGAL_INDEXES:
        op.drop_index(name, table_name="legal_dates")
    for table, columns in SEALED.items():
        for name, column_type, is_always in columns:
            op.add_column(table, _new_column(name, column_type, is_always))
        _reopen(rows, table, columns)
        for name, _type, _is_always in columns:
            op.drop_column(table, f"sealed_{name}")
        for name in KEYED.get(table, {}):
            op.drop_column(table, name)
    op.create_index(
        "ix_legal_dates_day", "legal_dates", ["submission_id", "kind", "day"], unique=True
    )
    op.create_index("ix_legal_dates_open", "legal_dates", ["ended_at", "day"], unique=False)


def _new_column(name: str, column_type: Any, is_always: bool) -> sa.Column[Any]:
    if not is_always:
        return sa.Column(name, column_type, nullable=True)
    empty = "''"
    if isinstance(column_type, sa.LargeBinary) and op.get_bind().dialect.name == "sqlite":
        empty = "x''"
    elif isinstance(column_type, sa.Date):
        empty = "'1970-01-01'"
    return sa.Column(name, column_type, nullable=False, server_default=sa.text(empty))


def _rewrite(rows: OldRows, table: str, columns: Any) -> None:
    keyed = KEYED.get(table, {})

    def change(row: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, _type, _is_always in columns:
            value = getattr(row, name)
            sealed = None if value is None else rows.keys.seal(f"{table}.{name}", _bytes(value))
            values[f"sealed_{name}"] = sealed
        for name, (purpose, made_of) in keyed.items():
            values[name] = rows.keys.keyed(purpose, made_of(row))
        return values

    old = sa.table(table, sa.column("id"), *(sa.column(name, kind) for name, kind, _ in columns))
    rows.rewrite(table, sa.select(old), change)


def _reopen(rows: OldRows, table: str, columns: Any) -> None:
    def change(row: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, column_type, _is_always in columns:
            sealed = getattr(row, f"sealed_{name}")
            opened = rows.keys.unseal(f"{table}.{name}", bytes(sealed)) if sealed else None
            values[name] = None if opened is None else _value(column_type, opened.decode())
        return values

    new = sa.table(
        table, sa.column("id"), *(sa.column(f"sealed_{name}", sa.BLOB) for name, _t, _a in columns)
    )
    rows.rewrite(table, sa.select(new), change)


def _bytes(value: Any) -> bytes:
    return (value.isoformat() if isinstance(value, date) else str(value)).encode()


def _value(column_type: Any, text: str) -> Any:
    # A day stays text: both databases take it so.
    return int(text) if isinstance(column_type, sa.Integer) else text
