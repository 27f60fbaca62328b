"""Which values a document's text and form fields hold, pointed at for their reader."""

from intake.recognition.extraction.extract import extract_values
from intake.recognition.extraction.value import ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import FieldVocabulary, load_vocabulary

__all__ = ["ExtractedValue", "FieldVocabulary", "ValueKind", "extract_values", "load_vocabulary"]
