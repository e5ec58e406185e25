"""The mutation that stores log lines."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import logs
from flowtui.server.storage import Transaction


@mutation("write_run_logs")
async def write_run_logs(tx: Transaction, input: Input, request: Request) -> Any:
    """Store log lines."""
    await logs.write_logs(tx, [logs.NewLog(**line) for line in input["logs"]])
    return {"success": True}
