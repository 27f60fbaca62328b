"""Check what a paper says: outcomes, visible names, one canonical form."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.confirmations.content import (
    FileOutcome,
    Paper,
    PaperFile,
    Promise,
    anchor_of,
    canonical,
    digest_of,
    outcome_of,
    visible,
)
from intake.documents.views import CopyStanding
from storage.audit_chain import Anchor
from storage.cases.confirmations import PaperKind
from storage.documents.documents import DocumentState

READABLE = PaperFile("remiss.pdf", 10, "ab" * 32, 2, None, FileOutcome.READABLE)
LOCKED = PaperFile("låst.pdf", 11, "cd" * 32, None, None, FileOutcome.LOCKED)
PAPER = Paper(
    kind=PaperKind.CONFIRMATION,
    number=2,
    reference="K7M-4QX-9T",
    received_at=datetime(2026, 11, 24, 8, 42, tzinfo=UTC),
    issued_on=date(2026, 11, 24),
    channel="upload",
    files=(READABLE, LOCKED),
    promise=Promise("Intake officer 1", "INTAKE", "", "We write to you.", None, ""),
)


@pytest.mark.parametrize(
    ("state", "copy", "outcome"),
    [
        ("CLEAN", CopyStanding.READY, FileOutcome.READABLE),
        ("ACTIVE", CopyStanding.READY, FileOutcome.READABLE),
        ("CLEAN", CopyStanding.NONE, FileOutcome.READABLE),
        ("CLEAN", CopyStanding.BEING_MADE, FileOutcome.OPENING),
        ("CLEAN", CopyStanding.FAILED, FileOutcome.NO_COPY),
        ("STORED", CopyStanding.NONE, FileOutcome.HELD),
        ("HELD", CopyStanding.NONE, FileOutcome.HELD),
        ("INFECTED", CopyStanding.NONE, FileOutcome.UNSAFE),
        ("LOCKED", CopyStanding.NONE, FileOutcome.LOCKED),
        ("UNREADABLE", CopyStanding.NONE, FileOutcome.DAMAGED),
        ("REJECTED", CopyStanding.NONE, FileOutcome.REFUSED),
        ("IGNORED", CopyStanding.NONE, FileOutcome.UNPACKED),
    ],
)
def test_each_state_has_its_outcome(state: str, copy: CopyStanding, outcome: FileOutcome) -> None:
    assert outcome_of(state, copy, 10) is outcome


def test_an_empty_file_is_called_empty_and_not_damaged() -> None:
    assert outcome_of("UNREADABLE", CopyStanding.NONE, 0) is FileOutcome.EMPTY


def test_no_state_of_a_document_is_without_an_outcome() -> None:
    outcomes = {
        outcome_of(state, copy, size)
        for state in DocumentState
        for copy in CopyStanding
        for size in (0, 10)
    }

    assert outcomes == set(FileOutcome) - {FileOutcome.RECEIVED}


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("Remiss återvändande.pdf", "Remiss återvändande.pdf"),
        ("صورة.jpg", "صورة.jpg"),
        ("faktura\u202efdp.exe", "faktura\ufffdfdp.exe"),
        ("a\nSHA-256 0000", "a\ufffdSHA-256 0000"),
        ("a\u2028b\u200eb\x00.pdf", "a\ufffdb\ufffdb\ufffd.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("a\u030a.pdf", "å.pdf"),
        ("x" * 300, "x" * 255 + "…"),
    ],
)
def test_names_are_made_visible(claimed: str, shown: str) -> None:
    assert visible(claimed) == shown


def test_containers_are_not_counted_and_numbers_stay_those_of_the_list() -> None:
    container = replace(LOCKED, outcome=FileOutcome.UNPACKED)

    paper = replace(PAPER, files=(container, READABLE, LOCKED))

    assert [number for number, _ in paper.counted] == [2, 3]
    assert paper.excepted == ((3, LOCKED),)


def test_the_canonical_form_is_sorted_json_without_blanks() -> None:
    content = canonical(PAPER, Anchor(812, "ab" * 32, datetime(2026, 11, 24, 8, 41, tzinfo=UTC)))

    value = json.loads(content)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert content == again.encode()
    assert value["format"] == 2
    assert value["audit"] == {"number": 812, "hash": "ab" * 32, "at": "2026-11-24T08:41:00+00:00"}
    assert value["received_at"] == "2026-11-24T08:42:00+00:00"
    assert value["files"][1] == {
        "name": "låst.pdf",
        "size": 11,
        "sha256": "cd" * 32,
        "pages": None,
        "kind": None,
        "outcome": "locked",
    }


def test_an_anchor_is_read_from_the_newest_format_and_from_no_older_one() -> None:
    anchor = Anchor(812, "ab" * 32, datetime(2026, 11, 24, 8, 41, tzinfo=UTC))

    assert anchor_of(canonical(PAPER, anchor)) == (812, "ab" * 32)
    assert anchor_of(b'{"format":1,"number":2}') is None


@pytest.mark.parametrize(
    "other",
    [
        replace(PAPER, number=3),
        replace(PAPER, files=(LOCKED, READABLE)),
        replace(PAPER, issued_on=date(2026, 11, 25)),
        replace(PAPER, promise=Promise("Intake officer 2", "INTAKE", "", "We write.", None, "")),
    ],
)
def test_another_content_has_another_digest(other: Paper) -> None:
    assert digest_of(canonical(other)) != digest_of(canonical(PAPER))
