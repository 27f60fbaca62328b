"""Hold that only an answer as agreed gets out of the jail."""

import copy
import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

import pytest

from intake.sandbox.checks import results
from intake.sandbox.checks.results import read_delivery_report
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.errors import OutputRefused
from intake.sandbox.protocol.frames import pack, unpack
from intake.sandbox.protocol.results import DeliveryReport, ReportedRecipient

GOOD: dict[str, Any] = {  # Any: JSON from the jail
    "recipients": [
        {"original": "", "final": "anna@partner.example", "action": "failed", "status": "5.1.1"}
    ],
    "returned_ids": ["<r1.0123@example.org>"],
}

Head = dict[str, Any]  # an answer as JSON brings it, to be spoilt in every place


def opened() -> tuple[Head, list[bytes]]:
    """Return the honest answer for a small message."""
    facts = open_mail(b"From: a@example.org\r\nMessage-ID: <a@b>\r\n\r\nhello").facts
    part: Head = {
        "path": "1",
        "parent": None,
        "role": "body",
        "claimed_name": "",
        "claimed_type": "text/plain",
        "content_id": "",
        "defects": [],
    }
    head: Head = {
        "facts": dataclasses.asdict(facts),
        "parts": [part],
        "flags": [],
        "body_text": "hello",
        "pasted_sizes": [7],
    }
    return unpack(b"".join(pack(head, [b"hello"])))


def inspected() -> Head:
    """Return the honest answer for a small document."""
    return {
        "detected_type": "text/plain",
        "state": "clean",
        "reason": "",
        "findings": [],
        "page_count": None,
    }


def spoil(head: Head, path: Sequence[str | int], value: object) -> None:
    """Put `value` into the place that `path` leads to."""
    inner: Any = head
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value


def test_honest_answer_is_taken_and_hashed_here() -> None:
    mail = results.read_opened_mail(*opened())

    assert mail.parts[0].sha256 == hashlib.sha256(b"hello").hexdigest()
    assert (mail.parts[0].size, mail.pasted_sizes) == (5, (7,))


SPOILT: list[tuple[tuple[str | int, ...], object]] = [
    (("facts",), None),
    (("facts", "from_address"), "a@example.org\r\nb@evil.org"),
    (("facts", "from_address"), "a@EXAMPLE.org"),
    (("facts", "from_address"), 7),
    (("facts", "from_address"), None),
    (("facts", "from_defects"), ["bad_syntax"]),
    (("facts", "claimed_from"), "x" * 501),
    (("facts", "subject"), "a\x00b"),
    (("facts", "subject"), "a\ud800b"),
    (("facts", "subject"), "a\u202eb"),
    (("facts", "subject"), ["a"]),
    (("facts", "subject"), "x" * 1001),
    (("facts", "message_id"), "a@b"),
    (("facts", "message_id"), "<a>\r\nBcc: x"),
    (("facts", "references"), ["<a@b>"] * 101),
    (("facts", "references"), "<a@b>"),
    (("facts", "to_addresses"), [None]),
    (("facts", "list_headers"), 1),
    (("facts", "list_kind"), "newsletter"),
    (("facts", "return_path"), 1),
    (("facts", "content_type"), "text"),
    (("facts", "authentication_results"), ["x" * 4097]),
    (("facts", "defects"), ["Not A Code"]),
    (("parts",), {}),
    (("parts",), []),
    (("parts", 0), "x"),
    (("parts", 0, "path"), "../1"),
    (("parts", 0, "path"), "0"),
    (("parts", 0, "parent"), "7"),
    (("parts", 0, "parent"), "1"),
    (("parts", 0, "role"), "owner"),
    (("parts", 0, "role"), ["body"]),
    (("parts", 0, "claimed_name"), "x" * 256),
    (("parts", 0, "claimed_name"), "a\nb"),
    (("parts", 0, "claimed_type"), None),
    (("parts", 0, "defects"), ["x"] * 101),
    (("flags",), [1]),
    (("flags",), "ambiguous"),
    (("body_text",), "x" * 200_001),
    (("body_text",), "a\x1bb"),
    (("pasted_sizes",), 7),
    (("pasted_sizes",), [0]),
    (("pasted_sizes",), [True]),
    (("pasted_sizes",), ["7"]),
    (("pasted_sizes",), [1 << 40]),
    (("pasted_sizes",), [7] * 101),
]


