"""An organisation's domain is one label below a public suffix, on the list or not."""

import pytest

from intake.senders.authenticity.organisational_domain import Organisation


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.se", "example.se"),
        ("mail.example.se", "example.se"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("a.b.c.kawasaki.jp", "b.c.kawasaki.jp"),
        ("a.city.kawasaki.jp", "city.kawasaki.jp"),
        ("user.github.io", "user.github.io"),
        # An ending that the list does not know is a suffix all the same, and not one organisation.
        ("partner.example", "partner.example"),
        ("mail.partner.example", "partner.example"),
        ("se", None),
        ("co.uk", None),
        ("github.io", None),
        ("example", None),
        ("", None),
    ],
)
def test_the_organisation_is_found(
    organisation: Organisation, domain: str, expected: str | None
) -> None:
    assert organisation(domain) == expected
