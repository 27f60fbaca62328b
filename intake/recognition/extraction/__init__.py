"""Reading aids: what a document says, pointed at for the person who reads it.

Pure functions over the text of the pages and the fields of a form. Imports the standard library,
py3langid, `intake.core.references`, `intake.recognition.matching` and the jail's plain shapes.
"""

from intake.recognition.extraction.extract import extract_values
from intake.recognition.extraction.value import ExtractedValue, ValueKind
from intake.recognition.extraction.vocabulary import Vocabulary, load_vocabulary

__all__ = ["ExtractedValue", "ValueKind", "Vocabulary", "extract_values", "load_vocabulary"]
