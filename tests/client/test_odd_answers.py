"""Commands that a backend answers with something else than it should: nothing but errors that the
dashboard can show, and nothing is said to be done that was not."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from flowtui.client.backend import Backend
from flowtui.client.connection import operation_names, operation_text
from flowtui.client.flow_commands import SWITCHES
from flowtui.config import Profile
from flowtui.errors import BackendError, NotFound, NotUnderstood, Refused
from flowtui.models.group_schedule import GroupClock, GroupSchedule
from flowtui.models.ids import AgentId, FlowGroupId, FlowId, FlowRunId, ProjectId, TaskRunId
from flowtui.models.journal import DONE, REFUSED, UNKNOWN
from flowtui.models.limits import LABEL, TAG, Limit
from flowtui.models.runs import NewFlowRun
from flowtui.models.states import RunState
from flowtui.models.tasks import SeenTaskRun
from tests.ui.faults.bad_line import replaced
from tests.watch.test_odd_answers import Spoiling
from tests.world import World

ID = "01a1f684-d1b0-77d0-a155-46f985bc7691"
NOW = datetime(2026, 11, 20, 3, 14, tzinfo=timezone.utc)
SEEN = RunState("Scheduled", 1, "", NOW, None)
TASK = SeenTaskRun(TaskRunId(ID), "extract", -1, SEEN)
RUN, FLOW, GROUP, PROJECT = FlowRunId(ID), FlowId(ID), FlowGroupId(ID), ProjectId(ID)
CLOCK = GroupSchedule((GroupClock("cron", "0 9 * * *"),))

Command = Callable[[Backend], Awaitable[Any]]

COMMANDS: Mapping[str, Command] = {
    "archive_flow": lambda to: to.archive(FLOW),
    "cancel_flow_run": lambda to: to.cancel_flow_run(RUN, SEEN),
    "create_flow_run": lambda to: to.create_flow_run(NewFlowRun(FLOW, "key")),
    "create_project": lambda to: to.create_project("ml"),
    "delete_agent": lambda to: to.delete_agent(AgentId(ID)),
    "delete_flow": lambda to: to.delete_flow(FLOW),
    "delete_flow_concurrency_limit": lambda to: to.delete_limit(Limit(ID, LABEL, "prod", 2, 1)),
    "delete_flow_group": lambda to: to.delete_flow_group(GROUP),
    "delete_flow_group_schedule": lambda to: to.set_group_schedule(GROUP, GroupSchedule()),
    "delete_flow_run": lambda to: to.delete_flow_run(RUN),
    "delete_project": lambda to: to.delete_project(PROJECT),
    "delete_task_concurrency_limit": lambda to: to.delete_limit(Limit(ID, TAG, "gpu", 2, 1)),
    **{
        f"{verb}_{switch}": lambda to, name=name, verb=verb: to.switch(FLOW, name, verb == "enable")
        for name, switch in SWITCHES.items()
        for verb in ("enable", "disable")
    },
    "pause_tenant_work_queue": lambda to: to.pause_queue(ID),
    "resume_tenant_work_queue": lambda to: to.resume_queue(ID),
    "set_flow_group_default_parameters": lambda to: to.set_default_parameters(GROUP, {"n": 1}),
    "set_flow_group_description": lambda to: to.describe(GROUP, "Reads."),
    "set_flow_group_labels": lambda to: to.set_group_labels(GROUP, ("prod",)),
    "set_flow_group_schedule": lambda to: to.set_group_schedule(GROUP, CLOCK),
    "set_flow_run_labels": lambda to: to.label_flow_run(RUN, ["prod"], were=[]),
    "set_flow_run_name": lambda to: to.rename_flow_run(RUN, "new", was="old"),
    "set_flow_run_state": lambda to: to.set_flow_run_state(RUN, "Failed", seen=SEEN),
    "set_project_description": lambda to: to.describe_project(PROJECT, "Models."),
    "set_project_name": lambda to: to.rename_project(PROJECT, "ml"),
    "set_schedule_active": lambda to: to.switch_schedule(FLOW, True),
    "set_schedule_inactive": lambda to: to.switch_schedule(FLOW, False),
    "set_task_run_name": lambda to: to.rename_task_run(TaskRunId(ID), "new"),
    "set_task_run_state": lambda to: to.set_task_run_state(TaskRunId(ID), "Failed", seen=SEEN),
    "set_task_run_states": lambda to: to.set_task_run_states([TASK], "Failed", reason="odd"),
    "update_flow_concurrency_limit": lambda to: to.set_limit(LABEL, "prod", 2),
    "update_flow_project": lambda to: to.move_flow(FLOW, PROJECT),
    "update_task_concurrency_limit": lambda to: to.set_limit(TAG, "gpu", 2),
    "write_run_logs": lambda to: to.write_log(RUN, "by hand", NOW),
}
"""What sends each mutation."""

ELSEWHERE = {"set_flow_run_states"}
"""What is sent to older backends only."""

ODD: tuple[Any, ...] = (
    None,
    7,
    10**15,
    1e308,
    "odd",
    "",
    True,
    [],
    [None],
    ["odd"],
    {},
    {"odd": 1},
)


def mutations() -> set[str]:
    return {name for name in operation_names() if "mutation " in operation_text(name)}


def whole(mutation: str) -> dict[str, Any]:
    """An answer as it should be, with the fields that are asked for."""
    asked = set(re.findall(r"^\s+(\w+)$", operation_text(mutation), re.MULTILINE))
    states = [{"id": ID, "status": "SUCCESS", "message": None}]
    known = {"success": True, "id": ID, "state": "Cancelled", "states": states}
    return states_of(states) if "status" in asked else {name: known[name] for name in asked}


def states_of(states: Any) -> dict[str, Any]:
    return {"states": states}


def odd_answers(mutation: str) -> Iterator[Any]:
    """All that may stand in the place of the answer, and of each field of it."""
    yield from ODD
    answer = whole(mutation)
    yield from odd_fields(answer)
    for state in answer.get("states", ()):
        for one in (state, {**state, "status": "ERROR"}):
            yield from (states_of([spoiled]) for spoiled in odd_fields(one))


def odd_fields(whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One field after the other gone, or something else."""
    for name in whole:
        yield {other: value for other, value in whole.items() if other != name}
        yield from ({**whole, name: odd} for odd in ODD)


