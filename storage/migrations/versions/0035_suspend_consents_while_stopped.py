"""Keep in which times a consent did not count because its case was stopped.

Until now a stop withdrew every consent, and what held before was lost. From now on a stop suspends
them, and whoever ends the stop says which hold again. Consents of cases that are stopped already
stay withdrawn, as their officers were told. Code that is running withdraws as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_suspensions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consent_id", sa.String(length=32), nullable=False),
        sa.Column("suspended_by", sa.String(length=32), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["case_consents.id"],
            name=op.f("fk_consent_suspensions_consent_id_case_consents"),
        ),
        sa.ForeignKeyConstraint(
            ["suspended_by"], ["users.id"], name=op.f("fk_consent_suspensions_suspended_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["users.id"], name=op.f("fk_consent_suspensions_ended_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_suspensions")),
    )
    op.create_index(
        "ix_consent_suspensions_consent", "consent_suspensions", ["consent_id", "ended_at"]
    )


def downgrade() -> None:
    # The code before knows no suspension: what is suspended must not count there.
    op.execute(
        sa.text(
            "UPDATE case_consents SET withdrawn_at = (SELECT suspended_at FROM consent_suspensions"
            " WHERE consent_id = case_consents.id AND ended_at IS NULL) WHERE withdrawn_at IS NULL"
            " AND id IN (SELECT consent_id FROM consent_suspensions WHERE ended_at IS NULL)"
        )
    )
    op.drop_index("ix_consent_suspensions_consent", table_name="consent_suspensions")
    op.drop_table("consent_suspensions")
