"""Send JSON that is none, or none of ours, to every address that takes a body (threat W5)."""

from flask import Flask

from portal.web.policy import ROLES, Permission, policy_of
from storage.accounts.users import Role
from tests.portal.building import HOST
from tests.portal.conftest import TOKEN, Browser, SignIn

BODIES: dict[str, str | bytes] = {
    "deep-lists": "[" * 60_000,
    "deep-objects": '{"a":' * 12_000,
    "long-number": '{"name": "a", "type": "a/b", "size": ' + "9" * 5000 + "}",
    "not-a-number": '{"name": "a", "type": "a/b", "size": NaN}',
    "fraction": '{"name": "a", "type": "a/b", "size": 1e3}',
    "truth": '{"name": "a", "type": "a/b", "size": true}',
    "list": "[]",
    "text": '"a"',
    "nothing": "",
    "half": '{"name": "a',
    "not-utf-8": b'{"name": "\xff", "type": "a/b", "size": 3}',
}


def send(browser: Browser, method: str, path: str, body: str | bytes) -> tuple[int, str]:
    """Send a body with the form's token; return the status, and the kind of refusal if it says."""
    found = TOKEN.search(browser.get("/").text) or TOKEN.search(browser.get("/sign-in").text)
    assert found is not None
    answer = browser.client.open(
        path,
        method=method,
        base_url=f"http://{HOST}",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": found.group(1)},
    )
    told = answer.get_json() if answer.is_json else {}
    return answer.status_code, told.get("error", "")


def test_an_announcement_that_is_no_json_of_ours_is_refused(app: Flask, signed_in: SignIn) -> None:
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    browser = signed_in("COORD")
    draft_id = browser.post("/referrals/new", "/referrals").location.rpartition("/")[2]
    path = f"/referrals/drafts/{draft_id}/uploads"

    answers = {name: send(browser, "POST", path, body) for name, body in BODIES.items()}

    assert answers == dict.fromkeys(BODIES, (400, "bad_request"))


def test_no_address_fails_over_nested_json(app: Flask, signed_in: SignIn) -> None:
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    browsers = {role: signed_in(role) for role in Role} | {None: Browser(app)}

    failed = []
    for rule in app.url_map.iter_rules():
        permission = policy_of(app, rule.endpoint) if rule.endpoint != "static" else None
        if permission is None or rule.endpoint == "entrance.sign_out":
            continue
        role = None if permission is Permission.PUBLIC else min(ROLES[permission])
        with app.test_request_context():
            path = rule.build(dict.fromkeys(rule.arguments, "1"))
        assert path is not None
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            status, _ = send(browsers[role], method, path[1], BODIES["deep-lists"])
            failed += [f"{method} {rule}: {status}"] if status >= 500 else []

    assert failed == []
