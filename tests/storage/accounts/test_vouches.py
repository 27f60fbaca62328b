"""Check that who stands behind an account that existed before is made from the audit."""

from storage import audit, schema
from storage.accounts import vouches
from storage.accounts.vouches import VouchKind
from storage.audit_acts import Act
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database
from tests.support.building import STARTED_AT
from tests.support.rows import Planter


def test_what_the_audit_knows_is_kept_with_the_accounts(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    keyring = Keyring(MasterKey(bytes(32)))
    open_columns(empty_database, keyring)
    with empty_database.transaction() as session:
        keyring.prepare(session, STARTED_AT)
        planter = Planter(session, keyring, STARTED_AT)
        admin, user, first = (planter.user() for _ in range(3))
        for act, actor, subject in (
            (Act.ACCOUNT_INVITED, f"user:{admin.id}", user.id),
            (Act.ACCOUNT_FACTOR_REMOVED, f"user:{admin.id}", first.id),
            (Act.ACCOUNT_INVITED, "system:command", first.id),
            (Act.ACCOUNT_RENEWED, f"user:{admin.id}", admin.id),
        ):
            about = ("account", subject)
            audit.append(session, keyring, STARTED_AT, actor=actor, act=act, subject=about)

    schema.downgrade(empty_database, "0015")
    schema.upgrade(empty_database)

    ids = {admin.id, user.id, first.id}
    with empty_database.reading() as session:
        invited = vouches.done_by(session, ids, VouchKind.INVITED)
        reset = vouches.done_by(session, ids, VouchKind.FACTOR_REMOVED)
    assert (invited, reset) == ({user.id: {admin.id}}, {first.id: {admin.id}})
