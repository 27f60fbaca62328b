"""Give the access matrix's world and the application on it, built once a module."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.portal.access import world as access_world
from tests.portal.access.closed import derived_lot
from tests.portal.access.lot import Lot
from tests.portal.access.world import World
from tests.portal.building import build_app


@dataclass(frozen=True)
class SharedApp:
    """An application and the world that it works on."""

    world: World
    app: Flask


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the world that each test gets a copy of."""
    built = access_world.build(tmp_path_factory.mktemp("original"))
    yield built
    built.services.database.close()


@pytest.fixture(scope="module")
def shared_app(original: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedApp]:
    """Give the application on a copy of the world, once for all, as building both takes long."""
    copied = original.copied_to(tmp_path_factory.mktemp("copy"))
    yield SharedApp(copied, build_app(copied.services))
    copied.services.database.close()


@pytest.fixture
def world(original: World, shared_app: SharedApp) -> World:
    """Give the copy of the world as it was at the beginning."""
    shared_app.world.restore(original)
    return shared_app.world


@pytest.fixture
def app(shared_app: SharedApp) -> Flask:
    """Give the application on the copy."""
    return shared_app.app


@pytest.fixture
def derived(world: World) -> Lot:
    """Give a lot of one closed document, owned by the caseworker, and of what only it says."""
    return derived_lot.plant(world)
