"""Hold that dates are read as written, and claimed only by words that say what they are."""

import pytest

from intake.recognition.extraction.dates import find_dates
from intake.recognition.extraction.labelled_dates import find_labelled_dates

NOV_24 = "2026-11-24"
WRITTEN = [
    ("2026-11-24", [[NOV_24]]), ("24 november 2026", [[NOV_24]]), ("24.11.2026", [[NOV_24]]),
    ("24/11/2026", [[NOV_24]]), ("20261124", [[NOV_24]]), ("Nov 24, 2026", [[NOV_24]]),
    ("24th of November 2026", [[NOV_24]]), ("24 NOV/NOV 2026", [[NOV_24]]),
    ("den 24:e november 2026", [[NOV_24]]), ("11/24/2026", [[NOV_24]]),
    ("2026–11–24", [[NOV_24]]), ("24\nnovember\u00a02026", [[NOV_24]]),
    ("03/04/2026", [["2026-03-04", "2026-04-03"]]), ("03-04-2026", [["2026-03-04", "2026-04-03"]]),
    ("03.04.2026", [["2026-04-03"]]), ("05/05/2026", [["2026-05-05"]]), ("31.02.2026", []),
    ("13/13/2026", []), ("2026-13-01", []), ("1826-11-24", []), ("24 brumaire 2026", []),
    ("20261124-1234", []), ("120261124", []), ("A2026-11-24", []), ("1-2026-11-24", []),
]  # fmt: skip
CLAIMED = [
    ("Betänketid fr.o.m. 2026-10-25 t.o.m. 2026-11-24", [("reflection_end", NOV_24)]),
    ("Betänketid: 2026-10-25 – 2026-11-24", [("reflection_end", NOV_24)]),
    ("BETANKETID TILL OCH MED 24 november 2026", [("reflection_end", NOV_24)]),
    ("Beta\u0308nketid t.o.m. 2026-11-24", [("reflection_end", NOV_24)]),
    ("The reflection period ends on 24 November 2026.", [("reflection_end", NOV_24)]),
    ("Beslut om betänketid fattades 2026-11-24", [("decision_date", NOV_24)]),
    ("Date of decision: Nov 24, 2026", [("decision_date", NOV_24)]),
    ("Huvudförhandling i tingsrätten den 24 november 2026 kl. 09.00", [("trial", NOV_24)]),
    ("Main hearing: 2026-11-24", [("trial", NOV_24)]),
    ("Date of expiry\n24 NOV 2026\nPassport", [("passport_expiry", NOV_24)]),
    ("Residence permit valid until 11/24/2026", [("permit_expiry", NOV_24)]),
    ("Personen ska lämna Sverige senast den 24.11.2026.", [("departure_deadline", NOV_24)]),
    ("Född: 2026-11-24", [("birth_date", NOV_24)]),
    ("Main hearing 03/04/2026", [("trial", "2026-03-04|2026-04-03")]),
    ("Hon har betänketid. Hon kom till Sverige 2026-11-24", []),
    ("Beslut om betänketid 2026-11-24", []), ("Datum 2026-11-24", []), ("2026-11-24", []),
    ("Betänketid, 30 dagar, fr.o.m. 2026-10-26", [("reflection_end", NOV_24)]),
    ("Betänketid, 30 dagar\nFrån och med: 26 oktober 2026", [("reflection_end", NOV_24)]),
    ("30 dagars betänketid från den 26 oktober 2026.", [("reflection_end", NOV_24)]),
    ("Betänketid från 2026-10-26 (30 dagar)", [("reflection_end", NOV_24)]),
    ("Betänketid, trettio dagar. Startdag: 2026-10-26", []),
    ("Betänketid trettio dagar, startdag: 2026-10-26", [("reflection_end", NOV_24)]),
    ("A reflection period of 30 days, starting on 26 October 2026", [("reflection_end", NOV_24)]),
    ("Betänketid, 30 dagar, fr.o.m. 2026-10-25 t.o.m. 2026-11-24", [("reflection_end", NOV_24)]),
    ("Betänketid, 30 dagar. Beslut 2026-11-24", []), ("Betänketid, 0 dagar, från 2026-11-24", []),
    ("Betänketid. Tillståndet gäller i 30 dagar från 2026-11-24", []),
    ("Betänketid, 30 dagar, från 03/04/2026", []), ("Betänketid, 30 dagar", []),
    # An end that is written is never counted.
    ("Betänketid från 2026-10-25, 30 dagar, t.o.m. 2026-11-24", []),
    ("Betänketid från 2026-11-24", []), ("Passport, date of issue 2026-11-24", []),
    ("Betänketid t.o.m. 31.02.2026", []), ("Date of expiry 2026-11-24", []),
]  # fmt: skip

