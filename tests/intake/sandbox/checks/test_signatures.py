"""Hold that an answer about signatures is refused unless it is as agreed."""

from typing import Any

import pytest

from intake.sandbox.checks.signatures import question, read_claims, read_results
from intake.sandbox.protocol.errors import OutputRefused
from intake.sandbox.protocol.signatures import ClaimedSignatures, DkimClaim, SignatureResult

CLAIM = {"domain": "partner.example", "selector": "s1"}
RESULT = {**CLAIM, "outcome": "pass"}


def test_what_is_agreed_is_read() -> None:
    claim = DkimClaim("partner.example", "s1")

    assert read_claims({"from_domain": "partner.example", "claims": [CLAIM]}) == ClaimedSignatures(
        "partner.example", (claim,)
    )
    assert read_claims({"from_domain": "localhost", "claims": []}).from_domain == "localhost"
    assert read_claims({"from_domain": None, "claims": []}) == ClaimedSignatures(None, ())
    assert read_results({"results": [RESULT]}) == (SignatureResult(claim, "pass"),)


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"from_domain": "a.example"},
        {"from_domain": "a.example", "claims": {}},
        {"from_domain": "a.example", "claims": ["s1"]},
        {"from_domain": "a.example", "claims": [CLAIM, CLAIM]},
        {"from_domain": "a.example", "claims": [{**CLAIM, "selector": f"s{n}"} for n in range(11)]},
        {"from_domain": None, "claims": [CLAIM]},
        {"from_domain": "A.example", "claims": []},
        {"from_domain": "a..example", "claims": []},
        {"from_domain": "a.example\n", "claims": []},
        {"from_domain": 1, "claims": []},
        {"from_domain": "a" * 300, "claims": []},
        {"from_domain": "a.example", "claims": [{**CLAIM, "domain": "example"}]},
        {"from_domain": "a.example", "claims": [{**CLAIM, "domain": "a.example\n"}]},
        {"from_domain": "a.example", "claims": [{**CLAIM, "domain": "a." * 200 + "example"}]},
        {"from_domain": "a.example", "claims": [{**CLAIM, "selector": "../s"}]},
        {"from_domain": "a.example", "claims": [{**CLAIM, "selector": "a." * 100 + "a"}]},
        {"from_domain": "a.example", "claims": [{"domain": "a.example"}]},
    ],
)
def test_other_claims_are_refused(head: dict[str, Any]) -> None:
    with pytest.raises(OutputRefused):
        read_claims(head)


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"results": "pass"},
        {"results": [None]},
        {"results": [CLAIM]},
        {"results": [{**RESULT, "outcome": "passed"}]},
        {"results": [{**RESULT, "outcome": ["pass"]}]},
        {"results": [{**RESULT, "domain": None}]},
        {"results": [RESULT] * 11},
    ],
)
def test_other_results_are_refused(head: dict[str, Any]) -> None:
    with pytest.raises(OutputRefused):
        read_results(head)


def test_a_record_longer_than_any_key_is_not_handed_in() -> None:
    arguments, blobs = question({"a.example": b"x" * 4097, "b.example": b"v"}, 7)

    assert arguments == {"names": ["a.example", "b.example"], "at_seconds": 7}
    assert blobs == [b"", b"v"]
