"""What was read from a closed document is closed with it, at every address there is (threat P10).

One submission holds a confirmed health document, and a name, a value and two days that stand only
there, one of them confirmed. Each person asks for every page that can name any of it, and tries
every act on it.
"""

import pytest
from flask import Flask

from tests.portal.access.asked import filled_in
from tests.portal.access.closed.derived_lot import CLOSED, WORDS, ways
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.rows import rows_of
from tests.portal.access.world import World

# How the days could be written on a page.
WRITTEN = tuple(
    written
    for english, swedish, number in (("March", "mars", "03"), ("April", "april", "04"))
    for written in (
        f"17 {english[:3]} 2031",
        f"17 {english} 2031",
        f"17 {swedish} 2031",
        f"2031-{number}-17",
        f"17/{number}/2031",
        f"17.{number}.2031",
    )
)
DERIVED = frozenset({"value_id", "person_id", "date_id"})
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
# A search sends its words in a form, and reads.
READS = {"documents.search"}
VIEWERS = {viewer.name: viewer for viewer in PEOPLE}
# Who reads the document: the case's owner, and the health focal point, who reads it alone.
READERS = {"CASEW", "HEALTH"}
# What a page says of a name that is known, and of a word on which it shows any text again.
NAMED = "The name of a person of this case."
CHECKED = "This word can tell what the message is about."


@pytest.mark.parametrize("name", list(VIEWERS))
def test_no_page_says_what_only_a_closed_document_says(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    pages = [asked for asked in ways(app, world, derived) if asked.method == "GET"]

    told = []
    for asked in pages:
        text = text_of(person.ask("GET", asked.endpoint, asked.path, **filled_in(asked)))
        if WORDS in text or any(day in text for day in WRITTEN):
            told.append(asked.endpoint)

    assert len(pages) >= 20
    if name == "CASEW":
        assert {"staff.submission", "confirmations.compose"} <= set(told)
    elif name == "HEALTH":
        # The focal point reads the document itself, with its name.
        assert set(told) == {"documents.viewer"}
    else:
        assert told == []


@pytest.mark.parametrize("name", [name for name in VIEWERS if name not in READERS])
def test_nothing_derived_is_changed_by_whom_it_is_closed_to(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    acts = [
        asked
        for asked in ways(app, world, derived)
        if asked.method in CHANGING and asked.endpoint not in READS
        if any(derived.values[each] in asked.path for each in CLOSED)
    ]
    before = rows_of(world, [derived])

    answers = {
        str(asked): person.ask(
            asked.method, asked.endpoint, asked.path, right="yes", kind="CORR"
        ).status_code
        for asked in acts
    }

    assert len(answers) >= 9
    assert {status for status in answers.values() if status < 400} == set()
    assert rows_of(world, [derived]) == before


def test_its_reader_decides_about_it(app: Flask, world: World, derived: Lot) -> None:
    person = Person(app, VIEWERS["CASEW"])
    acts = [
        asked
        for asked in ways(app, world, derived)
        if asked.method == "POST" and any(derived.values[each] in asked.path for each in DERIVED)
    ]

    answers = [
        person.ask("POST", asked.endpoint, asked.path, right="yes").status_code for asked in acts
    ]

    assert all(status < 404 for status in answers)


@pytest.mark.parametrize("name", ["INTAKE", "CASEW"])
def test_the_history_tells_no_kind_of_what_is_closed(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    owner, reader = Person(app, VIEWERS["CASEW"]), Person(app, VIEWERS[name])
    for asked in ways(app, world, derived):
        if asked.method == "POST" and any(derived.values[each] in asked.path for each in DERIVED):
            owner.ask("POST", asked.endpoint, asked.path, right="yes")

    page = text_of(
        reader.ask("GET", "staff.submission", f"/submissions/{derived.values['reference']}")
    )
    history = page.partition('id="history"')[2].partition("</ol>")[0]

    assert "Date removed from the clocks" in history
    assert "Reading " in history
    assert "Person " in history
    is_told = [told in history for told in ("Removal", "Passport")]
    assert is_told == [name == "CASEW"] * 2
    # Codes and parts are told to nobody.
    assert [told for told in ("removal", "mrz", "part ") if told in history] == []
