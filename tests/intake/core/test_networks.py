"""Which wider networks a network lies in."""

import pytest

from intake.core.networks import around


@pytest.mark.parametrize(
    ("network", "found"),
    [
        ("192.0.2.7", ("192.0.2.0/24", "192.0.2.7/32")),
        (
            "2001:db8:1:2fe::/64",
            ("2001:db8:1::/48", "2001:db8:1:200::/56", "2001:db8:1:2fe::/64"),
        ),
        ("unknown", ("unknown",)),
        ("session", ("session",)),
    ],
)
def test_the_widest_network_comes_first(network: str, found: tuple[str, ...]) -> None:
    assert around(network) == found
