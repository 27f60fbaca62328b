"""Serve the stylesheet, the scripts and the mark, compressed and kept by the browser for good.

They are read and compressed once, when the application is built. An old telephone on prepaid data
gets a quarter of the bytes, and gets them once, since an asset's address names its content.
Pages themselves are never compressed: they carry form tokens beside what somebody typed,
and the length of a compressed page tells of both (BREACH, CVE-2013-3587).
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, Response, abort, current_app, request

from portal.web.policy import public

FOLDER = Path(__file__).parents[1] / "static"
VERSION = "v"
VERSION_DIGITS = 12
EXTENSION = "avrr.assets"
# A line of a script that holds a comment alone; none of ours stands within a text of several lines.
COMMENT_LINE = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)
# A year is what HTTP calls for good (RFC 9111 §5.2.2.1, RFC 8246).
KEPT = "public, max-age=31536000, immutable"
# An old page in a browser asks without the version.
KEPT_SHORTLY = "public, max-age=300"


@dataclass(frozen=True)
class Asset:
    """One file: its bytes plain and with gzip, its media type, and a version from its content."""

    content: bytes
    compressed: bytes
    media_type: str
    version: str


def register(app: Flask) -> None:
    """Read the assets, serve them, and let templates ask for their addresses."""
    app.extensions[EXTENSION] = read(FOLDER)
    # The endpoint has the name that Flask would give it: `security` and `policy` look for that.
    app.add_url_rule("/static/<filename>", endpoint="static", view_func=serve)
    app.jinja_env.globals["asset"] = address


def read(folder: Path) -> dict[str, Asset]:
    """Return {file name: asset} of a folder."""
    return {path.name: _asset(path) for path in sorted(folder.iterdir()) if path.is_file()}


@public
def serve(filename: str) -> Response:
    """Answer with an asset, compressed for browsers that take gzip."""
    asset = _assets().get(filename)
    if asset is None:
        abort(404)
    is_compressed = request.accept_encodings.quality("gzip") > 0
    response = Response(
        asset.compressed if is_compressed else asset.content, content_type=asset.media_type
    )
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    is_named = request.args.get(VERSION) == asset.version
    response.headers["Cache-Control"] = KEPT if is_named else KEPT_SHORTLY
    response.set_etag(f"{asset.version}-gzip" if is_compressed else asset.version)
    response.make_conditional(request)
    return response


def address(name: str) -> str:
    """Return the address of an asset; it changes with the asset's content."""
    return f"/static/{name}?{VERSION}={_assets()[name].version}"


def _asset(path: Path) -> Asset:
    content = _without_comments(path)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        content,
        # No time is written into it, so that every process answers with the same bytes.
        gzip.compress(content, 9, mtime=0),
        f"{media_type}; charset=utf-8",
        hashlib.sha256(content).hexdigest()[:VERSION_DIGITS],
    )


def _without_comments(path: Path) -> bytes:
    """Return a file without its comments: all of a stylesheet, whole lines of a script.

    They are for who reads the source, and an old telephone pays for each byte.
    """
    content = path.read_bytes()
    if path.suffix == ".css":
        return re.sub(rb"\s*/\*.*?\*/", b"", content, flags=re.DOTALL)
    return COMMENT_LINE.sub(b"", content) if path.suffix == ".js" else content


def _assets() -> dict[str, Asset]:
    return cast("dict[str, Asset]", current_app.extensions[EXTENSION])  # untyped in Flask
