"""Give an item that waits, to the tests of warnings."""

import pytest

from intake.core.services import Services
from tests.intake.duty.waiting_items import BEGAN, plant
from tests.support.building import Clock


@pytest.fixture
def item_id(services: Services, clock: Clock) -> str:
    """Give a referral that waits from 10:00 to 16:00."""
    clock.at = BEGAN
    return plant(services)
