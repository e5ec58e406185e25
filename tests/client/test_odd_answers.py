"""Commands that a backend answers with something else than it should: nothing but errors that the
dashboard can show, and nothing is said to be done that was not."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import pytest
import pytest_asyncio

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
from tests.ui.faults.bad_line import (
    BadLine,
    Fault,
    bad_line,
    changing,
    only,
    replaced,
    saying,
)
from tests.ui.faults.test_every_question import ODD
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

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

EMPTY = ("", [], [None], {})
"""What may stand in the place of a value, besides what is tried on the pages."""


def whole(mutation: str) -> dict[str, Any]:
    """An answer as it should be, with the fields that are asked for."""
    asked = set(re.findall(r"^\s+(\w+)$", operation_text(mutation), re.MULTILINE))
    if "status" in asked:
        return {"states": [{"id": ID, "status": "SUCCESS", "message": None}]}
    known = {"success": True, "id": ID, "state": "Cancelled"}
    return {name: known[name] for name in asked}


def spoiled_fields(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One field after the other gone, or something else."""
    for name, value in answer.items():
        yield {other: kept for other, kept in answer.items() if other != name}
        for odd in (*(change(value) for change in ODD.values()), *EMPTY):
            yield {**answer, name: odd}


def spoiled_answers(mutation: str) -> Iterator[dict[str, Any]]:
    """The answer gone or something else, and so each field of it."""
    answer = whole(mutation)
    yield from spoiled_fields({mutation: answer})
    yield from ({mutation: spoiled} for spoiled in spoiled_fields(answer))
    for state in answer.get("states", ()):
        for one in (state, {**state, "status": "ERROR"}):
            yield from ({mutation: {"states": [spoiled]}} for spoiled in spoiled_fields(one))


def answering(mutation: str, data: Any) -> Fault:
    """A backend that says this to a mutation, and to all else what it does."""
    name = mutation.title().replace("_", "")
    return only(name, saying(json.dumps({"data": data}).encode()))


@pytest_asyncio.fixture(loop_scope="module")
async def line(night: World) -> AsyncIterator[BadLine]:
    async with bad_line(night.installed.app) as line:
        yield line


@pytest_asyncio.fixture(loop_scope="module")
async def backend(line: BadLine) -> AsyncIterator[Backend]:
    made = Backend(Profile(name="world", api_url=line.url))
    yield made
    await made.close()


async def test_every_mutation_is_answered_oddly() -> None:
    mutations = {name for name in operation_names() if "mutation " in operation_text(name)}
    assert mutations == COMMANDS.keys() | ELSEWHERE


@pytest.mark.parametrize("mutation", COMMANDS)
async def test_what_is_no_answer_is_an_error_that_can_be_shown(
    line: BadLine, backend: Backend, mutation: str
) -> None:
    for data in spoiled_answers(mutation):
        line.fault = answering(mutation, data)
        try:
            await COMMANDS[mutation](backend)
        except BackendError:
            continue
        assert isinstance(data[mutation], dict), f"{data!r} is taken for an answer"
        assert backend.journal_entries()[0].outcome == DONE
    line.fault = answering(mutation, {mutation: whole(mutation)})
    await COMMANDS[mutation](backend)
    assert backend.journal_entries()[0].outcome == DONE


@pytest.mark.parametrize("mutation", [one for one in COMMANDS if "success" in whole(one)])
async def test_what_was_in_vain_is_not_said_to_be_done(
    line: BadLine, backend: Backend, mutation: str
) -> None:
    """A backend that did not pause its queue was believed to have."""
    for said, error, outcome in (
        (False, (NotFound, Refused), REFUSED),
        (None, NotUnderstood, UNKNOWN),
        ("yes", NotUnderstood, UNKNOWN),
    ):
        line.fault = answering(mutation, {mutation: {**whole(mutation), "success": said}})
        with pytest.raises(error):
            await COMMANDS[mutation](backend)
        assert backend.journal_entries()[0].outcome == outcome


@pytest.mark.parametrize("instead", [7, "odd", None, ["odd"]])
async def test_what_is_no_id_leads_nowhere(
    night: World, line: BadLine, backend: Backend, instead: Any
) -> None:
    """A number for an id broke the page that it was to open."""
    fault = changing(replaced("id", lambda _: instead))
    line.fault = only("Place", fault)
    with pytest.raises(NotUnderstood):
        await backend.place_of(night.runs["rosy-otter"])
    line.fault = only("RunsNamed", fault)
    with pytest.raises(NotUnderstood):
        await backend.run_named("rosy-otter")
