"""Fixtures that every folder may use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.world import World, empty_world, standard_world


@pytest.fixture
async def installation() -> AsyncIterator[World]:
    """A backend with nothing in it but its tenant."""
    async with empty_world() as made:
        yield made


@pytest.fixture
async def world(installation: World) -> World:
    """The small Prefect installation that is always the same."""
    await standard_world(installation)
    return installation
