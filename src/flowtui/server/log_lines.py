"""The server's own log: a line an event, for people or, as JSON, for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any


class JsonLines(logging.Formatter):
    """One JSON object a line, a traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        time = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "facts", {}))
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def write_log(form: str) -> None:
    """Send the log of this process to stderr, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines()
        if form == "json"
        else logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Its lines about single requests are not ours.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def say_ready(form: str, message: str, **facts: object) -> None:
    """The line on stdout that scripts wait for."""
    if form == "json":
        message = json.dumps({"event": "ready", "message": message, **facts}, ensure_ascii=False)
    print(message, flush=True)
