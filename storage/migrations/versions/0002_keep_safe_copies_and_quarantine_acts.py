"""Keep safe copies and what people do about held documents.

New tables only: code that does not know them is not disturbed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_rejected_hashes()
    _make_quarantine_acts()
    _make_safe_copies()
    _make_safe_pages()


def downgrade() -> None:
    op.drop_table("safe_pages")
    with op.batch_alter_table("safe_copies", schema=None) as batch_op:
        batch_op.drop_index("ix_safe_copies_ocr")

    op.drop_table("safe_copies")
    with op.batch_alter_table("quarantine_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantine_acts_document_id"))

    op.drop_table("quarantine_acts")
    op.drop_table("rejected_hashes")


def _make_rejected_hashes() -> None:
    op.create_table(
        "rejected_hashes",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rejected_hashes")),
    )


def _make_quarantine_acts() -> None:
    op.create_table(
        "quarantine_acts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_quarantine_acts_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_quarantine_acts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_acts")),
    )
    with op.batch_alter_table("quarantine_acts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quarantine_acts_document_id"), ["document_id"], unique=False
        )


def _make_safe_copies() -> None:
    op.create_table(
        "safe_copies",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("pdf_blob_id", sa.String(length=35), nullable=True),
        sa.Column("thumbnail_blob_id", sa.String(length=35), nullable=True),
        sa.Column("ocr_state", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_safe_copies_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_blob_id"], ["blobs.id"], name=op.f("fk_safe_copies_pdf_blob_id_blobs")
        ),
        sa.ForeignKeyConstraint(
            ["thumbnail_blob_id"], ["blobs.id"], name=op.f("fk_safe_copies_thumbnail_blob_id_blobs")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_safe_copies")),
    )
    with op.batch_alter_table("safe_copies", schema=None) as batch_op:
        batch_op.create_index("ix_safe_copies_ocr", ["ocr_state", "made_at"], unique=False)


def _make_safe_pages() -> None:
    op.create_table(
        "safe_pages",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.String(length=35), nullable=False),
        sa.Column("media_type", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blobs.id"], name=op.f("fk_safe_pages_blob_id_blobs")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_safe_pages_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_safe_pages")),
    )
