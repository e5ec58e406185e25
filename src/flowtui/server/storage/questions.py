"""Questions that the read dialect has no words for: SQL with a name, asked through
`Transaction.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flowtui.frozen import frozen
from flowtui.server.storage.dialect import Dialect


@frozen
class Question:
    """One statement in the words of a dialect; `:name` marks an argument."""

    sql: Callable[[Dialect], str]
    arguments: Mapping[str, str]
    """Their names and types; `[]` marks a list."""

    columns: Mapping[str, str]
    """The answer's names and types."""


RUNS_IN_QUEUE: Final = Question(
    # A run's labels must all be the agent's, and a run without labels is for an agent without any.
    # The labels are looked at before the limit, so that runs nobody here can take do not hide
    # those that somebody could. A run that is resumed has its place already.
    lambda say: (
        f"""
    SELECT run."id", run."state", run."labels" FROM "flow_run" AS run
    WHERE run."tenant_id" = :tenant_id
      AND run."id" IN (
        SELECT due."id" FROM "flow_run" AS due
        WHERE due."state" {say.one_of(":states")} AND due."state_start_time" <= :before
        UNION ALL
        SELECT held."id" FROM "task_run" AS part
        JOIN "flow_run" AS held ON held."id" = part."flow_run_id" AND held."state" = 'Running'
        WHERE part."state" {say.one_of(":states")} AND part."state_start_time" <= :before
      )
      AND ({say.length.format(c='run."labels"')} = 0) = ({say.is_empty(":labels")})
      AND NOT EXISTS (
        SELECT 1 FROM {say.members('run."labels"', "wanted")}
        WHERE NOT (wanted.value {say.one_of(":labels")})
      )
      AND (
        run."state" = 'Running' OR NOT EXISTS (
          SELECT 1 FROM {say.members('run."labels"', "limited")}
          WHERE limited.value {say.one_of(":taken")}
        )
      )
    ORDER BY run."state_start_time" IS NULL, run."state_start_time", run."id"
    LIMIT :limit
    """
    ),
    {
        "tenant_id": "uuid",
        "states": "String[]",
        "before": "timestamptz",
        "labels": "String[]",
        "taken": "String[]",
        "limit": "Int",
    },
    {"id": "uuid", "state": "String", "labels": "jsonb"},
)

MAPPED_CHILDREN: Final = Question(
    # One row for each state the children of a mapped task run are in.
    lambda say: (
        """
    SELECT child."state" AS state, count(*) AS runs,
      min(child."start_time") AS min_start_time, max(child."end_time") AS max_end_time
    FROM "task_run" AS parent
    JOIN "task_run" AS child
      ON child."flow_run_id" = parent."flow_run_id" AND child."task_id" = parent."task_id"
      AND child."map_index" >= 0
    WHERE parent."id" = :task_run_id AND parent."map_index" < 0
    GROUP BY child."state"
    """
    ),
    {"task_run_id": "uuid"},
    {
        "state": "String",
        "runs": "Int",
        "min_start_time": "timestamptz",
        "max_end_time": "timestamptz",
    },
)

PLACES_BY_LABEL: Final = Question(
    # How many flow runs with each label are under way, or on their way if that is asked for, too.
    # Here and below the join keeps the order of the tables, as states written out make their index
    # known: the runs in these states are few, however many there have been.
    lambda say: (
        f"""
    SELECT label.value AS name, count(DISTINCT run."id") AS usage
    FROM "flow_run" AS run
    CROSS JOIN {say.members('run."labels"', "label")}
    WHERE run."state" IN ('Running', 'Cancelling', 'Submitted')
      AND (run."state" <> 'Submitted' OR :submitted)
      AND run."tenant_id" = :tenant_id
      AND label.value {say.one_of(":names")}
    GROUP BY label.value
    """
    ),
    {"tenant_id": "uuid", "names": "String[]", "submitted": "Boolean"},
    {"name": "String", "usage": "Int"},
)

PLACES_BY_TAG: Final = Question(
    # How many task runs with each tag are under way, in flow runs that are.
    lambda say: (
        f"""
    SELECT tag.value AS name, count(DISTINCT part."id") AS usage
    FROM "task_run" AS part
    {say.join} "flow_run" AS run ON run."id" = part."flow_run_id"
    {say.join} "task" ON "task"."id" = part."task_id"
    CROSS JOIN {say.members('"task"."tags"', "tag")}
    WHERE part."state" IN ('Running', 'Cancelling')
      AND run."state" IN ('Running', 'Cancelling')
      AND run."tenant_id" = :tenant_id
      AND tag.value {say.one_of(":names")}
    GROUP BY tag.value
    """
    ),
    {"tenant_id": "uuid", "names": "String[]"},
    {"name": "String", "usage": "Int"},
)


