"""The backend in the hands of a client that speaks as Prefect's does."""

from __future__ import annotations

import pytest

from tests.server.conftest import api as api
from tests.server.conftest import clock as clock

NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""


@pytest.fixture
def nobody() -> str:
    return NOBODY
