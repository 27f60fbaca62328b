"""Refuse every new row of the audit trail but that of the next number.

`REPLACE` of SQLite removes the old row without the trigger that refuses DELETE. `ON CONFLICT` of
PostgreSQL meets the trigger that refuses UPDATE; rows beside the end met none.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
NEXT = "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_events)"
WORDS = "the audit trail grows at its end only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events "
            f"WHEN NEW.sequence IS NOT {NEXT} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_events_next() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NEW.sequence IS DISTINCT FROM {NEXT} THEN RAISE EXCEPTION '{WORDS}'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events "
        "FOR EACH ROW EXECUTE FUNCTION audit_events_next()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_events_no_replace")
        return
    op.execute("DROP TRIGGER audit_events_no_replace ON audit_events")
    op.execute("DROP FUNCTION audit_events_next()")
