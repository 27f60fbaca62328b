"""Known verdicts: which earlier document of the same bytes speaks for them."""

import pytest

from intake.core.services import Services
from storage.documents import known_verdicts
from storage.documents.documents import DocumentState
from tests.support.building import Clock
from tests.support.rows import Planter

pytestmark = pytest.mark.components
BYTES, OTHER = "ab" * 32, "cd" * 32


@pytest.mark.parametrize(
    ("standings", "found"),
    [
        ([], None),
        ([("CLEAN", "")], ("CLEAN", "")),
        ([("ACTIVE", "pdf_javascript")], ("ACTIVE", "pdf_javascript")),
        ([("CLEAN", ""), ("INFECTED", "malware:x")], ("INFECTED", "malware:x")),
        ([("INFECTED", "malware:x"), ("ACTIVE", "")], ("INFECTED", "malware:x")),
        ([("ACTIVE", "released")], None),
        ([("HELD", "scanner_away"), ("IGNORED", ""), ("LOCKED", ""), ("REJECTED", "")], None),
    ],
)
def test_the_strictest_that_tells_speaks(
    services: Services,
    clock: Clock,
    standings: list[tuple[str, str]],
    found: tuple[str, str] | None,
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission()
        for state, reason in standings:
            planter.document(
                submission, state=state, reason=reason, sha256=BYTES, scanner="a", path=state
            )

    with services.database.reading() as session:
        assert known_verdicts.strictest(session, BYTES, "a", without_reason="released") == found


@pytest.mark.parametrize(("sha256", "scanner"), [(OTHER, "a"), (BYTES, "b"), (BYTES, None)])
def test_other_bytes_and_other_versions_say_nothing(
    services: Services, clock: Clock, sha256: str, scanner: str | None
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        planter.document(
            planter.submission(), state=DocumentState.CLEAN, sha256=sha256, scanner=scanner
        )

    with services.database.reading() as session:
        assert known_verdicts.strictest(session, BYTES, "a", without_reason="") is None
