"""What is stored, as the access matrix compares it before and after somebody asked."""

from storage.tables import METADATA
from tests.portal.access_world import Lot, World

# Who asks for a foreign paper is told on to the office, whose queue the table is.
WATCHED = "wrong_reader"
# That its coordinator opened a signed paper is noted beside the audit trail, and is meant.
NOTED_LOOKS = {("confirmations", "read_at")}


def rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the audit trail's, without what looking may note."""
    with world.services.database.reading() as session:
        found = {
            table.name: [
                tuple(
                    value
                    for name, value in row._mapping.items()
                    if (table.name, name) not in NOTED_LOOKS
                )
                for row in session.execute(table.select())
            ]
            for table in METADATA.sorted_tables
            if table.name != "audit_events"
        }
    return {name: [row for row in each if WATCHED not in row] for name, each in found.items()}


def rows_of(world: World, lots: list[Lot]) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that names something of some lots."""
    named = {value for lot in lots for value in lot.values.values() if len(value) > 8}
    return {
        table: [row for row in found if not named.isdisjoint(map(str, row))]
        for table, found in rows(world).items()
    }
