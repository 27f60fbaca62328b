"""Let officers see each other, and keep what consent there is and what is withheld.

Presence rows live for seconds. All tables are new, and columns may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_presence()
    _make_consents()
    _make_withholdings()


def downgrade() -> None:
    op.drop_index("ix_case_withholdings_case", table_name="case_withholdings")
    op.drop_table("case_withholdings")
    op.drop_index("ix_case_consents_case", table_name="case_consents")
    op.drop_table("case_consents")
    op.drop_index(op.f("ix_presence_seen_at"), table_name="presence")
    op.drop_table("presence")


def _make_presence() -> None:
    """Keep who has which page open, for as long as a page renews it."""
    op.create_table(
        "presence",
        sa.Column("page", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presence_user_id_users")),
        sa.PrimaryKeyConstraint("page", "subject_id", "user_id", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"], unique=False)


def _make_consents() -> None:
    """Keep what a person allows, per purpose and recipient (requirement 16)."""
    op.create_table(
        "case_consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("interpreter", sa.String(length=8), nullable=False),
        sa.Column("explained_by", sa.String(length=16), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_consents_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["users.id"], name=op.f("fk_case_consents_noted_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_consents")),
    )
    op.create_index("ix_case_consents_case", "case_consents", ["case_id", "noted_at"], unique=False)


def _make_withholdings() -> None:
    """Keep what must be withheld from whom (requirement 17)."""
    op.create_table(
        "case_withholdings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("from_whom", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_withholdings_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["users.id"], name=op.f("fk_case_withholdings_noted_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_withholdings")),
    )
    op.create_index(
        "ix_case_withholdings_case", "case_withholdings", ["case_id", "noted_at"], unique=False
    )
