"""The past of the sample world: flows registered, runs made and performed, as time passes.

Every change goes through the services of the backend, under the time of the moment it happens in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from flowtui.demo.crew import CORE_VERSION, CREW, Agent
from flowtui.demo.declarations import Flow, Version
from flowtui.demo.occasions import Occasion, Stuck
from flowtui.demo.script import Cast, Line, Script, Step, dice_for, write_script
from flowtui.demo.timeline import Timeline
from flowtui.models.clocks import Event, next_events
from flowtui.server.services import agents, flows, groups, runs, schedules, tasks
from flowtui.server.services.logs import NewLog, write_logs
from flowtui.server.services.runs import NewFlowRun
from flowtui.server.services.states import (
    FLOW_RUN,
    TASK_RUN,
    RunKind,
    cancel_flow_run,
    set_state,
)
from flowtui.server.services.vocabulary import parse_state
from flowtui.server.storage import Transaction

SPAN = timedelta(days=14)
"""How much of the past has runs."""


@dataclass
class Registered:
    """A version of a flow that the backend knows."""

    flow: Flow
    version: Version
    id: str
    slugs: Mapping[str, str]
    """Slug → id of each task."""


@dataclass
class Performance:
    """A run on its way, and what of it is still to come."""

    id: str
    of: Registered
    parameters: Mapping[str, Any]
    occasion: Occasion | None
    task_runs: dict[tuple[str, int], str]
    began: datetime
    script: Script
    next: int = 0
    lines: list[NewLog] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    """Slug → the last state of that task."""

    over: bool = False


class History:
    """What happened, as it happens."""

    def __init__(self, seed: int, now: datetime, tenant_id: str) -> None:
        self.seed = seed
        self.now = now
        self.start = now - SPAN
        self.tenant_id = tenant_id
        self.timeline = Timeline()
        self.dice = Random(f"history {seed}")
        self.projects: dict[str, str] = {}
        self.latest: dict[str, Registered] = {}
        self.under_way: dict[str, Performance] = {}
        self.agent_ids: dict[str, str] = {}

    async def register_agent(self, tx: Transaction, agent: Agent) -> None:
        """An agent introduces itself, as it does when it is started."""
        self.agent_ids[agent.name] = await agents.register_agent(
            tx,
            tenant_id=self.tenant_id,
            type=agent.type,
            name=agent.name,
            labels=agent.labels,
            core_version=CORE_VERSION,
        )

    async def ask_for_work(self, tx: Transaction, agent: Agent) -> None:
        """An agent asks for work, which is how it is seen."""
        await runs.runs_in_queue(
            tx,
            tenant_id=self.tenant_id,
            labels=agent.labels,
            agent_id=self.agent_ids[agent.name],
        )

    async def be_heard(self, tx: Transaction, agent: Agent, times: int) -> None:
        """An agent has asked for work so often, and there was none."""
        await agents.note_contact(tx, self.agent_ids[agent.name], times)

    async def register(
        self, tx: Transaction, flow: Flow, version: Version, until: datetime
    ) -> None:
        """A version is registered; its schedule counts until the next one comes."""
        group = self.latest[flow.name].id if flow.name in self.latest else None
        flow_id = await flows.create_flow(
            tx,
            flows.NewFlow(
                project_id=self.projects[version.project],
                serialized_flow=version.document(),
                version_group_id=None if group else _uuid(self.dice),
                set_schedule_active=False,
                description=version.description or None,
            ),
        )
        found = await tx.find("task", {"flow_id": {"_eq": flow_id}}, columns=("id", "slug"))
        slugs = {task["slug"]: task["id"] for task in found}
        registered = Registered(flow, version, flow_id, slugs)
        self.latest[flow.name] = registered
        if group is None:
            await self._settle(tx, registered)
        if version.clocks and "schedule" not in flow.switched_off:
            first = max(tx.now, self.start)
            self.timeline.at(first, partial(self._schedule, of=registered, until=until))

    async def _settle(self, tx: Transaction, registered: Registered) -> None:
        """What somebody set for the whole group, once."""
        flow = registered.flow
        if flow.default_parameters:
            row = await tx.get("flow", registered.id, columns=("id", "flow_group_id"))
            assert row is not None
            await groups.set_default_parameters(
                tx, row["flow_group_id"], dict(flow.default_parameters)
            )
        if "heartbeat" in flow.switched_off:
            await groups.set_heartbeat(tx, registered.id, False)
        if "lazarus" in flow.switched_off:
            await groups.set_lazarus(tx, registered.id, False)
        if flow.locked:
            await groups.set_version_lock(tx, registered.id, True)

    async def _schedule(self, tx: Transaction, of: Registered, until: datetime) -> None:
        """Plan the runs of a version's schedule, each made as far ahead as the scheduler does."""
        schedule = of.version.schedule()
        assert schedule is not None
        events = list(_events_between(schedule, tx.now, until))
        for number, event in enumerate(events):
            ahead = number - schedules.RUNS_AHEAD
            made_at = tx.now if ahead < 0 else events[ahead].start_time
            new = NewFlowRun(
                flow_id=of.id,
                parameters=event.parameter_defaults,
                labels=event.labels,
                scheduled_start_time=event.start_time,
                idempotency_key=schedules.event_key(event),
                auto_scheduled=True,
            )
            self.timeline.at(made_at, partial(self._make_run, of=of, new=new, occasion=None))

    def plan(self, occasion: Occasion) -> None:
        """Let somebody start a run by hand."""
        self.timeline.at(self.now - occasion.ago, partial(self._by_hand, occasion=occasion))

    async def _by_hand(self, tx: Transaction, occasion: Occasion) -> None:
        of = self.latest[occasion.flow]
        planned = tx.now + occasion.planned_in
        if occasion.planned_in:
            planned = planned.replace(minute=0, second=0, microsecond=0)
        new = NewFlowRun(
            flow_id=of.id,
            parameters=occasion.parameters,
            labels=occasion.labels,
            scheduled_start_time=planned,
            idempotency_key=_uuid(self.dice),
            name=occasion.name,
        )
        await self._make_run(tx, of, new, occasion)

    async def _make_run(
        self, tx: Transaction, of: Registered, new: NewFlowRun, occasion: Occasion | None
    ) -> None:
        run_id = await runs.create_flow_run(tx, new)
        if occasion is not None and occasion.cancelled_after is not None:
            when = tx.now + occasion.cancelled_after
            self.timeline.at(when, partial(self._cancel, run_id=run_id, occasion=occasion))
        if occasion is not None and occasion.stuck is not None:
            when = tx.now + timedelta(seconds=4)
            self.timeline.at(when, partial(self._stick, run_id=run_id, stuck=occasion.stuck))
            return
        due = max(tx.now, new.scheduled_start_time or tx.now)
        taken = due + timedelta(seconds=self.dice.uniform(2, 9))
        self.timeline.at(taken, partial(self._take, run_id=run_id, of=of, occasion=occasion))

    def _agent_for(self, labels: Sequence[str], at: datetime) -> Agent | None:
        for agent in CREW:
            if agent.takes(labels) and at < self.now - agent.last_seen:
                return agent
        return None

    async def _stick(self, tx: Transaction, run_id: str, stuck: Stuck) -> None:
        run = await tx.get("flow_run", run_id, columns=("id", "labels"))
        assert run is not None
        agent = self._agent_for(run["labels"], tx.now)
        agent_id = self.agent_ids[agent.name] if agent else None
        state = {"type": stuck.type, "message": stuck.message}
        await self._set(tx, FLOW_RUN, run_id, state, agent_id)

    async def _take(
        self, tx: Transaction, run_id: str, of: Registered, occasion: Occasion | None
    ) -> None:
        """An agent takes a run from the queue; without one for its labels, the run stays late."""
        run = await tx.get("flow_run", run_id)
        if run is None or run["state"] != "Scheduled":
            return
        agent = self._agent_for(run["labels"], tx.now)
        if agent is None:
            return
        state = {"type": "Submitted", "message": "Submitted for execution"}
        await self._set(tx, FLOW_RUN, run_id, state, self.agent_ids[agent.name])
        said = NewLog(run_id, None, tx.now, "agent", "INFO", f"{state['message']} by {agent.name}")
        await self._begin(tx, run_id, of, run["parameters"], occasion, said)

    async def _begin(
        self,
        tx: Transaction,
        run_id: str,
        of: Registered,
        parameters: Mapping[str, Any],
        occasion: Occasion | None,
        said: NewLog,
    ) -> None:
        found = await tx.find(
            "task_run", {"flow_run_id": {"_eq": run_id}}, columns=("id", "task_id", "map_index")
        )
        slug_of = {task_id: slug for slug, task_id in of.slugs.items()}
        troubles = None if occasion is None else occasion.troubles
        cast = Cast(of.version, parameters, troubles=troubles)
        performance = Performance(
            run_id,
            of,
            parameters,
            occasion,
            {(slug_of[row["task_id"]], row["map_index"]): row["id"] for row in found},
            tx.now + timedelta(seconds=self.dice.uniform(2, 6)),
            write_script(cast, dice_for(self.seed, run_id)),
            lines=[said],
        )
        self.under_way[run_id] = performance
        self._go_on(performance)

    def _go_on(self, performance: Performance) -> None:
        step = performance.script.steps[performance.next]
        when = performance.began + timedelta(seconds=step.after)
        self.timeline.at(when, partial(self._perform, performance=performance, step=step))

    async def _perform(self, tx: Transaction, performance: Performance, step: Step) -> None:
        """One step of a script; then the next is awaited."""
        if performance.over:
            return
        task_run_id = await self._task_run(tx, performance, step) if step.slug else None
        if isinstance(step.what, Line):
            what = step.what
            line = NewLog(
                performance.id, task_run_id, tx.now, what.logger, what.level, what.message
            )
            performance.lines.append(line)
        elif task_run_id is not None:
            performance.states[step.slug] = step.what.type
            await self._set(tx, TASK_RUN, task_run_id, step.what.document(tx.now))
        else:
            await self._set(tx, FLOW_RUN, performance.id, step.what.document(tx.now))
        performance.next += 1
        if performance.next < len(performance.script.steps):
            self._go_on(performance)
            return
        await self._curtain(tx, performance)

    async def _task_run(self, tx: Transaction, performance: Performance, step: Step) -> str:
        key = (step.slug, step.index)
        if key not in performance.task_runs:
            info = await tasks.get_or_create_task_run(
                tx,
                flow_run_id=performance.id,
                task_id=performance.of.slugs[step.slug],
                map_index=step.index,
            )
            performance.task_runs[key] = info.id
        return performance.task_runs[key]

    async def _curtain(self, tx: Transaction, performance: Performance) -> None:
        """The script is at its end: the run is over, or waits for somebody."""
        await self._hand_in(tx, performance)
        if performance.script.ends:
            performance.over = True
            del self.under_way[performance.id]
            return
        occasion = performance.occasion
        if occasion is not None and occasion.approved_after is not None:
            when = tx.now + occasion.approved_after
            self.timeline.at(when, partial(self._approve, performance=performance))
        if occasion is not None and occasion.set_aside:
            state = {"type": "Paused", "message": occasion.set_aside}
            await self._set(tx, FLOW_RUN, performance.id, state)

    async def _approve(self, tx: Transaction, performance: Performance) -> None:
        """Somebody says yes to the tasks that wait; an agent takes the run up again."""
        paused = {slug for slug, state in performance.states.items() if state == "Paused"}
        for slug in sorted(paused):
            task_run_id = performance.task_runs[slug, -1]
            state = {"type": "Resume", "message": "Approved.", "start_time": tx.now.isoformat()}
            await self._set(tx, TASK_RUN, task_run_id, state)
            await self._set(tx, TASK_RUN, task_run_id, {"type": "Submitted", "message": "Resumed."})
        done = {slug: state for slug, state in performance.states.items() if slug not in paused}
        cast = Cast(
            performance.of.version, performance.parameters, done, frozenset(paused), troubles={}
        )
        performance.script = write_script(cast, dice_for(self.seed, performance.id))
        performance.next = 0
        performance.began = tx.now + timedelta(seconds=5)
        self._go_on(performance)

    async def _cancel(self, tx: Transaction, run_id: str, occasion: Occasion) -> None:
        """Somebody cancels a run; its process notices a little later, if it notices."""
        await cancel_flow_run(tx, run_id)
        if run_id not in self.under_way:
            return
        self.under_way[run_id].over = True
        if occasion.gives_up:
            when = tx.now + timedelta(seconds=self.dice.uniform(4, 14))
            self.timeline.at(when, partial(self._give_up, run_id=run_id))

    async def _give_up(self, tx: Transaction, run_id: str) -> None:
        performance = self.under_way.pop(run_id)
        text = "Flow run has been cancelled, cancelling active tasks"
        line = NewLog(run_id, None, tx.now, "prefect.CancelFlowRun", "INFO", text)
        performance.lines.append(line)
        await self._set(
            tx, FLOW_RUN, run_id, {"type": "Cancelled", "message": "Flow run is cancelled"}
        )
        await self._hand_in(tx, performance)

    async def _hand_in(self, tx: Transaction, performance: Performance) -> None:
        await write_logs(tx, performance.lines)
        performance.lines = []

    async def arrive(self, tx: Transaction) -> None:
        """The present: what runs hands in its log and shows that it is alive; the schedules of the
        newest versions are switched on.
        """
        for performance in self.under_way.values():
            await self._hand_in(tx, performance)
            if not performance.over:
                await runs.record_heartbeat(tx, "flow_run", performance.id)
        for registered in self.latest.values():
            if registered.version.clocks and "schedule" not in registered.flow.switched_off:
                await schedules.set_schedule_active(tx, registered.id)

    async def _set(
        self,
        tx: Transaction,
        kind: RunKind,
        run_id: str,
        document: Mapping[str, Any],
        agent_id: str | None = None,
    ) -> None:
        await set_state(tx, kind, run_id, parse_state(document, tx.now), agent_id=agent_id)


def _events_between(
    schedule: Mapping[str, Any], after: datetime, until: datetime
) -> Iterator[Event]:
    while True:
        events = next_events(schedule, after, schedules.RUNS_AHEAD)
        for event in events:
            if event.start_time >= until:
                return
            yield event
        if not events:
            return
        after = events[-1].start_time


def _uuid(dice: Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))
