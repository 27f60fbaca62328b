"""Check assets: small on their way, kept for good under an address that names their content."""

import gzip
import re

import pytest

from portal.app import TEMPLATES
from portal.web import assets
from tests.portal.conftest import Browser

ZIPPED = {"Accept-Encoding": "gzip"}
# Applicants' pages (requirement 121): what a page weighs with everything that it asks for.
MAX_PUBLIC_BYTES = 40_000
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def test_a_named_asset_is_kept_for_good(browser: Browser) -> None:
    address = ADDRESS.findall(browser.get("/sign-in").text)[1]

    answer = browser.get(address)

    assert address.startswith("/static/portal.css?v=")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("query", ["", "?v=000000000000", "?v="])
def test_another_version_is_asked_for_again_soon(browser: Browser, query: str) -> None:
    answer = browser.get(f"/static/portal.css{query}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_compressed_it_is_the_same_file(browser: Browser) -> None:
    plain, zipped = browser.get("/static/portal.css"), browser.get("/static/portal.css", ZIPPED)

    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    assert len(zipped.data) < len(plain.data) / 3


def test_what_is_served_is_the_file_without_its_comments(browser: Browser) -> None:
    for path in (each for each in assets.FOLDER.iterdir() if each.suffix in {".css", ".js"}):
        served = browser.get(f"/static/{path.name}").text
        kept = [line for line in served.splitlines() if line.strip()]
        source = path.read_text(encoding="utf-8").splitlines()

        # Whatever is served stands in the file, in its order.
        lines = iter(source)
        assert all(any(line in other for other in lines) for line in kept), path.name
        assert "/*" not in served or path.suffix == ".js"
        assert not any(line.lstrip().startswith("//") for line in kept)
        assert '"use strict";' in served or path.suffix == ".css"


def test_what_a_browser_has_is_not_sent_again(browser: Browser) -> None:
    tag = browser.get("/static/portal.css").headers["ETag"]

    answer = browser.get("/static/portal.css", {"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize("name", ["none.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "."])
def test_nothing_else_is_an_asset(browser: Browser, name: str) -> None:
    answer = browser.get(f"/static/{name}", ZIPPED)

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_is_never_compressed(browser: Browser) -> None:
    answer = browser.get("/sign-in", ZIPPED)

    assert "csrf_token" in answer.text
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/invitation/none", "/verify", "/nothing"])
def test_a_public_page_is_light_with_all_it_asks_for(browser: Browser, path: str) -> None:
    page = browser.get(path)
    addresses = ADDRESS.findall(page.text)

    weights = [len(browser.get(address, ZIPPED).data) for address in addresses]

    assert len(weights) >= 2
    assert len(page.data) + sum(weights) <= MAX_PUBLIC_BYTES


def test_no_template_names_an_asset_by_hand() -> None:
    by_hand = [
        path.name for path in TEMPLATES.rglob("*.html") if '"/static/' in path.read_text("utf-8")
    ]

    assert by_hand == []
