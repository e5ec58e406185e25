"""Fixtures that every folder may use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from xdist.remote import Producer

from tests.copies import copied_world
from tests.full_world import full_world
from tests.order import ByFile, place
from tests.postgres import Postgres, Tables, postgres
from tests.rest import teach_the_pilot
from tests.world import World, empty_world, standard_world

teach_the_pilot()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
async def installation() -> AsyncIterator[World]:
    """A backend with nothing in it but its tenant."""
    async with empty_world() as made:
        yield made


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The small Prefect installation that is always the same."""
    async with copied_world(standard_world) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night() -> AsyncIterator[World]:
    """The same, one for all tests of a module that share a loop and change nothing in it."""
    async with copied_world(standard_world) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy() -> AsyncIterator[World]:
    """One in which every block of every page has something to show, only looked at."""
    async with copied_world(full_world) as made:
        yield made


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A real PostgreSQL, started when the first test needs it."""
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The location of an empty database, a file or one of PostgreSQL: what takes it is tested on
    both.
    """
    if request.param == "sqlite":
        return str(tmp_path / "server.db")
    tables: Tables = request.getfixturevalue("postgres_tables")
    tables.empty()
    return tables.location


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: Postgres) -> Iterator[Tables]:
    """A database of PostgreSQL that has its tables."""
    postgres_server.sql("CREATE DATABASE tests")
    with Tables(postgres_server.url("tests")) as tables:
        yield tables