@pytest.mark.parametrize(("path", "value"), SPOILT)
def test_spoilt_mail_is_refused(path: Sequence[str | int], value: object) -> None:
    head, blobs = opened()
    spoil(head, path, value)

    with pytest.raises(OutputRefused):
        results.read_opened_mail(head, blobs)


@pytest.mark.parametrize("name", ["facts", "parts", "flags", "body_text", "pasted_sizes"])
def test_mail_without_a_field_is_refused(name: str) -> None:
    head, blobs = opened()
    del head[name]

    with pytest.raises(OutputRefused):
        results.read_opened_mail(head, blobs)


def test_parts_and_blobs_must_be_as_many() -> None:
    head, blobs = opened()

    with pytest.raises(OutputRefused):
        results.read_opened_mail(head, [*blobs, b"one more"])


def test_two_parts_cannot_have_one_path() -> None:
    head, blobs = opened()
    head["parts"] *= 2

    with pytest.raises(OutputRefused):
        results.read_opened_mail(head, blobs * 2)


def test_mail_without_parts_must_say_why() -> None:
    head, _ = opened()
    head["parts"] = []

    with pytest.raises(OutputRefused):
        results.read_opened_mail(head, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("detected_type", "x"),
        ("detected_type", None),
        ("state", "approved"),
        ("state", None),
        ("state", "held"),
        ("reason", "fine"),
        ("reason", None),
        ("findings", ["<b>"]),
        ("page_count", -1),
        ("page_count", True),
        ("page_count", 10**9),
        ("page_count", "1"),
    ],
)
def test_spoilt_inspection_is_refused(name: str, value: object) -> None:
    with pytest.raises(OutputRefused):
        results.read_inspection(inspected() | {name: value})


def test_honest_inspection_is_taken() -> None:
    assert results.read_inspection(inspected()).state == "clean"


def changed(field: str, value: object) -> dict[str, Any]:
    head = copy.deepcopy(GOOD)
    head["recipients"][0][field] = value
    return head


def test_a_sound_answer_comes_through() -> None:
    read = read_delivery_report(GOOD)

    assert read == DeliveryReport(
        (ReportedRecipient("", "anna@partner.example", "failed", "5.1.1"),),
        ("<r1.0123@example.org>",),
    )


def test_what_the_reader_writes_is_what_the_host_takes() -> None:
    report = read_delivery_report(GOOD)
    head = dataclasses.asdict(report)

    lists = {"recipients": list(head["recipients"]), "returned_ids": list(head["returned_ids"])}
    assert read_delivery_report(lists) == report


@pytest.mark.parametrize(
    "head",
    [
        {},
        {**GOOD, "recipients": None},
        {**GOOD, "recipients": ["x"]},
        {**GOOD, "recipients": GOOD["recipients"] * 51},
        {**GOOD, "returned_ids": "<a@b>"},
        {**GOOD, "returned_ids": ["<a@b>"] * 6},
        {**GOOD, "returned_ids": ["a@b"]},
        {**GOOD, "returned_ids": ["<a@b>\r\nBcc: x"]},
        {**GOOD, "returned_ids": [""]},
        changed("final", "Anna@partner.example"),
        changed("final", "anna@partner.example\n"),
        changed("final", "a" * 65 + "@partner.example"),
        changed("original", None),
        changed("action", "exploded"),
        changed("action", ["failed"]),
        changed("status", "5.1"),
        changed("status", "9.9.9"),
        changed("status", "5.1.1\n"),
        changed("status", 5),
    ],
)
def test_anything_else_is_refused(head: dict[str, Any]) -> None:
    with pytest.raises(OutputRefused):
        read_delivery_report(head)


def test_what_came_of_checking_signatures_is_taken() -> None:
    checked = {"2": "signature_fits", "3.2": "signature_differs", "4": "signature_not_checked"}

    assert results.read_checked({"checked": checked}) == checked
    assert results.read_checked({"checked": {}}) == {}


@pytest.mark.parametrize(
    "checked",
    [
        None,
        [],
        ["2"],
        {"": "signature_fits"},
        {"2\n": "signature_fits"},
        {"0": "signature_fits"},
        {"2": "trusted"},
        {"2": None},
        {"2": ["signature_fits"]},
        {str(number): "signature_fits" for number in range(1, 502)},
    ],
)
def test_any_other_answer_about_signatures_is_refused(checked: object) -> None:
    with pytest.raises(OutputRefused):
        results.read_checked({"checked": checked})
