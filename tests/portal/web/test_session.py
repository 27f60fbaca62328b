"""The browser's side: networks, local paths, links from elsewhere."""

import pytest
from flask import Flask

from portal.web import session


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_an_address_or_a_prefix(app: Flask, address: str, network: str) -> None:
    environ = {"REMOTE_ADDR": address}

    with app.test_request_context("/", environ_overrides=environ):
        assert session.network() == network


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/queues/Q2", "/queues/Q2"),
        ("/submissions/K7M-4QX-9T", "/submissions/K7M-4QX-9T"),
        ("/", "/"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("https://evil.example", "/home"),
        ("/a?b=c", "/home"),
        ("/a\r\nX: y", "/home"),
        ("/a\n", "/home"),
        ("", "/home"),
        (None, "/home"),
    ],
)
def test_only_paths_of_this_site_are_followed(path: str | None, result: str) -> None:
    assert session.local_path(path, "/home") == result


def test_long_paths_take_no_long_time() -> None:
    assert session.local_path("/" + "a" * 50_000 + "!", "/home") == "/home"
