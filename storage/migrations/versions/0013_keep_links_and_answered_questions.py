"""Keep links that are made for submissions, and answers to questions without a person.

A link carries a note and remembers which browser put things in. Its table is made anew, because
SQLite cannot loosen a column. No release has written into it; a row is carried over all the
same, both ways. A link for a submission that has no case yet has no place in the older table
and ends there. A question is in no case, so its messages have a table of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
BOTH = "token_hash, case_id, created_by, created_at, expires_at, used_at, ended_at"


def upgrade() -> None:
    _make_question_messages()
    _extend_upload_links()


def downgrade() -> None:
    _narrow_upload_links()
    op.drop_index("ix_question_messages_submission", table_name="question_messages")
    op.drop_table("question_messages")


def _make_question_messages() -> None:
    op.create_table(
        "question_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_question_messages_submission_id_submissions"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_question_messages_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_messages")),
    )
    op.create_index(
        "ix_question_messages_submission",
        "question_messages",
        ["submission_id", "at"],
        unique=False,
    )


def _extend_upload_links() -> None:
    rows = _rows(
        "SELECT substr(l.token_hash, 1, 32) AS id, c.data_key_id, l.*"
        " FROM upload_links AS l JOIN cases AS c ON c.id = l.case_id"
    )
    op.drop_index(op.f("ix_upload_links_case_id"), table_name="upload_links")
    op.drop_table("upload_links")
    _make_upload_links()
    for row in rows:
        row["note"] = b""
    _put(rows, f"id, data_key_id, note, {BOTH}")


def _narrow_upload_links() -> None:
    rows = _rows("SELECT * FROM upload_links WHERE case_id IS NOT NULL")
    op.drop_index(op.f("ix_upload_links_submission_id"), table_name="upload_links")
    op.drop_index(op.f("ix_upload_links_case_id"), table_name="upload_links")
    op.drop_table("upload_links")
    _make_earlier_upload_links()
    _put(rows, BOTH)


def _rows(query: str) -> list[dict[str, object]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def _put(rows: list[dict[str, object]], columns: str) -> None:
    names = columns.split(", ")
    values = ", ".join(f":{name}" for name in names)
    query = sa.text(f"INSERT INTO upload_links ({columns}) VALUES ({values})")  # noqa: S608 - ours
    for row in rows:
        op.get_bind().execute(query, {name: row[name] for name in names})


def _make_upload_links() -> None:
    op.create_table(
        "upload_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("submission_id", sa.String(length=32), nullable=True),
        sa.Column("data_key_id", sa.String(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("holder_hash", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_upload_links_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_upload_links_submission_id_submissions"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_upload_links_data_key_id_data_keys")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_upload_links_created_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_upload_links_token_hash")),
    )
    op.create_index(op.f("ix_upload_links_case_id"), "upload_links", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_upload_links_submission_id"), "upload_links", ["submission_id"], unique=False
    )


def _make_earlier_upload_links() -> None:
    op.create_table(
        "upload_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_upload_links_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_upload_links_created_by_users")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_upload_links")),
    )
    op.create_index(op.f("ix_upload_links_case_id"), "upload_links", ["case_id"], unique=False)
