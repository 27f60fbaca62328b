"""Read all rows, so that the access matrix can compare them before and after somebody asked."""

from storage.tables import METADATA
from tests.portal.access.lot import Lot
from tests.portal.access.world import World

# A coordinator who opens somebody else's signed paper makes this task for the office.
WATCHED = "wrong_reader"
# What a look may write beside the audit: that its coordinator opened a signed paper or a message,
# and for some seconds who has a page open. A HEAD request is no look.
NOTED_LOOKS = {
    ("confirmations", "read_at"),
    ("case_messages", "read_at"),
    ("question_messages", "read_at"),
}
FADING = "presence"
AUDIT = {"audit_events", "audit_mentions"}


def rows(world: World, *, with_looks: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the audit's; with or without what looking writes."""
    with world.services.database.reading() as session:
        found = {
            table.name: [
                tuple(
                    value
                    for name, value in row._mapping.items()
                    if with_looks or (table.name, name) not in NOTED_LOOKS
                )
                for row in session.execute(table.select())
            ]
            for table in METADATA.sorted_tables
            if table.name not in AUDIT and (with_looks or table.name != FADING)
        }
    return {name: [row for row in each if WATCHED not in row] for name, each in found.items()}


def rows_of(world: World, lots: list[Lot]) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that names something of some lots."""
    named = {value for lot in lots for value in lot.values.values() if len(value) > 8}
    return {
        table: [row for row in found if not named.isdisjoint(map(str, row))]
        for table, found in rows(world).items()
    }
