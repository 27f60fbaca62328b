"""Check that what is asked before a text is sent answers no guess at a closed name (threat P10).

Only mail is asked for names; what stays behind the sign-in may name the person.
"""

import json

import pytest
from flask import Flask

from storage.base import new_id
from storage.crypto.sealing import seal
from storage.submissions.submissions import Submission, place
from tests.intake.documents.held import FACTS
from tests.portal.access.closed.derived_lot import WORDS
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World

VIEWERS = {viewer.name: viewer for viewer in PEOPLE}
# What a page says of a name that is known, and of a word on which it shows any text again.
NAMED = "The name of a person of this case."
CHECKED = {
    "confirmation": "This may tell where the person is.",
    "message": "This may tell where the person is.",
    "answer": "This word can tell what the message is about.",
}


@pytest.mark.parametrize("form", ["confirmation", "message", "answer"])
@pytest.mark.parametrize("name", ["INTAKE", "CASEW"])
def test_a_check_of_words_answers_no_guess_at_a_closed_name(
    app: Flask, world: World, derived: Lot, form: str, name: str
) -> None:
    _let_it_be_answered(world, derived)
    person = Person(app, VIEWERS[name])

    guessed, other = (_checked(person, derived, form, word) for word in (WORDS, "NOBODYATALL"))

    assert CHECKED[form] in guessed
    assert CHECKED[form] in other
    assert NAMED not in other
    assert (NAMED in guessed) is (form == "answer" and name == "CASEW")


def _checked(person: Person, lot: Lot, form: str, word: str) -> str:
    """Return the page that shows what is found in a text with a word."""
    reference, case = lot.values["reference"], lot.values["cases.reference"]
    text = f"Please send the passport and the address of {word}."
    ways = {
        "confirmation": (
            "confirmations.sign",
            f"/submissions/{reference}/confirmation",
            {"next_step": text},
        ),
        "message": (
            "cases.message",
            f"/cases/{case}/message",
            {"message": text, "message_id": new_id()},
        ),
        "answer": (
            "answers.send",
            f"/submissions/{reference}/answer",
            {"code": "call_us", "answer_language": "sv", "more": text},
        ),
    }
    endpoint, path, fields = ways[form]
    return text_of(person.ask("POST", endpoint, path, **fields))


def _let_it_be_answered(world: World, lot: Lot) -> None:
    """Let the submission have come by a mail whose sender can be answered."""
    with world.services.database.transaction() as session:
        submission = session.query(Submission).filter_by(reference=lot.values["reference"]).one()
        key = world.services.keyring.open(session, submission.data_key_id)
        facts = place("submissions", "facts", submission.id)
        submission.facts = seal(key, facts, json.dumps(FACTS))
