"""Check the form of a draft: its token first, its files as a stream, and what is refused of it."""

import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from intake.arrivals import chunks
from intake.core.services import Services
from intake.oversight.verify import sweep_orphans, verify_storage
from storage.submissions.drafts import Upload
from storage.submissions.submissions import Submission
from tests.portal.building import HOST, Clock
from tests.portal.coordinators.support import Coordinator, Two, make_coordinator

SMALL = b"%PDF-1.7 a small file"


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


@pytest.fixture
def two(app: Flask, services: Services, clock: Clock, west: Coordinator) -> Two:
    """Give coordinators of two regions."""
    return Two(west, make_coordinator(app, services, clock, "south", "SYD"))


def test_a_file_over_the_limit_is_told_and_the_others_stay(
    west: Coordinator, services: Services
) -> None:
    object.__setattr__(services.settings, "max_upload_bytes", 100_000)
    draft_id = west.begin()

    answer = west.send_form(
        draft_id,
        "send",
        note="kept",
        files=(("large.pdf", b"x" * 100_001), ("exact.pdf", b"y" * 100_000), ("ok.pdf", SMALL)),
    )

    assert answer.status_code == 413
    assert "large.pdf: A file may have up to" in answer.text
    assert "kept" in answer.text
    with services.database.reading() as session:
        assert sorted(upload.size for upload in session.query(Upload)) == [len(SMALL), 100_000]
        assert session.query(Submission).count() == 0
    sweep_orphans(services, orphan_after_seconds=0)
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_more_than_all_files_together_may_have_is_refused_unread(
    west: Coordinator, services: Services
) -> None:
    object.__setattr__(services.settings, "max_upload_bytes", 1000)
    draft_id = west.begin()

    # A body in memory: the test client leaks a temporary file that is not read to its end.
    answer = west.browser.client.post(
        f"/referrals/drafts/{draft_id}",
        base_url=f"http://{HOST}",
        data=bytes(1_200_000),
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code == 413
    with services.database.reading() as session:
        assert session.query(Upload).count() == 0


@pytest.mark.parametrize("count", [60, 1000])
def test_too_many_fields_are_refused(west: Coordinator, count: int) -> None:
    draft_id = west.begin()

    path = f"/referrals/drafts/{draft_id}"
    fields = {"csrf_token": west.token(path), **{f"field{each}": "x" for each in range(count)}}

    answer = west.browser.client.post(
        path, base_url=f"http://{HOST}", data=fields, content_type="multipart/form-data"
    )

    assert answer.status_code == 413


def test_too_many_files_are_refused(west: Coordinator) -> None:
    draft_id = west.begin()
    many = tuple((f"{each}.txt", b"") for each in range(chunks.MAX_FILES + 1))

    answer = west.send_form(draft_id, "add", files=many)

    assert answer.status_code == 413


def test_doubled_and_unknown_fields_change_nothing(west: Coordinator) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"
    fields = [("csrf_token", west.token(path)), ("note", "first"), ("note", "second")]
    fields += [("owner_id", "mallory"), ("act", "save")]

    west.browser.client.post(
        path,
        base_url=f"http://{HOST}",
        data=MultiDict(fields),
        content_type="multipart/form-data",
    )

    page = west.get(path).text
    assert "first" in page
    assert ">\nsecond" not in page
    assert "mallory" not in page


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"--b\r\n\r\n\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nwrong\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n',
        b"--b\r\nContent-Disposition: \xff\xfe\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"A" * 300_000,
    ],
)
def test_what_does_not_begin_with_our_token_is_not_taken(
    west: Coordinator, services: Services, body: bytes
) -> None:
    draft_id = west.begin()

    answer = west.browser.client.post(
        f"/referrals/drafts/{draft_id}",
        base_url=f"http://{HOST}",
        data=body,
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code in {400, 413}
    with services.database.reading() as session:
        assert session.query(Upload).count() == 0


def test_a_right_token_behind_a_file_comes_too_late(west: Coordinator, services: Services) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"
    token = west.token(path).encode()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + token
        + b"\r\n--b--\r\n"
    )

    answer = west.browser.client.post(
        path,
        base_url=f"http://{HOST}",
        data=body,
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code == 400
    with services.database.reading() as session:
        assert session.query(Upload).count() == 0


def test_a_token_of_another_browser_is_not_ours(two: Two) -> None:
    draft_id = two.west.begin()
    path = f"/referrals/drafts/{draft_id}"

    answer = two.west.browser.client.post(
        path,
        base_url=f"http://{HOST}",
        data={"csrf_token": two.south.token(), "act": "send"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 400


def test_a_form_cut_in_the_middle_keeps_what_was_whole(
    west: Coordinator, services: Services
) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"
    whole = (
        b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + west.token(path).encode()
        + b'\r\n--b\r\nContent-Disposition: form-data; name="note"\r\n\r\ntyped\r\n'
        + b'--b\r\nContent-Disposition: form-data; name="file"; filename="one"\r\n\r\none\r\n'
        + b'--b\r\nContent-Disposition: form-data; name="file"; filename="two"\r\n\r\ntw'
    )

    answer = west.browser.client.post(
        path,
        base_url=f"http://{HOST}",
        data=whole,
        environ_overrides={"CONTENT_LENGTH": str(len(whole) + 1000)},
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code == 400
    page = west.get(path).text
    assert "typed" in page
    assert re.findall(r'data-name="(\w+)"', page) == ["one"]
    sweep_orphans(services, orphan_after_seconds=0)
    assert verify_storage(services, orphan_after_seconds=0).faults == ()
