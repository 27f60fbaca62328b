"""Reading aids: what a document says, pointed at for the person who reads it.

Pure functions over the text of the pages and the fields of a form. Imports the standard library,
py3langid, `intake.core.references`, `intake.recognition.matching` and the jail's plain shapes.
"""

from intake.recognition.extraction.extract import extract_values
from intake.recognition.extraction.value import ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import FieldVocabulary, load_vocabulary

__all__ = ["ExtractedValue", "FieldVocabulary", "ValueKind", "extract_values", "load_vocabulary"]
