"""Ask for any address with any method, as a browser or an attacker would."""

import io
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.web import session
from tests.portal.access.people import Viewer
from tests.portal.building import HOST
from tests.portal.conftest import TOKEN

SITE = f"http://{HOST}"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Person:
    """A browser in which a viewer's session is open, or nobody's; forms carry their token."""

    def __init__(self, app: Flask, viewer: Viewer | None) -> None:
        self.client = app.test_client()
        if viewer is not None:
            with self.client.session_transaction(base_url=SITE) as kept:
                kept[session.TOKEN] = viewer.token
        page = "/" if viewer is not None else "/sign-in"
        found = TOKEN.search(self.client.get(page, base_url=SITE).text)
        assert found is not None, f"no form on {page}"
        self.form_token = found.group(1)
        kept_cookie = self.client.get_cookie(browser_cookie(app), domain=HOST)
        assert kept_cookie is not None
        self.cookie = kept_cookie.value
        self.cookie_name = browser_cookie(app)

    def ask(self, method: str, endpoint: str, path: str, /, **fields: str) -> TestResponse:
        """Ask, with the form's token where something may change; the session stays open."""
        self.client.set_cookie(self.cookie_name, self.cookie, domain=HOST)
        if method in SAFE_METHODS:
            sent: dict[str, Any] = {"query_string": fields}  # Any: what the test client takes
        else:
            sent = _body(endpoint, fields, self._token_for(path))
        return self.client.open(path, method=method, base_url=SITE, buffered=True, **sent)

    def _token_for(self, path: str) -> str:
        """Return the form's token; the forms of a link's pages carry one that the link makes."""
        if not path.startswith("/send/"):
            return self.form_token
        page = "/".join(path.split("/")[:3])
        found = TOKEN.search(self.client.get(page, base_url=SITE).text)
        # The page of a link that another browser uses has no form.
        return found.group(1) if found is not None else ""


def browser_cookie(app: Flask) -> str:
    """Return the name of the session's cookie."""
    return str(app.config["SESSION_COOKIE_NAME"])


def is_led_to_sign_in(answer: TestResponse) -> bool:
    """Tell whether an answer only says where to sign in."""
    return answer.status_code == 303 and answer.location.startswith("/sign-in")


def text_of(answer: TestResponse) -> str:
    """Return what an answer says, pictures included, as far as it is text."""
    return answer.get_data().decode("utf-8", "replace")


def _body(endpoint: str, fields: dict[str, str], token: str) -> dict[str, Any]:  # Any: as above
    """Return the body that an endpoint reads; most take a form."""
    headers = {"X-CSRFToken": token}
    if endpoint in {"uploads.announce", "link_uploads.announce"}:
        told = {"name": "a.pdf", "type": "text/plain", "size": 3}
        return {"headers": headers, "json": told}
    if endpoint in {"uploads.put", "link_uploads.put"}:
        return {"headers": headers, "query_string": {"offset": "0"}, "data": b"abc"}
    data: dict[str, Any] = {"csrf_token": token, **fields}
    if endpoint in {"drafts.keep", "link_papers.keep"}:
        # Multipart, as the view reads it: the token first, and a part that could hold a file.
        act = "remove" if "remove" in fields else "save"
        data |= {"act": act, "file": (io.BytesIO(b""), "")}
        return {"data": data, "content_type": "multipart/form-data"}
    return {"headers": headers, "data": data}
