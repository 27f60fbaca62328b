"""Announce files of a draft, and send their pieces as one connection does."""

from dataclasses import dataclass

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, drafts
from intake.core.services import Services
from storage.accounts.users import Role
from storage.blobs.blobs import BlobRow
from storage.submissions.drafts import Upload
from tests.support.people import plant_user


def plant_coordinator(services: Services, label: str = "Coordinator 1") -> SignedInUser:
    planted = plant_user(services, label, "COORD")
    return SignedInUser(planted.id, label, Role.COORD, "SYD")


@dataclass(frozen=True)
class Line:
    """A connection of one sender to one announced file."""

    services: Services
    user: SignedInUser
    draft_id: str
    upload_id: str

    def send(self, content: bytes, offset: int = 0) -> int:
        """Send one whole piece."""
        return chunks.take_chunk(
            self.services,
            gate.upload_to_change(self.services, self.user, self.upload_id),
            offset,
            len(content),
            [content],
        )

    def stored(self) -> bytes:
        """Return the finished file as it would be read."""
        with self.services.database.reading() as session:
            upload = session.get_one(Upload, self.upload_id)
            blob = session.get_one(BlobRow, upload.blob_id)
            key = self.services.keyring.open(session, blob.data_key_id)
        return self.services.blobs.read_whole(key, blob)


def announce(services: Services, user: SignedInUser, size: int) -> Line:
    draft_id = drafts.start_draft(services, user)
    upload_id = chunks.begin_file(
        services,
        gate.draft_to_change(services, user, draft_id),
        claimed_name="remiss.pdf",
        claimed_type="application/pdf",
        size=size,
    )
    return Line(services, user, draft_id, upload_id)
