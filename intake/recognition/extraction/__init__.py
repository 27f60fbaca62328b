"""Reading aids: what a document says, pointed at for the person who reads it.

Pure functions over the text of the pages and the fields of a form. Imports the standard library,
py3langid, `intake.references`, `intake.same_person` and the jail's plain shapes.
"""

from intake.aids.aid import Aid, AidKind
from intake.aids.reading import read_aids
from intake.aids.vocabulary import Vocabulary, load_vocabulary

__all__ = ["Aid", "AidKind", "Vocabulary", "load_vocabulary", "read_aids"]
