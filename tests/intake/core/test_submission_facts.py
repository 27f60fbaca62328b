"""What stands in `submissions.facts` is read as it was written, by this release or an older one."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from intake.core import submission_facts
from intake.core.submission_facts import EMPTY_HEADER, FormFacts, ReferralForm
from storage.crypto.keys import DataKey
from storage.crypto.sealing import seal, unseal
from storage.submissions.submissions import Submission, place

ROOT = Path(__file__).parents[3]
ROOMS = ("intake", "portal", "mailbox")
ID = "1" * 32
PLACE = place("submissions", "facts", ID)
KEY = DataKey("0" * 32, b"k" * 32)
HEADER = replace(
    EMPTY_HEADER,
    from_address="anna@partner.example",
    references=("<a@b.example>", "<c@d.example>"),
    list_headers=True,
    return_path="<>",
)
FORM = ReferralForm(priority="urgent", adults=2, reflection_end="2026-12-31")


def submission_with(text: str | None) -> Submission:
    """Return a submission whose column holds a text, sealed."""
    row = Submission(id=ID)
    if text is not None:
        row.facts = seal(KEY, PLACE, text)
    return row


def test_mail_header_that_was_written_reads_the_same() -> None:
    row = Submission(id=ID, facts=submission_facts.seal_mail(KEY, ID, HEADER))

    assert submission_facts.of_mail(row, KEY) == HEADER
    assert submission_facts.of_form(row, KEY) == FormFacts()


@pytest.mark.parametrize(
    "facts", [FormFacts("referral", FORM), FormFacts("link", link_id="2" * 32)]
)
def test_form_that_was_written_reads_the_same(facts: FormFacts) -> None:
    row = Submission(id=ID, facts=submission_facts.seal_form(KEY, ID, facts))

    assert submission_facts.of_form(row, KEY) == facts
    assert submission_facts.of_mail(row, KEY) is None


def test_form_facts_are_stored_under_the_names_of_older_releases() -> None:
    sent = submission_facts.seal_form(KEY, ID, FormFacts("referral", FORM))
    by_link = submission_facts.seal_form(KEY, ID, FormFacts("link", link_id="2" * 32))

    assert json.loads(unseal(KEY, PLACE, sent)) == {"form": asdict(FORM), "kind": "referral"}
    assert json.loads(unseal(KEY, PLACE, by_link)) == {"kind": "link", "link": "2" * 32}


@pytest.mark.parametrize("text", [None, "", "{}"])
def test_column_that_says_nothing_is_no_mail_and_no_form(text: str | None) -> None:
    row = submission_with(text)

    assert submission_facts.of_mail(row, KEY) is None
    assert submission_facts.of_form(row, KEY) == FormFacts()


@pytest.mark.parametrize("missing", sorted(asdict(EMPTY_HEADER)))
def test_header_of_an_older_release_lacks_a_name_and_still_opens(missing: str) -> None:
    stored = asdict(HEADER)
    del stored[missing]

    found = submission_facts.of_mail(submission_with(json.dumps(stored)), KEY)

    assert found == replace(HEADER, **{missing: getattr(EMPTY_HEADER, missing)})


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, ReferralForm()),
        ({"adults": 2, "children": None}, ReferralForm(adults=2)),
        ({"language": "sv", "asked_no_longer": "yes"}, ReferralForm(language="sv")),
    ],
)
def test_form_of_another_release_still_opens(form: dict[str, Any], expected: ReferralForm) -> None:
    row = submission_with(json.dumps({"form": form}))

    assert submission_facts.of_form(row, KEY) == FormFacts(form=expected)


def test_column_is_read_and_written_in_one_module_only() -> None:
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = [path for path in sources if '"submissions", "facts"' in path.read_text("utf-8")]

    assert found == [ROOT / "intake" / "core" / "submission_facts.py"]
