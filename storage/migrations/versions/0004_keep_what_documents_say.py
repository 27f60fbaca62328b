"""Keep what documents say: their types by pages, reading aids, people, legal dates, decisions.

New tables, and columns that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_cash_decisions()
    _make_document_kinds()
    _make_legal_dates()
    _make_people()
    _make_reading_aids()
    _make_person_keys()
    _extend_submissions()


def downgrade() -> None:
    op.drop_column("submissions", "read_at")
    op.drop_column("submissions", "language")
    op.drop_index("ix_person_keys_hash", table_name="person_keys")
    op.drop_table("person_keys")
    op.drop_index("ix_reading_aids_document", table_name="reading_aids")
    op.drop_table("reading_aids")
    op.drop_index(op.f("ix_people_submission_id"), table_name="people")
    op.drop_table("people")
    op.drop_index("ix_legal_dates_open", table_name="legal_dates")
    op.drop_index("ix_legal_dates_day", table_name="legal_dates")
    op.drop_table("legal_dates")
    op.drop_index("ix_document_kinds_range", table_name="document_kinds")
    op.drop_index("ix_document_kinds_decided", table_name="document_kinds")
    op.drop_table("document_kinds")
    op.drop_index(op.f("ix_cash_decisions_submission_id"), table_name="cash_decisions")
    op.drop_table("cash_decisions")


def _make_cash_decisions() -> None:
    op.create_table(
        "cash_decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("collect_by", sa.Date(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("amount_sek", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_cash_decisions_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_cash_decisions_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_decisions")),
    )
    op.create_index(
        op.f("ix_cash_decisions_submission_id"), "cash_decisions", ["submission_id"], unique=False
    )


def _make_document_kinds() -> None:
    op.create_table(
        "document_kinds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("suggested_kind", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_kinds_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_kinds")),
    )
    op.create_index("ix_document_kinds_decided", "document_kinds", ["decided_at"], unique=False)
    op.create_index(
        "ix_document_kinds_range", "document_kinds", ["document_id", "first_page"], unique=True
    )


def _make_legal_dates() -> None:
    op.create_table(
        "legal_dates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_legal_dates_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_legal_dates_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_dates")),
    )
    op.create_index(
        "ix_legal_dates_day", "legal_dates", ["submission_id", "kind", "day"], unique=True
    )
    op.create_index("ix_legal_dates_open", "legal_dates", ["ended_at", "day"], unique=False)


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("data_key_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("born", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_people_data_key_id_data_keys")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_people_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_people_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_submission_id"), "people", ["submission_id"], unique=False)


def _make_reading_aids() -> None:
    op.create_table(
        "reading_aids",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_reading_aids_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_aids")),
    )
    op.create_index(
        "ix_reading_aids_document", "reading_aids", ["document_id", "position"], unique=False
    )


def _make_person_keys() -> None:
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_keys_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "key_hash", name=op.f("pk_person_keys")),
    )
    op.create_index("ix_person_keys_hash", "person_keys", ["key_hash"], unique=False)


def _extend_submissions() -> None:
    op.add_column("submissions", sa.Column("language", sa.String(length=12), nullable=True))
    op.add_column("submissions", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
