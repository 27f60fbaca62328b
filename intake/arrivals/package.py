"""Package: a draft as it is sent, whole files with their blobs; what every way of sending does.

Imports storage and its neighbours only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.core.errors import FieldsInvalid, IntakeError
from storage.base import new_id
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import seal, unseal
from storage.documents.documents import Document, DocumentState
from storage.submissions import drafts
from storage.submissions.drafts import UploadState
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.drafts import Draft, Upload
    from storage.submissions.submissions import Submission


class NotWhole(IntakeError):
    """A file is still on its way."""

    reason = "not_whole"
    public = "Some files are still on their way. Please wait for them, or take them out."
    status = 409


class FormInvalid(FieldsInvalid):
    """An answer cannot be meant as it stands; `errors` is {field: sentence}."""

    reason = "form_invalid"
    public = "Please look at the marked answers. Nothing that you wrote or sent is lost."


@dataclass(frozen=True)
class Package:
    """A draft with its key and its whole files."""

    draft: "Draft"
    key: "DataKey"
    files: "list[Upload]"
    blobs: dict[str, BlobRow]


def packed(services: "Services", session: "Session", draft: "Draft") -> Package:
    """Return a draft as it would be sent. Raises NotWhole."""
    files = _whole_files(session, draft)
    blobs = {file.id: session.get_one(BlobRow, file.blob_id) for file in files}
    return Package(draft, services.keyring.open(session, draft.data_key_id), files, blobs)


def check_same(session: "Session", package: Package, locked: "Draft | None") -> None:
    """Make sure that a locked draft holds what was packed; else its manifest would be a lie.

    Raises NotWhole.
    """
    if locked is None or _ids(_whole_files(session, locked)) != _ids(package.files):
        raise NotWhole


def manifest(package: Package, form: Mapping[str, Any]) -> bytes:
    """Return what was sent as JSON: the raw form of an arrival through the portal."""
    listed = [
        {
            "name": unseal(package.key, place("uploads", "name", file.id), file.name),
            "claimed_type": file.claimed_type,
            "size": package.blobs[file.id].size,
            "sha256": package.blobs[file.id].sha256,
        }
        for file in package.files
    ]
    return json.dumps({"form": dict(form), "files": listed}, sort_keys=True).encode()


def add_documents(session: "Session", submission: "Submission", package: Package) -> None:
    """Make each file of a parcel a document of its submission."""
    for position, file in enumerate(package.files):
        blob, document_id = package.blobs[file.id], new_id()
        name = unseal(package.key, place("uploads", "name", file.id), file.name)
        session.add(
            Document(
                id=document_id,
                submission_id=submission.id,
                position=position,
                path=str(position + 1),
                role="attachment",
                name=seal(package.key, place("documents", "name", document_id), name),
                claimed_type=file.claimed_type,
                state=DocumentState.STORED,
                sha256=blob.sha256,
                size=blob.size,
                blob_id=blob.id,
            )
        )


def _ids(files: "list[Upload]") -> list[str]:
    return [file.id for file in files]


def _whole_files(session: "Session", draft: "Draft") -> "list[Upload]":
    files = drafts.uploads_of(session, draft.id)
    if any(file.state != UploadState.READY for file in files):
        raise NotWhole
    return files