def _safeguarded(say: Dialect, switch: str) -> str:
    """Whether the flow group of a run has a safeguard; one that nobody switched off is on."""
    return say.is_not_off('"flow_group"."settings"', switch)


def _goes_on(say: Dialect) -> str:
    """A task run that is under way, waits for its time, or was handed to an agent a moment ago: the
    flow run goes on with it, whether or not a process looks after the run just now.
    """
    return f"""
    EXISTS (
      SELECT 1 FROM "task_run" AS part
      WHERE part."flow_run_id" = run."id"
        AND (
          part."state" {say.one_of(":under_way")}
          OR part."state" {say.one_of(":taken")}
            AND part."state_timestamp" > :since
        )
    )
    """


_SILENCE: Final = {
    "since": "timestamptz",
    "under_way": "String[]",
    "taken": "String[]",
    "limit": "Int",
}

LOST_FLOW_RUNS: Final = Question(
    # Runs that should be under way and that nobody and nothing goes on with. A queued run without
    # a start waits in a process of its own for a free place.
    lambda say: (
        f"""
    SELECT run."id", run."times_resurrected"
    FROM "flow_run" AS run
    {say.join} "flow" ON "flow"."id" = run."flow_id"
    {say.join} "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    WHERE run."state" IN ('Running', 'Submitted', 'Queued') AND run."heartbeat" <= :since
      AND (run."state" <> 'Queued' OR run."state_start_time" IS NULL)
      AND {_safeguarded(say, "heartbeat_enabled")} AND {_safeguarded(say, "lazarus_enabled")}
      AND NOT {_goes_on(say)}
    ORDER BY run."heartbeat", run."id"
    LIMIT :limit{say.kept("run", passing_over=True)}
    """
    ),
    _SILENCE,
    {"id": "uuid", "times_resurrected": "Int"},
)

SILENT_TASK_RUNS: Final = Question(
    # Task runs that count as running, of flow runs that have not been heard of.
    lambda say: (
        f"""
    SELECT part."id", part."flow_run_id", run."state" AS flow_run_state,
      coalesce(part."name", "task"."name") AS name, "task"."max_retries", "task"."retry_delay"
    FROM "task_run" AS part
    {say.join} "flow_run" AS run ON run."id" = part."flow_run_id"
    {say.join} "flow" ON "flow"."id" = run."flow_id"
    {say.join} "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    {say.join} "task" ON "task"."id" = part."task_id"
    WHERE part."state" = 'Running' AND run."heartbeat" <= :since
      AND {_safeguarded(say, "heartbeat_enabled")}
    LIMIT :limit{say.kept("part", passing_over=True)}
    """
    ),
    {"since": "timestamptz", "limit": "Int"},
    {
        "id": "uuid",
        "flow_run_id": "uuid",
        "flow_run_state": "String",
        "name": "String",
        "max_retries": "Int",
        "retry_delay": "interval",
    },
)

SILENT_FLOW_RUNS: Final = Question(
    # Flow runs that have not been heard of and that nobody but us will end.
    lambda say: (
        f"""
    SELECT run."id"
    FROM "flow_run" AS run
    {say.join} "flow" ON "flow"."id" = run."flow_id"
    {say.join} "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    WHERE run."state" IN ('Cancelling', 'Running') AND run."heartbeat" <= :since
      AND {_safeguarded(say, "heartbeat_enabled")}
      AND (
        run."state" = 'Cancelling'
        OR NOT ({_safeguarded(say, "lazarus_enabled")}) AND NOT {_goes_on(say)}
      )
    LIMIT :limit{say.kept("run", passing_over=True)}
    """
    ),
    _SILENCE,
    {"id": "uuid"},
)

QUESTIONS: Final[Mapping[str, Question]] = {
    "runs_in_queue": RUNS_IN_QUEUE,
    "mapped_children": MAPPED_CHILDREN,
    "places_by_label": PLACES_BY_LABEL,
    "places_by_tag": PLACES_BY_TAG,
    "lost_flow_runs": LOST_FLOW_RUNS,
    "silent_task_runs": SILENT_TASK_RUNS,
    "silent_flow_runs": SILENT_FLOW_RUNS,
}
"""Every question by its name."""
