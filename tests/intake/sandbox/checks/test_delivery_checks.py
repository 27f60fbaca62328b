"""The host believes nothing of the jail's answer about a delivery report before it looked at it."""

import copy
import dataclasses
from typing import Any

import pytest

from intake.sandbox.checks.delivery_checks import read_delivery_report
from intake.sandbox.protocol.delivery import DeliveryReport, ReportedRecipient
from intake.sandbox.protocol.errors import OutputRefused

GOOD: dict[str, Any] = {  # Any: JSON from the jail
    "recipients": [
        {"original": "", "final": "anna@partner.example", "action": "failed", "status": "5.1.1"}
    ],
    "returned_ids": ["<r1.0123@example.org>"],
}


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
