"""Let the work list be narrowed, ordered and counted without growing with the tables.

An open item carries a copy of what lists are narrowed by. Submissions change in many places, so
the database keeps the copies itself, by triggers: none can be forgotten. The list's indexes
hold open items only and all that the list asks for, so that closed ones cost nothing.

Officers' saved views, and the blind index in which sealed text is searched, come with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What a mark says stands in `storage.work_list`; each stands between two spaces.
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
WATCHED = (
    "region",
    "language",
    "state",
    "flags",
    "sender_verdict",
    "duplicate_of",
    "possible_duplicate_of",
)
NAMES = ("queue_items_copy_new", "submissions_copy_changed", "documents_copy_changed")
OPEN = sa.text("closed_at IS NULL")
TOLD_OF_NONE = sa.text("closed_at IS NULL AND escalated_at IS NULL")


def upgrade() -> None:
    _extend_queue_items()
    _replace_open_index()
    _make_saved_views()
    _make_search_words()
    op.execute(sa.text(COPY))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite_triggers() if is_sqlite else _postgres_triggers():
        op.execute(sa.text(statement))


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in NAMES:
        if is_sqlite:
            op.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            op.execute(sa.text(f"DROP FUNCTION {name}() CASCADE"))
    op.drop_index("ix_search_words_submission", table_name="search_words")
    op.drop_table("search_words")
    op.drop_index("ix_saved_views_user", table_name="saved_views")
    op.drop_table("saved_views")
    op.drop_index("ix_queue_items_counts", table_name="queue_items")
    op.drop_index("ix_queue_items_clock", table_name="queue_items")
    op.drop_index("ix_queue_items_open", table_name="queue_items")
    op.create_index(
        "ix_queue_items_open", "queue_items", ["queue", "programme", "closed_at", "due_at"]
    )
    for column in ("marks", "state", "language", "region"):
        op.drop_column("queue_items", column)


def _extend_queue_items() -> None:
    op.add_column("queue_items", sa.Column("region", sa.String(length=8), nullable=True))
    op.add_column("queue_items", sa.Column("language", sa.String(length=12), nullable=True))
    op.add_column("queue_items", sa.Column("state", sa.String(length=16), nullable=True))
    op.add_column(
        "queue_items",
        sa.Column("marks", sa.String(length=96), nullable=False, server_default=" "),
    )


def _replace_open_index() -> None:
    op.drop_index("ix_queue_items_open", table_name="queue_items")
    op.create_index(
        "ix_queue_items_open",
        "queue_items",
        [
            "queue",
            "due_at",
            "priority",
            "opened_at",
            "id",
            "kind",
            "programme",
            "region",
            "language",
            "state",
            "marks",
            "claimed_by",
            "closed_at",
        ],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_queue_items_counts",
        "queue_items",
        [
            "queue",
            "programme",
            "region",
            "language",
            "state",
            "claimed_by",
            "priority",
            "marks",
            "closed_at",
        ],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_queue_items_clock",
        "queue_items",
        ["due_at"],
        sqlite_where=TOLD_OF_NONE,
        postgresql_where=TOLD_OF_NONE,
    )


def _make_saved_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=4), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index("ix_saved_views_user", "saved_views", ["user_id", "queue"], unique=False)


def _make_search_words() -> None:
    op.create_table(
        "search_words",
        sa.Column("word", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_search_words_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("word", "at", "submission_id", name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_submission", "search_words", ["submission_id"], unique=False)


def _sqlite_triggers() -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in WATCHED)
    return (
        f"CREATE TRIGGER {NAMES[0]} AFTER INSERT ON queue_items "
        f"BEGIN {COPY} WHERE id = NEW.id; END",
        f"CREATE TRIGGER {NAMES[1]} AFTER UPDATE OF {', '.join(WATCHED)} ON submissions "
        f"WHEN {changed} BEGIN {COPY} WHERE submission_id = NEW.id; END",
        f"CREATE TRIGGER {NAMES[2]} AFTER UPDATE OF state ON documents "
        "WHEN OLD.state IS NOT NEW.state "
        f"BEGIN {COPY} WHERE submission_id = NEW.submission_id; END",
    )


def _postgres_triggers() -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in WATCHED)
    which = ("id = NEW.id", "submission_id = NEW.id", "submission_id = NEW.submission_id")
    events = (
        "AFTER INSERT ON queue_items FOR EACH ROW",
        f"AFTER UPDATE OF {', '.join(WATCHED)} ON submissions FOR EACH ROW WHEN ({changed})",
        "AFTER UPDATE OF state ON documents FOR EACH ROW "
        "WHEN (OLD.state IS DISTINCT FROM NEW.state)",
    )
    functions = tuple(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {COPY} WHERE {where}; RETURN NULL; END $$"
        for name, where in zip(NAMES, which, strict=True)
    )
    triggers = tuple(
        f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {name}()"
        for name, event in zip(NAMES, events, strict=True)
    )
    return functions + triggers
