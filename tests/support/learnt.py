"""Learn a model of document types once in a test process, and lay it where installations find it.

Learning takes seconds, and every new data folder would do it again. The installation itself would
write the same: the same training, sealed with its own key.
"""

from datetime import date
from functools import cache

from intake.core.services import Services
from intake.recognition.classification.model import TypeModel, train
from intake.recognition.classification.model_file import save_model
from intake.recognition.classification.rules import rule_book
from intake.recognition.classification.training_texts import load_templates
from intake.recognition.models import MODEL_FILE, MODEL_KEY, Loaded, Readers
from intake.reference_data.document_types import in_force, load_taxonomies


class LearntReaders(Readers):
    """Models of a folder into which the learnt one is laid before it is first looked for."""

    def get(self, services: Services) -> Loaded:
        """Return what is loaded; a model that is there already stays."""
        if not (services.settings.data_dir / MODEL_FILE).exists():
            lay_model(services)
        return super().get(services)


def lay_model(services: Services) -> None:
    """Write the model of the templates alone into an installation whose tables exist."""
    with services.database.transaction() as session:
        key = services.keyring.system(session).derive(MODEL_KEY)
    taxonomy = in_force(load_taxonomies(), services.now().date())
    save_model(_learnt(taxonomy.valid_from), services.settings.data_dir / MODEL_FILE, key)


@cache
def _learnt(valid_from: date) -> TypeModel:
    return train(rule_book(in_force(load_taxonomies(), valid_from)), load_templates())
