"""Mutations of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import states
from flowtui.server.storage import Transaction


async def _set(
    tx: Transaction,
    kind: states.RunKind,
    inputs: Sequence[Input],
    request: Request,
    guarded: bool = False,
) -> list[dict[str, Any]]:
    requests = [
        states.StateRequest(
            id=one[kind.reference],
            state=one["state"],
            version=one.get("version"),
            guarded=guarded,
            agent_id=request.agent_id,
            largest=request.sizes.state,
        )
        for one in inputs
    ]
    return [asdict(outcome) for outcome in await states.set_states(tx, kind, requests)]


async def _set_one(
    tx: Transaction, kind: states.RunKind, input: Input, request: Request
) -> dict[str, Any]:
    if input.get("version") is None:
        raise ApiError(
            f"A version is required: the {kind.words}'s version that this state follows."
        )
    return (await _set(tx, kind, [input], request, guarded=True))[0]


@mutation("set_flow_run_state")
async def set_flow_run_state(tx: Transaction, input: Input, request: Request) -> Any:
    """Put a flow run into a state, provided nobody was faster."""
    return await _set_one(tx, states.FLOW_RUN, input, request)


@mutation("set_task_run_state")
async def set_task_run_state(tx: Transaction, input: Input, request: Request) -> Any:
    """Put a task run into a state, provided nobody was faster."""
    return await _set_one(tx, states.TASK_RUN, input, request)


@mutation("set_flow_run_states")
async def set_flow_run_states(tx: Transaction, input: Input, request: Request) -> Any:
    """Put flow runs into states."""
    return {"states": await _set(tx, states.FLOW_RUN, input["states"], request)}


@mutation("set_task_run_states")
async def set_task_run_states(tx: Transaction, input: Input, request: Request) -> Any:
    """Put task runs into states."""
    return {"states": await _set(tx, states.TASK_RUN, input["states"], request)}
