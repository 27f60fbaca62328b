"""Keep who invited an account and who reset it, and which roles wait for a manager's yes.

Two accounts with one hand behind them are not two people. The audit knows whom administrators
invited and whose factor they took away until now, so those rows are made from it. Accounts that
exist already go on: nobody has to say yes to them.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
KINDS = {"account.invited": "invited", "account.factor_removed": "factor_removed"}
USER = "user:"


def upgrade() -> None:
    _make_vouches()
    _fill_vouches()
    _make_role_requests()
    op.add_column("users", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Not by a new table: rows of other tables point at the accounts.
    op.drop_column("users", "waits_since")
    op.drop_index(op.f("ix_role_requests_user_id"), table_name="role_requests")
    op.drop_table("role_requests")
    op.drop_index(op.f("ix_account_vouches_user_id"), table_name="account_vouches")
    op.drop_table("account_vouches")


def _make_vouches() -> None:
    op.create_table(
        "account_vouches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_account_vouches_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_account_vouches_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_vouches")),
    )
    op.create_index(
        op.f("ix_account_vouches_user_id"), "account_vouches", ["user_id"], unique=False
    )


def _fill_vouches() -> None:
    connection = op.get_bind()
    known = set(connection.execute(sa.text("SELECT id FROM users")).scalars())
    acts = sa.text(
        "SELECT act, actor, subject_id, at FROM audit_events WHERE subject_type = 'account'"
        " AND act IN ('account.invited', 'account.factor_removed')"
    )
    keep = sa.text(
        "INSERT INTO account_vouches (id, user_id, by_id, kind, at)"
        " VALUES (:id, :user_id, :by_id, :kind, :at)"
    )
    for act, actor, subject_id, at in connection.execute(acts).all():
        by_id = actor.removeprefix(USER)
        if {by_id, subject_id} <= known:
            row = {"user_id": subject_id, "by_id": by_id, "kind": KINDS[act], "at": at}
            connection.execute(keep, {"id": uuid.uuid4().hex, **row})


def _make_role_requests() -> None:
    op.create_table(
        "role_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new_account", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["users.id"], name=op.f("fk_role_requests_asked_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_role_requests_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_role_requests_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_requests")),
    )
    op.create_index(op.f("ix_role_requests_user_id"), "role_requests", ["user_id"], unique=False)
