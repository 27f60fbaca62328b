"""Check labels and untrusted text: known codes have words, unknown ones show as themselves."""

import pytest

from portal.text import labels, untrusted
from storage.documents.documents import DocumentState
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, SenderVerdict, SubmissionState


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("sender_unknown", "The sender's address is not in the register."),
        ("malware:EICAR", "Malware was found. It is never shown. (EICAR)"),
        ("some_new_code", "Reason: some new code."),
        ("", ""),
        (None, ""),
    ],
)
def test_reasons_are_sentences(code: str | None, sentence: str) -> None:
    assert labels.reason(code) == sentence


def test_every_state_has_its_words() -> None:
    assert set(labels.DOCUMENT_MARKS) == set(DocumentState)
    assert set(labels.QUEUES) == set(labels.QUEUE_HELP) == set(Queue)
    assert set(labels.PRIORITY_MARKS) == set(Priority)
    assert set(labels.VERDICT_MARKS) == set(SenderVerdict)
    assert set(labels.SUBMISSION_STATES) == set(SubmissionState)


def test_no_two_document_states_look_alike() -> None:
    shapes = [each.shape for each in (*labels.DOCUMENT_MARKS.values(), labels.TEXT_ONLY)]

    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    ("detail", "line"),
    [
        ({"documents": 4, "flags": []}, "4 documents"),
        ({"states": {"HELD": 1, "CLEAN": 3}}, "3 clean, 1 held"),
        (
            {"reason": "sender_unknown", "queue": "Q3", "case": "0f"},
            "The sender's address is not in the register · queue Mail to match",
        ),
        ({"kind": "R1", "reason": ""}, ""),
        ({"channel": "email", "bytes": 1_800_000}, "1.8 MB"),
        ({"something": "new"}, "something new"),
    ],
)
def test_an_events_detail_is_one_line(detail: dict[str, object], line: str) -> None:
    assert labels.details(detail) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain.pdf", "plain.pdf"),
        ("a\u202eb", "a\ufffdb"),
        ("a\r\nb", "a\ufffd\ufffdb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("صورة.jpg", "صورة.jpg"),
    ],
)
def test_a_line_holds_nothing_that_acts(text: str, line: str) -> None:
    assert untrusted.one_line(text) == line


def test_a_message_body_keeps_its_lines_and_marks() -> None:
    assert untrusted.running("a\r\nb\t\u200fc\u202ed\x00") == "a\nb\t\u200fc\ufffdd\ufffd"
