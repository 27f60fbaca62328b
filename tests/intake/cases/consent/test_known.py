"""Check what counts as a consent, as its lack, and as something that nobody can tell."""

from datetime import UTC, datetime

import pytest

from intake.cases.consent.known import ConsentKnown, Evidence, KnownBy, decide

EARLY, LATE = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
GIVEN, MISSING, UNCLEAR = ConsentKnown

KNOWN = [
    (Evidence(), UNCLEAR, KnownBy.NOTHING),
    (Evidence(noted="given", noted_at=EARLY), GIVEN, KnownBy.NOTED),
    (Evidence(noted="given", noted_at=EARLY, form="not_asked"), GIVEN, KnownBy.NOTED),
    (Evidence(noted="refused", noted_at=EARLY), MISSING, KnownBy.NOTED),
    (Evidence(noted="withdrawn", noted_at=EARLY), MISSING, KnownBy.NOTED),
    (Evidence(noted="expired", noted_at=EARLY), MISSING, KnownBy.NOTED),
    (Evidence(noted="suspended", noted_at=EARLY), MISSING, KnownBy.NOTED),
    # A paper that was confirmed before somebody said no says nothing any more.
    (Evidence("refused", LATE, "given", EARLY, has_paper=True), MISSING, KnownBy.NOTED),
    (Evidence("refused", EARLY, "given", LATE, has_paper=True), UNCLEAR, KnownBy.NOTED),
    (Evidence(confirmed_at=EARLY, has_paper=True), GIVEN, KnownBy.PAPER),
    (Evidence(form="not_asked", confirmed_at=EARLY, has_paper=True), GIVEN, KnownBy.PAPER),
    (Evidence(form="given", has_paper=True), GIVEN, KnownBy.FORM),
    (Evidence(form="given"), UNCLEAR, KnownBy.NOTHING),
    (Evidence(form="asked"), UNCLEAR, KnownBy.NOTHING),
    (Evidence(has_paper=True), UNCLEAR, KnownBy.NOTHING),
    (Evidence(form="not_asked"), MISSING, KnownBy.FORM),
    (Evidence(form="not_asked", has_paper=True), UNCLEAR, KnownBy.NOTHING),
    (Evidence(form="something an older release wrote"), UNCLEAR, KnownBy.NOTHING),
]


@pytest.mark.parametrize(("evidence", "known", "by"), KNOWN)
def test_each_answer_has_its_meaning(evidence: Evidence, known: ConsentKnown, by: KnownBy) -> None:
    assert decide(evidence) == (known, by)
