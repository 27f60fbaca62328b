"""Key the hashes of contents, and seal the plain ones that signed papers list.

Whoever has a plain SHA-256 of a short letter can try guesses at it without the key. Hashes that
are compared become HMACs under the system's data key, and those of files are sealed with their own
data key. The old program cannot read the new columns: stop it before the upgrade, and it fails
without losing anything until then. A destroyed key leaves no plain hash. On PostgreSQL the old
values leave the files with the next VACUUM FULL.

The way back opens the sealed hashes. The hashes of message headers stay keyed, so that the next
look at each place reads its message once more.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.crypto.rewriting import OldRows
from storage.crypto.sealing import seal, unseal

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BLOBS = sa.table(
    "blobs", *map(sa.column, ("id", "data_key_id", "sha256")), sa.column("sealed_sha256", sa.BLOB)
)
DOCUMENTS = sa.table(
    "documents",
    *map(sa.column, ("id", "blob_id", "sha256", "content_hash")),
    sa.column("sealed_sha256", sa.BLOB),
)
SUBMISSIONS = sa.table("submissions", *map(sa.column, ("id", "identity", "raw_blob_id")))
ARRIVALS = sa.table("arrivals", *map(sa.column, ("id", "header_hash")))
PAPERS = sa.table("confirmations", *map(sa.column, ("id", "digest", "pdf_blob_id")))
REJECTED = sa.table(
    "rejected_hashes", sa.column("content_hash"), sa.column("rejected_at", sa.DateTime)
)


def upgrade() -> None:
    rows = OldRows(op.get_bind())
    op.add_column("blobs", sa.Column("sealed_sha256", sa.LargeBinary(), nullable=True))
    op.add_column("documents", _sealed_column())
    op.add_column(
        "documents",
        sa.Column("content_hash", sa.String(length=64), nullable=False, server_default=""),
    )
    op.execute(sa.text("ALTER TABLE arrivals RENAME COLUMN header_sha256 TO header_hash"))
    op.execute(sa.text("ALTER TABLE rejected_hashes RENAME COLUMN sha256 TO content_hash"))
    rows.rewrite("blobs", sa.select(BLOBS.c["id", "data_key_id", "sha256"]), _sealing(rows))
    _seal_documents(rows)
    rows.rewrite(
        "submissions",
        sa.select(SUBMISSIONS.c["id", "identity"]),
        lambda row: {"identity": _keyed_identity(rows, row.identity)},
    )
    rows.rewrite(
        "arrivals",
        sa.select(ARRIVALS),
        lambda row: {"header_hash": rows.keys.keyed("mail-header", row.header_hash)},
    )
    rows.rewrite(
        "confirmations",
        sa.select(PAPERS.c["id", "digest"]),
        lambda row: {"digest": rows.keys.keyed("paper", row.digest)},
    )
    _replace_rejected(lambda plain: rows.keys.keyed("content", plain))
    op.drop_index("ix_documents_sha256", table_name="documents")
    op.drop_column("documents", "sha256")
    op.drop_column("blobs", "sha256")
    op.create_index("ix_documents_content_hash", "documents", ["content_hash"], unique=False)


def downgrade() -> None:
    rows = OldRows(op.get_bind())
    for table in ("blobs", "documents"):
        op.add_column(
            table, sa.Column("sha256", sa.String(length=64), nullable=False, server_default="")
        )
    rows.rewrite(
        "blobs", sa.select(BLOBS.c["id", "data_key_id", "sealed_sha256"]), _opening(rows, "blobs")
    )
    rows.rewrite(
        "documents",
        sa.select(DOCUMENTS.c["id", "sealed_sha256"], BLOBS.c.data_key_id).join_from(
            DOCUMENTS, BLOBS, BLOBS.c.id == DOCUMENTS.c.blob_id
        ),
        _opening(rows, "documents"),
    )
    # The bytes of a mail and of a paper are blobs, so their hashes are known again by now.
    for name, table, blob_id in (
        ("submissions", SUBMISSIONS, SUBMISSIONS.c.raw_blob_id),
        ("confirmations", PAPERS, PAPERS.c.pdf_blob_id),
    ):
        reading = sa.select(table, BLOBS.c.sha256).join_from(table, BLOBS, BLOBS.c.id == blob_id)
        rows.rewrite(name, reading, _plain_identity if name == "submissions" else _plain_digest)
    pairs = sa.select(DOCUMENTS.c.content_hash, DOCUMENTS.c.sha256).where(
        DOCUMENTS.c.content_hash.in_(sa.select(REJECTED.c.content_hash))
    )
    plain = {row.content_hash: row.sha256 for row in op.get_bind().execute(pairs)}
    _replace_rejected(plain.get)
    op.execute(sa.text("ALTER TABLE rejected_hashes RENAME COLUMN content_hash TO sha256"))
    op.execute(sa.text("ALTER TABLE arrivals RENAME COLUMN header_hash TO header_sha256"))
    op.drop_index("ix_documents_content_hash", table_name="documents")
    op.drop_column("documents", "content_hash")
    op.drop_column("documents", "sealed_sha256")
    op.drop_column("blobs", "sealed_sha256")
    op.create_index("ix_documents_sha256", "documents", ["sha256"], unique=False)


def _sealed_column() -> sa.Column[bytes]:
    empty = "x''" if op.get_bind().dialect.name == "sqlite" else "''"
    return sa.Column(
        "sealed_sha256", sa.LargeBinary(), nullable=False, server_default=sa.text(empty)
    )


def _sealing(rows: OldRows) -> Any:
    def change(row: Any) -> dict[str, Any]:
        key = rows.data_key(row.data_key_id) if row.sha256 else None
        sealed = seal(key, f"blobs.sha256:{row.id}", row.sha256) if key is not None else None
        return {"sealed_sha256": sealed}

    return change


def _seal_documents(rows: OldRows) -> None:
    def change(row: Any) -> dict[str, Any]:
        key = rows.data_key(row.data_key_id)
        place = f"documents.sha256:{row.id}"
        return {
            "sealed_sha256": seal(key, place, row.sha256) if key is not None else b"",
            "content_hash": rows.keys.keyed("content", row.sha256),
        }

    reading = sa.select(DOCUMENTS.c["id", "sha256"], BLOBS.c.data_key_id).join_from(
        DOCUMENTS, BLOBS, BLOBS.c.id == DOCUMENTS.c.blob_id
    )
    rows.rewrite("documents", reading, change)


def _opening(rows: OldRows, table: str) -> Any:
    def change(row: Any) -> dict[str, Any]:
        key = rows.data_key(row.data_key_id) if row.sealed_sha256 else None
        if key is None:
            return {"sha256": ""}
        return {"sha256": unseal(key, f"{table}.sha256:{row.id}", bytes(row.sealed_sha256))}

    return change


def _keyed_identity(rows: OldRows, identity: str) -> str:
    """Key the hash in `email:PROGRAMME:SHA256` or `email:PROGRAMME:SHA256:BYTES`."""
    channel, _colon, rest = identity.partition(":")
    if channel != "email":
        return identity
    programme, digest, *size = rest.split(":")
    keyed = rows.keys.keyed("mail-identity", digest)
    return ":".join([channel, programme, keyed, *size])


def _plain_identity(row: Any) -> dict[str, Any]:
    channel, _colon, rest = row.identity.partition(":")
    if channel != "email" or not row.sha256:
        return {"identity": row.identity}
    programme, _keyed, *size = rest.split(":")
    return {"identity": ":".join([channel, programme, row.sha256, *size])}


def _plain_digest(row: Any) -> dict[str, Any]:
    return {"digest": row.sha256 or row.digest}


def _replace_rejected(renamed: Any) -> None:
    """Give each rejected hash another name; one without a new name is left out."""
    connection = op.get_bind()
    old = connection.execute(sa.select(REJECTED)).all()
    connection.execute(sa.delete(REJECTED))
    new = {renamed(row.content_hash): row.rejected_at for row in old}
    values = [{"content_hash": name, "rejected_at": at} for name, at in new.items() if name]
    if values:
        connection.execute(sa.insert(REJECTED), values)