class OddBackend(httpx.AsyncBaseTransport):
    """Answers questions as a world does, and mutations as it is told."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self._way = way
        self.answer: Any = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        if not body["query"].startswith("mutation"):
            return await self._way.handle_async_request(request)
        return httpx.Response(200, content=json.dumps({"data": self.answer}))


@pytest.fixture
def odd(night: World) -> OddBackend:
    return OddBackend(night.transport)


def backend_of(odd: httpx.AsyncBaseTransport) -> Backend:
    return Backend(Profile(name="world", api_url="http://world.test:4200"), odd)


def test_every_mutation_is_answered_oddly() -> None:
    assert mutations() == COMMANDS.keys() | ELSEWHERE


@pytest.mark.parametrize("mutation", COMMANDS)
async def test_what_is_no_answer_is_an_error_that_can_be_shown(
    odd: OddBackend, mutation: str
) -> None:
    backend = backend_of(odd)
    for answer in odd_answers(mutation):
        odd.answer = {mutation: answer}
        try:
            await COMMANDS[mutation](backend)
        except BackendError:
            continue
        assert isinstance(answer, dict), f"{answer!r} is taken for an answer"
        assert backend.journal_entries()[0].outcome == DONE
    odd.answer = {mutation: whole(mutation)}
    await COMMANDS[mutation](backend)
    assert backend.journal_entries()[0].outcome == DONE
    await backend.close()


@pytest.mark.parametrize("mutation", [one for one in COMMANDS if "success" in whole(one)])
async def test_what_was_in_vain_is_not_said_to_be_done(odd: OddBackend, mutation: str) -> None:
    """A backend that did not pause its queue was believed to have."""
    backend = backend_of(odd)
    for said, error, outcome in (
        (False, (NotFound, Refused), REFUSED),
        (None, NotUnderstood, UNKNOWN),
        ("yes", NotUnderstood, UNKNOWN),
    ):
        odd.answer = {mutation: {**whole(mutation), "success": said}}
        with pytest.raises(error):
            await COMMANDS[mutation](backend)
        assert backend.journal_entries()[0].outcome == outcome
    await backend.close()


@pytest.mark.parametrize("instead", [7, "odd", None, ["odd"]])
async def test_what_is_no_id_leads_nowhere(night: World, instead: Any) -> None:
    """A number for an id broke the page that it was to open."""
    way = Spoiling(night.transport)
    way.change = replaced("id", lambda _: instead)
    backend = backend_of(way)
    for way.spoils, question in (
        ("Place", lambda: backend.place_of(night.runs["rosy-otter"])),
        ("RunsNamed", lambda: backend.run_named("rosy-otter")),
    ):
        with pytest.raises(NotUnderstood):
            await question()
    await backend.close()
