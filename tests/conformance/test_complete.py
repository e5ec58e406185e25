"""Every mutation that is served is asked here, in a client's own form."""

from __future__ import annotations

import re
from pathlib import Path

from flowtui.server.mutations import MUTATIONS

HERE = Path(__file__).parent


def test_every_mutation_is_asked() -> None:
    asked = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert sorted(name for name in MUTATIONS if not re.search(rf'"{name}"', asked)) == []
