"""Let queue items and mails hang on a case, a task or a grant, not only on a submission.

What is about a case had to borrow one of its submissions, and was lost from sight when that one was
split off or handed on. Now each row hangs on exactly one thing, and the database holds that. Open
items about a case's missing documents and about a coordinator's message go over to their case;
closed ones stay where somebody did them, with what was noted. A grant is a row of `cash_decisions`
until it has a table of its own.

Running code reads a submission of every item, so stop everything first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ITEM_SUBJECTS = ("submission_id", "case_id", "task_id", "grant_id")
MAIL_SUBJECTS = (*ITEM_SUBJECTS, "user_id")
TABLES = {"case_id": "cases", "task_id": "queue_items", "grant_id": "cash_decisions"}
OPEN, TOLD_OF_NONE, TOLD = (
    sa.text("closed_at IS NULL"),
    sa.text("closed_at IS NULL AND escalated_at IS NULL"),
    sa.text("closed_at IS NULL AND escalated_at IS NOT NULL"),
)
LISTED = (
    "queue", "due_at", "priority", "opened_at", "id", "kind", "programme", "region", "language",
    "state", "marks", "claimed_by", "closed_at",
)  # fmt: skip
COUNTED = (
    "queue", "programme", "region", "language", "state", "claimed_by", "priority", "marks",
    "closed_at",
)  # fmt: skip
ITEM_INDEXES: tuple[tuple[str, tuple[str, ...], sa.TextClause | None], ...] = (
    ("ix_queue_items_open", LISTED, OPEN),
    ("ix_queue_items_counts", COUNTED, OPEN),
    ("ix_queue_items_clock", ("due_at",), TOLD_OF_NONE),
    ("ix_queue_items_told", ("programme", "due_at", "id"), TOLD),
    ("ix_queue_items_claimed", ("claimed_by", "closed_at"), None),
)
# The columns that the database copies (migration 0008), and how for a submission's items.
MARKS = """' '
 || CASE WHEN s.duplicate_of IS NOT NULL THEN 'repeated ' ELSE '' END
 || CASE WHEN s.possible_duplicate_of IS NOT NULL THEN 'alike ' ELSE '' END
 || CASE WHEN s.flags LIKE '%"wrong_door%' THEN 'wrong_door ' ELSE '' END
 || CASE WHEN s.flags LIKE '%"not_read"%' THEN 'not_read ' ELSE '' END
 || CASE WHEN s.sender_verdict IN ('unverified', 'unknown') THEN 'not_proven ' ELSE '' END
 || CASE WHEN EXISTS (SELECT 1 FROM documents d
      WHERE d.submission_id = s.id AND d.state = 'LOCKED') THEN 'locked ' ELSE '' END
 || CASE WHEN EXISTS (SELECT 1 FROM documents d WHERE d.submission_id = s.id
      AND d.state IN ('HELD', 'INFECTED', 'UNREADABLE')) THEN 'kept_back ' ELSE '' END"""
COPY = f"""UPDATE queue_items SET (region, language, state, marks) =
 (SELECT s.region, s.language, s.state, {MARKS}
  FROM submissions s WHERE s.id = queue_items.submission_id)"""  # noqa: S608 - constants only
# An item of a case has its region; one about another item is found where that one is.
COPY_OF_CASE = """UPDATE queue_items SET region =
 (SELECT c.region FROM cases c WHERE c.id = queue_items.case_id)"""
COPY_OF_TASK = """UPDATE queue_items SET (region, language, state, marks) =
 (SELECT t.region, t.language, t.state, t.marks
  FROM queue_items t WHERE t.id = queue_items.task_id)"""
COPY_OF_GRANT = """UPDATE queue_items SET (region, language, state) =
 (SELECT s.region, s.language, s.state FROM submissions s
  JOIN cash_decisions g ON g.submission_id = s.id WHERE g.id = queue_items.grant_id)"""
NEW_COPIES = (
    f"{COPY} WHERE id = NEW.id AND submission_id IS NOT NULL",
    f"{COPY_OF_CASE} WHERE id = NEW.id AND case_id IS NOT NULL",
    f"{COPY_OF_TASK} WHERE id = NEW.id AND task_id IS NOT NULL",
    f"{COPY_OF_GRANT} WHERE id = NEW.id AND grant_id IS NOT NULL",
)
WATCHED = (
    "region", "language", "state", "flags", "sender_verdict", "duplicate_of",
    "possible_duplicate_of",
)  # fmt: skip
TRIGGERS = {
    "queue_items_copy_new": "queue_items",
    "submissions_copy_changed": "submissions",
    "documents_copy_changed": "documents",
}
KIND_OF_CASE = ("missing_documents", "coordinator_wrote")
# One open item of a kind for each case: the one that is due first. The others say the same.
TO_MOVE = sa.text(
    "SELECT q.id, q.kind, s.case_id FROM queue_items AS q"
    " JOIN submissions AS s ON s.id = q.submission_id"
    " WHERE q.closed_at IS NULL AND s.case_id IS NOT NULL AND q.kind IN :kinds"
    " ORDER BY q.due_at, q.id"
).bindparams(sa.bindparam("kinds", expanding=True))
MOVE = sa.text(
    "UPDATE queue_items SET case_id = :case, submission_id = NULL, language = NULL, state = NULL,"
    " marks = ' ' WHERE id = :id"
)
CLOSE = sa.text("UPDATE queue_items SET closed_at = opened_at WHERE id = :id")
# Going back, an item of a case borrows its newest submission again, where that has none such.
TO_BORROW = sa.text(
    "SELECT q.id, q.queue, q.kind, s.id AS submission FROM queue_items AS q"
    " JOIN submissions AS s ON s.case_id = q.case_id ORDER BY s.received_at DESC"
)
HAS_SUCH = sa.text(
    "SELECT 1 FROM queue_items WHERE submission_id = :submission AND queue = :queue"
    " AND kind = :kind"
)
BORROW = sa.text(
    "UPDATE queue_items SET case_id = NULL, submission_id = :submission WHERE id = :id"
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_triggers()
    _keep_outcomes()
    _rebuild_items()
    _rebuild_outcomes()
    _rebuild_outbox()
    for statement in _sqlite_triggers() if is_sqlite else (_postgres_function(NEW_COPIES),):
        op.execute(sa.text(statement))
    _move_to_cases()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _borrow_submissions()
    gone = "SELECT id FROM queue_items WHERE submission_id IS NULL"
    op.execute("DELETE FROM outbox WHERE submission_id IS NULL AND user_id IS NULL")
    op.execute(f"DELETE FROM task_outcomes WHERE submission_id IS NULL OR item_id IN ({gone})")  # noqa: S608 - constants only
    op.execute("DELETE FROM queue_items WHERE task_id IS NOT NULL")
    op.execute("DELETE FROM queue_items WHERE submission_id IS NULL")
    if is_sqlite:
        _drop_triggers()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint("ck_outbox_one_subject", type_="check")
        for column in TABLES:
            batch_op.drop_index(f"ix_outbox_{column.removesuffix('_id')}")
            batch_op.drop_constraint(_foreign("outbox", column), type_="foreignkey")
            batch_op.drop_column(column)
    _keep_outcomes()
    _rebuild_items(back=True)
    _rebuild_outcomes(back=True)
    op.execute(sa.text(COPY))
    copies = (f"{COPY} WHERE id = NEW.id",)
    for statement in _sqlite_triggers(copies) if is_sqlite else (_postgres_function(copies),):
        op.execute(sa.text(statement))


def _keep_outcomes() -> None:
    """Put what was noted about tasks aside: no row may point at a table that is built anew."""
    op.execute("CREATE TEMPORARY TABLE kept_outcomes AS SELECT * FROM task_outcomes")
    op.execute("DELETE FROM task_outcomes")


def _rebuild_items(*, back: bool = False) -> None:
    for name, _columns, _where in ITEM_INDEXES:
        op.drop_index(name, table_name="queue_items")
    with op.batch_alter_table("queue_items", schema=None) as batch_op:
        batch_op.alter_column(
            "submission_id", existing_type=sa.String(length=32), nullable=not back
        )
        if back:
            batch_op.drop_constraint("ck_queue_items_one_subject", type_="check")
        for column, table in TABLES.items():
            if back:
                batch_op.drop_index(f"ix_queue_items_{column.removesuffix('_id')}")
                batch_op.drop_constraint(_foreign("queue_items", column), type_="foreignkey")
                batch_op.drop_column(column)
            else:
                batch_op.add_column(sa.Column(column, sa.String(length=32), nullable=True))
                name = _foreign("queue_items", column)
                batch_op.create_foreign_key(batch_op.f(name), table, [column], ["id"])
        if not back:
            batch_op.create_check_constraint("ck_queue_items_one_subject", _one_of(ITEM_SUBJECTS))
    for name, columns, where in ITEM_INDEXES:
        op.create_index(
            name, "queue_items", list(columns), sqlite_where=where, postgresql_where=where
        )
    for column in () if back else TABLES:
        op.create_index(
            f"ix_queue_items_{column.removesuffix('_id')}",
            "queue_items",
            [column, "queue", "kind"],
            unique=True,
        )


def _rebuild_outcomes(*, back: bool = False) -> None:
    name = _foreign("task_outcomes", "case_id")
    with op.batch_alter_table("task_outcomes", schema=None) as batch_op:
        batch_op.alter_column(
            "submission_id", existing_type=sa.String(length=32), nullable=not back
        )
        if back:
            batch_op.drop_constraint("ck_task_outcomes_one_subject", type_="check")
            batch_op.drop_index("ix_task_outcomes_case")
            batch_op.drop_constraint(name, type_="foreignkey")
            batch_op.drop_column("case_id")
        else:
            batch_op.add_column(sa.Column("case_id", sa.String(length=32), nullable=True))
            batch_op.create_foreign_key(batch_op.f(name), "cases", ["case_id"], ["id"])
            batch_op.create_index("ix_task_outcomes_case", ["case_id", "at"], unique=False)
            batch_op.create_check_constraint(
                "ck_task_outcomes_one_subject", _one_of(("submission_id", "case_id"))
            )
    columns = (
        "id, item_id, number, submission_id, programme, kind, sealed_outcome, note, done_by, at,"
        " verdict_before, reopened_by, reopened_at"
    )
    op.execute(
        f"INSERT INTO task_outcomes ({columns}) SELECT {columns} FROM kept_outcomes"  # noqa: S608 - constants only
    )
    op.execute("DROP TABLE kept_outcomes")


def _rebuild_outbox() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for column, table in TABLES.items():
            batch_op.add_column(sa.Column(column, sa.String(length=32), nullable=True))
            name = _foreign("outbox", column)
            batch_op.create_foreign_key(batch_op.f(name), table, [column], ["id"])
            batch_op.create_index(
                f"ix_outbox_{column.removesuffix('_id')}", [column, "kind"], unique=True
            )
        batch_op.create_check_constraint("ck_outbox_one_subject", _one_of(MAIL_SUBJECTS))


def _one_of(columns: tuple[str, ...]) -> sa.TextClause:
    """Return the rule that exactly one of some columns has a value."""
    counted = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return sa.text(f"{' + '.join(counted)} = 1")


def _foreign(table: str, column: str) -> str:
    return f"fk_{table}_{column}_{TABLES[column]}"


def _move_to_cases() -> None:
    connection, moved = op.get_bind(), set()
    for row in connection.execute(TO_MOVE, {"kinds": list(KIND_OF_CASE)}).all():
        if (row.case_id, row.kind) in moved:
            connection.execute(CLOSE, {"id": row.id})
        else:
            connection.execute(MOVE, {"id": row.id, "case": row.case_id})
            moved.add((row.case_id, row.kind))
    op.execute(sa.text(f"{COPY_OF_CASE} WHERE case_id IS NOT NULL"))


def _borrow_submissions() -> None:
    connection, done = op.get_bind(), set()
    for row in connection.execute(TO_BORROW).all():
        there = {"submission": row.submission, "queue": row.queue, "kind": row.kind}
        if row.id not in done and connection.execute(HAS_SUCH, there).first() is None:
            connection.execute(BORROW, {"id": row.id, "submission": row.submission})
            done.add(row.id)


def _drop_triggers() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")


def _sqlite_triggers(copies: tuple[str, ...] = NEW_COPIES) -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in WATCHED)
    new, submissions, documents = TRIGGERS
    return (
        f"CREATE TRIGGER {new} AFTER INSERT ON queue_items BEGIN {'; '.join(copies)}; END",
        f"CREATE TRIGGER {submissions} AFTER UPDATE OF {', '.join(WATCHED)} ON submissions "
        f"WHEN {changed} BEGIN {COPY} WHERE submission_id = NEW.id; END",
        f"CREATE TRIGGER {documents} AFTER UPDATE OF state ON documents "
        "WHEN OLD.state IS NOT NEW.state "
        f"BEGIN {COPY} WHERE submission_id = NEW.submission_id; END",
    )


def _postgres_function(copies: tuple[str, ...]) -> str:
    return (
        "CREATE OR REPLACE FUNCTION queue_items_copy_new() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {'; '.join(copies)}; RETURN NULL; END $$"
    )