END = [("reflection_end", NOV_24)]
# A second sentence that goes on about the period of the first.
GOES_ON = [
    "Betänketid beviljad.\nDen löper 30 dagar från 26 oktober 2026",
    "Betänketid beviljad. Den löper 30 dagar från och med 26 oktober 2026.",
    "Betänketid, 30 dagar, har beviljats. Perioden börjar den 26 oktober 2026.",
    "Betänketid beviljades den 20 oktober 2026. Den gäller i 30 dagar från den 26 oktober 2026.",
    "Betänketid beviljad. Den löper ut den 24 november 2026.",
    "Betänketid beviljad. Perioden slutar 2026-11-24.",
    "Betänketid beviljad. Den löper från 2026-10-26 till 2026-11-24.",
    "A reflection period was granted. It runs for 30 days from 26 October 2026.",
    "A reflection period was granted.\nThe period ends on 24 November 2026.",
    "The reflection period is granted. It lasts 30 days, starting on 26 October 2026.",
]
# What must not be read: nobody can tell, or it is about something else.
NOT_OF_THE_PERIOD = [
    "Betänketid avslogs.\nDen löper 30 dagar från 26 oktober 2026",
    "Betänketid har inte beviljats. Den löper 30 dagar från 26 oktober 2026",
    "Hon har ansökt om betänketid. Den löper 30 dagar från 26 oktober 2026",
    "The reflection period was refused. It runs for 30 days from 26 October 2026.",
    "We request a reflection period. It runs for 30 days from 26 October 2026.",
    "No reflection period was granted. It ends on 24 November 2026.",
    "Betänketid beviljad. Hon stannar 30 dagar från 26 oktober 2026",
    "Betänketid beviljad. Den 24 november 2026 reser hon.",
    "Betänketid beviljad. Den sökande vistas här 30 dagar från 26 oktober 2026",
    "Betänketid och uppehållstillstånd beviljades. Den löper 30 dagar från 26 oktober 2026",
    "Her passport and the reflection period were noted. It expires on 24 November 2026.",
    "Betänketid beviljad. Polisen har ringt. Den löper 30 dagar från 26 oktober 2026",
    "Betänketid beviljad.\n\nDen löper 30 dagar från 26 oktober 2026",
    "Betänketid beviljad. Den löper 30 dagar från 03/04/2026",
    "Betänketid beviljad. Den börjar 26 oktober 2026",
    "Betänketid beviljad. Den löper 30 dagar.",
    "Sjukskrivning beviljad. Den löper 30 dagar från 26 oktober 2026",
    "Den löper 30 dagar från 26 oktober 2026",
    "Betänketid beviljad. " + "Den " * 60 + "löper 30 dagar från 26 oktober 2026",
]


@pytest.mark.parametrize("text", GOES_ON)
def test_a_sentence_that_goes_on_about_the_period_is_read_with_it(text: str) -> None:
    found = [(each.kind.value, each.value) for each in find_labelled_dates(text, 1)]

    assert [each for each in found if each[0] == "reflection_end"] == END


@pytest.mark.parametrize("text", NOT_OF_THE_PERIOD)
def test_a_sentence_about_something_else_says_no_end_of_the_period(text: str) -> None:
    found = [each.kind.value for each in find_labelled_dates(text, 1)]

    assert "reflection_end" not in found


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_date_is_read_as_written(text: str, expected: list[list[str]]) -> None:
    found = find_dates(text, limit=9)

    assert [[day.isoformat() for day in seen.readings] for seen in found] == expected


@pytest.mark.parametrize(("text", "expected"), CLAIMED)
def test_date_is_claimed_by_the_words_before_it(text: str, expected: list[tuple[str, str]]) -> None:
    found = list(find_labelled_dates(text, 1))

    assert [(each.kind.value, each.value) for each in found] == expected
    assert all(text[each.start : each.end] == each.shown and not each.is_checked for each in found)
