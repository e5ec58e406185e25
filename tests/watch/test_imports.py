"""`--watch` starts without Textual, and so in half the time."""

from __future__ import annotations

import subprocess
import sys


def test_watching_needs_no_textual() -> None:
    code = "import flowtui.watch, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
