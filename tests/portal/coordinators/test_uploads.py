"""Check uploads for the page's script: announced, in pieces, finished; and what is refused."""

import secrets

import pytest
from flask import Flask

from intake.arrivals import chunks
from intake.core.services import Services
from intake.oversight.verify import verify_storage
from tests.portal.building import Clock
from tests.portal.coordinators.support import (
    Coordinator,
    make_coordinator,
    reference_on,
    submission_of,
)

PIECE = 300_000


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


def send_pieces(coordinator: Coordinator, upload_id: str, content: bytes) -> None:
    """Put a whole file, piece by piece, and finish it."""
    for offset in range(0, len(content), PIECE):
        piece = content[offset : offset + PIECE]
        answer = coordinator.ask(
            "PUT", f"/referrals/uploads/{upload_id}?offset={offset}", data=piece
        )
        assert answer.get_json() == {"received": offset + len(piece)}
    answer = coordinator.ask("POST", f"/referrals/uploads/{upload_id}/finish")
    assert answer.get_json() == {"ready": True}


def test_pieces_with_script_become_a_sent_file(west: Coordinator, services: Services) -> None:
    draft_id, content = west.begin(), secrets.token_bytes(3 * PIECE + 17)

    upload_id = west.announce(draft_id, len(content)).get_json()["id"]
    send_pieces(west, upload_id, content)
    answer = west.send_form(draft_id, "send")

    reference = reference_on(west.get(answer.location).text)
    assert submission_of(services, reference).item_count == 1
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_after_a_break_the_server_says_where_to_go_on(west: Coordinator) -> None:
    upload_id = west.announce(west.begin(), 100).get_json()["id"]
    path = f"/referrals/uploads/{upload_id}"
    west.ask("PUT", f"{path}?offset=0", data=b"x" * 40)

    told = west.ask("GET", path).get_json()
    again = west.ask("PUT", f"{path}?offset=0", data=b"x" * 40)

    assert told == {"received": 40}
    assert again.status_code == 409
    assert (again.get_json()["error"], again.get_json()["received"]) == ("wrong_place", 40)


def test_a_piece_shorter_than_its_length_is_not_kept(west: Coordinator) -> None:
    upload_id = west.announce(west.begin(), 100).get_json()["id"]
    path = f"/referrals/uploads/{upload_id}"

    answer = west.ask(
        "PUT",
        f"{path}?offset=0",
        data=b"x" * 30,
        environ_overrides={"CONTENT_LENGTH": "50"},
    )

    assert (answer.status_code, answer.get_json()["error"]) == (400, "piece_cut")
    assert west.ask("GET", path).get_json() == {"received": 0}


def test_a_file_that_is_not_whole_cannot_be_finished_or_sent(west: Coordinator) -> None:
    draft_id = west.begin()
    upload_id = west.announce(draft_id, 100).get_json()["id"]
    west.ask("PUT", f"/referrals/uploads/{upload_id}?offset=0", data=b"x" * 40)

    finished = west.ask("POST", f"/referrals/uploads/{upload_id}/finish")
    sent = west.send_form(draft_id, "send")

    assert finished.status_code == 409
    assert sent.status_code == 409
    assert "Cannot be sent yet: 1 file is incomplete." in sent.text
    assert 'data-name="remiss.pdf"' in sent.text


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"name": "a", "type": "", "size": 104_857_601}, 413),
        ({"name": "a", "type": "", "size": -1}, 413),
        ({"name": "a", "type": "", "size": 10**30}, 413),
        ({"name": "a", "type": "", "size": True}, 400),
        ({"name": "a", "type": "", "size": "9"}, 400),
        ({"name": 7, "type": "", "size": 9}, 400),
        (["a"], 400),
        ({"name": "\ud800\x00", "type": "a\x00b", "size": 9}, 201),
        ({"name": "n" * 5000, "type": "t" * 5000, "size": 9}, 201),
    ],
)
def test_announcements_are_checked(west: Coordinator, told: object, status: int) -> None:
    draft_id = west.begin()

    answer = west.ask("POST", f"/referrals/drafts/{draft_id}/uploads", json=told)

    assert answer.status_code == status
    assert answer.is_json
    assert status == 201 or answer.get_json()["message"].endswith(".")
    assert west.get(f"/referrals/drafts/{draft_id}").status_code == 200


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "9" * 16, "\u0661"])
def test_a_place_is_a_plain_number(west: Coordinator, offset: str) -> None:
    upload_id = west.announce(west.begin(), 100).get_json()["id"]

    answer = west.ask("PUT", f"/referrals/uploads/{upload_id}?offset={offset}", data=b"x")

    assert answer.status_code == 400
    assert "load it again" in answer.get_json()["message"]


def test_a_piece_has_a_limit_of_its_own(west: Coordinator) -> None:
    upload_id = west.announce(west.begin(), 20_000_000).get_json()["id"]
    path = f"/referrals/uploads/{upload_id}?offset=0"

    fits = west.ask("PUT", path, data=bytes(chunks.MAX_CHUNK_BYTES))
    too_large = west.ask("PUT", path, data=bytes(chunks.MAX_CHUNK_BYTES + 1))

    assert (fits.status_code, too_large.status_code) == (200, 413)
    assert "larger than we take" in too_large.get_json()["message"]


def test_all_other_bodies_stay_small(west: Coordinator) -> None:
    answer = west.ask("POST", "/referrals/new", data={"csrf_token": "x" * 70_000})

    assert answer.status_code == 413


def test_a_piece_that_says_it_is_a_form_is_still_a_piece(west: Coordinator) -> None:
    upload_id = west.announce(west.begin(), 3).get_json()["id"]

    answer = west.ask(
        "PUT",
        f"/referrals/uploads/{upload_id}?offset=0",
        data=b"abc",
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.get_json() == {"received": 3}


def test_unsafe_ways_need_the_form_token(west: Coordinator) -> None:
    draft_id = west.begin()
    upload_id = west.announce(draft_id, 3).get_json()["id"]
    ways = [
        ("POST", "/referrals/new"),
        ("POST", "/referrals/consultation"),
        ("POST", "/referrals/K7M-4QX-9T/documents"),
        ("POST", f"/referrals/drafts/{draft_id}"),
        ("POST", f"/referrals/drafts/{draft_id}/discard"),
        ("POST", f"/referrals/drafts/{draft_id}/uploads"),
        ("PUT", f"/referrals/uploads/{upload_id}?offset=0"),
        ("POST", f"/referrals/uploads/{upload_id}/finish"),
        ("DELETE", f"/referrals/uploads/{upload_id}"),
    ]

    statuses = {way: west.ask(*way, token="").status_code for way in ways}

    assert statuses == dict.fromkeys(ways, 400)
    assert west.ask("GET", f"/referrals/uploads/{upload_id}").get_json() == {"received": 0}
