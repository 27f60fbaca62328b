"""Reading aids: what a document says, pointed at for the person who reads it.

Pure functions over the text of the pages and the fields of a form. Imports the standard library,
py3langid, `intake.core.references`, `intake.recognition.matching` and the jail's plain shapes.
"""

from intake.recognition.extraction.extract import read_aids
from intake.recognition.extraction.value import Aid, AidKind
from intake.recognition.extraction.vocabulary import Vocabulary, load_vocabulary

__all__ = ["Aid", "AidKind", "Vocabulary", "load_vocabulary", "read_aids"]
