"""Check viewing documents.

Only safe copies, only checked bytes, each look an event, each world apart.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.access.find import VisibleDocument
from intake.access.opened import OpenedToRead
from intake.accounts.accounts import SignedInUser
from intake.core.errors import BlobDamaged, NotFound
from intake.core.services import Services
from intake.documents import viewer
from intake.documents.views import CopyStanding
from storage import audit
from storage.accounts.users import Role
from storage.audit import AuditEvent
from storage.blobs.blobs import BlobRow, StoredBlob, sealed_sha256, sha256_of
from storage.documents import safe_copies
from storage.documents.documents import Document
from tests.portal import samples
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.support.building import Clock

ME = SignedInUser("1", "Intake officer 1", Role.INTAKE, None)
OTHER = SignedInUser("2", "Intake officer 2", Role.INTAKE, None)
Read = Callable[[Services, SignedInUser, str], object]


def _opened_for(read: Callable[[Services, OpenedToRead[VisibleDocument]], object]) -> Read:
    """Let a use case be called with the id of a document."""
    return lambda services, user, document_id: read(
        services, gate.document_to_read(services, user, document_id)
    )


READS: dict[str, Read] = {
    name: _opened_for(read)
    for name, read in {
        "view": viewer.document_view,
        "page": lambda s, opened: viewer.page_image(s, opened, 1),
        "thumbnail": viewer.thumbnail,
        "pdf": viewer.safe_pdf,
        "search": lambda s, opened: viewer.search_pages(s, opened, "remiss"),
    }.items()
}
PARTS = tuple(READS.values())


@pytest.fixture
def services(sqlite_services: Services) -> Services:
    """Give services on one database: reading does not depend on which."""
    return sqlite_services


@pytest.fixture
def document_id(services: Services) -> str:
    """Give a document with a copy of four pages."""
    seeded = samples.seed(services, parts=(Part("brev.pdf", "CLEAN"), Part("b.pdf", "HELD")))
    found = copies.documents_of(services, seeded.submission_id)[0].id
    copies.add_copy(services, found)
    return found


def events(services: Services, document_id: str) -> list[AuditEvent]:
    with services.database.reading() as session:
        assert audit.check_chain(session, services.keyring) == []
        return audit.of_subject(session, "document", document_id)


def put(services: Services, document_id: str, **columns: object) -> None:
    with services.database.transaction() as session:
        document = session.get_one(Document, document_id)
        for name, value in columns.items():
            setattr(document, name, value)


def blob_path(services: Services, blob_id: str) -> Path:
    return services.settings.data_dir / "blobs" / blob_id


def test_a_document_is_opened_with_its_pages(services: Services, document_id: str) -> None:
    shown = viewer.document_view(services, gate.document_to_read(services, ME, document_id))

    assert shown.document.name == "brev.pdf"
    assert shown.document.copy.state is CopyStanding.READY
    assert [page.number for page in shown.pages] == [1, 2, 3, 4]
    assert [page.text for page in shown.pages] == list(copies.TEXTS)
    assert (shown.pages[0].width, shown.pages[0].height) == copies.PAGE_PX
    assert [other.name for other in shown.others] == ["b.pdf"]


def test_pictures_and_the_pdf_are_what_was_made(services: Services, document_id: str) -> None:
    media_type, picture = viewer.page_image(
        services, gate.document_to_read(services, ME, document_id), 2
    )
    small_type, small = viewer.thumbnail(services, gate.document_to_read(services, ME, document_id))

    assert (media_type, small_type) == ("image/png", "image/png")
    assert picture == copies.picture(2, seed="1.1")
    assert small.startswith(b"\x89PNG")
    assert viewer.safe_pdf(services, gate.document_to_read(services, ME, document_id)).startswith(
        b"%PDF-"
    )


@pytest.mark.parametrize("number", [0, 5, -1, 10**12])
def test_a_page_that_is_not_there(services: Services, document_id: str, number: int) -> None:
    with pytest.raises(NotFound):
        viewer.page_image(services, gate.document_to_read(services, ME, document_id), number)


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("remiss", [1]),
        ("REMISS  ÅTERVÄNDANDE", [1]),
        ("remiss samtycke", []),
        ("جواز السفر", [4]),
        ("ja", [2]),
        ("resa", [1]),
        ("", []),
        ("   ", []),
        ("%", []),
        ("Remiss om a\u030atervändande", [1]),
    ],
)
def test_search_finds_pages_with_all_words(
    services: Services, document_id: str, words: str, pages: list[int]
) -> None:
    assert (
        viewer.search_pages(services, gate.document_to_read(services, ME, document_id), words)
        == pages
    )


def test_what_is_looked_for_is_written_nowhere(services: Services, document_id: str) -> None:
    viewer.search_pages(services, gate.document_to_read(services, ME, document_id), "Anna Berg")

    assert [event.detail for event in events(services, document_id)] == [{"what": "search"}]


def test_opening_is_always_an_event_and_its_pages_belong_to_it(
    services: Services, document_id: str, clock: Clock
) -> None:
    def number() -> int:
        return len(events(services, document_id))

    READS["view"](services, ME, document_id)
    for name in ("page", "page", "thumbnail", "search"):
        READS[name](services, ME, document_id)
    assert number() == 1
    READS["view"](services, ME, document_id)
    assert number() == 2
    READS["page"](services, OTHER, document_id)
    assert number() == 3
    clock.advance(timedelta(minutes=10))
    READS["page"](services, ME, document_id)
    READS["page"](services, ME, document_id)
    assert number() == 4
    READS["pdf"](services, ME, document_id)
    READS["pdf"](services, ME, document_id)
    assert number() == 6


@pytest.mark.parametrize("name", ["page", "thumbnail", "search", "pdf", "view"])
def test_every_read_alone_is_an_event(services: Services, document_id: str, name: str) -> None:
    READS[name](services, ME, document_id)

    (event,) = events(services, document_id)
    assert event.actor == ME.actor
    assert event.act == ("document.copy_saved" if name == "pdf" else "document.viewed")


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("case", ["unknown", "cash", "nonsense"])
def test_not_there_and_not_yours_are_the_same(services: Services, name: str, case: str) -> None:
    foreign = samples.seed(services, programme="cash", parts=(Part("x.pdf", "CLEAN"),))
    theirs = copies.documents_of(services, foreign.submission_id)[0].id
    copies.add_copy(services, theirs)
    asked = {"unknown": "0" * 32, "cash": theirs, "nonsense": "../etc/passwd"}[case]

    with pytest.raises(NotFound) as refused:
        READS[name](services, ME, asked)

    assert (str(refused.value), refused.value.reason) == ("There is nothing here.", "not_found")
    assert events(services, asked) == []


@pytest.mark.parametrize(
    "state", ["STORED", "HELD", "INFECTED", "LOCKED", "UNREADABLE", "IGNORED", "REJECTED"]
)
def test_only_what_may_be_shown_has_pages(services: Services, document_id: str, state: str) -> None:
    put(services, document_id, state=state)

    for name in ("page", "thumbnail", "pdf", "search"):
        with pytest.raises(NotFound):
            READS[name](services, ME, document_id)
    shown = viewer.document_view(services, gate.document_to_read(services, ME, document_id))
    assert shown.pages == ()
    assert shown.document.copy.state is CopyStanding.NONE


def test_a_failed_copy_shows_nothing(services: Services) -> None:
    seeded = samples.seed(services, parts=(Part("a.pdf", "CLEAN"), Part("b.pdf", "ACTIVE")))
    failed, waiting = copies.documents_of(services, seeded.submission_id)
    copies.add_failed_copy(services, failed.id, "no_copy_timeout")

    for document in (failed, waiting):
        with pytest.raises(NotFound):
            viewer.page_image(services, gate.document_to_read(services, ME, document.id), 1)
    standings = [
        viewer.document_view(
            services, gate.document_to_read(services, ME, each.id)
        ).document.copy.state
        for each in (failed, waiting)
    ]
    assert standings == [CopyStanding.FAILED, CopyStanding.BEING_MADE]


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "", "image/jpeg"])
def test_a_picture_of_another_kind_is_never_given_out(services: Services, media_type: str) -> None:
    seeded = samples.seed(services, parts=(Part("a.pdf", "CLEAN"),))
    document_id = copies.documents_of(services, seeded.submission_id)[0].id
    copies.add_copy(services, document_id, media_type=media_type[:16])

    with pytest.raises(BlobDamaged):
        viewer.page_image(services, gate.document_to_read(services, ME, document_id), 1)


def test_bytes_swapped_at_fifty_moments_are_never_served(
    services: Services, document_id: str
) -> None:
    """Threat S9: other bytes, other lengths, another blob, a link elsewhere, nothing at all."""
    with services.database.reading() as session:
        pages = safe_copies.pages_of(session, document_id)
    honest = {blob_path(services, page.blob_id): page.number for page in pages}
    contents = {path: path.read_bytes() for path in honest}
    chance = random.Random(4711)
    refused = 0

    for _moment in range(50):
        path = chance.choice(list(honest))
        _damage(chance, path, contents, services.settings.data_dir)
        try:
            _type, served = viewer.page_image(
                services, gate.document_to_read(services, ME, document_id), honest[path]
            )
        except BlobDamaged:
            refused += 1
        else:
            assert served == copies.picture(honest[path], seed="1.1")
        path.unlink(missing_ok=True)
        path.write_bytes(contents[path])

    assert refused == 50
    damaged = [e for e in events(services, document_id) if e.act == "document.damaged"]
    assert len(damaged) == 50
    for path, number in honest.items():
        assert path.read_bytes() == contents[path]
        assert viewer.page_image(services, gate.document_to_read(services, ME, document_id), number)


def _damage(chance: random.Random, path: Path, contents: dict[Path, bytes], folder: Path) -> None:
    whole = contents[path]
    way = chance.randrange(6)
    path.unlink()
    if way == 0:
        position = chance.randrange(len(whole))
        changed = whole[position] ^ (1 << chance.randrange(8))
        path.write_bytes(whole[:position] + bytes([changed]) + whole[position + 1 :])
    elif way == 1:
        path.write_bytes(whole[: chance.randrange(len(whole))])
    elif way == 2:
        path.write_bytes(whole + b"\x00")
    elif way == 3:
        path.write_bytes(chance.choice([other for p, other in contents.items() if p != path]))
    elif way == 4:
        elsewhere = folder / "elsewhere"
        elsewhere.write_bytes(b"<script>alert(1)</script>" * 100)
        path.symlink_to(elsewhere)


def test_a_row_that_points_at_another_blob_is_not_served(
    services: Services, document_id: str
) -> None:
    with services.database.transaction() as session:
        first, second = safe_copies.pages_of(session, document_id)[:2]
        row, other = (session.get_one(BlobRow, page.blob_id) for page in (first, second))
        key = services.keyring.open(session, row.data_key_id)
        row.sha256 = sealed_sha256(key, StoredBlob(row.id, row.size, sha256_of(key, other)))

    with pytest.raises(BlobDamaged):
        viewer.page_image(services, gate.document_to_read(services, ME, document_id), 1)


def test_who_looked_is_shown_to_the_next(services: Services, document_id: str) -> None:
    assert (
        viewer.document_view(services, gate.document_to_read(services, ME, document_id)).looks == ()
    )

    (look,) = viewer.document_view(
        services, gate.document_to_read(services, OTHER, document_id)
    ).looks

    assert look.user == ME.actor
