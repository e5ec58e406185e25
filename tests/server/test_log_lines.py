"""The server's own log as JSON: one line an event, whatever is in it."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from flowtui.server.log_lines import JsonLines, say_ready


def test_a_line_of_json_holds_a_whole_traceback() -> None:
    try:
        raise ValueError("no\nrows")
    except ValueError:
        record = logging.LogRecord(
            "flowtui.server", logging.ERROR, "x.py", 1, "It %s", ("broke\n",), sys.exc_info()
        )
    line = JsonLines().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == (
        "ERROR",
        "flowtui.server",
        "It broke\n",
    )
    assert "ValueError: no\nrows" in read["traceback"]
    assert read["time"].endswith("+00:00")


@pytest.mark.parametrize("form", ["text", "json"])
def test_scripts_find_the_address_in_the_ready_line(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "flowtui server ready at http://127.0.0.1:4200 (database x)"
    say_ready(form, message, url="http://127.0.0.1:4200")
    said = capsys.readouterr().out
    assert message in said
    if form == "json":
        assert json.loads(said) == {
            "event": "ready",
            "message": message,
            "url": "http://127.0.0.1:4200",
        }
