"""Pack a draft with its whole files as it is sent, for every way of sending."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.core.errors import FieldsInvalid, IntakeError
from storage.base import new_id
from storage.blobs.blobs import BlobRow, sha256_of
from storage.crypto.sealing import seal, unseal
from storage.documents.documents import Document, DocumentState, content_hash, sealed_sha256
from storage.submissions import drafts
from storage.submissions.drafts import UploadState
from storage.submissions.submissions import place
from storage.worded import worded

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.drafts import Draft, Upload
    from storage.submissions.submissions import Submission


class NotWhole(IntakeError):
    """A file of the draft was not received whole yet."""

    reason = "not_whole"
    public = worded("Some files are still on their way. Please wait for them, or take them out.")
    status = 409


class FormInvalid(FieldsInvalid):
    """Answers of the form are missing or impossible; `errors` is {field: sentence}."""

    reason = "form_invalid"
    public = worded("Please look at the marked answers. Nothing that you wrote or sent is lost.")


@dataclass(frozen=True)
class Package:
    """A draft with its key and its whole files."""

    draft: "Draft"
    key: "DataKey"
    files: "list[Upload]"
    blobs: dict[str, BlobRow]


def pack_draft(services: "Services", session: "Session", draft: "Draft") -> Package:
    """Return a draft as it would be sent. Raises NotWhole."""
    files = _whole_files(session, draft)
    blobs = {file.id: session.get_one(BlobRow, file.blob_id) for file in files}
    return Package(draft, services.keyring.open(session, draft.data_key_id), files, blobs)


def check_same(session: "Session", package: Package, locked: "Draft | None") -> None:
    """Check that a locked draft still has the files that were packed and are in the manifest.

    Raises NotWhole.
    """
    if locked is None or _ids(_whole_files(session, locked)) != _ids(package.files):
        raise NotWhole


def manifest(package: Package, form: Mapping[str, Any]) -> bytes:
    """Return what was sent as JSON, the raw bytes of a submission through the portal."""
    listed = [
        {
            "name": unseal(package.key, place("uploads", "name", file.id), file.name),
            "claimed_type": file.claimed_type,
            "size": package.blobs[file.id].size,
            "sha256": sha256_of(package.key, package.blobs[file.id]),
        }
        for file in package.files
    ]
    return json.dumps({"form": dict(form), "files": listed}, sort_keys=True).encode()


def add_documents(session: "Session", submission: "Submission", package: Package) -> None:
    """Make each file of a package a document of its submission."""
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
                sha256=sealed_sha256(package.key, document_id, sha256_of(package.key, blob)),
                content_hash=content_hash(session, sha256_of(package.key, blob)),
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
