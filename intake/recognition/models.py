"""Load or learn what documents are read with: the type model, the words and the languages.

A worker loads it once, at its first document, and learns anew when people have confirmed more types
since. The web process loads none of it.
"""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intake.core import audit
from intake.recognition.classification.model import train, training_digest
from intake.recognition.classification.model_file import ModelRefused, load_model, save_model
from intake.recognition.classification.rules import rule_book
from intake.recognition.classification.training_texts import Example, load_templates
from intake.recognition.extraction import FieldVocabulary, load_vocabulary
from intake.recognition.extraction.language import load_identifier
from intake.reference_data.document_types import in_force, load_taxonomies
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.documents import document_types, documents, safe_copies
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

    from intake.core.services import Services
    from intake.recognition.classification.model import TypeModel
    from storage.database import Session
    from storage.documents.document_types import DocumentTypeRange

LOG = logging.getLogger(__name__)
MODEL_FILE = "document-kinds.model"
MODEL_KEY = "document-kinds-model"
# Only the newest decisions are learnt from, which bounds the time that learning takes.
MAX_EXAMPLES = 400
MAX_EXAMPLE_PAGES = 8


@dataclass(frozen=True)
class Loaded:
    """Everything that a document is read with; `decided` is how many decisions it knows."""

    model: "TypeModel"
    vocabulary: FieldVocabulary
    identifier: "LanguageIdentifier"
    decided: int


class Readers:
    """Give what documents are read with; threads may share one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None

    def get(self, services: "Services") -> Loaded:
        """Return what documents are read with; the first call loads or learns it, for seconds."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load(services, None)
            return self._loaded

    def learn_more(self, services: "Services") -> bool:
        """Learn again when people have decided types since; False when nothing is new."""
        with self._lock:
            if self._loaded is None:
                return False
            with services.database.reading() as session:
                decided = sum(document_types.count_decided(session))
            if decided == self._loaded.decided:
                return False
            self._loaded = self._load(services, self._loaded)
            return True

    def _load(self, services: "Services", known: Loaded | None) -> Loaded:
        with services.database.transaction() as session:
            decided = sum(document_types.count_decided(session))
            examples = _examples(services, session)
            key = services.keyring.system(session).derive(MODEL_KEY)
        book = rule_book(in_force(load_taxonomies(), services.now().date()))
        codes = set(book.taxonomy.codes())
        examples = [example for example in examples if example.code in codes]
        templates = load_templates()
        digest = training_digest(book, templates, examples)
        path = self._folder / MODEL_FILE
        try:
            model = load_model(path, key, book, digest)
        except ModelRefused as refused:
            LOG.info(
                "event=types_learnt_again reason=%s examples=%d", refused.reason, len(examples)
            )
            model = train(book, templates, examples)
            save_model(model, path, key)
        if known is not None:
            return Loaded(model, known.vocabulary, known.identifier, decided)
        return Loaded(model, load_vocabulary(), load_identifier(), decided)


def known_types(services: "Services") -> frozenset[str]:
    """Return the type codes in force today, without the unknown type."""
    return frozenset(in_force(load_taxonomies(), services.now().date()).codes())


def _examples(services: "Services", session: "Session") -> list[Example]:
    """Return the texts of documents whose type a person decided, and note that in the audit.

    The texts stay sealed where they are: when a document is erased, so is its example.
    """
    rows = document_types.newest_decided(session, limit=MAX_EXAMPLES)
    found = [_example(services, session, row) for row in rows]
    examples = [example for example in found if example is not None]
    if examples:
        audit.note(
            services,
            session,
            "system:intake",
            Act.KINDS_LEARNT,
            ("kinds", "model"),
            {"examples": len(examples)},
        )
    return examples


def _example(services: "Services", session: "Session", row: "DocumentTypeRange") -> Example | None:
    submission = submissions.by_id(session, documents.submission_of(session, row.document_id))
    if submission is None:
        return None
    key = services.keyring.open(session, submission.data_key_id)
    pages = safe_copies.pages_of(session, row.document_id)
    wanted = pages[row.first_page - 1 : row.last_page][:MAX_EXAMPLE_PAGES]
    text = "\n".join(
        unseal(key, place("safe_pages", "text", f"{page.document_id}/{page.number}"), page.text)
        for page in wanted
    )
    return Example(text, row.document_type) if text.strip() else None
